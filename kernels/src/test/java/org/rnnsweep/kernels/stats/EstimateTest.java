package org.rnnsweep.kernels.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EstimateTest {

  /** 1..5: mean 3, variance 2.5; t_4(0.975) = 2.776445 from printed tables. */
  @Test
  void fiveNumbersByHand() {
    Estimate estimate = Estimate.of(new double[] {1, 2, 3, 4, 5});
    assertThat(estimate.mean()).isEqualTo(3);
    assertThat(estimate.standardError()).isCloseTo(Math.sqrt(0.5), within(1e-15));
    assertThat(estimate.hi(0.025)).isCloseTo(3 + 2.776445 * Math.sqrt(0.5), within(1e-6));
    assertThat(estimate.lo(0.025)).isCloseTo(3 - 2.776445 * Math.sqrt(0.5), within(1e-6));
    assertThat(estimate.minus(1).mean()).isEqualTo(2);
  }

  @Test
  void boundsAndTailsAreInverse() {
    Estimate estimate = Estimate.of(new double[] {0.2, 0.4, 0.1, 0.7});
    for (double tail : new double[] {0.3, 0.025, 0.001}) {
      assertThat(estimate.tailAbove(estimate.lo(tail))).isCloseTo(tail, within(1e-9));
      assertThat(estimate.tailBelow(estimate.hi(tail))).isCloseTo(tail, within(1e-9));
    }
  }

  @Test
  void aLargeMeanDoesNotCostTheVarianceItsDigits() {
    Estimate estimate = Estimate.of(new double[] {1e9 + 1, 1e9 + 2, 1e9 + 3});
    assertThat(estimate.standardError()).isCloseTo(Math.sqrt(1.0 / 3), within(1e-7));
  }

  @Test
  void oneNumberHasNoInterval() {
    Estimate one = Estimate.of(new double[] {7});
    assertThat(one.mean()).isEqualTo(7);
    assertThat(one.hi(0.025)).isNaN();
    assertThat(one.tailAbove(0)).isNaN();
    assertThat(Estimate.of(new double[0]).mean()).isNaN();
  }

  @Test
  void numbersThatDoNotVaryDecideAtOnce() {
    Estimate same = Estimate.of(new double[] {2, 2, 2});
    assertThat(same.hi(0.001)).isEqualTo(2);
    assertThat(same.tailAbove(1)).isZero();
    assertThat(same.tailAbove(2)).isOne();
    assertThat(same.tailBelow(3)).isZero();
  }

  /** The worked examples of the design: sigma 0.25, octaves. */
  @ParameterizedTest
  @CsvSource({"5, 8, 0.095", "9, 8, 0.039", "9, 16, 0.025"})
  void plannedHalfWidths(int points, int count, double expected) {
    assertThat(Estimate.plannedHalfWidth(0.25, 2, points, count))
        .isCloseTo(expected, within(0.0005));
  }

  @Test
  void whatIsOutsideTheDomainIsRefused() {
    assertThatThrownBy(() -> Estimate.quantile(1, 0.025))
        .hasMessage("Student's t needs two values, found 1");
    assertThatThrownBy(() -> Estimate.quantile(5, Double.NaN))
        .hasMessage("a tail lies strictly between 0 and 1, found NaN");
    assertThatThrownBy(() -> Estimate.plannedHalfWidth(Double.NaN, 2, 5, 8))
        .hasMessage(
            "sigma must be at least 0, ratio above 1, points at least 2; found NaN, 2.0, 5");
  }
}
