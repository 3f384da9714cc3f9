package org.rnnsweep.kernels.stability;

/**
 * The limit of {@code |D_k W .. D_1 W|_2} for k factors as the width grows, if the D's and W are
 * free: D W D' W .. then has the singular values of a product of k independent ones. With entries
 * of variance 2/m and half of the rows kept, one factor's square is a free Poisson law of rate 1/2
 * and jump 2, whose S-transform is 1 / (1 + 2z); k of them multiply, and the upper edge of the
 * product is
 *
 * <pre>|.|^2 = min over z &gt; 0 of (1 + z) (1 + 2z)^k / z.</pre>
 *
 * For k = 1 this is (1 + sqrt 2)^2; as k grows, 2 e k. Freeness of patterns that come from W itself
 * is assumed; measured norms agree.
 */
public final class ChainNorm {
  private ChainNorm() {}

  /** The limit for k factors, k at least 1. */
  public static double limit(int factors) {
    if (factors < 1) {
      throw new IllegalArgumentException("a product has at least 1 factor, found " + factors);
    }
    double k = factors;
    // Where the derivative of the logarithm vanishes: 2 k z (1 + z) = 1 + 2z.
    double z = (1 - k + Math.sqrt(k * k + 1)) / (2 * k);
    return Math.exp(0.5 * (Math.log1p(z) + k * Math.log1p(2 * z) - Math.log(z)));
  }
}
