package org.rnnsweep.kernels.operator;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/**
 * A random matrix W (rows x columns) that is touched only through products. A query is a block of
 * vectors, one a row, as states are: {@code batch x columns} for W, {@code batch x rows} for its
 * transpose, in the operator's precision.
 *
 * <p>Whoever asks may choose each query from all earlier answers and from numbers independent of W,
 * and interleave both sides as it likes.
 *
 * <p>Nothing here lets a caller see an entry of W, or more of a vector than whole rows of a block:
 * a vector's coordinates could live on several machines, each with its own range of them, and only
 * inner products of vectors (numbers, batch x directions) would have to be added up between them.
 *
 * <p>Not safe for use by several threads.
 */
public interface GaussianOperator extends AutoCloseable {

  /** The dimension of W u. */
  long rows();

  /** The dimension of u. */
  long columns();

  /** Of all queries and answers. */
  Precision precision();

  /**
   * Row i of y becomes W times row i of x.
   *
   * @param x batch x columns; finite
   * @param y batch x rows; overwritten, shares no memory with x
   */
  void right(OffHeapMatrix x, OffHeapMatrix y);

  /**
   * Row i of y becomes the transpose of W times row i of x.
   *
   * @param x batch x rows; finite
   * @param y batch x columns; overwritten, shares no memory with x
   */
  void left(OffHeapMatrix x, OffHeapMatrix y);

  /**
   * {@code D W u}: row i of y becomes D_i W times row i of x.
   *
   * @param pattern the diagonal of each D_i as {@link SignPattern} reads it, batch x rows, or one
   *     row for all
   */
  default void rightMasked(OffHeapMatrix x, OffHeapMatrix pattern, OffHeapMatrix y) {
    right(x, y);
    SignPattern.apply(pattern, y);
  }

  /**
   * {@code W^T D v}: row i of x becomes D_i times itself, row i of y the transpose of W times that.
   *
   * @param pattern the diagonal of each D_i as {@link SignPattern} reads it, batch x rows, or one
   *     row for all
   */
  default void leftMasked(OffHeapMatrix x, OffHeapMatrix pattern, OffHeapMatrix y) {
    SignPattern.apply(pattern, x);
    left(x, y);
  }

  /**
   * The operator as it stands now, to be asked further independently of this one: whatever either
   * is asked later, the other's answers keep their bits, and they are those of an operator that was
   * asked the same and never forked. A matrix that was formed is its own fork. Of a matrix that is
   * not formed, this one and the fork go on as two different matrices that agree on all that was
   * asked before: no statistic may mix answers that both gave afterwards.
   *
   * <p>To be closed before this one is.
   *
   * @param arena where the fork's memory comes from, when it is first asked
   * @param more how many products will be asked of the fork
   */
  GaussianOperator fork(Arena arena, Products more);

  /** Gives back to the arena what this operator took; it must not be asked again. Idempotent. */
  @Override
  void close();
}
