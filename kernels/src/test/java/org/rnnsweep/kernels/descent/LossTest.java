package org.rnnsweep.kernels.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LossTest {
  private static final double[] ZERO = {0, 0};

  @Test
  void valuesAreThoseOfTheFormulas() {
    double[] z = {2, -1};
    assertThat(Loss.SQUARED.value(z, new double[] {1, 1})).isEqualTo(2.5);
    assertThat(Loss.LOGISTIC.value(z, new double[] {1, 1}))
        .isCloseTo(Math.log(1 + Math.exp(-2)) + Math.log(1 + Math.E), within(1e-14));
    assertThat(Loss.CROSS_ENTROPY.value(z, new double[] {0, 1}))
        .isCloseTo(Math.log(1 + Math.exp(3)), within(1e-14));
    assertThat(Loss.HUBER.value(z, new double[] {2, 2})).isEqualTo(2.5);
    assertThat(Loss.HUBER.value(z, new double[] {2, -0.5})).isEqualTo(0.125);
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void extremeAnswersGiveFiniteNumbers(Loss loss) {
    double[] gradient = new double[2];
    for (double size : new double[] {-1e4, 1e4}) {
      double[] z = {size, -size};
      loss.gradient(z, new double[] {1, 0}, gradient);
      assertThat(loss.value(z, new double[] {1, 0})).isFinite().isNotNegative();
      assertThat(gradient[0]).isFinite();
    }
  }

  @Test
  void huberIsWhatThePapersAsk() {
    // |G(0, y)| <= 1 and slopes of at most 1 for |y| <= 1, at the far end reached.
    double[] y = {0.6, 0.8};
    assertThat(Loss.HUBER.value(ZERO, y)).isCloseTo(0.5, within(1e-15));
    double[] gradient = new double[2];
    for (double far : new double[] {0.1, 1, 3, 100}) {
      Loss.HUBER.gradient(new double[] {-far, far}, y, gradient);
      assertThat(Math.hypot(gradient[0], gradient[1])).isLessThanOrEqualTo(1 + 1e-15);
    }
    assertThat(Math.hypot(gradient[0], gradient[1])).isCloseTo(1, within(1e-14));
  }
}
