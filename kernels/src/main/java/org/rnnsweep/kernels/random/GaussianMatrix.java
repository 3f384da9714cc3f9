package org.rnnsweep.kernels.random;

import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/** Matrices of independent normals. */
public final class GaussianMatrix {
  private GaussianMatrix() {}

  /**
   * Fills every entry with N(0, sd^2): row r is sd times the first numbers of {@code key.block(r)},
   * whatever else is drawn. A single matrix is the double one rounded to nearest.
   *
   * @throws IllegalArgumentException if the standard deviation is negative or not finite
   */
  public static void fill(OffHeapMatrix target, StreamKey key, double standardDeviation) {
    if (!(standardDeviation >= 0 && standardDeviation < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "a standard deviation is finite and not negative, found " + standardDeviation);
    }
    double[] row = new double[Math.toIntExact(target.columns())];
    for (long r = 0; r < target.rows(); r++) {
      NormalStream.of(key.block(r)).fill(row, 0, row.length);
      for (int j = 0; j < row.length; j++) {
        row[j] *= standardDeviation;
      }
      target.putRow(r, row);
    }
  }
}
