package org.rnnsweep.kernels.operator;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * The matrix itself, off the heap. A product costs {@code 2 rows columns} flops a vector; the
 * matrix has no memory of what was asked.
 */
public final class DenseGaussian implements GaussianOperator {
  private final Blas blas;
  private final OffHeapMatrix matrix;
  private Arena owner;

  private DenseGaussian(Blas blas, OffHeapMatrix matrix, Arena owner) {
    this.blas = blas;
    this.matrix = matrix;
    this.owner = owner;
  }

  /** A matrix that someone else drew and releases. */
  public static DenseGaussian of(Blas blas, OffHeapMatrix matrix) {
    return new DenseGaussian(blas, matrix, null);
  }

  /**
   * Draws a matrix of independent N(0, sd^2), row r from {@code key.block(r)}; {@link #close}
   * releases it.
   *
   * @throws IllegalArgumentException if the standard deviation is negative or not finite
   */
  public static DenseGaussian draw(
      Blas blas,
      Arena arena,
      Precision precision,
      long rows,
      long columns,
      double standardDeviation,
      StreamKey key) {
    OffHeapMatrix matrix = arena.matrix(rows, columns, precision);
    GaussianMatrix.fill(matrix, key, standardDeviation);
    return new DenseGaussian(blas, matrix, arena);
  }

  /** Bytes that {@link #draw} takes from its arena. */
  public static long memoryBytes(long rows, long columns, Precision precision) {
    return Math.multiplyExact(Math.multiplyExact(rows, columns), precision.bytes());
  }

  @Override
  public long rows() {
    return matrix.rows();
  }

  @Override
  public long columns() {
    return matrix.columns();
  }

  @Override
  public Precision precision() {
    return matrix.precision();
  }

  @Override
  public void right(OffHeapMatrix x, OffHeapMatrix y) {
    QueryShapes.check(x, y, columns(), rows(), precision());
    blas.gemm(Transpose.NO, Transpose.YES, 1, x, matrix, 0, y);
  }

  @Override
  public void left(OffHeapMatrix x, OffHeapMatrix y) {
    QueryShapes.check(x, y, rows(), columns(), precision());
    blas.gemm(Transpose.NO, Transpose.NO, 1, x, matrix, 0, y);
  }

  /** The same matrix; takes nothing from the arena. */
  @Override
  public DenseGaussian fork(Arena arena, Products more) {
    return of(blas, matrix);
  }

  @Override
  public void close() {
    if (owner != null) {
      owner.release(matrix);
      owner = null;
    }
  }
}
