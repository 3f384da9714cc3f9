package org.rnnsweep.kernels.stability;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * An eigenvalue of a small symmetric matrix and a unit vector of it, by cyclic Jacobi rotations:
 * O(n^3) a sweep, a handful of sweeps, accurate to rounding times the largest one.
 *
 * @param value the eigenvalue
 * @param vector its eigenvector, of norm 1
 */
public record SymmetricEigen(double value, double[] vector) {
  private static final int MOST_SWEEPS = 60;

  /** The largest one, of a matrix as {@link #all} takes it. */
  public static SymmetricEigen largest(double[][] matrix) {
    return Collections.max(all(matrix), Comparator.comparingDouble(SymmetricEigen::value));
  }

  /**
   * All of them in no particular order, the vectors orthogonal.
   *
   * @param matrix n x n, n at least 1, symmetric; not changed
   * @throws IllegalArgumentException if it is not square, or an entry is not finite
   */
  public static List<SymmetricEigen> all(double[][] matrix) {
    int n = matrix.length;
    double[][] a = new double[n][];
    double[][] vectors = new double[n][n];
    double square = 0;
    for (int i = 0; i < n; i++) {
      a[i] = matrix[i].clone();
      vectors[i][i] = 1;
      for (double entry : a[i]) {
        square += entry * entry;
      }
    }
    if (n == 0 || a[n - 1].length != n || !(square < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "a square matrix of finite entries, at least 1 x 1, found "
              + n
              + " rows and a sum of squares of "
              + square);
    }
    for (int sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a) > 1e-32 * square; sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          rotate(a, vectors, p, q);
        }
      }
    }
    List<SymmetricEigen> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      all.add(new SymmetricEigen(a[i][i], vectors[i]));
    }
    return all;
  }

  /** Largest singular value of any small matrix, from its Gram matrix. */
  public static double spectralNorm(double[][] matrix) {
    int n = matrix.length;
    double[][] gram = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < matrix[i].length; k++) {
          gram[i][j] += matrix[i][k] * matrix[j][k];
        }
      }
    }
    return Math.sqrt(Math.max(0, largest(gram).value()));
  }

  private static double offDiagonal(double[][] a) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < i; j++) {
        sum += a[i][j] * a[i][j];
      }
    }
    return sum;
  }

  /** Makes a_pq zero; row i of {@code vectors} is the i-th eigenvector. */
  private static void rotate(double[][] a, double[][] vectors, int p, int q) {
    if (a[p][q] == 0) {
      return;
    }
    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.hypot(theta, 1));
    double c = 1 / Math.hypot(t, 1);
    double s = t * c;
    for (int k = 0; k < a.length; k++) {
      double kp = a[k][p];
      double kq = a[k][q];
      a[k][p] = c * kp - s * kq;
      a[k][q] = s * kp + c * kq;
    }
    for (int k = 0; k < a.length; k++) {
      double pk = a[p][k];
      double qk = a[q][k];
      a[p][k] = c * pk - s * qk;
      a[q][k] = s * pk + c * qk;
      double vp = vectors[p][k];
      double vq = vectors[q][k];
      vectors[p][k] = c * vp - s * vq;
      vectors[q][k] = s * vp + c * vq;
    }
  }
}
