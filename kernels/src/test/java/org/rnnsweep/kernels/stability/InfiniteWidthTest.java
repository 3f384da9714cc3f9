package org.rnnsweep.kernels.stability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;

class InfiniteWidthTest {
  private static final StreamKey KEY = StreamKey.of(43);

  private static double[][] tokens(NormalizedInput.Law law, double epsX, int length) {
    return NormalizedInput.of(law, KEY.name("x"), 5, epsX).tokens(length);
  }

  /** The textbook form, in the cosine itself. */
  private static double[][] textbook(double[][] x, double[][] y) {
    double[][] inner = new double[x.length + 1][y.length + 1];
    double n = 0;
    for (int a = 1; a <= x.length; a++) {
      n += dot(x[a - 1], x[a - 1]);
      double k = 0;
      for (int b = 1; b <= y.length; b++) {
        k += dot(y[b - 1], y[b - 1]);
        double c = (inner[a - 1][b - 1] + dot(x[a - 1], y[b - 1])) / Math.sqrt(n * k);
        c = Math.min(1, c);
        double kappa = (Math.sqrt(1 - c * c) + c * (Math.PI - Math.acos(c))) / Math.PI;
        inner[a][b] = Math.sqrt(n * k) * kappa;
      }
    }
    return inner;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }

  @Test
  void agreesWithTheTextbookForm() {
    double[][] x = tokens(NormalizedInput.Law.SPREAD, 0.4, 12);
    double[][] y = tokens(NormalizedInput.Law.NULL, 0.2, 9);
    InfiniteWidth limit = InfiniteWidth.of(x, y);
    double[][] inner = textbook(x, y);
    for (int a = 1; a <= 12; a++) {
      for (int b = 1; b <= 9; b++) {
        assertThat(limit.inner(a, b)).isCloseTo(inner[a][b], within(1e-8)); // acos near 1
      }
    }
    assertThat(limit.squaredNorm(12)).isCloseTo(1 + 11 * 0.16, within(1e-14));
    assertThat(limit.squaredDistance(3, 4))
        .isCloseTo(1 + 2 * 0.16 + 1 + 3 * 0.04 - 2 * inner[3][4], within(1e-8));
  }

  /** g_1 and g_2 are independent without inputs: angle pi/2, states of cosine 1/pi. */
  @Test
  void firstStepsAreInClosedForm() {
    InfiniteWidth silent = InfiniteWidth.of(tokens(NormalizedInput.Law.NULL, 0, 2));
    assertThat(silent.angle(1, 2)).isCloseTo(Math.PI / 2, within(1e-15));
    assertThat(silent.signChanges(1, 2)).isCloseTo(0.5, within(1e-15));
    assertThat(silent.inner(1, 2)).isCloseTo(1 / Math.PI, within(1e-15));
    assertThat(Math.cos(silent.stateAngle(1, 2))).isCloseTo(1 / Math.PI, within(1e-15));
    assertThat(silent.squaredDistance(1, 1)).isZero();
  }

  /**
   * |h - h_(0)|^2 over eps_x^2 at l = 2..7 and eps_x = 0.01 by an independent NumPy program, and
   * its limit 2 (l - 1), from which eps_x = 1e-9 is a relative eps_x away: the textbook form has no
   * digit left there.
   */
  @Test
  void smallDistancesKeepTheirDigits() {
    double[] numpy = {1.994, 3.977, 5.946, 7.899, 9.83, 11.75};
    InfiniteWidth pair = pair(0.01);
    InfiniteWidth tiny = pair(1e-9);
    for (int l = 2; l <= 7; l++) {
      assertThat(pair.squaredDistance(l, l) / 1e-4).isCloseTo(numpy[l - 2], within(0.006));
      assertThat(tiny.squaredDistance(l, l) / 1e-18 / (2 * (l - 1))).isCloseTo(1, within(1e-7));
    }
    double[][] inner =
        textbook(
            tokens(NormalizedInput.Law.SPREAD, 1e-9, 8), tokens(NormalizedInput.Law.NULL, 1e-9, 8));
    assertThat(2 - 2 * inner[2][2]).isNotCloseTo(2e-18, within(1e-18));
  }

  private static InfiniteWidth pair(double epsX) {
    return InfiniteWidth.of(
        tokens(NormalizedInput.Law.SPREAD, epsX, 8), tokens(NormalizedInput.Law.NULL, epsX, 8));
  }

  /**
   * 40 networks of 4096 neurons: means within 4.5 standard errors of the limit, and 10 l / m for
   * the bias. 24 statistics: a false alarm has probability below 1e-3. The twin, the limit for
   * another eps_x, is seen.
   */
  @Test
  void finiteNetworksScatterAroundTheLimit() {
    assertThat(worstScore(0.3)).isLessThan(4.5);
    assertThat(worstScore(0.33)).isGreaterThan(4.5);
  }

  private static double worstScore(double epsOfLimit) {
    int length = 4;
    int m = 4096;
    int seeds = 40;
    InfiniteWidth limit =
        InfiniteWidth.of(
            tokens(NormalizedInput.Law.SPREAD, epsOfLimit, length),
            tokens(NormalizedInput.Law.NULL, epsOfLimit, length));
    double[] sum = new double[6 * length];
    double[] squares = new double[sum.length];
    double[] expected = new double[sum.length];
    for (int n = 0; n < seeds; n++) {
      try (Arena arena = Arena.ofBytes(1L << 26);
          RandomNetwork net =
              RandomNetwork.draw(
                  Explicit.BLAS,
                  arena,
                  Representation.CONDITIONED,
                  Precision.DOUBLE,
                  new RandomNetwork.Shape(m, 5, 1),
                  RandomNetwork.HE,
                  new Products(2 * length, 0),
                  KEY.seed(n));
          Trajectory states =
              Trajectory.of(
                  Explicit.BLAS,
                  arena,
                  net.recurrent(),
                  net.input(),
                  length,
                  NormalizedInput.of(NormalizedInput.Law.SPREAD, KEY.name("x"), 5, 0.3),
                  NormalizedInput.of(NormalizedInput.Law.NULL, KEY.name("x"), 5, 0.3))) {
        for (int l = 1; l <= length; l++) {
          int b = Math.max(1, l - 1);
          double norm = RowMeasures.norm(states.states(l), 0);
          double distance = RowMeasures.distance(states.states(l), 0, states.states(l), 1);
          double[] found = {
            norm * norm,
            RowMeasures.dot(states.states(l), 0, states.states(b), 1),
            distance * distance,
            (double)
                    RowMeasures.signChanges(
                        states.preactivations(l), 0, states.preactivations(l), 1)
                / m,
            (double)
                    RowMeasures.signChanges(
                        states.preactivations(l), 0, states.preactivations(b), 1)
                / m,
            RowMeasures.dot(states.preactivations(l), 0, states.preactivations(l), 1)
          };
          double[] theory = {
            limit.squaredNorm(l),
            limit.inner(l, b),
            limit.squaredDistance(l, l),
            limit.signChanges(l, l),
            limit.signChanges(l, b),
            2 * Math.cos(limit.angle(l, l)) * limit.squaredNorm(l) // both norms are equal
          };
          for (int k = 0; k < found.length; k++) {
            int at = (l - 1) * found.length + k;
            sum[at] += found[k];
            squares[at] += found[k] * found[k];
            expected[at] = theory[k];
          }
        }
      }
    }
    double worst = 0;
    for (int k = 0; k < sum.length; k++) {
      double mean = sum[k] / seeds;
      double variance = Math.max(0, squares[k] / seeds - mean * mean);
      double error = Math.sqrt(variance / (seeds - 1));
      double gap = Math.max(0, Math.abs(mean - expected[k]) - 10.0 * length / m);
      worst = Math.max(worst, gap == 0 ? 0 : gap / error);
    }
    return worst;
  }
}
