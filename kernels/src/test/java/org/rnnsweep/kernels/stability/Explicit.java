package org.rnnsweep.kernels.stability;

import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;

/** The same network with explicit matrices and plain loops: the oracle of the tests. */
final class Explicit {
  static final Blas BLAS = Blas.of(new NumericsProfile(Library.NATIVE, Precision.DOUBLE));

  final double[][] w;
  final double[][] a;
  final double[][] b;
  double[][] g;

  Explicit(double[][] w, double[][] a, double[][] b) {
    this.w = w;
    this.a = a;
    this.b = b;
  }

  /** Asks W for its columns; they must have been declared. */
  static double[][] complete(Arena arena, GaussianOperator w) {
    int m = (int) w.columns();
    OffHeapMatrix unit = arena.matrix(m, m, w.precision());
    OffHeapMatrix columns = arena.matrix(m, w.rows(), w.precision());
    for (int k = 0; k < m; k++) {
      unit.set(k, k, 1);
    }
    w.right(unit, columns);
    double[][] rows = transpose(entries(columns));
    arena.release(columns);
    arena.release(unit);
    return rows;
  }

  static double[][] entries(OffHeapMatrix matrix) {
    double[][] entries = new double[(int) matrix.rows()][(int) matrix.columns()];
    for (int i = 0; i < entries.length; i++) {
      matrix.getRow(i, entries[i]);
    }
    return entries;
  }

  static double[][] transpose(double[][] x) {
    double[][] t = new double[x[0].length][x.length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < t.length; j++) {
        t[j][i] = x[i][j];
      }
    }
    return t;
  }

  static double[][] product(double[][] x, double[][] y) {
    double[][] z = new double[x.length][y[0].length];
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < y.length; k++) {
        for (int j = 0; j < z[i].length; j++) {
          z[i][j] += x[i][k] * y[k][j];
        }
      }
    }
    return z;
  }

  /** g_1, g_2, ... */
  double[][] run(double[][] tokens) {
    int m = w.length;
    g = new double[tokens.length][m];
    double[] h = new double[m];
    for (int l = 0; l < tokens.length; l++) {
      for (int k = 0; k < m; k++) {
        for (int c = 0; c < tokens[l].length; c++) {
          g[l][k] += a[k][c] * tokens[l][c];
        }
        for (int c = 0; c < m; c++) {
          g[l][k] += w[k][c] * h[c];
        }
      }
      for (int k = 0; k < m; k++) {
        h[k] = Math.max(0, g[l][k]);
      }
    }
    return g;
  }

  /** D_to W ... D_from W after {@link #run}. */
  double[][] chain(int from, int to) {
    double[][] chain = null;
    for (int l = from; l <= to; l++) {
      double[][] dw = new double[w.length][];
      for (int k = 0; k < w.length; k++) {
        dw[k] = g[l - 1][k] >= 0 ? w[k].clone() : new double[w.length];
      }
      chain = chain == null ? dw : product(dw, chain);
    }
    return chain;
  }

  /** Back_(i-&gt;j). */
  double[][] back(int i, int j) {
    return i == j ? b : product(b, chain(i + 1, j));
  }
}
