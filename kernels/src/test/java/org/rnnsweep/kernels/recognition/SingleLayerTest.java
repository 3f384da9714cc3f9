package org.rnnsweep.kernels.recognition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.languages.LanguageCatalog;

class SingleLayerTest {

  /** The printed shift accepts 0^L, where phi(1/2) = 3/4, and nothing else is wrong. */
  @Test
  void theShiftIsWrongOnOneWord() {
    SingleLayer shifted = SingleLayer.quadratic(7, 0.5);
    assertThat(shifted.wrong()).isEqualTo(1);
    assertThat(shifted.largestRejected()).isEqualTo(0.75);
    assertThat(SingleLayer.quadratic(7, 0)).isEqualTo(new SingleLayer(0, 1, 0));
  }

  @Test
  void aCosineTellsOddFromEven() {
    assertThat(SingleLayer.cosine(9).wrong()).isZero();
    assertThat(SingleLayer.cosine(9).leastAccepted()).isCloseTo(1, within(1e-12));
  }

  /** As a text search sees it, and the sum term by term. */
  @Test
  void exponentialsFindTheirPattern() {
    String pattern = "0110";
    double c = Math.log(9);
    double least = Double.POSITIVE_INFINITY;
    double largest = 0;
    for (int word = 0; word < 1 << 9; word++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 9; i++) {
        text.append(word >> i & 1);
      }
      double sum = 0;
      for (int i = 0; i + 4 <= 9; i++) {
        int inner = 0;
        for (int j = 0; j < 4; j++) {
          inner += text.charAt(i + j) == pattern.charAt(j) ? 1 : -1;
        }
        sum += Math.exp(c * (inner - 4));
      }
      boolean occurs = text.indexOf(pattern) >= 0;
      assertThat(LanguageCatalog.of("contains-" + pattern).dfa().contains(text.toString()))
          .isEqualTo(occurs);
      least = occurs ? Math.min(least, sum) : least;
      largest = occurs ? largest : Math.max(largest, sum);
    }
    SingleLayer layer = SingleLayer.exponential(9, pattern, c);
    assertThat(layer.leastAccepted()).isCloseTo(least, within(1e-12));
    assertThat(layer.largestRejected()).isCloseTo(largest, within(1e-12));
    assertThat(layer.wrong()).isZero();
  }

  /**
   * The worst other word of one symbol has L exp(-2 c): 1/L at c = ln L, which is not below 1/L.
   */
  @Test
  void oneSymbolNeedsMoreThanTheLogarithm() {
    assertThat(SingleLayer.exponential(8, "1", Math.log(8)).wrong()).isEqualTo(1);
    assertThat(SingleLayer.exponential(8, "1", 1.01 * Math.log(8)).wrong()).isZero();
    assertThat(SingleLayer.exponential(8, "01", 0.4 * Math.log(8)).wrong()).isPositive();
  }

  /** With tokens and weights of norm 1 the functions of z are what they are of the bits. */
  @Test
  void complexitiesAreOfTheFunctionOfUnitWeights() {
    int length = 9;
    double kappa = Math.sqrt(length / 3.0);
    for (int ones = 0; ones <= length; ones++) {
      double z = 0;
      for (int i = 0; i < length; i++) {
        z += (i < ones ? 1 : -1) * Math.sqrt(3) / 2 / Math.sqrt(length);
      }
      double x = ones + 0.5;
      double middle = length / 2.0 + 0.5;
      assertThat(kappa * (2 - 2 * 0.5 - length) * z - kappa * kappa * z * z)
          .isCloseTo(2 * x - x * x - (2 * middle - middle * middle), within(1e-12));
      assertThat(Math.abs(Math.sin(Math.PI * kappa * z)))
          .isCloseTo(Math.abs(Math.cos(Math.PI * (ones - 1))), within(1e-12));
    }
    double linear = kappa * 8 * Math.pow(2, 1.75);
    assertThat(SingleLayer.quadraticComplexity(length, 0.5, 1))
        .isCloseTo(linear + kappa * kappa * Math.pow(3, 1.75), within(1e-12));
    double sum = 0;
    double term = 1;
    for (int i = 1; i < 60; i++) {
      term *= 2 * Math.log(8) * Math.sqrt(2 / 3.0) / i;
      sum += Math.pow(i + 1, 1.75) * term;
    }
    assertThat(SingleLayer.logExponentialComplexity(2, Math.log(8), 1))
        .isCloseTo(Math.log(sum) - 2 * Math.log(8), within(1e-12));
  }
}
