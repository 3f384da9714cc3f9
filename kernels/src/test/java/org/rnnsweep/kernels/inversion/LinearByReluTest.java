package org.rnnsweep.kernels.inversion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

class LinearByReluTest {

  /** Exact statements; the quadrature sums 96 terms of order 1. */
  @Test
  void theIdentitiesHold() {
    for (double degrees : new double[] {0, 17, 90, 133, 180}) {
      assertThat(Math.abs(LinearByRelu.ofAngle(degrees).expectationGap())).isLessThan(1e-13);
    }
    for (int d : new int[] {3, 4, 5, 64}) {
      assertThat(LinearByRelu.halfSphereGap(d)).isLessThan(1e-12);
    }
  }

  /**
   * The quadrature does see a wrong constant: its v.x/2 is that of 10^6 draws to five standard
   * errors, and those are far from v.x.
   */
  @Test
  void theExpectationIsThatOfDraws() {
    NormalStream normals = NormalStream.of(StreamKey.of(71));
    double cos = Math.cos(Math.toRadians(30));
    double sum = 0;
    double squares = 0;
    int n = 1_000_000;
    for (int i = 0; i < n; i++) {
      double x = normals.next();
      double v = cos * x + 0.5 * normals.next();
      double term = v * Math.max(0, x);
      sum += term;
      squares += term * term;
    }
    double mean = sum / n;
    double error = Math.sqrt((squares / n - mean * mean) / n);
    double byQuadrature = LinearByRelu.ofAngle(30).expectationGap() + cos / 2;
    assertThat(Math.abs(mean - byQuadrature)).isLessThan(5 * error);
    assertThat(Math.abs(mean - cos)).isGreaterThan(5 * error);
  }

  /**
   * m Var e = 2 + 3 cos^2: 20,000 draws, five standard errors of a variance, sqrt(2/n) of it for
   * nearly normal e (m = 200); a false alarm in a million. Twin: the constant of another angle.
   */
  @Test
  void theErrorHasTheExactVariance() {
    int m = 200;
    int n = 20_000;
    for (double degrees : new double[] {0, 60, 90}) {
      LinearByRelu layer = LinearByRelu.ofAngle(degrees);
      double squares = 0;
      double sum = 0;
      for (int i = 0; i < n; i++) {
        double e = layer.error(m, StreamKey.of(72).block(i));
        sum += e;
        squares += e * e;
      }
      double cos = Math.cos(Math.toRadians(degrees));
      double expected = 2 + 3 * cos * cos;
      assertThat(Math.abs(m * squares / n / expected - 1)).isLessThan(5 * 1.1 * Math.sqrt(2.0 / n));
      double twin = degrees == 0 ? 2 : 5;
      assertThat(Math.abs(m * squares / n / twin - 1)).isGreaterThan(5 * 1.1 * Math.sqrt(2.0 / n));
      assertThat(Math.abs(sum / n)).isLessThan(5 * Math.sqrt(expected / m / n));
    }
  }
}
