package org.rnnsweep.jobs.ntk;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.TestJobContext;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;

/** Trials of a job from names and values. */
final class NtkTrials {
  static final NumericsProfile NUMERICS =
      new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE);

  private NtkTrials() {}

  /** Seed 3; the job's defaults where a parameter is relevant and not named. */
  static Trial trial(Job job, Object... namesAndValues) {
    return seeded(job, 3, namesAndValues);
  }

  static Trial seeded(Job job, int seed, Object... namesAndValues) {
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    for (Parameter parameter : job.parameters()) {
      if (parameter.defaultValue() != null) {
        values.putIfAbsent(parameter.name(), parameter.defaultValue());
      }
    }
    for (Parameter parameter : job.parameters()) {
      String decides = parameter.relevantParameter();
      if (decides != null && !parameter.relevantChoices().contains(values.get(decides))) {
        values.remove(parameter.name());
      }
    }
    return new Trial(job.id(), job.version(), NUMERICS, 2026, seed, Configuration.of(values));
  }

  static TrialResult run(Job job, Trial trial) throws InterruptedException {
    TrialGroup group = TrialGroup.of(trial);
    try (TestJobContext context = TestJobContext.of(job.cost(group))) {
      return job.run(group, context).get(0);
    }
  }

  static Map<String, Double> metrics(Job job, Object... namesAndValues)
      throws InterruptedException {
    return run(job, trial(job, namesAndValues)).metrics();
  }

  static List<Configuration> configurations(Trial... trials) {
    return List.of(trials).stream().map(Trial::configuration).toList();
  }
}
