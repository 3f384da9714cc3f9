package org.rnnsweep.kernels.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DegeneracyTest {
  private static double[] logProducts(long[] lengths, double alpha, double initialDeficit) {
    double[] logs = new double[lengths.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = Degeneracy.logBackwardProduct(lengths[i], 1, alpha, initialDeficit);
    }
    return logs;
  }

  /** Digits of an independent NumPy program. */
  @Test
  void theBackwardProductIsConstantAtTheCriticalScale() {
    long[] lengths = {8, 64, 1024, 16384};
    double[] expected = {.7249, .7440, .7469, .7471};
    double[] found = logProducts(lengths, 3, 0);
    for (int i = 0; i < found.length; i++) {
      assertThat(Math.exp(found[i])).isCloseTo(expected[i], within(5.1e-5));
    }
    assertThat(Degeneracy.localSlopes(lengths, found)[2]).isBetween(0.0, 1e-3);
    double[] naive = new double[4];
    for (int i = 0; i < 4; i++) {
      naive[i] = Degeneracy.naiveLog(lengths[i]);
      assertThat(found[i]).isGreaterThan(naive[i]);
    }
    assertThat(naive[3]).isCloseTo(-16384 * 0.6931471805599453, within(1e-10));
  }

  @Test
  void unequalInitialStatesCostThreePowersOfTheLength() {
    long[] lengths = {8, 32, 128, 512, 2048, 8192, 32768, 131072};
    double[] found = logProducts(lengths, 3, 1 - 1 / Math.PI);
    double[] slopes = Degeneracy.localSlopes(lengths, found);
    // -3 + c / L: the distance shrinks about fourfold when L does grow so.
    for (int i = 1; i < slopes.length; i++) {
      assertThat(slopes[i]).isBetween(-3.0, slopes[i - 1]);
    }
    assertThat(slopes[6]).isCloseTo(-3, within(2e-3));
  }

  /**
   * Below the critical scale -log falls like L^(1 - alpha / 3), at most L^(2 / 3): by the plateau e
   * = (3 pi delta / (2 sqrt 2))^(2/3) of relative drive delta, -log Sigma = sqrt(2 e) / pi.
   */
  @Test
  void smallerScalesAreStretchedExponentials() {
    long[] lengths = {16_384, 65_536, 262_144, 1_048_576};
    for (double alpha : new double[] {0, 1, 2}) {
      double[] logs = logProducts(lengths, alpha, 0);
      for (int i = 0; i < logs.length; i++) {
        logs[i] = Math.log(-logs[i]);
      }
      double[] slopes = Degeneracy.localSlopes(lengths, logs);
      assertThat(slopes[2]).isCloseTo(Math.min(2.0 / 3, 1 - alpha / 3), within(0.04));
    }
    assertThat(Math.exp(Degeneracy.logBackwardProduct(8, 1, 0, 0))).isCloseTo(.0358, within(5e-5));
    assertThat(Math.exp(Degeneracy.logBackwardProduct(64, 1, 0, 0)))
        .isCloseTo(6.84e-8, within(5e-11));
    assertThat(Degeneracy.logBackwardProduct(1024, 1, 0, 0))
        .isCloseTo(Math.log(3.9e-47), within(2e-3));
  }

  @Test
  void withoutInputsTheDeficitFallsLikeTheSquareOfTheLength() {
    double[] expected = {36.4, 43.2, 44.26, 44.39};
    long[] lengths = {100, 1000, 10_000, 100_000, 1_000_000};
    double[] products = new double[5];
    for (int i = 0; i < 5; i++) {
      long length = lengths[i];
      PairRecursion pair = Degeneracy.withoutInputs(length, 1);
      double scaled = pair.preactivationDeficit() * length * length;
      if (i < 4) {
        assertThat(scaled).isCloseTo(expected[i], within(0.05));
      } else {
        // The next order is log l / l: 14e-6 times a constant of order 1 to 10.
        assertThat(scaled).isCloseTo(Degeneracy.LIMIT, within(44.4 * 2e-4));
      }
      products[i] = pair.logProduct();
      assertThat(pair.rootSum()).isLessThan(Math.sqrt(Degeneracy.LIMIT) * Math.log(length));
    }
    double[] slopes = Degeneracy.localSlopes(lengths, products);
    assertThat(slopes[0]).isCloseTo(-2.88, within(5e-3));
    assertThat(slopes[1]).isCloseTo(-2.98, within(5e-3));
    assertThat(slopes[2]).isCloseTo(-2.998, within(5e-4));
    assertThat(slopes[3]).isCloseTo(-3, within(5e-4));
  }

  /** The recursion in the textbook form loses the deficit altogether: why ours carries it. */
  @Test
  void carryingTheCorrelationItselfWouldLoseIt() {
    double rho = 0;
    for (int l = 1; l < 1_000_000; l++) {
      double theta = Math.acos(Math.min(1, rho));
      rho = (Math.sin(theta) + (Math.PI - theta) * Math.cos(theta)) / Math.PI;
    }
    double naive = (1 - rho) * 1e12;
    assertThat(naive).isNotCloseTo(Degeneracy.LIMIT, within(0.01));
  }

  @Test
  void aPairIsTheKernelsPair() {
    double[][] x = {{1, 0}, {0, 2}, {3, 0}, {0, 1}};
    double[][] y = {{0, 1}, {2, 0}, {0, 3}, {1, 0}};
    PairRecursion pair = new PairRecursion(1, 0);
    for (double[] token : x) {
      pair.step(PlainMoments.dot(token, token), 1);
    }
    NetworkLaw law = Preset.WANG_ALGORITHM.law(4);
    double covariance = RecurrentKernel.nngp(law).between(x, y, Output.LAST)[0][0];
    assertThat(pair.norm()).isEqualTo(16);
    assertThat(16 * (1 - pair.stateDeficit())).isCloseTo(covariance, within(1e-14));
    assertThatThrownBy(() -> new PairRecursion(Double.NaN, 0)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new PairRecursion(1, 2.5)).hasMessageContaining("2.5");
  }

  @Test
  void theComparisonSequence() {
    for (double b : new double[] {1, 2.5, 5}) {
      double log = 0;
      for (long l = 1; l <= 1000; l++) {
        log += Math.log(ArcCosine.step(Degeneracy.comparisonAngle(l, b)));
      }
      assertThat(log).isCloseTo(-b * Math.log(1001), within(1e-11));
    }
  }

  /** Lemma 20 from l = 11 on, and everywhere without its two positive terms. */
  @Test
  void theComparisonLemmaFailsAtItsFirstStepsOnly() {
    for (long length : new long[] {100, 1000, 100_000}) {
      for (long l = 2; l <= length; l++) {
        assertThat(Degeneracy.comparisonMargin(l, length, 1) >= 0)
            .as("l = %s, L = %s", l, length)
            .isEqualTo(l >= 11);
        assertThat(Degeneracy.comparisonMargin(l, length, 0)).isPositive();
      }
    }
  }
}
