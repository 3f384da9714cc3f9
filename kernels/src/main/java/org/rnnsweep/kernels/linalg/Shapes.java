package org.rnnsweep.kernels.linalg;

import java.util.Locale;

/** The three sizes of a product, checked; {@code inner} is the summed one. */
record Shapes(int rows, int columns, int inner) {

  static Shapes ofGemm(
      Transpose transposeA,
      Transpose transposeB,
      OffHeapMatrix a,
      OffHeapMatrix b,
      OffHeapMatrix c) {
    long rows = transposeA == Transpose.NO ? a.rows() : a.columns();
    long inner = transposeA == Transpose.NO ? a.columns() : a.rows();
    long innerB = transposeB == Transpose.NO ? b.rows() : b.columns();
    long columns = transposeB == Transpose.NO ? b.columns() : b.rows();
    boolean fits = inner == innerB && c.rows() == rows && c.columns() == columns;
    if (!fits || a.precision() != c.precision() || b.precision() != c.precision()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "gemm: a (%s, transposed: %s) times b (%s, transposed: %s) does not make c (%s)",
              a,
              transposeA,
              b,
              transposeB,
              c));
    }
    return new Shapes(Math.toIntExact(rows), Math.toIntExact(columns), Math.toIntExact(inner));
  }

  /** Rows of op(a) and what is summed; one column. */
  static Shapes ofGemv(Transpose transpose, OffHeapMatrix a, OffHeapMatrix x, OffHeapMatrix y) {
    long rows = transpose == Transpose.NO ? a.rows() : a.columns();
    long inner = transpose == Transpose.NO ? a.columns() : a.rows();
    boolean fits = x.rows() == 1 && y.rows() == 1 && x.columns() == inner && y.columns() == rows;
    if (!fits || a.precision() != y.precision() || x.precision() != y.precision()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "gemv: a (%s, transposed: %s) times the row x (%s) does not make the row y (%s)",
              a,
              transpose,
              x,
              y));
    }
    return new Shapes(Math.toIntExact(rows), 1, Math.toIntExact(inner));
  }

  static Shapes ofSyrk(Transpose transpose, OffHeapMatrix a, OffHeapMatrix c) {
    long order = transpose == Transpose.NO ? a.rows() : a.columns();
    long inner = transpose == Transpose.NO ? a.columns() : a.rows();
    if (c.rows() != order || c.columns() != order || a.precision() != c.precision()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "syrk: a (%s, transposed: %s) does not make c (%s)", a, transpose, c));
    }
    return new Shapes(Math.toIntExact(order), Math.toIntExact(order), Math.toIntExact(inner));
  }

  static int ofCholesky(OffHeapMatrix a) {
    if (a.rows() != a.columns()) {
      throw new IllegalArgumentException("cholesky: the matrix must be square, found " + a);
    }
    return Math.toIntExact(a.rows());
  }

  static int ofSolve(OffHeapMatrix factor, OffHeapMatrix b) {
    if (factor.rows() != factor.columns()
        || b.columns() != factor.rows()
        || b.precision() != factor.precision()) {
      throw new IllegalArgumentException(
          "choleskySolve: the factor ("
              + factor
              + ") does not fit the right-hand sides ("
              + b
              + ")");
    }
    return Math.toIntExact(factor.rows());
  }
}
