package org.rnnsweep.kernels.linalg;

import static org.bytedeco.openblas.global.openblas.CblasLeft;
import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasNonUnit;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.CblasUpper;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.openblas.global.openblas;
import org.rnnsweep.kernels.Precision;

/** {@link Blas} by OpenBLAS, called directly on memory off the heap. */
final class OpenBlas implements Blas {

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
      openblas.cblas_sgemm(
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
      openblas.cblas_dgemm(
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
  public void syrk(
      Transpose transpose, double alpha, OffHeapMatrix a, double beta, OffHeapMatrix c) {
    Shapes shapes = Shapes.ofSyrk(transpose, a, c);
    if (c.rows() == 0) {
      return;
    }
    if (c.precision() == Precision.SINGLE) {
      openblas.cblas_ssyrk(
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
      openblas.cblas_dsyrk(
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
    if (n == 0) {
      return true;
    }
    // LAPACKE's row-major form transposes into a second matrix. Fortran's own sees a row-major
    // upper triangle as a column-major lower one, and a = L L^T there is a = R^T R here.
    try (IntPointer order = new IntPointer(1L).put(n);
        IntPointer info = new IntPointer(1L).put(0)) {
      if (a.precision() == Precision.SINGLE) {
        openblas.LAPACK_spotrf_base("L", order, a.floats(), order, info, 1);
      } else {
        openblas.LAPACK_dpotrf_base("L", order, a.doubles(), order, info, 1);
      }
      if (info.get() < 0) {
        throw new IllegalStateException("potrf refused its argument " + -info.get());
      }
      return info.get() == 0;
    }
  }

  @Override
  public void choleskySolve(OffHeapMatrix factor, OffHeapMatrix b) {
    int n = Shapes.ofSolve(factor, b);
    if (n == 0 || b.columns() == 0) {
      return;
    }
    for (int trans : new int[] {CblasTrans, CblasNoTrans}) {
      if (b.precision() == Precision.SINGLE) {
        FloatPointer r = factor.floats();
        openblas.cblas_strsm(
            CblasRowMajor,
            CblasLeft,
            CblasUpper,
            trans,
            CblasNonUnit,
            n,
            stride(b),
            1,
            r,
            n,
            b.floats(),
            stride(b));
      } else {
        DoublePointer r = factor.doubles();
        openblas.cblas_dtrsm(
            CblasRowMajor,
            CblasLeft,
            CblasUpper,
            trans,
            CblasNonUnit,
            n,
            stride(b),
            1,
            r,
            n,
            b.doubles(),
            stride(b));
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
