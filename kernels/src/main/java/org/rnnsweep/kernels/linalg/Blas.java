package org.rnnsweep.kernels.linalg;

import org.rnnsweep.kernels.NumericsProfile;

/**
 * The dense operations that grow with the square or the cube of the width, on row-major matrices
 * off the heap. All operands of a call have one precision, and none may overlap the result.
 *
 * <p>One thread computes. The result's bits depend on the library and its kernel and on the shapes
 * of the call, on nothing else: not on other calls, other threads or addresses. They do depend on
 * the shape, so whoever cares for bits calls with shapes fixed by the trial's own parameters and
 * pads a tail to the full block.
 *
 * <p>Instances have no state and are safe for use by several threads.
 */
public interface Blas {

  /**
   * The library a profile asks for, loaded on the first call.
   *
   * @throws IllegalStateException if the native library cannot be loaded, or the environment makes
   *     it pick another kernel than the profile promises
   */
  static Blas of(NumericsProfile profile) {
    return switch (profile.library()) {
      case JAVA -> new JavaBlas();
      case NATIVE, NATIVE_PORTABLE -> {
        BlasLibrary.load(profile);
        yield new OpenBlas();
      }
    };
  }

  /** {@code c = alpha op(a) op(b) + beta c}; with beta = 0 the old c is not read. */
  void gemm(
      Transpose transposeA,
      Transpose transposeB,
      double alpha,
      OffHeapMatrix a,
      OffHeapMatrix b,
      double beta,
      OffHeapMatrix c);

  /**
   * {@code y = alpha op(a) x + beta y} for one vector, x and y matrices of one row each; with beta
   * = 0 the old y is not read. Runs at the speed of memory, which {@link #gemm} with one row does
   * not.
   */
  default void gemv(
      Transpose transpose,
      double alpha,
      OffHeapMatrix a,
      OffHeapMatrix x,
      double beta,
      OffHeapMatrix y) {
    Shapes.ofGemv(transpose, a, x, y);
    Transpose other = transpose == Transpose.NO ? Transpose.YES : Transpose.NO;
    gemm(Transpose.NO, other, alpha, x, a, beta, y);
  }

  /**
   * {@code c = alpha a a^T + beta c} ({@link Transpose#NO}) or {@code c = alpha a^T a + beta c}
   * ({@link Transpose#YES}) in the upper triangle of c (row index at most column index); what is
   * below the diagonal is neither read nor written.
   */
  void syrk(Transpose transpose, double alpha, OffHeapMatrix a, double beta, OffHeapMatrix c);

  /**
   * {@code a = R^T R} with R upper triangular, in place: reads and overwrites the upper triangle of
   * a symmetric matrix, never what is below the diagonal. Takes no further memory of size m^2.
   *
   * @return false if a is not positive definite to working precision (NaN included); its upper
   *     triangle is then destroyed
   */
  boolean cholesky(OffHeapMatrix a);

  /**
   * Solves {@code (R^T R) x = b} for every row of b, in place, with R as {@link #cholesky} left it.
   *
   * @param b as many columns as R, any number of rows; overwritten by the solutions
   */
  void choleskySolve(OffHeapMatrix factor, OffHeapMatrix b);
}
