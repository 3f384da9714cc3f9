package org.rnnsweep.kernels.stability;

import java.util.Locale;
import org.rnnsweep.kernels.ntk.ArcCosine;

/**
 * Norms of states and of backward vectors of a wide network with entries N(0, c/m), as m grows, and
 * how much the logarithm of a norm scatters at finite m:
 *
 * <pre>
 * s_l = c (q_(l-1) + |x_l|^2),   q_l = E phi(sqrt(s_l) z)^2               lim |h_l|^2
 * (gain_L)^2 = product over 2 &lt;= l &lt;= L of c E phi'(sqrt(s_l) z)^2        lim |b^T Back_(1->L)|^2 / m
 * </pre>
 *
 * <p>The limits are those of one W at all steps and of a fresh W_l at each. The scatter is not: for
 * relu and c = 2 a step adds {@code e_l = sum_k relu(g_(l,k))^2 - s_l / 2} to |h|^2, an average
 * over the rows of W, and rows are independent, so that
 *
 * <pre>m Var |h_L|^2 = sum over a, b &lt;= L of (s_a / 2)(s_b / 2) C(rho_ab) + O(1/m),
 * C(cos t) = (2 / pi) (3 sin t cos t + (pi - t)(1 + 2 cos^2 t)) - 1,</pre>
 *
 * rho_ab the correlation of the preactivations of a row at steps a and b: C(1) = 5, C(0) = 0. One W
 * makes states and with them rows of different steps alike, all L^2 terms tend to 5; fresh W_l
 * leave L of them. Derived here; Allen-Zhu, Li and Song bound the norms' deviation by a probability
 * e^(-Omega(m / L^2)) (Lemma B.3), whose L / sqrt(m) this is.
 */
public final class SignalLimit {
  /** Which matrices the steps use. */
  public enum Weights {
    /** One W at all steps. */
    SHARED("shared"),
    /** Independent W_2, W_3, ... */
    FRESH("fresh");

    private final String label;

    Weights(String label) {
      this.label = label;
    }

    /** The name used in experiment files. */
    public String label() {
      return label;
    }
  }

  private final double[] squares;
  private final double[] squaredGains;

  private SignalLimit(double[] squares, double[] squaredGains) {
    this.squares = squares;
    this.squaredGains = squaredGains;
  }

  /**
   * The limits along a sequence.
   *
   * @param varianceFactor c, positive and finite
   * @param tokens x_1, x_2, ..., one a row
   */
  public static SignalLimit of(
      Nonlinearity nonlinearity, double varianceFactor, double[][] tokens) {
    if (!(varianceFactor > 0 && varianceFactor < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the variance times m is positive and finite, found " + varianceFactor);
    }
    double[] squares = new double[tokens.length + 1];
    double[] gains = new double[tokens.length + 1];
    for (int l = 1; l <= tokens.length; l++) {
      double variance = varianceFactor * (squares[l - 1] + square(tokens[l - 1]));
      squares[l] = nonlinearity.meanSquare(variance);
      gains[l] =
          l == 1 ? 1 : gains[l - 1] * varianceFactor * nonlinearity.meanSquareSlope(variance);
    }
    return new SignalLimit(squares, gains);
  }

  /** lim |h_l|, for l from 1. */
  public double norm(int l) {
    return Math.sqrt(squares[l]);
  }

  /** lim |b^T Back_(1->l)| / sqrt(m) for b of independent N(0, 1), for l from 1. */
  public double gain(int l) {
    return Math.sqrt(squaredGains[l]);
  }

  /**
   * lim sqrt(m) sd(ln |h_L|) for relu and c = 2.
   *
   * @param tokens x_1 .. x_L, the first one not 0
   */
  public static double normSpread(Weights weights, double[][] tokens) {
    int length = tokens.length;
    InfiniteWidth states = InfiniteWidth.of(tokens);
    double sum = 0;
    for (int a = 1; a <= length; a++) {
      for (int b = 1; b <= length; b++) {
        double scale = Math.sqrt(states.squaredNorm(a) * states.squaredNorm(b));
        double angle =
            weights == Weights.SHARED || a == b
                ? states.angle(a, b)
                : ArcCosine.angle(1 - dot(tokens[a - 1], tokens[b - 1]) / scale);
        sum += scale * scale * stepCovariance(angle);
      }
    }
    return Math.sqrt(sum) / (2 * states.squaredNorm(length));
  }

  /** C as a function of the angle t, in [0, pi]. */
  static double stepCovariance(double angle) {
    if (!(angle >= 0 && angle <= Math.PI)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "an angle is from 0 to pi, found %s", angle));
    }
    double cosine = Math.cos(angle);
    return 2
            / Math.PI
            * (3 * Math.sin(angle) * cosine + (Math.PI - angle) * (1 + 2 * cosine * cosine))
        - 1;
  }

  private static double square(double[] x) {
    return dot(x, x);
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }
}
