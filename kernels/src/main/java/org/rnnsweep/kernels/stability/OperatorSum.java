package org.rnnsweep.kernels.stability;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;

/**
 * {@code W + W'} with a second operator W', for example an independent Gaussian one. Every query is
 * one of both, and counted there; either may be asked directly in between.
 */
public final class OperatorSum implements GaussianOperator {
  private final Arena arena;
  private final GaussianOperator base;
  private final GaussianOperator term;
  private final boolean ownsParts;

  private OperatorSum(
      Arena arena, GaussianOperator base, GaussianOperator term, boolean ownsParts) {
    this.arena = arena;
    this.base = base;
    this.term = term;
    this.ownsParts = ownsParts;
  }

  /**
   * @param arena for the second answer, during a query
   * @throws IllegalArgumentException if shapes or precisions differ
   */
  public static OperatorSum of(Arena arena, GaussianOperator base, GaussianOperator term) {
    if (base.rows() != term.rows()
        || base.columns() != term.columns()
        || base.precision() != term.precision()) {
      throw new IllegalArgumentException(
          String.format(
              "both terms have one shape and precision, found %d x %d %s and %d x %d %s",
              base.rows(),
              base.columns(),
              base.precision().label(),
              term.rows(),
              term.columns(),
              term.precision().label()));
    }
    return new OperatorSum(arena, base, term, false);
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
    OffHeapMatrix more = arena.matrix(y.rows(), y.columns(), precision());
    term.right(x, more);
    addAll(y, more);
  }

  @Override
  public void left(OffHeapMatrix x, OffHeapMatrix y) {
    base.left(x, y);
    OffHeapMatrix more = arena.matrix(y.rows(), y.columns(), precision());
    term.left(x, more);
    addAll(y, more);
  }

  private void addAll(OffHeapMatrix y, OffHeapMatrix more) {
    for (long i = 0; i < y.rows(); i++) {
      RowMeasures.add(y, i, 1, more, i);
    }
    arena.release(more);
  }

  /** The sum of forks of both; {@link #close} closes those. */
  @Override
  public OperatorSum fork(Arena forkArena, Products more) {
    return new OperatorSum(forkArena, base.fork(forkArena, more), term.fork(forkArena, more), true);
  }

  /** Holds nothing between queries; both terms stay open. */
  @Override
  public void close() {
    if (ownsParts) {
      term.close();
      base.close();
    }
  }
}
