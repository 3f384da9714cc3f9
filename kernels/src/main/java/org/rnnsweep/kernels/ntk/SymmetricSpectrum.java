package org.rnnsweep.kernels.ntk;

import java.util.Arrays;
import java.util.Locale;

/**
 * Eigenvalues of a small symmetric matrix by cyclic Jacobi rotations: about 10 n^3 multiplications
 * a sweep, some eight sweeps; each eigenvalue to a few ulps of the largest one's size.
 */
public final class SymmetricSpectrum {
  private static final int MOST_SWEEPS = 60;

  private SymmetricSpectrum() {}

  /**
   * All eigenvalues, ascending.
   *
   * @param matrix n x n, finite; its upper triangle is read, nothing is overwritten
   * @throws IllegalArgumentException if an entry is not finite
   */
  public static double[] of(double[][] matrix) {
    int n = matrix.length;
    double[][] a = new double[n][n];
    double scale = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i; j < n; j++) {
        double value = matrix[i][j];
        if (!(Math.abs(value) < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              String.format(Locale.ROOT, "entry %d, %d is %s, not finite", i, j, value));
        }
        a[i][j] = value;
        a[j][i] = value;
        scale = Math.max(scale, Math.abs(value));
      }
    }
    double small = scale * 0x1p-54;
    for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
      int rotations = 0;
      for (int p = 0; p < n - 1; p++) {
        for (int q = p + 1; q < n; q++) {
          if (Math.abs(a[p][q]) > small) {
            rotate(a, p, q);
            rotations++;
          }
        }
      }
      if (rotations == 0) {
        break;
      }
    }
    double[] values = new double[n];
    Arrays.setAll(values, i -> a[i][i]);
    Arrays.sort(values);
    return values;
  }

  /** The rotation in the plane of p and q after which entry p, q is 0. */
  private static void rotate(double[][] a, int p, int q) {
    double cotangent = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double tangent = Math.copySign(1, cotangent) / (Math.abs(cotangent) + Math.hypot(cotangent, 1));
    double cosine = 1 / Math.sqrt(1 + tangent * tangent);
    double sine = tangent * cosine;
    double shift = tangent * a[p][q];
    a[p][p] -= shift;
    a[q][q] += shift;
    a[p][q] = 0;
    a[q][p] = 0;
    for (int k = 0; k < a.length; k++) {
      if (k != p && k != q) {
        double u = a[k][p];
        double v = a[k][q];
        a[k][p] = cosine * u - sine * v;
        a[k][q] = sine * u + cosine * v;
        a[p][k] = a[k][p];
        a[q][k] = a[k][q];
      }
    }
  }
}
