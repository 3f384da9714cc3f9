package org.rnnsweep.kernels.operator;

import java.util.Arrays;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/**
 * W with some of its rows replaced by those of another operator, for example fresh ones of the same
 * law (re-randomised rows). Its queries are queries of both, and counted there; W may be asked
 * directly in between, and what is then asked of either is one W and its changed copy.
 */
public final class ReplacedRows implements GaussianOperator {
  private final Arena arena;
  private final GaussianOperator base;
  private final long[] replaced;
  private final GaussianOperator rows;
  private final boolean ownsParts;

  private ReplacedRows(
      Arena arena,
      GaussianOperator base,
      long[] replaced,
      GaussianOperator rows,
      boolean ownsParts) {
    this.arena = arena;
    this.base = base;
    this.replaced = replaced;
    this.rows = rows;
    this.ownsParts = ownsParts;
  }

  /**
   * @param arena for the vectors between the two, during a query
   * @param replaced which rows, strictly increasing
   * @param rows their replacement, replaced.length x columns
   */
  public static ReplacedRows of(
      Arena arena, GaussianOperator base, long[] replaced, GaussianOperator rows) {
    if (rows.rows() != replaced.length
        || rows.columns() != base.columns()
        || rows.precision() != base.precision()) {
      throw new IllegalArgumentException(
          String.format(
              "%d rows are replaced by a %d x %d %s operator, found a %d x %d %s one",
              replaced.length,
              replaced.length,
              base.columns(),
              base.precision().label(),
              rows.rows(),
              rows.columns(),
              rows.precision().label()));
    }
    for (int k = 0; k < replaced.length; k++) {
      if (!(replaced[k] > (k == 0 ? -1 : replaced[k - 1]) && replaced[k] < base.rows())) {
        throw new IllegalArgumentException(
            "replaced rows are strictly increasing, from 0 to "
                + (base.rows() - 1)
                + ", found "
                + Arrays.toString(replaced));
      }
    }
    return new ReplacedRows(arena, base, replaced.clone(), rows, false);
  }

  /** The most bytes held during a query of this many vectors, beside those of both operators. */
  public static long memoryBytes(long columns, int replaced, int batch, Precision precision) {
    return Math.multiplyExact(Math.addExact(columns, replaced), batch * (long) precision.bytes());
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
    OffHeapMatrix fresh = arena.matrix(x.rows(), replaced.length, precision());
    try {
      rows.right(x, fresh);
      scatter(fresh, y);
    } finally {
      arena.release(fresh);
    }
  }

  /** Sets entries of x to zero meanwhile, and restores them. */
  @Override
  public void left(OffHeapMatrix x, OffHeapMatrix y) {
    QueryShapes.check(x, y, rows(), columns(), precision());
    OffHeapMatrix part = arena.matrix(x.rows(), replaced.length, precision());
    OffHeapMatrix answer = arena.matrix(x.rows(), columns(), precision());
    try {
      for (long i = 0; i < x.rows(); i++) {
        for (int k = 0; k < replaced.length; k++) {
          part.set(i, k, x.get(i, replaced[k]));
          x.set(i, replaced[k], 0);
        }
      }
      try {
        base.left(x, y);
      } finally {
        scatter(part, x);
      }
      rows.left(part, answer);
      Panel.addTo(y, answer);
    } finally {
      arena.release(answer);
      arena.release(part);
    }
  }

  private void scatter(OffHeapMatrix part, OffHeapMatrix whole) {
    for (long i = 0; i < part.rows(); i++) {
      for (int k = 0; k < replaced.length; k++) {
        whole.set(i, replaced[k], part.get(i, k));
      }
    }
  }

  /** The same rows replaced in forks of both; {@link #close} closes those. */
  @Override
  public ReplacedRows fork(Arena forkArena, Products more) {
    return new ReplacedRows(
        forkArena, base.fork(forkArena, more), replaced, rows.fork(forkArena, more), true);
  }

  /** Holds nothing between queries; both operators stay open. */
  @Override
  public void close() {
    if (ownsParts) {
      rows.close();
      base.close();
    }
  }
}
