package org.rnnsweep.kernels.existence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.concepts.Link;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.InfiniteWidth;
import org.rnnsweep.kernels.stability.NormalizedInput;

class SingleFitTest {
  private static final StreamKey KEY = StreamKey.of(3);
  private static final int LENGTH = 6;

  private static InfiniteWidth states(double epsX) {
    return InfiniteWidth.of(
        NormalizedInput.of(NormalizedInput.Law.SPREAD, KEY, 5, epsX).tokens(LENGTH),
        NormalizedInput.of(NormalizedInput.Law.NULL, KEY, 5, epsX).tokens(LENGTH));
  }

  /** Each token turns the state by sqrt(2) eps_x; the first position in question is the third. */
  @Test
  void noiseForSmallTokens() {
    for (double epsX : new double[] {1e-3, 1e-20}) {
      for (int i = 2; i < LENGTH; i++) {
        assertThat(SingleFit.noise(states(epsX), i, epsX))
            .isCloseTo(Math.sqrt(2 * (i - 2)), within(2 * epsX + 1e-9));
      }
    }
  }

  @Test
  void fitsOnePosition() {
    double epsX = 1e-6;
    InfiniteWidth states = states(epsX);
    for (int i = 2; i < LENGTH; i++) {
      SingleFit fit =
          SingleFit.of(
              Link.power(2),
              HermiteStep.Weight.WINDOW,
              SingleFit.noise(states, i, epsX),
              1e-5 * epsX,
              Math.sqrt(states.squaredNorm(i - 1)),
              1e-9);
      assertThat(fit.probability()).isCloseTo(1e-5 * epsX / Math.sqrt(Math.PI), within(1e-15));
      for (int k = 2; k < LENGTH; k++) {
        double value = fit.expectation(states, i, k, epsX, 0.7);
        assertThat(value).isCloseTo(k == i ? 0.49 : 0, within(1e-4));
      }
      // A function made for half the noise does not fit.
      SingleFit twin =
          SingleFit.of(
              Link.power(2), HermiteStep.Weight.WINDOW, 0.5 * (i - 1), 1e-5 * epsX, 1, 1e-9);
      assertThat(Math.abs(twin.expectation(states, i, i, epsX, 0.7) - 0.49)).isGreaterThan(0.01);
    }
  }

  /** By sampling the products with h0, h and a in full, inside a wide window. */
  @Test
  void expectationByMonteCarlo() {
    double epsX = 0.4;
    double window = 0.5;
    int i = 4;
    int k = 3;
    InfiniteWidth states = states(epsX);
    double norm = Math.sqrt(states.squaredNorm(i - 1));
    SingleFit fit =
        SingleFit.of(
            Link.power(1),
            HermiteStep.Weight.MINIMUM_NORM,
            SingleFit.noise(states, i, epsX),
            window,
            norm,
            1e-9);
    double cos = Math.cos(states.stateAngle(k - 1, i - 1));
    double size = Math.sqrt(states.squaredNorm(k - 1));
    double[] x = {0.5, 0.2, Math.sqrt(0.75 - 0.29), 0.5}; // x*_k; w* is e_1
    NormalStream normals = NormalStream.of(KEY.name("rows"));
    int draws = 400_000;
    double sum = 0;
    double squares = 0;
    for (int n = 0; n < draws; n++) {
      double u = normals.next();
      double v = normals.next();
      double[] a = new double[x.length];
      normals.fill(a, 0, a.length);
      if (Math.abs(Math.sqrt(2) * norm * u) > window) {
        continue;
      }
      double product = size * (cos * u + Math.sqrt(1 - cos * cos) * v);
      for (int c = 0; c < x.length; c++) {
        product += epsX * a[c] * x[c];
      }
      double value = product >= 0 ? fit.value(a[0], a[3]) : 0;
      sum += value;
      squares += value * value;
    }
    double error = Math.sqrt(squares) / draws;
    assertThat(sum / draws).isCloseTo(fit.expectation(states, i, k, epsX, 0.5), within(5 * error));
    assertThat(fit.expectation(states, i, k, epsX, 0.5)).isGreaterThan(10 * error);
  }
}
