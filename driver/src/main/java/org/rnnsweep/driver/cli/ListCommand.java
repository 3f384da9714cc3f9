package org.rnnsweep.driver.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnnsweep list}: every job with its parameters and metrics, as they were declared. */
@Command(
    name = "list",
    description = "Lists the jobs; with a job's name, its parameters and metrics.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  rnnsweep list", "  rnnsweep list inversion"})
final class ListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "JOB", description = "Name of one job.")
  private String name;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    JobCatalog catalog = JobCatalog.load();
    if (name == null) {
      for (Job job : catalog.jobs()) {
        out.printf("%-20s %s%n", job.id(), job.summary());
      }
      out.printf("%nrnnsweep list JOB shows a job's parameters and metrics.%n");
    } else {
      Job job = catalog.find(name);
      if (job == null) {
        throw new WrongInputException(
            "rnnsweep list: no job is called '"
                + name
                + "'; there are: "
                + String.join(", ", catalog.jobs().stream().map(Job::id).toList()));
      }
      describe(out, job);
    }
    out.flush();
    return ExitCode.FINISHED;
  }

  private static void describe(PrintWriter out, Job job) {
    out.printf("%s, version %d: %s%n%nParameters%n", job.id(), job.version(), job.summary());
    for (Parameter parameter : job.parameters()) {
      out.printf("  %s%n      %s%n", heading(parameter), parameter.meaning());
      if (parameter.relevantParameter() != null) {
        out.printf(
            "      only where %s is %s%n",
            parameter.relevantParameter(),
            String.join(" or ", parameter.relevantChoices().stream().sorted().toList()));
      }
    }
    out.printf("%nMetrics%n");
    for (Metric metric : job.metrics()) {
      String series = metric.shape() == Metric.Shape.SERIES ? " (a series)" : "";
      out.printf("  %s%s: %s%n", metric.name(), series, metric.label());
      out.printf("      %s%n", metric.meaning());
    }
    if (!job.sharedAxes().isEmpty()) {
      out.printf("%nOne pass serves all values of: %s%n", String.join(", ", job.sharedAxes()));
    }
  }

  private static String heading(Parameter parameter) {
    String symbol =
        parameter.symbol().equals(parameter.name()) ? "" : " (" + parameter.symbol() + ")";
    String unit = parameter.unit().equals("1") ? "" : " [" + parameter.unit() + "]";
    String presence =
        parameter.defaultValue() == null ? "required" : "default " + parameter.defaultValue();
    return parameter.name() + symbol + unit + ": " + parameter.domain() + "; " + presence;
  }
}
