package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;

/**
 * What the earlier processes of a run left when the last of them died in the middle of it. The
 * store says how their trials ended, the marks what was under way; all that is left to run follows
 * from these.
 */
public final class Aftermath {
  /** The end of a process that had to be ended because nothing in it moved any more. */
  public static final String HUNG = "it did not move any more and was ended";

  private final Plan plan;
  private final BundleReport report;
  private final boolean explained;

  private Aftermath(Plan plan, BundleReport report, boolean explained) {
    this.plan = plan;
    this.report = report;
    this.explained = explained;
  }

  /**
   * Records as lost what was under way in the dead process, and plans the rest: what failed in this
   * run is not run again, and what was lost or ran out of memory is run alone, at most twice.
   *
   * @param options of the run, with its id
   * @param runStartedMillis when its first process started
   * @param end how the last one ended, in words; or {@link #HUNG}
   */
  public static Aftermath of(
      Experiment experiment,
      FolderTrialStore store,
      RunOptions options,
      long runStartedMillis,
      String end)
      throws IOException {
    Set<String> settled = store.settledIds();
    Plan open = Planner.plan(experiment, settled);
    Map<String, Trial> trials = new HashMap<>();
    for (Bundle bundle : open.bundles()) {
      for (TrialGroup group : bundle.groups()) {
        group.trials().forEach(trial -> trials.put(trial.id(), trial));
      }
    }
    boolean explained = recordLost(experiment, store, options, trials, end);

    BundleReport report = new BundleReport();
    Set<String> skipped = new HashSet<>(settled);
    List<String> unfinished = new ArrayList<>();
    List<TrialRecord> last = new ArrayList<>();
    store.scan(
        record -> {
          if (ofThisRun(record, experiment, runStartedMillis)) {
            if (BundleReport.repeatable(record.outcome())) {
              unfinished.add(record.trialId());
              last.add(record);
            } else {
              report.add(record);
              skipped.add(record.trialId());
            }
          }
        });
    List<Bundle> again = new ArrayList<>();
    for (int i = 0; i < unfinished.size(); i++) {
      String id = unfinished.get(i);
      int ended =
          (int)
              store.records(id).stream()
                  .filter(record -> ofThisRun(record, experiment, runStartedMillis))
                  .count();
      skipped.add(id);
      if (ended > RunMeter.REPEATS) {
        report.add(last.get(i));
      } else if (trials.containsKey(id)) {
        TrialGroup alone = TrialGroup.of(trials.get(id));
        again.add(Bundle.again(alone, experiment.job().cost(alone), ended));
      }
    }
    List<Bundle> bundles = new ArrayList<>(Planner.plan(experiment, skipped).bundles());
    bundles.addAll(again);
    Plan plan = new Plan(experiment, open.totalTrials(), open.storedTrials(), List.copyOf(bundles));
    return new Aftermath(plan, report, explained);
  }

  private static boolean ofThisRun(TrialRecord record, Experiment experiment, long startedMillis) {
    return record.provenance().startedEpochMillis() >= startedMillis
        && record.provenance().specHash().equals(experiment.specHash());
  }

  private static boolean recordLost(
      Experiment experiment,
      FolderTrialStore store,
      RunOptions options,
      Map<String, Trial> trials,
      String end)
      throws IOException {
    StartedMarks marks = StartedMarks.of(store, options.runId());
    Map<String, StartedMarks.Mark> left = marks.read();
    int underWay = left.values().stream().mapToInt(mark -> mark.trialIds().size()).sum();
    RunIdentity run =
        new RunIdentity(experiment.name(), experiment.specHash(), SparkVersion.spark())
            .withExecutor("driver");
    String attempt = UUID.randomUUID().toString();
    List<TrialRecord> lost = new ArrayList<>();
    for (StartedMarks.Mark mark : left.values()) {
      double seconds = (System.currentTimeMillis() - mark.epochMillis()) * 1e-3;
      // Only one that was alone in its mark is known to have begun when that was written.
      boolean late =
          end.equals(HUNG)
              && mark.trialIds().size() == 1
              && seconds > options.timeout().toMillis() * 1e-3;
      for (String id : mark.trialIds()) {
        Trial trial = trials.get(id);
        if (trial != null) { // else it was stored just before the end
          lost.add(
              new TrialRecord(
                  id,
                  trial,
                  late ? Outcome.TIMED_OUT : Outcome.LOST,
                  "its process ended ("
                      + end
                      + ") with "
                      + underWay
                      + (underWay == 1 ? " trial" : " trials")
                      + " under way",
                  Map.of(),
                  Map.of(),
                  run.provenance(
                      trial.numerics(), attempt, mark.epochMillis(), seconds / underWay, 0)));
        }
      }
    }
    PartPublisher.storing(store, () -> store.append(experiment.job(), lost));
    marks.clear();
    return !left.isEmpty();
  }

  /** What is left to run. */
  public Plan plan() {
    return plan;
  }

  /** Whether marks were found: the dead process had at least begun. */
  public boolean explained() {
    return explained;
  }

  /** How the trials of this run that will not be run again have ended. */
  BundleReport report() {
    return report;
  }
}
