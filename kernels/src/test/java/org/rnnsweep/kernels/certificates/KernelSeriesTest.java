package org.rnnsweep.kernels.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.ntk.Activation;
import org.rnnsweep.kernels.ntk.ArcCosine;
import org.rnnsweep.kernels.ntk.InputScale;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Parametrization;
import org.rnnsweep.kernels.ntk.RecurrentKernel;
import org.rnnsweep.kernels.ntk.Trained;

class KernelSeriesTest {

  /** The kernel itself between two sequences of unit tokens with these cosines, d = 2. */
  private static double kernel(double power, double... cosines) {
    int length = cosines.length;
    double[][] x = new double[length][2];
    double[][] y = new double[length][2];
    for (int l = 0; l < length; l++) {
      x[l][0] = 1;
      y[l][0] = cosines[l];
      y[l][1] = Math.sqrt(1 - cosines[l] * cosines[l]);
    }
    NetworkLaw law =
        new NetworkLaw(Activation.RELU, 2, 2 * Math.pow(length, -power), InputScale.ONE, 0, 2, 1);
    return RecurrentKernel.ntk(law, Trained.RECURRENT, Parametrization.ENTRIES)
        .between(x, y, Output.LAST)[0][0];
  }

  /**
   * The truncated series against the kernel at small cosines: what is left out is of the order of
   * the next power, and the twin of one degree less is that much worse.
   */
  @Test
  void theSeriesIsTheKernelNearZero() {
    double z = 0.05;
    for (double power : new double[] {0, 3}) {
      KernelSeries series = KernelSeries.of(5, 1, power, Monomials.of(2, 8), Map.of(2, 0, 4, 1));
      double exact = kernel(power, 0, z, 0, -2 * z, 0);
      double[] sums = new double[9];
      for (int total = 0; total <= 8; total++) {
        sums[total] = total == 0 ? 0 : sums[total - 1];
        for (int a = 0; a <= total; a++) {
          int b = total - a;
          sums[total] += series.coefficient(a, b) * Math.pow(z, a) * Math.pow(-2 * z, b);
        }
      }
      assertThat(sums[8]).isCloseTo(exact, within(1e-7));
      assertThat(Math.abs(sums[2] - exact)).isGreaterThan(10 * Math.abs(sums[8] - exact));
    }
  }

  /** One variable for all positions: derivatives at 0 by central differences of the kernel. */
  @Test
  void aSharedVariableIsTheKernelAlongTheDiagonal() {
    Map<Integer, Integer> all = Map.of(1, 0, 2, 0, 3, 0);
    KernelSeries series = KernelSeries.of(3, 1, 0, Monomials.of(1, 4), all);
    double h = 1e-3;
    double above = kernel(0, h, h, h);
    double below = kernel(0, -h, -h, -h);
    double middle = kernel(0, 0, 0, 0);
    assertThat(series.coefficient(0)).isCloseTo(middle, within(1e-14));
    assertThat(series.coefficient(1)).isCloseTo((above - below) / (2 * h), within(1e-5));
    assertThat(series.coefficient(2))
        .isCloseTo((above - 2 * middle + below) / (2 * h * h), within(1e-5));
  }

  /** Numbers of an independent NumPy program: middle position, L = 64. */
  @Test
  void hasTheGoldenConstants() {
    KernelSeries series = KernelSeries.of(64, 1, 3, Monomials.of(1, 4), Map.of(32, 0));
    double[] expected = {3.85e-2, 2.58e-4, 2.99e-6, 4.48e-8};
    for (int k = 1; k <= 4; k++) {
      assertThat(series.coefficient(k)).isCloseTo(expected[k - 1], within(0.01 * expected[k - 1]));
    }
    KernelSeries algorithm = KernelSeries.of(128, 1, 0, Monomials.of(1, 1), Map.of(128, 0));
    assertThat(algorithm.coefficient(1)).isCloseTo(2.5, within(0.05));
  }

  /** With both variables equal, H must be the series of one shared variable. */
  @Test
  void powersOfASumAreTheLeastOverTheMonomials() {
    Monomials two = Monomials.of(2, 3);
    KernelSeries series = KernelSeries.of(6, 1, 3, two, Map.of(2, 0, 5, 1));
    KernelSeries shared = KernelSeries.of(6, 1, 3, Monomials.of(1, 3), Map.of(2, 0, 5, 0));
    double sum = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int a = 0; a <= 3; a++) {
      sum += series.coefficient(a, 3 - a);
      least = Math.min(least, series.coefficient(a, 3 - a) / (a % 3 == 0 ? 1 : 3));
    }
    assertThat(shared.coefficient(3)).isCloseTo(sum, within(1e-14 * sum));
    assertThat(series.powerOfSum(3)).isCloseTo(8 * least, within(1e-15 * least));
    // What is left after the power of the sum is taken off has no negative coefficient.
    for (int a = 0; a <= 3; a++) {
      assertThat(series.coefficient(a, 3 - a) - least * Monomials.multinomial(a, 3 - a))
          .isGreaterThanOrEqualTo(-1e-18);
    }
  }

  /** dK^l/dz = p prod Sigma(rho_k) from the position on: far above the paper's 2^-(l-r). */
  @Test
  void slopesOfTheStatesAreProductsOfSigmas() {
    KernelSeries series = KernelSeries.of(20, 1, 3, Monomials.of(1, 1), Map.of(5, 0));
    double product = 1;
    for (int l = 5; l <= 20; l++) {
      product *= ArcCosine.step(ArcCosine.angle(series.deficit(l)));
      assertThat(series.stateSlope(l, 0)).isCloseTo(product, within(1e-13));
    }
    assertThat(series.stateSlope(4, 0)).isZero();
    assertThat(product).isGreaterThan(1000 * Math.pow(2, -15));
  }

  /** The constant of (32) is one that holds for every power of one position. */
  @Test
  void theStepIsDominated() {
    for (int l : new int[] {1, 4, 8}) {
      KernelSeries series = KernelSeries.of(8, 1, 3, Monomials.of(1, 6), Map.of(l, 0));
      double q = 1 + l / 512.0;
      double kappa = series.stepDomination(l, q);
      for (int k = 0; k <= 6; k++) {
        assertThat(series.coefficient(k))
            .isGreaterThanOrEqualTo(kappa * q * series.stepCoefficient(l, k) * (1 - 1e-12));
      }
      // And far better than the paper's L^-4.
      assertThat(kappa).isGreaterThan(Math.pow(8, -4) * 100);
    }
  }

  @Test
  void monomials() {
    Monomials monomials = Monomials.of(3, 4);
    assertThat(monomials.size()).isEqualTo(35);
    for (int k = 0; k < 35; k++) {
      assertThat(monomials.indexOf(monomials.exponent(k))).isEqualTo(k);
    }
    assertThat(Monomials.multinomial(2, 1, 1)).isEqualTo(12);
    assertThatThrownBy(() -> monomials.indexOf(5, 0, 0)).hasMessageContaining("[5, 0, 0]");
    assertThatThrownBy(() -> Monomials.of(9, 20)).hasMessageContaining("9 variables");
    assertThatThrownBy(() -> KernelSeries.of(4, 1, 3, monomials, Map.of(5, 0)))
        .hasMessageContaining("at 5");
    assertThatThrownBy(() -> KernelSeries.of(4, 0, 3, monomials, Map.of()))
        .hasMessageContaining("positive norm");
  }
}
