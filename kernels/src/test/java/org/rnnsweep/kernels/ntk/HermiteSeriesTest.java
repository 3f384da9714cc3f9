package org.rnnsweep.kernels.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.random.StreamKey;

class HermiteSeriesTest {
  @Test
  void theSeriesAreTheKernels() {
    double[] gamma = HermiteSeries.rectifier(400);
    double[] sigma = HermiteSeries.step(400);
    for (double z : new double[] {-0.9, -0.3, 0, 0.4, 0.9}) {
      assertThat(HermiteSeries.sum(gamma, z)).isCloseTo(SampledMoments.gamma(z), within(1e-14));
      assertThat(HermiteSeries.sum(sigma, z)).isCloseTo(SampledMoments.sigma(z), within(1e-14));
    }
    double[] printed = {.318310, .5, .159155, 0, .0132629, 0, .00397887};
    for (int r = 0; r < 7; r++) {
      assertThat(gamma[r]).isCloseTo(printed[r], within(5e-7));
    }
    // Gamma' = Sigma
    for (int r = 1; r < 50; r++) {
      assertThat(r * gamma[r]).isCloseTo(sigma[r - 1], within(1e-15));
    }
  }

  @Test
  void coefficientsByQuadrature() {
    double[] squares = HermiteSeries.rectifier(41);
    double literal = 0;
    for (int r = 0; r <= 40; r++) {
      double mu = HermiteSeries.rectifierByQuadrature(r, 1);
      assertThat(mu * mu).as("r = %d", r).isCloseTo(squares[r], within(1e-10));
      double printed = HermiteSeries.rectifierByQuadrature(r, 0.5);
      literal += printed * printed;
    }
    // sqrt(2 x) as printed: E[2 x; x > 0] = sqrt(2 / pi), not 1.
    assertThat(literal).isBetween(0.78, Math.sqrt(2 / Math.PI));
  }

  /** 2^20 rows: 5 standard errors of at most sqrt(6 / 2^20). */
  @Test
  void sampledMomentsHaveTheirLimits() {
    long rows = 1 << 20;
    StreamKey key = StreamKey.of(8);
    double allowed = 5 * Math.sqrt(6.0 / rows);
    for (double rho : new double[] {-0.5, 0, 0.7, 1}) {
      assertThat(SampledMoments.rectified(key, rows, rho))
          .isCloseTo(SampledMoments.gamma(rho), within(allowed));
      assertThat(SampledMoments.gated(key, rows, rho, 0.6))
          .isCloseTo(0.6 * SampledMoments.sigma(rho), within(allowed));
      assertThat(SampledMoments.masked(key, rows, rho)).isCloseTo(1, within(allowed));
    }
    // Twin: the gates of another correlation.
    assertThat(SampledMoments.gated(key, rows, 0.7, 0.6))
        .isNotCloseTo(0.6 * SampledMoments.sigma(0.5), within(allowed));
  }
}
