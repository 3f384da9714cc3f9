package org.rnnsweep.jobs.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;

class NtkFiniteJobTest extends JobContract {
  private static final Job JOB = new NtkFiniteJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        NtkTrials.trial(JOB, "width", 100, "length", 3, "sequences", 3),
        NtkTrials.trial(JOB, "width", 60, "length", 1, "operator", "dense", "trained", "w-a"),
        NtkTrials.trial(
            JOB,
            "width",
            40,
            "length",
            2,
            "operator",
            "dense",
            "readout",
            "literal",
            "trained",
            "all",
            "norm_ratio",
            2.0,
            "input_power",
            0.0));
  }

  @Override
  protected List<Configuration> refused() {
    return NtkTrials.configurations(NtkTrials.trial(JOB, "width", 20, "length", 6, "sequences", 4));
  }

  /**
   * Ratios have mean 1 + O(1/m): 40 networks, 5 standard errors. The twin is the diagonal of the
   * literal scaling, which has no limit but 0.
   */
  @Test
  void ratiosHaveTheMeanOne() throws InterruptedException {
    String[] names = {
      "forward_ratio", "cross_ratio", "back_ratio", "ntk_trace_ratio",
    };
    int seeds = 40;
    double[] sums = new double[names.length];
    double[] squares = new double[names.length];
    for (int seed = 0; seed < seeds; seed++) {
      Trial trial = NtkTrials.seeded(JOB, seed, "width", 4096, "length", 3, "sequences", 2);
      Map<String, Double> metrics = NtkTrials.run(JOB, trial).metrics();
      for (int k = 0; k < names.length; k++) {
        double value = metrics.get(names[k]);
        sums[k] += value;
        squares[k] += value * value;
      }
    }
    for (int k = 0; k < names.length; k++) {
      double mean = sums[k] / seeds;
      double error = Math.sqrt((squares[k] / seeds - mean * mean) / (seeds - 1));
      assertThat(mean).as(names[k]).isCloseTo(1, within(5 * error + 10.0 / 4096));
      assertThat(error).as(names[k]).isLessThan(0.02); // so that a wrong limit would be seen
    }
    double literal =
        NtkTrials.metrics(JOB, "width", 4096, "length", 3, "readout", "literal").get("ntk_trace");
    double repaired = NtkTrials.metrics(JOB, "width", 4096, "length", 3).get("ntk_trace");
    assertThat(4096 * literal).isCloseTo(repaired, within(1e-12 * repaired));
  }

  /** Sixteen times the width, a quarter of the error, within a factor of 2 for the mean of logs. */
  @Test
  void errorsFallLikeTheRootOfTheWidth() throws InterruptedException {
    String[] names = {"forward_error", "cross_error", "back_offdiag", "back_error", "ntk_error"};
    for (String name : names) {
      double drop = 0;
      for (int seed = 0; seed < 16; seed++) {
        double[] errors = new double[2];
        for (int k = 0; k < 2; k++) {
          Trial trial = NtkTrials.seeded(JOB, seed, "width", k == 0 ? 512 : 8192, "length", 3);
          errors[k] = NtkTrials.run(JOB, trial).metrics().get(name);
        }
        drop += Math.log(errors[0] / errors[1]) / 16;
      }
      assertThat(drop).as(name).isBetween(Math.log(2), Math.log(8));
    }
  }
}
