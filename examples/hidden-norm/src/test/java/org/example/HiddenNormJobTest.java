package org.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.TestJobContext;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;

/**
 * What every job promises, and the law of its numbers.
 *
 * <p>The oracle is a closed form. For a unit input |h^(1)|^2 = (2/m) sum_i relu(g_i)^2 with g_i
 * independent N(0, 1), E relu^2 = 1/2 and E relu^4 = 3/2, so its mean is 1 and its variance (4/m)
 * (3/2 - 1/4) = 5/m. W is fresh to h^(1), so |h^(2)|^2 is |h^(1)|^2 times a copy of the same
 * variable: E(|h^(2)|^2 - 1)^2 = (1 + 5/m)^2 - 1.
 */
class HiddenNormJobTest extends JobContract {
  private static final Job JOB = new HiddenNormJob();
  private static final int WIDTH = 32;
  private static final int SEEDS = 500;

  /** Beyond it by chance: 6e-7 a check if the mean of 500 is normal, two checks in all. */
  private static final double STANDARD_ERRORS = 5;

  private static final double AFTER_ONE = 5.0 / WIDTH;
  private static final double AFTER_TWO = (1 + AFTER_ONE) * (1 + AFTER_ONE) - 1;

  /** (rms drift)^2 after steps 1 and 2, of every seed. */
  private static final double[][] SQUARES = new double[2][SEEDS];

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    List<Trial> samples = new ArrayList<>();
    for (int length : new int[] {1, 2, 5}) {
      samples.add(trial(Precision.DOUBLE, 33, length, 16, 3));
      samples.add(trial(Precision.SINGLE, 20, length, 1, 0));
    }
    return samples;
  }

  @BeforeAll
  static void draw() throws InterruptedException {
    for (int seed = 0; seed < SEEDS; seed++) {
      TrialGroup group = TrialGroup.of(trial(Precision.DOUBLE, WIDTH, 2, 16, seed));
      try (TestJobContext context = TestJobContext.of(JOB.cost(group))) {
        double[] drift = JOB.run(group, context).get(0).series().get("drift_by_step");
        SQUARES[0][seed] = drift[0] * drift[0];
        SQUARES[1][seed] = drift[1] * drift[1];
      }
    }
  }

  @Test
  void theDriftHasTheLawOfTheClosedForm() {
    assertThat(Math.abs(standardErrorsFrom(AFTER_ONE, SQUARES[0]))).isLessThan(STANDARD_ERRORS);
    assertThat(Math.abs(standardErrorsFrom(AFTER_TWO, SQUARES[1]))).isLessThan(STANDARD_ERRORS);
  }

  /** The twin: a state that is one step too old, or too young, is told apart. */
  @Test
  void aStateOneStepOffFails() {
    assertThat(standardErrorsFrom(AFTER_ONE, SQUARES[1])).isGreaterThan(STANDARD_ERRORS);
    assertThat(standardErrorsFrom(AFTER_TWO, SQUARES[0])).isLessThan(-STANDARD_ERRORS);
  }

  private static double standardErrorsFrom(double expected, double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return (mean - expected) / Math.sqrt(squares / (values.length - 1.0) / values.length);
  }

  private static Trial trial(
      Precision precision, int width, int length, int directions, int seedIndex) {
    return new Trial(
        JOB.id(),
        JOB.version(),
        new NumericsProfile(NumericsProfile.Library.NATIVE, precision),
        20261122,
        seedIndex,
        Configuration.of(Map.of("width", width, "length", length, "directions", directions)));
  }
}
