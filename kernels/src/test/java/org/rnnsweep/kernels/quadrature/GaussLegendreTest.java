package org.rnnsweep.kernels.quadrature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GaussLegendreTest {

  /** Exact to degree 2n - 1 and not beyond. */
  @Test
  void degreeOfExactness() {
    for (int n = 1; n <= 7; n++) {
      GaussLegendre rule = GaussLegendre.on(n, 0, 1);
      for (int p = 0; p < 2 * n; p++) {
        int power = p;
        assertThat(rule.integral(x -> Math.pow(x, power))).isCloseTo(1.0 / (p + 1), within(1e-14));
      }
      int power = 2 * n;
      assertThat(Math.abs(rule.integral(x -> Math.pow(x, power)) - 1.0 / (power + 1)))
          .isGreaterThan(1e-10);
    }
  }

  @Test
  void manyNodes() {
    GaussLegendre rule = GaussLegendre.on(96, -12, 12);
    assertThat(rule.count()).isEqualTo(96);
    assertThat(rule.integral(x -> Math.exp(-x * x / 2)))
        .isCloseTo(Math.sqrt(2 * Math.PI), within(1e-12));
    assertThatThrownBy(() -> GaussLegendre.on(0, 0, 1)).hasMessageContaining("found 0");
  }
}
