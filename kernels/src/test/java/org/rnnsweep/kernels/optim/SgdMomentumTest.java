package org.rnnsweep.kernels.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;

class SgdMomentumTest {

  /**
   * On the loss c w^2 / 2 the iterates obey w_(t+1) = (1 + mu - eta c) w_t - mu w_(t-1); with
   * complex roots, w_t = mu^(t/2) (cos(t phi) + b sin(t phi)), 2 sqrt(mu) cos(phi) = 1 + mu - eta
   * c.
   */
  @Test
  void followsTheClosedFormOnAQuadratic() {
    double curvature = 1.3;
    double rate = 0.1;
    double momentum = 0.9;
    double phi = Math.acos((1 + momentum - rate * curvature) / (2 * Math.sqrt(momentum)));
    double sine =
        ((1 - rate * curvature) / Math.sqrt(momentum) - Math.cos(phi)) / Math.sin(phi); // from w_1
    double[] iterates = descend(new SgdMomentum(rate, momentum), curvature, 200);
    for (int t = 0; t <= 200; t++) {
      double expected =
          Math.pow(momentum, t / 2.0) * (Math.cos(t * phi) + sine * Math.sin(t * phi));
      // 200 steps of a recursion that does not amplify: a few hundred roundings of numbers near 1.
      assertThat(iterates[t]).as("w_%d", t).isCloseTo(expected, within(1e-13));
    }
  }

  @Test
  void isStableUpToTwiceOnePlusMomentum() {
    SgdMomentum optimiser = new SgdMomentum(0.1, 0.9);
    double edge = 2 * 1.9 / 0.1;
    assertThat(Math.abs(descend(optimiser, edge * 0.99, 2000)[2000])).isLessThan(1e-6);
    assertThat(Math.abs(descend(optimiser, edge * 1.01, 2000)[2000])).isGreaterThan(1e6);
    // Twin: were the gradient weighted by 1 - momentum, this curvature would be harmless.
    assertThat(Math.abs(descend(new SgdMomentum(0.1 * (1 - 0.9), 0.9), edge * 1.01, 2000)[2000]))
        .isLessThan(1e-6);
  }

  @Test
  void refusesWhatIsOutsideItsDomain() {
    assertThatThrownBy(() -> new SgdMomentum(Double.NaN, 0.9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("learningRate must be finite and at least 0, found NaN");
    assertThatThrownBy(() -> new SgdMomentum(0.1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("momentum must be in [0, 1), found 1.0");
    try (Arena arena = Arena.ofBytes(1 << 10)) {
      OffHeapMatrix square = arena.matrix(2, 2, Precision.DOUBLE);
      OffHeapMatrix wide = arena.matrix(2, 3, Precision.DOUBLE);
      assertThatThrownBy(() -> new SgdMomentum(0.1, 0.9).step(square, square, wide))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("shapes differ");
    }
  }

  /** w_0 = 1, w_1, .. of the loss c w^2 / 2, in every element of a matrix. */
  private static double[] descend(SgdMomentum optimiser, double curvature, int steps) {
    double[] iterates = new double[steps + 1];
    try (Arena arena = Arena.ofBytes(1 << 10)) {
      OffHeapMatrix w = arena.matrix(2, 3, Precision.DOUBLE);
      OffHeapMatrix v = arena.matrix(2, 3, Precision.DOUBLE);
      OffHeapMatrix g = arena.matrix(2, 3, Precision.DOUBLE);
      w.fill(1);
      iterates[0] = 1;
      for (int t = 1; t <= steps; t++) {
        for (int i = 0; i < 2; i++) {
          for (int j = 0; j < 3; j++) {
            g.set(i, j, curvature * w.get(i, j));
          }
        }
        optimiser.step(w, v, g);
        iterates[t] = w.get(1, 2);
        assertThat(w.get(0, 0)).isEqualTo(iterates[t]);
      }
    }
    return iterates;
  }
}
