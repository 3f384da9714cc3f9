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

class NtkOutputsJobTest extends JobContract {
  private static final Job JOB = new NtkOutputsJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        NtkTrials.trial(JOB, "width", 100, "length", 3),
        NtkTrials.trial(JOB, "width", 64, "length", 4, "dimension", 3));
  }

  @Override
  protected List<Configuration> refused() {
    return NtkTrials.configurations(NtkTrials.trial(JOB, "width", 50, "length", 16));
  }

  /** 40 networks, 5 standard errors: limits of equal depths and of the kernels. */
  @Test
  void ratiosHaveTheMeanOne() throws InterruptedException {
    for (String name : List.of("equal_depth_ratio", "kernel_ratio")) {
      double sum = 0;
      double squares = 0;
      for (int seed = 0; seed < 40; seed++) {
        Trial trial = NtkTrials.seeded(JOB, seed, "width", 4096, "length", 4);
        double value = NtkTrials.run(JOB, trial).metrics().get(name);
        sum += value / 40;
        squares += value * value / 40;
      }
      double error = Math.sqrt((squares - sum * sum) / 39);
      assertThat(sum).as(name).isCloseTo(1, within(5 * error + 10.0 / 4096));
      assertThat(error).as(name).isLessThan(0.02);
    }
  }

  /** The printed statement has both vanish; one does. */
  @Test
  void onlyUnequalDepthsVanish() throws InterruptedException {
    Map<String, Double> narrow = NtkTrials.metrics(JOB, "width", 256, "length", 4);
    Map<String, Double> wide = NtkTrials.metrics(JOB, "width", 65_536, "length", 4);
    assertThat(wide.get("unequal_depth")).isLessThan(narrow.get("unequal_depth") / 4);
    assertThat(wide.get("equal_depth")).isGreaterThan(0.25);
    assertThat(wide.get("cosine")).isGreaterThan(0.1);
  }
}
