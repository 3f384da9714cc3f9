package org.rnnsweep.jobs.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.stability.Trials;

class InterpolatingSgdJobTest extends JobContract {
  private static final Job JOB = new InterpolatingSgdJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial(40, "sigma-over-smoothness-squared", 0.1),
        trial(40, "sigma-over-smoothness-squared", 0.01),
        trial(100, "one-over-smoothness", 1e-6));
  }

  private static Trial trial(double kappa, String step, double epsilon) {
    return Trials.of(JOB, Trials.DOUBLE, 0, "kappa", kappa, "step", step, "epsilon", epsilon);
  }

  /**
   * With small steps the noise of the order averages out: coordinate j falls by 1 - rate lambda_j a
   * step. Here kappa = 64: the last one's square by exp(-2 / kappa^2), and f = e^(-8) of its first
   * value, nearly all of the other coordinates', when they have fallen by e^(-4): after 4 / rate.
   */
  @Test
  void smallStepsFollowTheMean() throws InterruptedException {
    double sigma = 31.0 / 63;
    double smoothness = 31 + sigma;
    double[] mean =
        Trials.mean(
            JOB,
            "hitting_time",
            16,
            "kappa",
            64.0,
            "step",
            "sigma-over-smoothness-squared",
            "epsilon",
            1e-10);
    // Long before, only the last coordinate is left: f / f_0 = share exp(-2 t / kappa^2).
    double share = sigma / (31 + sigma); // of the mean of f_0, up to a factor of a few
    double expected = 64 * 64 / 2.0 * Math.log(share * 1e10);
    assertThat(mean[0]).isCloseTo(expected, within(64 * 64 / 2.0 * 3));
    assertThat(smoothness / sigma).isCloseTo(64, within(1e-9));
  }
}
