package org.rnnsweep.kernels.descent;

import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Stochastic gradient descent, one sample a step, on a least-squares problem whose samples have one
 * common minimiser (Allen-Zhu, Li and Song, footnote 3), with all constants known exactly:
 *
 * <pre>
 * f = mean of f_i,   f_i(w) = &lt;a_i, w - w*&gt;^2 / 2,   (a_i)_j = sqrt(lambda_j) H_ij,
 * H the first 32 columns of a 64 x 64 Hadamard matrix of signs
 * </pre>
 *
 * so that the Hessian of f is diag(lambda) and |a_i|^2 = sum of lambda for every sample: lambda = 1
 * but for the last, sigma, which is the strong convexity; the smoothness of every f_i is 31 +
 * sigma.
 */
public final class InterpolatingSgd {
  /** Dimension of w. */
  public static final int DIMENSION = 32;

  private static final int SAMPLES = 64;

  private final double[] root = new double[DIMENSION];
  private final double[] error = new double[DIMENSION]; // w - w*
  private final double rate;
  private final NormalStream order;

  /**
   * At a random start.
   *
   * @param kappa smoothness over strong convexity, above 32
   * @param careful whether the step size is sigma / smoothness^2, as the footnote's bound has it,
   *     or 1 / smoothness
   * @param key of start and order
   */
  public InterpolatingSgd(double kappa, boolean careful, StreamKey key) {
    if (!(kappa > DIMENSION)) {
      throw new IllegalArgumentException(
          "the smoothness is more than " + DIMENSION + " times sigma, found " + kappa);
    }
    double sigma = (DIMENSION - 1) / (kappa - 1);
    double smoothness = DIMENSION - 1 + sigma;
    for (int j = 0; j < DIMENSION; j++) {
      root[j] = j < DIMENSION - 1 ? 1 : Math.sqrt(sigma);
    }
    rate = careful ? sigma / (smoothness * smoothness) : 1 / smoothness;
    NormalStream.of(key.name("start")).fill(error, 0, DIMENSION);
    order = NormalStream.of(key.name("order"));
  }

  /** f(w). */
  public double loss() {
    double sum = 0;
    for (int j = 0; j < DIMENSION; j++) {
      sum += root[j] * root[j] * error[j] * error[j] / 2;
    }
    return sum;
  }

  /** Steps on samples drawn uniformly, with replacement. */
  public void advance(int steps) {
    for (int t = 0; t < steps; t++) {
      int sample = (int) (SAMPLES * order.nextUniform());
      double residual = 0;
      for (int j = 0; j < DIMENSION; j++) {
        residual += entry(sample, j) * error[j];
      }
      for (int j = 0; j < DIMENSION; j++) {
        error[j] -= rate * residual * entry(sample, j);
      }
    }
  }

  /** Sylvester's Hadamard matrix: the parity of the common bits. */
  private double entry(int i, int j) {
    return (Integer.bitCount(i & j) & 1) == 0 ? root[j] : -root[j];
  }
}
