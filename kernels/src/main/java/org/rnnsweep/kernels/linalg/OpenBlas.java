package org.rnnsweep.kernels.linalg;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasLeft;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNonUnit;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRight;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasUpper;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.rnnsweep.kernels.Precision;

/** {@link Blas} by OpenBLAS, called directly on memory off the heap. */
final class OpenBlas implements Blas {
  // Right-looking panels: measured best of 128 to 384 (DESIGN_NOTES.md). Inside a panel the blocks
  // are small enough for a loop in Java to factorise them unnoticed.
  private static final int DIAGONAL_BLOCK = 64;
  private static final int DOUBLE_PANEL = 128;
  private static final int SINGLE_PANEL = 256;

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
    if (c.rows() == 0 || c.columns() == 0) {
      return;
    }
    if (c.precision() == Precision.SINGLE) {
      openblas_nolapack.cblas_sgemm(
          CblasRowMajor,
          code(transposeA),
          code(transposeB),
          shapes.rows(),
          shapes.columns(),
          shapes.inner(),
          (float) alpha,
          a.floats(),
          stride(a),
          b.floats(),
          stride(b),
          (float) beta,
          c.floats(),
          stride(c));
    } else {
      openblas_nolapack.cblas_dgemm(
          CblasRowMajor,
          code(transposeA),
          code(transposeB),
          shapes.rows(),
          shapes.columns(),
          shapes.inner(),
          alpha,
          a.doubles(),
          stride(a),
          b.doubles(),
          stride(b),
          beta,
          c.doubles(),
          stride(c));
    }
  }

  @Override
  public void gemv(
      Transpose transpose,
      double alpha,
      OffHeapMatrix a,
      OffHeapMatrix x,
      double beta,
      OffHeapMatrix y) {
    Shapes shapes = Shapes.ofGemv(transpose, a, x, y);
    if (shapes.rows() == 0 || shapes.inner() == 0) { // the library would leave y as it is
      Blas.super.gemv(transpose, alpha, a, x, beta, y);
      return;
    }
    if (y.precision() == Precision.SINGLE) {
      openblas_nolapack.cblas_sgemv(
          CblasRowMajor,
          code(transpose),
          Math.toIntExact(a.rows()),
          Math.toIntExact(a.columns()),
          (float) alpha,
          a.floats(),
          stride(a),
          x.floats(),
          1,
          (float) beta,
          y.floats(),
          1);
    } else {
      openblas_nolapack.cblas_dgemv(
          CblasRowMajor,
          code(transpose),
          Math.toIntExact(a.rows()),
          Math.toIntExact(a.columns()),
          alpha,
          a.doubles(),
          stride(a),
          x.doubles(),
          1,
          beta,
          y.doubles(),
          1);
    }
  }

  @Override
  public void syrk(
      Transpose transpose, double alpha, OffHeapMatrix a, double beta, OffHeapMatrix c) {
    Shapes shapes = Shapes.ofSyrk(transpose, a, c);
    if (c.rows() == 0) {
      return;
    }
    if (c.precision() == Precision.SINGLE) {
      openblas_nolapack.cblas_ssyrk(
          CblasRowMajor,
          CblasUpper,
          code(transpose),
          shapes.rows(),
          shapes.inner(),
          (float) alpha,
          a.floats(),
          stride(a),
          (float) beta,
          c.floats(),
          stride(c));
    } else {
      openblas_nolapack.cblas_dsyrk(
          CblasRowMajor,
          CblasUpper,
          code(transpose),
          shapes.rows(),
          shapes.inner(),
          alpha,
          a.doubles(),
          stride(a),
          beta,
          c.doubles(),
          stride(c));
    }
  }

  @Override
  public boolean cholesky(OffHeapMatrix a) {
    int n = Shapes.ofCholesky(a);
    int panel = a.precision() == Precision.SINGLE ? SINGLE_PANEL : DOUBLE_PANEL;
    return factorise(a, 0, n, n, panel);
  }

  /**
   * The diagonal block of rows and columns from {@code first} on, right-looking, a panel at a time:
   * R11 (by smaller panels), then R12 = R11^-T A12, then A22 - R12^T R12.
   */
  private static boolean factorise(OffHeapMatrix a, long first, int size, int stride, int panel) {
    if (size <= DIAGONAL_BLOCK) {
      return DiagonalBlock.factorise(a, first, size);
    }
    for (int done = 0; done < size; done += panel) {
      int height = Math.min(panel, size - done);
      int rest = size - done - height;
      long row = first + done;
      if (!factorise(a, row, height, stride, DIAGONAL_BLOCK)) {
        return false;
      }
      if (rest > 0) {
        eliminate(a, row * stride + row, height, rest, stride);
      }
    }
    return true;
  }

  private static void eliminate(OffHeapMatrix a, long corner, int height, int rest, int stride) {
    long right = corner + height;
    long remaining = right + (long) height * stride;
    if (a.precision() == Precision.SINGLE) {
      FloatPointer base = a.floats();
      openblas_nolapack.cblas_strsm(
          CblasRowMajor,
          CblasLeft,
          CblasUpper,
          CblasTrans,
          CblasNonUnit,
          height,
          rest,
          1,
          base.getPointer(corner),
          stride,
          base.getPointer(right),
          stride);
      openblas_nolapack.cblas_ssyrk(
          CblasRowMajor,
          CblasUpper,
          CblasTrans,
          rest,
          height,
          -1,
          base.getPointer(right),
          stride,
          1,
          base.getPointer(remaining),
          stride);
    } else {
      DoublePointer base = a.doubles();
      openblas_nolapack.cblas_dtrsm(
          CblasRowMajor,
          CblasLeft,
          CblasUpper,
          CblasTrans,
          CblasNonUnit,
          height,
          rest,
          1,
          base.getPointer(corner),
          stride,
          base.getPointer(right),
          stride);
      openblas_nolapack.cblas_dsyrk(
          CblasRowMajor,
          CblasUpper,
          CblasTrans,
          rest,
          height,
          -1,
          base.getPointer(right),
          stride,
          1,
          base.getPointer(remaining),
          stride);
    }
  }

  @Override
  public void choleskySolve(OffHeapMatrix factor, OffHeapMatrix b) {
    int n = Shapes.ofSolve(factor, b);
    if (n == 0 || b.rows() == 0) {
      return;
    }
    int rows = Math.toIntExact(b.rows());
    for (int trans : new int[] {CblasNoTrans, CblasTrans}) {
      if (b.precision() == Precision.SINGLE) {
        FloatPointer r = factor.floats();
        openblas_nolapack.cblas_strsm(
            CblasRowMajor,
            CblasRight,
            CblasUpper,
            trans,
            CblasNonUnit,
            rows,
            n,
            1,
            r,
            n,
            b.floats(),
            n);
      } else {
        DoublePointer r = factor.doubles();
        openblas_nolapack.cblas_dtrsm(
            CblasRowMajor,
            CblasRight,
            CblasUpper,
            trans,
            CblasNonUnit,
            rows,
            n,
            1,
            r,
            n,
            b.doubles(),
            n);
      }
    }
  }

  private static int code(Transpose transpose) {
    return transpose == Transpose.YES ? CblasTrans : CblasNoTrans;
  }

  private static int stride(OffHeapMatrix matrix) {
    return Math.max(1, Math.toIntExact(matrix.columns()));
  }
}
