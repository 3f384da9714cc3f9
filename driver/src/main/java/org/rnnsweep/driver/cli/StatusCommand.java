package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.plan.CostModel;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.jobs.Outcome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnnsweep status}: what a store holds, from any machine, also while a run fills it. */
@Command(
    name = "status",
    description = "Says what a store holds and what is left, also while a run fills it.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  rnnsweep status stores/inversion-quick"})
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "Folder or URI of a store.")
  private String store;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    FolderTrialStore opened = StoreInput.of(store).open();
    SortedMap<String, SortedMap<Outcome, Integer>> counts = new TreeMap<>();
    double[] seconds = new double[1];
    List<String> problems =
        opened.scan(
            record -> {
              counts
                  .computeIfAbsent(record.trial().job(), job -> new TreeMap<>())
                  .merge(record.outcome(), 1, Integer::sum);
              seconds[0] += record.provenance().seconds();
            });
    out.printf("%s%n", opened.location());
    counts.forEach(
        (job, outcomes) ->
            outcomes.forEach(
                (outcome, trials) ->
                    out.printf(
                        Locale.ROOT,
                        "  %-24s %,10d trials %s%n",
                        job,
                        trials,
                        outcome.name().toLowerCase(Locale.ROOT).replace('_', ' '))));
    out.printf("  computed for %s in all%n", CostModel.formatted(seconds[0]));
    for (Experiment experiment : StoredExperiments.of(opened)) {
      Plan plan = Planner.plan(experiment, opened.settledIds());
      out.printf(
          Locale.ROOT,
          "  experiment %s: %,d of %,d trials stored%n",
          experiment.name(),
          plan.storedTrials(),
          plan.totalTrials());
    }
    problems.forEach(problem -> out.println("  problem: " + problem));
    out.flush();
    return ExitCode.FINISHED;
  }
}
