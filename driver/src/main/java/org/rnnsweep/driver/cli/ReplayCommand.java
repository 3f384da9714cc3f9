package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.rnnsweep.driver.execute.Cancellation;
import org.rnnsweep.driver.execute.InProcessExecutor;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.Rerun;
import org.rnnsweep.driver.report.Numbers;
import org.rnnsweep.driver.store.Disagreement;
import org.rnnsweep.driver.store.InMemoryTrialStore;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.kernels.linalg.BlasLibrary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnnsweep replay}: one trial once more, in this process, held against what is stored. */
@Command(
    name = "replay",
    description = {
      "Runs one stored trial again in this process, without Spark, and compares every bit.",
      "Nothing is written to the store."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:equal, bit for bit", "2:wrong input", "3:the two results disagree"},
    footer = {
      "",
      "Examples:",
      "  rnnsweep replay stores/inversion-quick 3f9a",
      "  rnnsweep replay stores/inversion-quick 3f9a --trace --out series.csv"
    })
final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "STORE", description = "Folder or URI of a store.")
  private String store;

  @Parameters(index = "1", paramLabel = "TRIAL", description = "Id, or an unambiguous beginning.")
  private String id;

  @Option(
      names = "--trace",
      description = "Writes the series as CSV (series,index,value) to standard output.")
  private boolean trace;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where --trace writes instead of standard output.")
  private Path traceFile;

  @Override
  public Integer call() throws IOException {
    if (traceFile != null && !trace) {
      throw new WrongInputException("--out says where --trace writes; give --trace, too");
    }
    List<TrialRecord> stored = TrialInput.records(StoreInput.of(store).open(), id);
    Trial trial = stored.get(0).trial();
    requireRunnable(trial);
    TrialRecord here = run(trial);

    // The trace may be piped away; then what people read goes beside it.
    boolean piped = trace && traceFile == null;
    PrintWriter text = piped ? spec.commandLine().getErr() : spec.commandLine().getOut();
    boolean equal = true;
    for (TrialRecord record : stored) {
      equal &= compare(text, record, here);
    }
    text.flush();
    if (trace) {
      writeTrace(here);
    }
    return equal ? ExitCode.FINISHED : ExitCode.DISAGREEMENT;
  }

  private static void requireRunnable(Trial trial) {
    List<String> problems = new ArrayList<>();
    String problem = Rerun.problem(trial, JobCatalog.load());
    if (!problem.isEmpty()) {
      problems.add(problem);
    }
    problems.addAll(BlasLibrary.environmentProblems(trial.numerics()));
    if (!problems.isEmpty()) {
      throw new WrongInputException(problems);
    }
  }

  private static TrialRecord run(Trial trial) throws IOException {
    InMemoryTrialStore results = new InMemoryTrialStore();
    for (Plan plan : Rerun.of("replay", List.of(trial), JobCatalog.load())) {
      InProcessExecutor.of(1).run(plan, results, progress -> {}, new Cancellation());
    }
    List<TrialRecord> records = new ArrayList<>();
    results.scan(records::add);
    return records.get(0);
  }

  /** Prints the two side by side; whether they agree. */
  private static boolean compare(PrintWriter out, TrialRecord stored, TrialRecord here) {
    Trial trial = stored.trial();
    out.printf("trial %s%n", stored.trialId());
    out.printf(
        Locale.ROOT,
        "  %s (version %d), %s, root seed %d, seed index %d%n  %s%n",
        trial.job(),
        trial.jobVersion(),
        trial.numerics().canonical(),
        trial.rootSeed(),
        trial.seedIndex(),
        trial.configuration());
    row(out, "", "stored", "here", "");
    row(out, "outcome", stored.outcome().name(), here.outcome().name(), mark(stored, here));
    TreeSet<String> metrics = new TreeSet<>(stored.metrics().keySet());
    metrics.addAll(here.metrics().keySet());
    for (String name : metrics) {
      Double a = stored.metrics().get(name);
      Double b = here.metrics().get(name);
      row(out, name, shown(a), shown(b), a != null && a.equals(b) ? "=" : "DIFFERS");
    }
    series(out, stored.series(), here.series());
    for (TrialRecord record : List.of(stored, here)) {
      if (!record.message().isEmpty()) {
        out.printf("%s says: %s%n", record == stored ? "stored" : "here", record.message());
      }
    }
    out.printf("stored on %s%nhere on   %s%n", place(stored), place(here));
    Optional<Disagreement> disagreement = Disagreement.between(stored, here);
    if (!stored.provenance().fingerprint().equals(here.provenance().fingerprint())) {
      out.println(
          "note: the two BLAS fingerprints differ, and bits are promised between equal ones only");
    }
    disagreement.ifPresent(found -> out.println("ALARM: " + found.text()));
    if (disagreement.isEmpty()) {
      out.println("equal, bit for bit");
    }
    return disagreement.isEmpty();
  }

  private static String place(TrialRecord record) {
    return Disagreement.place(record);
  }

  private static void series(
      PrintWriter out, Map<String, double[]> stored, Map<String, double[]> here) {
    TreeSet<String> names = new TreeSet<>(stored.keySet());
    names.addAll(here.keySet());
    for (String name : names) {
      double[] a = stored.get(name);
      double[] b = here.get(name);
      String mark;
      if (a == null || b == null) {
        mark = "DIFFERS";
      } else {
        int at = Arrays.mismatch(a, b);
        mark =
            at < 0
                ? "="
                : at < a.length && at < b.length
                    ? "DIFFERS at index " + at + ": " + shown(a[at]) + " and " + shown(b[at])
                    : "DIFFERS in length";
      }
      row(out, name, length(a), length(b), mark);
    }
  }

  private static String mark(TrialRecord stored, TrialRecord here) {
    return stored.outcome() == here.outcome() ? "=" : "DIFFERS";
  }

  private static String shown(Double value) {
    return value == null ? "absent" : Numbers.shortest(value);
  }

  private static String length(double[] series) {
    return series == null ? "absent" : series.length + " numbers";
  }

  private static void row(PrintWriter out, String name, String a, String b, String mark) {
    out.printf("  %-20s %24s %24s  %s%n", name, a, b, mark);
  }

  private void writeTrace(TrialRecord record) throws IOException {
    if (traceFile == null) {
      PrintWriter out = spec.commandLine().getOut();
      trace(out, record);
      out.flush();
      return;
    }
    try (PrintWriter out =
        new PrintWriter(Files.newBufferedWriter(traceFile, StandardCharsets.UTF_8))) {
      trace(out, record);
      if (out.checkError()) {
        throw new IOException("cannot write " + traceFile);
      }
    }
  }

  private static void trace(PrintWriter out, TrialRecord record) {
    out.print("series,index,value\n");
    for (String name : new TreeSet<>(record.series().keySet())) {
      double[] values = record.series().get(name);
      for (int i = 0; i < values.length; i++) {
        out.print(name + "," + i + "," + Numbers.shortest(values[i]) + "\n");
      }
    }
  }
}
