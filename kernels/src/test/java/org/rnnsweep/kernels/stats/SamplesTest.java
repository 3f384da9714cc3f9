package org.rnnsweep.kernels.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SamplesTest {

  @Test
  void pseudoValuesOfAMeanAreTheSample() {
    double[][] blocks = {{1}, {4}, {-2}, {8}};
    double[] pseudo =
        Jackknife.pseudoValues(
            blocks, all -> Arrays.stream(all).mapToDouble(b -> b[0]).average().orElseThrow());
    assertThat(pseudo).containsExactly(new double[] {1, 4, -2, 8}, within(1e-12));
  }

  /** Of the biased variance the jackknife mean is the unbiased one: an identity. */
  @Test
  void theJackknifeUndoesTheBiasOfTheVariance() {
    double[][] blocks = {{1}, {4}, {-2}, {8}, {0.5}};
    double[] values = Arrays.stream(blocks).mapToDouble(b -> b[0]).toArray();
    Estimate plain = Estimate.of(values);
    double unbiased = plain.standardError() * plain.standardError() * values.length;
    double[] pseudo = Jackknife.pseudoValues(blocks, SamplesTest::biasedVariance);
    assertThat(Estimate.of(pseudo).mean()).isCloseTo(unbiased, within(1e-12));
    assertThat(biasedVariance(blocks)).isLessThan(unbiased * 0.9);
  }

  private static double biasedVariance(double[][] all) {
    double mean = Arrays.stream(all).mapToDouble(b -> b[0]).average().orElseThrow();
    return Arrays.stream(all).mapToDouble(b -> Math.pow(b[0] - mean, 2)).average().orElseThrow();
  }

  /** No success in n: the upper bound is 1 - tail^(1/n), about -ln(tail) / n. */
  @Test
  void zeroSuccessesHaveAClosedForm() {
    BinomialBounds none = new BinomialBounds(100, 0);
    assertThat(none.lo(0.025)).isZero();
    assertThat(none.hi(0.025)).isCloseTo(1 - Math.pow(0.025, 0.01), within(1e-12));
    assertThat(none.hi(0.025) * 100).isCloseTo(3.7, within(0.1));
  }

  /** The bounds are the probabilities at which the binomial tails equal the error. */
  @Test
  void boundsAreWhereTheTailsEqualTheError() {
    BinomialBounds some = new BinomialBounds(20, 3);
    assertThat(some.tailAbove(some.lo(0.025))).isCloseTo(0.025, within(1e-9));
    assertThat(some.tailBelow(some.hi(0.025))).isCloseTo(0.025, within(1e-9));
    assertThat(some.value()).isEqualTo(0.15);
    assertThat(some.tailBelow(Double.NEGATIVE_INFINITY)).isOne();
    assertThat(some.tailAbove(Double.POSITIVE_INFINITY)).isOne();
    assertThatThrownBy(() -> new BinomialBounds(3, 4)).hasMessage("not 4 of 3 trials");
  }

  /** Worked by hand: 0.01 * 4, then 0.02 * 3 against it, then 0.03 * 2 kept up, then 0.5. */
  @Test
  void holmByHand() {
    assertThat(Holm.adjusted(new double[] {0.5, 0.01, 0.03, 0.02}))
        .containsExactly(new double[] {0.5, 0.04, 0.06, 0.06}, within(1e-15));
    assertThat(Holm.adjusted(new double[0])).isEmpty();
    assertThatThrownBy(() -> Holm.adjusted(new double[] {Double.NaN}))
        .hasMessage("a p-value lies between 0 and 1, found NaN");
  }
}
