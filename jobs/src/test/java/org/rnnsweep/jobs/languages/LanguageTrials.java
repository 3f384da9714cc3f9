package org.rnnsweep.jobs.languages;

import java.util.HashMap;
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

/** Trials of a job from names and values; defaults where a parameter is relevant and not named. */
final class LanguageTrials {
  private LanguageTrials() {}

  static Trial trial(Job job, Object... namesAndValues) {
    return trial(job, Precision.DOUBLE, Map.of(), namesAndValues);
  }

  /** What is named goes before {@code small}, and that before the job's defaults. */
  static Trial trial(
      Job job, Precision precision, Map<String, Object> small, Object... namesAndValues) {
    Map<String, Object> values = new HashMap<>(small);
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
    return new Trial(
        job.id(),
        job.version(),
        new NumericsProfile(NumericsProfile.Library.NATIVE, precision),
        2026,
        1,
        Configuration.of(values));
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
}
