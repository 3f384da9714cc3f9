package org.rnnsweep.kernels.stability;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.LowRankSum;

/**
 * Orthonormal rows that grow by the new directions of the vectors they are shown, up to a capacity;
 * whoever combines such vectors works with their few coordinates.
 */
final class Basis implements AutoCloseable {
  /** Below this share of its norm, what is left of a vector is rounding. */
  private static final double NOTHING_NEW = 1e-12;

  private final Blas blas;
  private final Arena arena;
  private final OffHeapMatrix all;
  private final OffHeapMatrix rest;
  private final OffHeapMatrix coordinates;
  private int count;

  Basis(Blas blas, Arena arena, int capacity, OffHeapMatrix like) {
    this.blas = blas;
    this.arena = arena;
    all = arena.matrix(capacity, like.columns(), like.precision());
    rest = arena.matrix(1, like.columns(), like.precision());
    coordinates = arena.matrix(1, capacity, like.precision());
  }

  /**
   * The coordinates of a vector, after its new direction, if any, was added: as many as there is
   * capacity. Of a vector that is too much for the capacity, those of its projection.
   *
   * @param vector 1 x m; not changed
   */
  double[] coordinates(OffHeapMatrix vector) {
    rest.copyFrom(vector);
    double norm = RowMeasures.norm(rest, 0);
    double[] sums = new double[Math.toIntExact(all.rows())];
    project(sums, 1);
    double left = RowMeasures.norm(rest, 0);
    if (count < all.rows() && left > NOTHING_NEW * norm) {
      // The second projection is of a unit vector: however little was left, the rows are orthogonal
      // to rounding.
      RowMeasures.scale(rest, 0, 1 / left);
      project(sums, left);
      double unit = RowMeasures.norm(rest, 0);
      RowMeasures.scale(rest, 0, 1 / unit);
      all.rowRange(count, count + 1).copyFrom(rest);
      sums[count] = left * unit;
      count++;
    }
    return sums;
  }

  private void project(double[] sums, double factor) {
    if (count == 0) {
      return;
    }
    // The shape never depends on how many rows are filled: unfilled ones are zeros.
    blas.gemm(Transpose.NO, Transpose.YES, 1, rest, all, 0, coordinates);
    blas.gemm(Transpose.NO, Transpose.NO, -1, coordinates, all, 1, rest);
    for (int k = 0; k < count; k++) {
      sums[k] += factor * coordinates.get(0, k);
    }
  }

  /** {@code base + U^T S V}, U and V the rows of two bases. */
  static LowRankSum sum(
      Blas blas, Arena arena, GaussianOperator base, Basis outer, double[][] core, Basis inner) {
    OffHeapMatrix small = arena.matrix(core.length, core[0].length, Precision.DOUBLE);
    for (int a = 0; a < core.length; a++) {
      small.putRow(a, core[a]);
    }
    OffHeapMatrix p = arena.matrix(core[0].length, base.rows(), Precision.DOUBLE);
    blas.gemm(Transpose.YES, Transpose.NO, 1, small, outer.rows(), 0, p);
    LowRankSum sum = LowRankSum.of(blas, arena, base, p, inner.rows());
    arena.release(p);
    arena.release(small);
    return sum;
  }

  /** The rows, zeros after those that are filled. */
  OffHeapMatrix rows() {
    return all;
  }

  static long memoryBytes(int capacity, long width, int bytesOfANumber) {
    return ((capacity + 1L) * width + capacity) * bytesOfANumber;
  }

  @Override
  public void close() {
    arena.release(coordinates);
    arena.release(rest);
    arena.release(all);
  }
}
