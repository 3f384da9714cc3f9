package org.rnnsweep.kernels.random;

import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/** Matrices of independent normals. */
public final class GaussianMatrix {
  private GaussianMatrix() {}

  /**
   * Fills every entry with N(0, sd^2); row r comes from {@code key.block(r)}. A single matrix is
   * the rounding of the double one.
   */
  public static void fill(OffHeapMatrix target, StreamKey key, double standardDeviation) {
    double[] row = new double[(int) target.columns()];
    for (long r = 0; r < target.rows(); r++) {
      NormalStream.of(key.block(r)).fill(row, 0, row.length);
      for (int j = 0; j < row.length; j++) {
        row[j] *= standardDeviation;
      }
      target.putRow(r, row);
    }
  }
}
