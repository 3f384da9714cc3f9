package org.rnnsweep.kernels.probability;

/**
 * y = max(z^2 - ln m, 0) for a standard normal z, and sums of m independent ones (Allen-Zhu, Li and
 * Song, Lemma A.5). With g = sqrt(ln m) and Q the normal upper tail,
 *
 * <pre>
 * E y            = 2 (g phi(g) + (1 - g^2) Q(g))
 * E exp(theta y) = 1 - 2 Q(g) + 2 exp(-theta g^2) Q(g s) / s,   s = sqrt(1 - 2 theta), theta &lt; 1/2
 * </pre>
 */
public final class TruncatedSquares {
  private static final int STEPS = 200;

  private TruncatedSquares() {}

  /** E y, for m from 2. */
  public static double mean(int m) {
    double square = StrictMath.log(m);
    double g = Math.sqrt(square);
    double density = StrictMath.exp(-square / 2) / Math.sqrt(2 * Math.PI);
    return 2 * (g * density + (1 - square) * StrictMath.exp(Tails.logNormalUpper(g)));
  }

  /**
   * Chernoff's exponent of P[sum >= 2 sqrt(m)]: {@code sup_theta (2 theta sqrt(m) - m ln E
   * exp(theta y))}, so that the probability is at most exp(-rate), by golden sections of a concave
   * function.
   */
  public static double rate(int m) {
    double golden = (Math.sqrt(5) - 1) / 2;
    double low = 0;
    double high = 0.5;
    for (int step = 0; step < STEPS; step++) {
      double left = high - golden * (high - low);
      double right = low + golden * (high - low);
      if (exponent(m, left) < exponent(m, right)) {
        low = left;
      } else {
        high = right;
      }
    }
    return exponent(m, (low + high) / 2);
  }

  private static double exponent(int m, double theta) {
    double square = StrictMath.log(m);
    double g = Math.sqrt(square);
    double s = Math.sqrt(1 - 2 * theta);
    if (!(s > 0)) {
      return Double.NEGATIVE_INFINITY;
    }
    double above = 2 * StrictMath.exp(Tails.logNormalUpper(g));
    double weighted =
        2 * StrictMath.exp(Tails.logNormalUpper(g * s) - theta * square - StrictMath.log(s));
    return 2 * theta * Math.sqrt(m) - m * StrictMath.log1p(weighted - above);
  }
}
