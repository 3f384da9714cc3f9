package org.rnnsweep.kernels.stability;

/**
 * What the inner products of the states h_1 .. h_L say of their directions and distances.
 *
 * <p>The part of h_l that is orthogonal to the states before it is a pivot of Cholesky's factor of
 * the Gram matrix: with the pivots of these sequences, above 1e-3 of the norm, its relative error
 * is below 1e-9 in double. A pivot that rounding made negative counts as 0.
 */
public final class StateGram {
  private final double[][] gram;
  private final double[] newParts;

  private StateGram(double[][] gram, double[] newParts) {
    this.gram = gram;
    this.newParts = newParts;
  }

  /**
   * @param gram &lt;h_a, h_b&gt;, L x L with L at least 2; not changed, and not to be changed
   */
  public static StateGram of(double[][] gram) {
    int n = gram.length;
    if (n < 2) {
      throw new IllegalArgumentException("two states at least, found " + n);
    }
    double[][] factor = new double[n][n];
    double[] newParts = new double[n];
    for (int l = 0; l < n; l++) {
      double rest = gram[l][l];
      for (int k = 0; k < l; k++) {
        double sum = gram[l][k];
        for (int c = 0; c < k; c++) {
          sum -= factor[l][c] * factor[k][c];
        }
        factor[l][k] = newParts[k] == 0 ? 0 : sum / newParts[k];
        rest -= factor[l][k] * factor[l][k];
      }
      newParts[l] = Math.sqrt(Math.max(0, rest));
      factor[l][l] = newParts[l];
    }
    return new StateGram(gram, newParts);
  }

  /** |(I - U U^T) h_l|, U an orthonormal basis of the states before, for l from 1. */
  public double newPart(int l) {
    return newParts[l - 1];
  }

  /** The least new part of all states. */
  public double leastNewPart() {
    double least = newParts[0];
    for (double part : newParts) {
      least = Math.min(least, part);
    }
    return least;
  }

  /** The least distance of two states at different steps. */
  public double leastDistance() {
    double least = Double.POSITIVE_INFINITY;
    for (int a = 0; a < gram.length; a++) {
      for (int b = 0; b < a; b++) {
        least = Math.min(least, gram[a][a] + gram[b][b] - 2 * gram[a][b]);
      }
    }
    return Math.sqrt(Math.max(0, least));
  }

  /** The angle between the last two states. */
  public double lastAngle() {
    int n = gram.length;
    double product = gram[n - 1][n - 2];
    double squares = gram[n - 1][n - 1] * gram[n - 2][n - 2];
    return Math.atan2(Math.sqrt(Math.max(0, squares - product * product)), product);
  }
}
