package org.rnnsweep.kernels.descent;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.LargestSingularValue;
import org.rnnsweep.kernels.stability.RowMeasures;

/**
 * An m x m matrix {@code G = sum over j of u_j h_j^T} kept as its vectors, as gradients by W come;
 * in double. A difference of two gradients is one such sum.
 */
public final class OuterSum implements AutoCloseable {
  private final Blas blas;
  private final Arena arena;
  private final OffHeapMatrix left;
  private final OffHeapMatrix right;
  private int terms;

  /** 0, with room for some terms. */
  public OuterSum(Blas blas, Arena arena, long width, int capacity) {
    this.blas = blas;
    this.arena = arena;
    left = arena.matrix(capacity, width, Precision.DOUBLE);
    right = arena.matrix(capacity, width, Precision.DOUBLE);
  }

  /** The most bytes taken from the arena, those of a norm included. */
  public static long memoryBytes(long width, int capacity) {
    return 3L * capacity * width * Double.BYTES
        + 2L * capacity * capacity * Double.BYTES
        + RowMeasures.gramBytes(capacity, width);
  }

  /** Adds {@code factor u_j h_j^T} for every row j of two blocks. */
  public void add(double factor, OffHeapMatrix u, OffHeapMatrix h) {
    int count = Math.toIntExact(u.rows());
    OffHeapMatrix into = left.rowRange(terms, terms + count);
    into.copyFrom(u);
    for (int j = 0; j < count && factor != 1; j++) {
      RowMeasures.scale(into, j, factor);
    }
    right.rowRange(terms, terms + count).copyFrom(h);
    terms += count;
  }

  /** {@code |G|_F}. */
  public double frobenius() {
    return terms == 0 ? 0 : frobenius(blas, arena, used(left), used(right));
  }

  /**
   * {@code |sum of u_j h_j^T|_F}, from {@code sum over i, j of <u_i, u_j> <h_i, h_j>}, for vectors
   * one a row. Takes {@link RowMeasures#gramBytes} for a while.
   */
  static double frobenius(Blas blas, Arena arena, OffHeapMatrix u, OffHeapMatrix h) {
    double[][] ofLeft = RowMeasures.gram(blas, arena, u);
    double[][] ofRight = RowMeasures.gram(blas, arena, h);
    double square = 0;
    for (int i = 0; i < ofLeft.length; i++) {
      for (int j = 0; j < ofLeft.length; j++) {
        square += ofLeft[i][j] * ofRight[i][j];
      }
    }
    return Math.sqrt(Math.max(0, square));
  }

  /** The norms of G's rows. */
  public double[] rowNorms() {
    long width = left.columns();
    double[] norms = new double[Math.toIntExact(width)];
    OffHeapMatrix gram = arena.matrix(terms, terms, Precision.DOUBLE);
    double[][] ofRight = RowMeasures.gram(blas, arena, used(right));
    for (int i = 0; i < terms; i++) {
      gram.putRow(i, ofRight[i]);
    }
    OffHeapMatrix product = arena.matrix(terms, width, Precision.DOUBLE);
    blas.gemm(Transpose.NO, Transpose.NO, 1, gram, used(left), 0, product);
    double[] a = new double[norms.length];
    double[] b = new double[norms.length];
    for (int i = 0; i < terms; i++) {
      left.getRow(i, a);
      product.getRow(i, b);
      for (int k = 0; k < norms.length; k++) {
        norms[k] += a[k] * b[k];
      }
    }
    for (int k = 0; k < norms.length; k++) {
      norms[k] = Math.sqrt(Math.max(0, norms[k]));
    }
    arena.release(product);
    arena.release(gram);
    return norms;
  }

  /**
   * {@code |G|_2}, by Lanczos until nothing changes: G has no more singular values than terms.
   * Takes {@link LargestSingularValue#memoryBytes} more.
   *
   * @param start key of the start vector
   */
  public double spectral(StreamKey start) {
    if (terms == 0) {
      return 0;
    }
    OffHeapMatrix inner = arena.matrix(1, terms, Precision.DOUBLE);
    LargestSingularValue.Map map =
        new LargestSingularValue.Map() {
          @Override
          public void apply(OffHeapMatrix x, OffHeapMatrix y) {
            blas.gemv(Transpose.NO, 1, used(right), x, 0, inner);
            blas.gemv(Transpose.YES, 1, used(left), inner, 0, y);
          }

          @Override
          public void applyTranspose(OffHeapMatrix y, OffHeapMatrix x) {
            blas.gemv(Transpose.NO, 1, used(left), y, 0, inner);
            blas.gemv(Transpose.YES, 1, used(right), inner, 0, x);
          }
        };
    int most = (int) Math.min(terms + 2L, left.columns());
    try (LargestSingularValue norm =
        new LargestSingularValue(blas, arena, map, left.columns(), Precision.DOUBLE, most, start)) {
      while (norm.iterate() && norm.residual() > 1e-12 * norm.value()) {}
      return norm.value();
    } finally {
      arena.release(inner);
    }
  }

  /** {@code <G, P Q^T>} for factors kept one a row, as {@link #left} and {@link #right}. */
  public double dot(OffHeapMatrix p, OffHeapMatrix q) {
    double sum = 0;
    for (int j = 0; j < terms; j++) {
      for (long r = 0; r < p.rows(); r++) {
        sum += RowMeasures.dot(left, j, p, r) * RowMeasures.dot(right, j, q, r);
      }
    }
    return sum;
  }

  /** {@code y += G x} for every row. */
  public void addRight(OffHeapMatrix x, OffHeapMatrix y) {
    addProduct(x, used(right), used(left), y);
  }

  /** {@code y += G^T x} for every row. */
  public void addLeft(OffHeapMatrix x, OffHeapMatrix y) {
    addProduct(x, used(left), used(right), y);
  }

  private void addProduct(OffHeapMatrix x, OffHeapMatrix from, OffHeapMatrix to, OffHeapMatrix y) {
    OffHeapMatrix inner = arena.matrix(x.rows(), terms, Precision.DOUBLE);
    blas.gemm(Transpose.NO, Transpose.YES, 1, x, from, 0, inner);
    blas.gemm(Transpose.NO, Transpose.NO, 1, inner, to, 1, y);
    arena.release(inner);
  }

  /** The u_j, one a row. */
  public OffHeapMatrix left() {
    return used(left);
  }

  /** The h_j, one a row. */
  public OffHeapMatrix right() {
    return used(right);
  }

  private OffHeapMatrix used(OffHeapMatrix all) {
    return all.rowRange(0, terms);
  }

  @Override
  public void close() {
    arena.release(right);
    arena.release(left);
  }
}
