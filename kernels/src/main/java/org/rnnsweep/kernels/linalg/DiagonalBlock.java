package org.rnnsweep.kernels.linalg;

import org.rnnsweep.kernels.Precision;

/** A small Cholesky factorisation on the diagonal of a large matrix, in Java and in double. */
final class DiagonalBlock {
  private DiagonalBlock() {}

  /**
   * Overwrites the upper triangle of the block {@code [first, first + size)^2} by R with R^T R the
   * block. A single one is computed in double and rounded at the end.
   *
   * @return false if a pivot is not positive (NaN included)
   */
  static boolean factorise(OffHeapMatrix a, long first, int size) {
    double[][] r = new double[size][size];
    for (int i = 0; i < size; i++) {
      a.getRow(first + i, first + i, r[i], i, size - i);
    }
    for (int k = 0; k < size; k++) {
      double pivot = r[k][k];
      if (!(pivot > 0) || pivot == Double.POSITIVE_INFINITY) {
        return false;
      }
      double root = Math.sqrt(pivot);
      double[] row = r[k];
      row[k] = root;
      for (int j = k + 1; j < size; j++) {
        row[j] /= root;
      }
      for (int i = k + 1; i < size; i++) {
        double factor = row[i];
        double[] below = r[i];
        for (int j = i; j < size; j++) {
          below[j] -= factor * row[j];
        }
      }
    }
    for (int i = 0; i < size; i++) {
      a.putRow(first + i, first + i, r[i], i, size - i);
    }
    return a.precision() == Precision.DOUBLE || isPositive(a, first, size);
  }

  /** A tiny double pivot may round to a single zero. */
  private static boolean isPositive(OffHeapMatrix a, long first, int size) {
    for (long i = first; i < first + size; i++) {
      if (!(a.get(i, i) > 0)) {
        return false;
      }
    }
    return true;
  }
}
