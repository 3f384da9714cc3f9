package org.rnnsweep.jobs.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;

class NtkRecursionJobTest extends JobContract {
  private static final Job JOB = new NtkRecursionJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        NtkTrials.trial(JOB, "length", 64, "sequence", "orthogonal"),
        NtkTrials.trial(
            JOB,
            "length",
            64,
            "sequence",
            "orthogonal",
            "initial",
            "unrelated",
            "input_power",
            1.0),
        NtkTrials.trial(JOB, "length", 100, "sequence", "silent"),
        NtkTrials.trial(JOB, "length", 100, "sequence", "comparison"));
  }

  /** Digits of an independent NumPy program. */
  @Test
  void hasTheGoldenValues() throws InterruptedException {
    Map<String, Double> critical = NtkTrials.metrics(JOB, "length", 1024, "sequence", "orthogonal");
    assertThat(critical.get("backward_constant")).isCloseTo(.7469 / 2, within(3e-5));
    assertThat(critical.get("loss_over_naive"))
        .isCloseTo(critical.get("log_loss") / (1024 * Math.log(2)), within(1e-15));
    Map<String, Double> algorithm =
        NtkTrials.metrics(JOB, "length", 64, "sequence", "orthogonal", "input_power", 0.0);
    assertThat(algorithm.get("log_loss")).isCloseTo(-Math.log(6.84e-8), within(1e-3));
    Map<String, Double> silent = NtkTrials.metrics(JOB, "length", 1000, "sequence", "silent");
    assertThat(silent.get("scaled_deficit")).isCloseTo(43.2, within(0.05));
    assertThat(silent.get("limit_error")).isCloseTo(1 - 43.2 / 44.413, within(2e-3));
    Map<String, Double> comparison =
        NtkTrials.metrics(JOB, "length", 1000, "sequence", "comparison");
    assertThat(comparison.get("violations")).isEqualTo(9); // l = 2..10
    assertThat(comparison.get("late_violations")).isZero();
    assertThat(comparison.get("violations_without_slack")).isZero();
    assertThat(comparison.get("comparison_error")).isLessThan(1e-11);
  }

  /** Below the least double there is no constant, but its logarithm. */
  @Test
  void aProductThatUnderflowsHasItsLogarithm() throws InterruptedException {
    Map<String, Double> metrics =
        NtkTrials.metrics(JOB, "length", 100_000, "sequence", "orthogonal", "input_power", 0.0);
    assertThat(metrics).doesNotContainKey("backward_constant");
    assertThat(metrics.get("log_loss")).isGreaterThan(1000);
  }

  @Test
  void seedsAreOfNoAccount() throws InterruptedException {
    assertThat(
            NtkTrials.run(JOB, NtkTrials.seeded(JOB, 7, "length", 50, "sequence", "silent"))
                .metrics())
        .isEqualTo(NtkTrials.metrics(JOB, "length", 50, "sequence", "silent"));
  }
}
