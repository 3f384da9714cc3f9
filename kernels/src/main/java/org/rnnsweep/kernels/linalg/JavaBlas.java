package org.rnnsweep.kernels.linalg;

/**
 * {@link Blas} in plain Java, for hosts without the native library: a few Gflop/s. Everything is
 * summed in double, in one fixed order, also for single operands, whose results are rounded once at
 * the end; so its bits are the same on every host and Java.
 */
final class JavaBlas implements Blas {
  // A tile of b is 256 KiB: it stays in the second cache while the rows of a pass over it.
  private static final int TILE_ROWS = 32;
  private static final int TILE_INNER = 64;
  private static final int TILE_COLUMNS = 512;

  @Override
  public void gemm(
      Transpose transposeA,
      Transpose transposeB,
      double alpha,
      OffHeapMatrix a,
      OffHeapMatrix b,
      double beta,
      OffHeapMatrix c) {
    Shapes shapes = Shapes.ofGemm(transposeA, transposeB, a, b, c);
    for (int i = 0; i < shapes.rows(); i += TILE_ROWS) {
      for (int j = 0; j < shapes.columns(); j += TILE_COLUMNS) {
        multiply(transposeA, transposeB, alpha, a, b, beta, c, i, j, shapes, false);
      }
    }
  }

  @Override
  public void syrk(
      Transpose transpose, double alpha, OffHeapMatrix a, double beta, OffHeapMatrix c) {
    Shapes shapes = Shapes.ofSyrk(transpose, a, c);
    Transpose other = transpose == Transpose.NO ? Transpose.YES : Transpose.NO;
    for (int i = 0; i < shapes.rows(); i += TILE_ROWS) {
      // The tiles' grid is that of gemm; those wholly below the diagonal are left out.
      for (int j = i / TILE_COLUMNS * TILE_COLUMNS; j < shapes.columns(); j += TILE_COLUMNS) {
        multiply(transpose, other, alpha, a, a, beta, c, i, j, shapes, true);
      }
    }
  }

  private static void multiply(
      Transpose transposeA,
      Transpose transposeB,
      double alpha,
      OffHeapMatrix a,
      OffHeapMatrix b,
      double beta,
      OffHeapMatrix c,
      int firstRow,
      int firstColumn,
      Shapes shapes,
      boolean upperOnly) {
    int rows = Math.min(TILE_ROWS, shapes.rows() - firstRow);
    int columns = Math.min(TILE_COLUMNS, shapes.columns() - firstColumn);
    double[][] sum = new double[rows][columns];
    double[][] left = new double[rows][TILE_INNER];
    double[][] right = new double[TILE_INNER][columns];
    for (int p = 0; p < shapes.inner(); p += TILE_INNER) {
      int inner = Math.min(TILE_INNER, shapes.inner() - p);
      read(a, transposeA, firstRow, p, rows, inner, left);
      read(b, transposeB, p, firstColumn, inner, columns, right);
      for (int i = 0; i < rows; i++) {
        for (int q = 0; q < inner; q++) {
          addScaled(sum[i], left[i][q], right[q], 0, columns);
        }
      }
    }
    double[] old = new double[columns];
    for (int i = 0; i < rows; i++) {
      int start = upperOnly ? Math.max(0, firstRow + i - firstColumn) : 0;
      if (start < columns) {
        if (beta != 0) {
          c.getRow(firstRow + i, firstColumn + start, old, start, columns - start);
        }
        for (int j = start; j < columns; j++) {
          sum[i][j] = beta == 0 ? alpha * sum[i][j] : alpha * sum[i][j] + beta * old[j];
        }
        c.putRow(firstRow + i, firstColumn + start, sum[i], start, columns - start);
      }
    }
  }

  @Override
  public boolean cholesky(OffHeapMatrix a) {
    int n = Shapes.ofCholesky(a);
    for (int first = 0; first < n; first += TILE_INNER) {
      int height = Math.min(TILE_INNER, n - first);
      if (!DiagonalBlock.factorise(a, first, height)) {
        return false;
      }
      int next = first + height;
      double[][] panel = new double[height][n - first];
      for (int k = 0; k < height; k++) {
        a.getRow(first + k, first + k, panel[k], k, n - first - k);
      }
      for (int k = 0; k < height; k++) {
        for (int j = height; j < n - first; j++) {
          panel[k][j] /= panel[k][k];
        }
        for (int i = k + 1; i < height; i++) {
          addScaled(panel[i], -panel[k][i], panel[k], height, n - first);
        }
        a.putRow(first + k, next, panel[k], height, n - next);
      }
      double[] row = new double[n - first];
      for (int i = next; i < n; i++) {
        int offset = i - first;
        a.getRow(i, i, row, offset, n - i);
        for (int k = 0; k < height; k++) {
          addScaled(row, -panel[k][offset], panel[k], offset, n - first);
        }
        a.putRow(i, i, row, offset, n - i);
      }
    }
    return true;
  }

  @Override
  public void choleskySolve(OffHeapMatrix factor, OffHeapMatrix b) {
    int n = Shapes.ofSolve(factor, b);
    double[] r = new double[n];
    for (int j = 0; j < b.rows(); j += TILE_INNER) {
      int columns = (int) Math.min(TILE_INNER, b.rows() - j);
      double[][] x = new double[n][columns];
      read(b, Transpose.YES, 0, j, n, columns, x);
      for (int k = 0; k < n; k++) {
        factor.getRow(k, k, r, k, n - k);
        divide(x[k], r[k]);
        for (int i = k + 1; i < n; i++) {
          addScaled(x[i], -r[i], x[k], 0, columns);
        }
      }
      for (int k = n - 1; k >= 0; k--) {
        factor.getRow(k, k, r, k, n - k);
        for (int i = k + 1; i < n; i++) {
          addScaled(x[k], -r[i], x[i], 0, columns);
        }
        divide(x[k], r[k]);
      }
      for (int c = 0; c < columns; c++) {
        for (int i = 0; i < n; i++) {
          r[i] = x[i][c];
        }
        b.putRow(j + c, r);
      }
    }
  }

  private static void divide(double[] x, double by) {
    for (int j = 0; j < x.length; j++) {
      x[j] /= by;
    }
  }

  /**
   * Each element's own multiplication and addition: the compiler may widen it, never reorder it.
   */
  private static void addScaled(double[] target, double factor, double[] x, int from, int to) {
    for (int j = from; j < to; j++) {
      target[j] += factor * x[j];
    }
  }

  /** A tile of op(matrix) into the front of {@code target}. */
  private static void read(
      OffHeapMatrix matrix,
      Transpose transpose,
      long row,
      long column,
      int rows,
      int columns,
      double[][] target) {
    if (transpose == Transpose.NO) {
      for (int i = 0; i < rows; i++) {
        matrix.getRow(row + i, column, target[i], 0, columns);
      }
    } else {
      double[] line = new double[rows];
      for (int j = 0; j < columns; j++) {
        matrix.getRow(column + j, row, line, 0, rows);
        for (int i = 0; i < rows; i++) {
          target[i][j] = line[i];
        }
      }
    }
  }
}
