package org.rnnsweep.driver.execute;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentSource;
import org.rnnsweep.driver.config.SeedPlan;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;

/** Small plans of {@link FakeJob}. */
final class Plans {
  private static final FakeJob JOB = new FakeJob();
  static final Experiment EXPERIMENT =
      new Experiment(
          "sample",
          "",
          JOB,
          FakeJob.NUMERICS,
          new SeedPlan(42, 1, List.of(1)),
          List.of("width"),
          List.of(),
          List.of(),
          List.of(),
          "5bec",
          new ExperimentSource("", List.of()));

  private Plans() {}

  /** One bundle a list, one group a trial. */
  @SafeVarargs
  static Plan of(List<Trial>... bundles) {
    return without(Set.of(), bundles);
  }

  /** The same without what is stored; bundles that become empty are dropped. */
  @SafeVarargs
  static Plan without(Set<String> stored, List<Trial>... bundles) {
    List<Bundle> made = new ArrayList<>();
    int total = 0;
    int skipped = 0;
    for (List<Trial> trials : bundles) {
      List<TrialGroup> groups = new ArrayList<>();
      double flops = 0;
      long memory = 0;
      for (Trial trial : trials) {
        total++;
        if (stored.contains(trial.id())) {
          skipped++;
          continue;
        }
        TrialGroup group = TrialGroup.of(trial);
        Cost cost = JOB.cost(group);
        groups.add(group);
        flops += cost.flops();
        memory = Math.max(memory, cost.memoryBytes());
      }
      if (!groups.isEmpty()) {
        made.add(new Bundle(groups, flops, memory));
      }
    }
    return new Plan(EXPERIMENT, total, skipped, made);
  }

  /** Trials of that width and manner, one a seed index. */
  static List<Trial> trials(int width, String manner, int from, int to) {
    List<Trial> trials = new ArrayList<>();
    for (int seed = from; seed < to; seed++) {
      trials.add(FakeJob.trial(width, manner, seed));
    }
    return trials;
  }
}
