package org.rnnsweep.jobs.stability;

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

/** Makes trials for tests, and runs them. */
public final class Trials {
  public static final NumericsProfile DOUBLE =
      new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE);
  public static final NumericsProfile SINGLE =
      new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.SINGLE);

  private Trials() {}

  /** These values, and the job's own defaults where they are relevant. */
  public static Trial of(Job job, NumericsProfile numerics, int seed, Object... namesAndValues) {
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
    return new Trial(job.id(), job.version(), numerics, 2026, seed, Configuration.of(values));
  }

  public static Map<String, Double> run(Job job, Trial trial) throws InterruptedException {
    return result(job, trial).metrics();
  }

  public static TrialResult result(Job job, Trial trial) throws InterruptedException {
    TrialGroup group = TrialGroup.of(trial);
    try (TestJobContext context = TestJobContext.of(job.cost(group))) {
      return job.run(group, context).get(0);
    }
  }

  /** Mean and standard error of a metric over seeds. */
  public static double[] mean(Job job, String metric, int seeds, Object... namesAndValues)
      throws InterruptedException {
    double sum = 0;
    double squares = 0;
    for (int seed = 0; seed < seeds; seed++) {
      double value = run(job, of(job, DOUBLE, seed, namesAndValues)).get(metric);
      sum += value;
      squares += value * value;
    }
    double mean = sum / seeds;
    return new double[] {mean, Math.sqrt((squares / seeds - mean * mean) / (seeds - 1))};
  }
}
