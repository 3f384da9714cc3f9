package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
   * @param experiments what the run is made of
   * @param options of the run, with its id
   * @param runStartedMillis when its first process started
   * @param end how the last one ended, in words; or {@link #HUNG}
   * @return one for each experiment
   */
  public static List<Aftermath> of(
      List<Experiment> experiments,
      FolderTrialStore store,
      RunOptions options,
      long runStartedMillis,
      String end)
      throws IOException {
    Set<String> settled = store.settledIds();
    List<Plan> open = Planner.plan(experiments, settled);
    List<Map<String, Trial>> trials = open.stream().map(Aftermath::trials).toList();
    boolean explained = recordLost(experiments, store, options, trials, end);

    Set<String> skipped = new HashSet<>(settled);
    Map<String, BundleReport> reports = new HashMap<>(); // by hash of the experiment
    experiments.forEach(each -> reports.put(each.specHash(), new BundleReport()));
    List<TrialRecord> unfinished = new ArrayList<>();
    store.scan(
        record -> {
          BundleReport report = reports.get(record.provenance().specHash());
          if (report != null && record.provenance().startedEpochMillis() >= runStartedMillis) {
            skipped.add(record.trialId());
            if (BundleReport.repeatable(record.outcome())) {
              unfinished.add(record);
            } else {
              report.add(record);
            }
          }
        });
    Map<String, Integer> again = new HashMap<>();
    for (TrialRecord record : unfinished) {
      int ended =
          (int)
              store.records(record.trialId()).stream()
                  .filter(each -> each.provenance().startedEpochMillis() >= runStartedMillis)
                  .count();
      if (ended > RunMeter.REPEATS) {
        reports.get(record.provenance().specHash()).add(record);
      } else {
        again.put(record.trialId(), ended);
      }
    }
    List<Plan> rest = Planner.plan(experiments, skipped);
    List<Aftermath> aftermaths = new ArrayList<>();
    for (int i = 0; i < experiments.size(); i++) {
      Experiment experiment = experiments.get(i);
      List<Bundle> bundles = new ArrayList<>(rest.get(i).bundles());
      trials
          .get(i)
          .forEach(
              (id, trial) -> {
                if (again.containsKey(id)) {
                  TrialGroup alone = TrialGroup.of(trial);
                  bundles.add(Bundle.again(alone, experiment.job().cost(alone), again.get(id)));
                }
              });
      Plan plan =
          new Plan(
              experiment,
              open.get(i).totalTrials(),
              open.get(i).storedTrials(),
              List.copyOf(bundles));
      aftermaths.add(new Aftermath(plan, reports.get(experiment.specHash()), explained));
    }
    return aftermaths;
  }

  private static Map<String, Trial> trials(Plan plan) {
    Map<String, Trial> trials = new LinkedHashMap<>();
    for (Bundle bundle : plan.bundles()) {
      for (TrialGroup group : bundle.groups()) {
        group.trials().forEach(trial -> trials.put(trial.id(), trial));
      }
    }
    return trials;
  }

  /** Whether there were marks. */
  private static boolean recordLost(
      List<Experiment> experiments,
      FolderTrialStore store,
      RunOptions options,
      List<Map<String, Trial>> trials,
      String end)
      throws IOException {
    List<StartedMarks.Mark> left = new ArrayList<>(); // of all experiments that were under way
    for (Experiment experiment : experiments) {
      left.addAll(StartedMarks.of(store, options.runId(experiment)).read().values());
    }
    int underWay = left.stream().mapToInt(mark -> mark.trialIds().size()).sum();
    String message =
        "its process ended ("
            + end
            + ") with "
            + underWay
            + (underWay == 1 ? " trial" : " trials")
            + " under way";
    String attempt = UUID.randomUUID().toString();
    for (int i = 0; i < experiments.size(); i++) {
      Experiment experiment = experiments.get(i);
      RunIdentity run =
          new RunIdentity(experiment.name(), experiment.specHash(), SparkVersion.spark())
              .withExecutor("driver");
      List<TrialRecord> lost = new ArrayList<>();
      for (StartedMarks.Mark mark : left) {
        double seconds = (System.currentTimeMillis() - mark.epochMillis()) * 1e-3;
        // Only one that was alone in its mark is known to have begun when that was written.
        boolean late =
            end.equals(HUNG)
                && mark.trialIds().size() == 1
                && seconds > options.timeout().toMillis() * 1e-3;
        for (String id : mark.trialIds()) {
          Trial trial = trials.get(i).get(id);
          if (trial != null) { // else it was stored just before the end
            lost.add(
                new TrialRecord(
                    id,
                    trial,
                    late ? Outcome.TIMED_OUT : Outcome.LOST,
                    message,
                    Map.of(),
                    Map.of(),
                    run.provenance(
                        trial.numerics(), attempt, mark.epochMillis(), seconds / underWay, 0)));
          }
        }
      }
      PartPublisher.storing(store, () -> store.append(experiment.job(), lost));
    }
    for (Experiment experiment : experiments) {
      StartedMarks.of(store, options.runId(experiment)).close();
    }
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

  /** Whether trials of this run have ended that will not be run again. */
  public boolean hasEnded() {
    return report.trials() > 0;
  }

  /** How the trials of this run that will not be run again have ended. */
  BundleReport report() {
    return report;
  }
}
