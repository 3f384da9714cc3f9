package org.rnnsweep.kernels.operator;

import java.util.Arrays;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/**
 * {@code W + P Q^T} with a few columns P and Q, which may depend on answers of W. Its queries are
 * queries of W, and counted there; W may be asked directly in between.
 */
public final class LowRankSum implements GaussianOperator {
  private final GaussianOperator base;
  private final Panel outer;
  private final Panel inner;
  private final Runnable release;
  private boolean closed;

  private LowRankSum(GaussianOperator base, Panel outer, Panel inner, Runnable release) {
    this.base = base;
    this.outer = outer;
    this.inner = inner;
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
    int rank = Math.toIntExact(p.rows());
    Panel outer = new Panel(blas, arena, base.precision(), rank, base.rows());
    Panel inner = new Panel(blas, arena, base.precision(), rank, base.columns());
    outer.load(0, p, 0, rank, ones(rank));
    inner.load(0, q, 0, rank, ones(rank));
    return new LowRankSum(
        base,
        outer,
        inner,
        () -> {
          inner.release();
          outer.release();
        });
  }

  /** The most bytes held at a time, beside those of W: for queries of at most this many vectors. */
  public static long memoryBytes(
      long rows, long columns, int rank, int batch, Precision precision) {
    long block = Math.min(ConditionedGaussian.BLOCK, batch);
    return Panel.memoryBytes(rank, Math.addExact(rows, columns), precision)
        + Math.max(
            Panel.scratchBytes(block, rank, rows, precision),
            Panel.scratchBytes(block, rank, columns, precision));
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

  private static void addProduct(Panel from, Panel to, OffHeapMatrix x, OffHeapMatrix y) {
    int batch = Math.toIntExact(x.rows());
    for (int first = 0; first < batch; first += ConditionedGaussian.BLOCK) {
      int count = Math.min(ConditionedGaussian.BLOCK, batch - first);
      to.store(from.products(x, first, count, ones(count), 0, from.capacity()), 1, y, first);
    }
  }

  /** The same P and Q added to a fork of W; {@link #close} closes that fork. */
  @Override
  public LowRankSum fork(Arena arena, Products more) {
    GaussianOperator fork = base.fork(arena, more);
    return new LowRankSum(fork, outer, inner, fork::close);
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
