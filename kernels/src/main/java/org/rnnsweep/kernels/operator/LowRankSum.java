package org.rnnsweep.kernels.operator;

import java.util.Arrays;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/**
 * {@code W + P Q^T} with a few columns P and Q, which may depend on answers of W, and may become
 * more. Its queries are queries of W, and counted there; W may be asked directly in between.
 */
public final class LowRankSum implements GaussianOperator {
  private final GaussianOperator base;
  private final Panel outer;
  private final Panel inner;
  private final int capacity;
  private final Runnable release;
  private int rank;
  private int counted; // columns in the next one
  private double square; // |P Q^T|_F^2
  private boolean closed;

  private LowRankSum(
      GaussianOperator base, Panel outer, Panel inner, int capacity, Runnable release) {
    this.base = base;
    this.outer = outer;
    this.inner = inner;
    this.capacity = capacity;
    this.release = release;
  }

  /**
   * Copies P and Q.
   *
   * @param p rank x rows: the columns of P, one a row
   * @param q rank x columns: the columns of Q, one a row
   */
  public static LowRankSum of(
      Blas blas, Arena arena, GaussianOperator base, OffHeapMatrix p, OffHeapMatrix q) {
    check(base, p, q);
    LowRankSum sum = growing(blas, arena, base, Math.toIntExact(p.rows()));
    sum.add(1, p, q);
    return sum;
  }

  /**
   * W itself, to which columns will be added.
   *
   * @param capacity the most columns of P
   */
  public static LowRankSum growing(Blas blas, Arena arena, GaussianOperator base, int capacity) {
    Panel outer = new Panel(blas, arena, base.precision(), capacity, base.rows());
    Panel inner = new Panel(blas, arena, base.precision(), capacity, base.columns());
    return new LowRankSum(
        base,
        outer,
        inner,
        capacity,
        () -> {
          inner.release();
          outer.release();
        });
  }

  private static void check(GaussianOperator base, OffHeapMatrix p, OffHeapMatrix q) {
    if (p.rows() != q.rows()
        || p.columns() != base.rows()
        || q.columns() != base.columns()
        || p.precision() != base.precision()
        || q.precision() != base.precision()) {
      throw new IllegalArgumentException(
          String.format(
              "P is rank x %d and Q rank x %d, both %s, found %s and %s",
              base.rows(), base.columns(), base.precision().label(), p, q));
    }
  }

  /**
   * Adds {@code factor p^T q}, copying both.
   *
   * @param p more columns of P, one a row
   * @param q as many of Q, one a row
   * @throws IllegalStateException if there is no room; a fork has none
   */
  public void add(double factor, OffHeapMatrix p, OffHeapMatrix q) {
    check(base, p, q);
    int count = Math.toIntExact(p.rows());
    if (count > capacity - rank) {
      throw new IllegalStateException(
          String.format(
              "there is room for %d columns, %d are taken, found %d more", capacity, rank, count));
    }
    double[] factors = new double[count];
    Arrays.fill(factors, factor);
    outer.load(rank, p, 0, count, factors);
    inner.load(rank, q, 0, count, ones(count));
    rank += count;
  }

  /**
   * {@code |P Q^T|_F}, of the inner products of P's columns and of Q's; only those with columns
   * that came after the last question are taken anew.
   */
  public double frobenius() {
    while (counted < rank) {
      int to = Math.min(rank, counted + ConditionedGaussian.BLOCK);
      double[][] ofOuter = outer.products(counted, to, outer, 0, to);
      double[][] ofInner = inner.products(counted, to, inner, 0, to);
      for (int i = 0; i < to - counted; i++) {
        for (int j = 0; j < to; j++) {
          square += (j < counted ? 2 : 1) * ofOuter[i][j] * ofInner[i][j];
        }
      }
      counted = to;
    }
    return Math.sqrt(Math.max(0, square));
  }

  /**
   * The most bytes held at a time, beside those of W.
   *
   * @param rank the most columns of P
   * @param batch the most vectors of a query
   */
  public static long memoryBytes(
      long rows, long columns, int rank, int batch, Precision precision) {
    long block = Math.min(ConditionedGaussian.BLOCK, batch);
    long products = Math.min(ConditionedGaussian.BLOCK, (long) rank) * rank * precision.bytes();
    return Panel.memoryBytes(rank, Math.addExact(rows, columns), precision)
        + Math.max(
            products,
            Math.max(
                Panel.scratchBytes(block, rank, rows, precision),
                Panel.scratchBytes(block, rank, columns, precision)));
  }

  @Override
  public long rows() {
    return base.rows();
  }

  @Override
  public long columns() {
    return base.columns();
  }

  @Override
  public Precision precision() {
    return base.precision();
  }

  @Override
  public void right(OffHeapMatrix x, OffHeapMatrix y) {
    base.right(x, y);
    addProduct(inner, outer, x, y);
  }

  @Override
  public void left(OffHeapMatrix x, OffHeapMatrix y) {
    base.left(x, y);
    addProduct(outer, inner, x, y);
  }

  private void addProduct(Panel from, Panel to, OffHeapMatrix x, OffHeapMatrix y) {
    int batch = Math.toIntExact(x.rows());
    for (int first = 0; first < batch; first += ConditionedGaussian.BLOCK) {
      int count = Math.min(ConditionedGaussian.BLOCK, batch - first);
      to.store(from.products(x, first, count, ones(count), 0, rank), 1, y, first);
    }
  }

  /** P and Q as they are now, added to a fork of W; {@link #close} closes that fork. */
  @Override
  public LowRankSum fork(Arena arena, Products more) {
    GaussianOperator fork = base.fork(arena, more);
    LowRankSum sum = new LowRankSum(fork, outer, inner, rank, fork::close);
    sum.rank = rank;
    return sum;
  }

  /** Releases the copies of P and Q, and nothing of W. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release.run();
    }
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }
}
