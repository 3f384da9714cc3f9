package org.rnnsweep.jobs.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.stability.Trials;

class GradientIdentityJobTest extends JobContract {
  private static final Job JOB = new GradientIdentityJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial(0, "width", 50, "length", 4, "network", "every-step"),
        trial(1, "width", 40, "length", 3, "network", "every-step", "radius", 5.0),
        trial(0, "width", 50, "length", 4, "network", "last-step"),
        trial(0, "width", 40, "length", 3, "network", "last-step", "loss", "squared"),
        trial(0, "width", 40, "length", 3, "network", "last-step", "loss", "logistic"),
        trial(0, "width", 40, "length", 5, "network", "last-step", "loss", "cross-entropy"));
  }

  private static Trial trial(int seed, Object... namesAndValues) {
    return Trials.of(JOB, Trials.DOUBLE, seed, namesAndValues);
  }

  @Test
  void identitiesHoldWhereSignsFlipToo() throws InterruptedException {
    for (double radius : new double[] {0.1, 1, 10}) {
      Map<String, Double> found =
          Trials.run(
              JOB, trial(2, "width", 100, "length", 5, "network", "every-step", "radius", radius));
      assertThat(found.get("outer_error")).isLessThan(1e-13);
      assertThat(found.get("response_error")).isLessThan(1e-12);
      assertThat(found.get("remainder_error")).isLessThan(1e-10);
      assertThat(found.get("flips")).isPositive();
    }
  }

  /** |grad|^2 of the last output by W and A is m L / 2 at eps_x = 0, B of variance 1. */
  @Test
  void gradientOfTheLastOutputHasItsLimit() throws InterruptedException {
    double[] mean =
        Trials.mean(
            JOB,
            "gradient_norm",
            16,
            "width",
            1000,
            "length",
            3,
            "outputs",
            1,
            "eps_x",
            0.0,
            "network",
            "last-step");
    // Two steps by W and the first token's by A: sqrt(3 m / 2), less half its relative variance.
    assertThat(mean[0]).isCloseTo(Math.sqrt(1500), within(5 * mean[1]));
    assertThat(mean[1]).isLessThan(1);
  }
}
