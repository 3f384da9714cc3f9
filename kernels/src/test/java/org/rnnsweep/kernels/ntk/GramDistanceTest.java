package org.rnnsweep.kernels.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GramDistanceTest {
  /** The path's second differences have the eigenvalues 2 - 2 cos(k pi / (n + 1)). */
  @Test
  void theSpectrumOfThePathIsKnown() {
    int n = 40;
    double[][] path = new double[n][n];
    for (int i = 0; i < n; i++) {
      path[i][i] = 2;
      if (i + 1 < n) {
        path[i][i + 1] = -1;
        path[i + 1][i] = -1;
      }
    }
    double[] found = SymmetricSpectrum.of(path);
    for (int k = 1; k <= n; k++) {
      assertThat(found[k - 1]).isCloseTo(2 - 2 * Math.cos(k * Math.PI / (n + 1)), within(1e-14));
    }
    assertThat(SymmetricSpectrum.of(new double[3][3])).containsExactly(0, 0, 0);
    path[3][5] = Double.NaN;
    assertThatThrownBy(() -> SymmetricSpectrum.of(path)).hasMessageContaining("3, 5");
  }

  /** H_inf = I, H = 3/2 I - 1/2 on one diagonal place and 1/4 beside it. */
  @Test
  void distancesOfAMatrixThatIsKnown() {
    double[][] limit = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    double[][] found = {{1.5, 0.25, 0}, {0.25, 1.5, 0}, {0, 0, 0.5}};
    GramDistance distance = GramDistance.of(found, limit);
    assertThat(distance.relativeFrobenius())
        .isCloseTo(Math.sqrt((3 * 0.25 + 2 * 0.0625) / 3), within(1e-15));
    assertThat(distance.relativeMaximum()).isEqualTo(0.5);
    assertThat(distance.traceRatio()).isCloseTo(3.5 / 3, within(1e-15));
    assertThat(distance.admissible()).isCloseTo(Math.sqrt(0.5), within(1e-14));
    assertThat(distance.smallest()).isCloseTo(0.5, within(1e-15));
    assertThat(distance.smallestLimit()).isEqualTo(1);
    double scale = 3 / 3.5;
    double a = 1.5 * scale - 1;
    double b = 0.25 * scale;
    double c = 0.5 * scale - 1;
    assertThat(distance.shapeFrobenius())
        .isCloseTo(Math.sqrt((2 * a * a + 2 * b * b + c * c) / 3), within(1e-15));
  }
}
