package org.rnnsweep.kernels.linalg;

/** {@link Blas} in pure Java. */
final class JavaBlas implements Blas {
  @Override
  public void gemm(
      Transpose transposeA,
      Transpose transposeB,
      double alpha,
      OffHeapMatrix a,
      OffHeapMatrix b,
      double beta,
      OffHeapMatrix c) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void syrk(
      Transpose transpose, double alpha, OffHeapMatrix a, double beta, OffHeapMatrix c) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean cholesky(OffHeapMatrix a) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void choleskySolve(OffHeapMatrix factor, OffHeapMatrix b) {
    throw new UnsupportedOperationException();
  }
}
