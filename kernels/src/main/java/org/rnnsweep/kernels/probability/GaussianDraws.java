package org.rnnsweep.kernels.probability;

import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.SymmetricEigen;

/** Facts that are counted over draws, or over all signs. */
public final class GaussianDraws {
  private GaussianDraws() {}

  /**
   * The share of N x n Gaussian matrices, N = 4 n, with a singular value outside {@code sqrt(N) +-
   * (sqrt(n) + t)} (Panigrahi and Goyal, Fact A.1).
   */
  public static double singularValuesOutside(int n, double t, int draws, StreamKey key) {
    int rows = 4 * n;
    double[] row = new double[n];
    int outside = 0;
    NormalStream numbers = NormalStream.of(key);
    for (int draw = 0; draw < draws; draw++) {
      double[][] gram = new double[n][n];
      for (int r = 0; r < rows; r++) {
        numbers.fill(row, 0, n);
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < n; j++) {
            gram[i][j] += row[i] * row[j];
          }
        }
      }
      boolean out = false;
      for (SymmetricEigen pair : SymmetricEigen.all(gram)) {
        double value = Math.sqrt(Math.max(0, pair.value()));
        out |= Math.abs(value - Math.sqrt(rows)) > Math.sqrt(n) + t;
      }
      outside += out ? 1 : 0;
    }
    return (double) outside / draws;
  }

  /**
   * The Rademacher complexity of {@code x -> <w, x>}, |w| at most B, on n random unit vectors of
   * R^3, over B / sqrt(n): {@code E |sum zeta_q x_q| / sqrt(n)} over all signs (Fact A.8, the
   * supremum within the expectation).
   */
  public static double linearRademacher(int n, StreamKey key) {
    double[][] x = new double[n][3];
    NormalStream numbers = NormalStream.of(key);
    for (double[] vector : x) {
      numbers.fill(vector, 0, 3);
      double norm = norm(vector);
      for (int c = 0; c < 3; c++) {
        vector[c] /= norm;
      }
    }
    double sum = 0;
    long signs = 1L << n;
    for (long pattern = 0; pattern < signs; pattern++) {
      double[] total = new double[3];
      for (int q = 0; q < n; q++) {
        double sign = (pattern >> q & 1) == 0 ? 1 : -1;
        for (int c = 0; c < 3; c++) {
          total[c] += sign * x[q][c];
        }
      }
      sum += norm(total);
    }
    return sum / signs / Math.sqrt(n);
  }

  private static double norm(double[] x) {
    return Math.sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
  }
}
