package org.rnnsweep.kernels.optim;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/**
 * Gradient descent with heavy-ball momentum, in the convention of the common frameworks: {@code v =
 * momentum v + g; w = w - learningRate v}, with v = 0 at first. (Another convention multiplies g by
 * {@code 1 - momentum} or by the rate; their rates are not comparable with this one.)
 *
 * <p>On a quadratic loss with curvature c it is stable where {@code 0 < learningRate c < 2 (1 +
 * momentum)}.
 *
 * @param learningRate finite and at least 0
 * @param momentum from 0 up to, not including, 1
 */
public record SgdMomentum(double learningRate, double momentum) {

  public SgdMomentum {
    if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "learningRate must be finite and at least 0, found " + learningRate);
    }
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum must be in [0, 1), found " + momentum);
    }
  }

  /**
   * One step; the three have one shape and are double.
   *
   * @param weights w, overwritten
   * @param velocity v, overwritten
   * @param gradient g, only read
   */
  public void step(OffHeapMatrix weights, OffHeapMatrix velocity, OffHeapMatrix gradient) {
    requireSame(weights, velocity);
    requireSame(weights, gradient);
    int columns = Math.toIntExact(weights.columns());
    double[] w = new double[columns];
    double[] v = new double[columns];
    double[] g = new double[columns];
    for (long i = 0; i < weights.rows(); i++) {
      weights.getRow(i, w);
      velocity.getRow(i, v);
      gradient.getRow(i, g);
      for (int j = 0; j < columns; j++) {
        v[j] = momentum * v[j] + g[j];
        w[j] -= learningRate * v[j];
      }
      weights.putRow(i, w);
      velocity.putRow(i, v);
    }
  }

  private static void requireSame(OffHeapMatrix a, OffHeapMatrix b) {
    if (a.rows() != b.rows()
        || a.columns() != b.columns()
        || a.precision() != Precision.DOUBLE
        || b.precision() != Precision.DOUBLE) {
      throw new IllegalArgumentException("shapes differ or are not double: " + a + " and " + b);
    }
  }
}
