package org.rnnsweep.kernels.stability;

import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.SignPattern;

/**
 * The product {@code D_to W ... D_from W} along one sequence, or with one more W in front, applied
 * to blocks of vectors. Each application asks {@code factors()} products a vector of W.
 */
public final class MaskedChain implements LargestSingularValue.Map, AutoCloseable {
  /** What stands in front of the last D. */
  public enum Front {
    /** Nothing: D_to W ... D_from W. */
    PATTERN,
    /** W D_to W ... D_from W. */
    WEIGHTS
  }

  private final Arena arena;
  private final GaussianOperator recurrent;
  private final Trajectory trajectory;
  private final int sequence;
  private final int from;
  private final int to;
  private final Front front;
  private final OffHeapMatrix here;
  private final OffHeapMatrix there;

  /**
   * @param batch vectors of a block
   * @param from least l, from 1
   * @param to largest l; {@code from - 1} gives an empty chain, or W alone
   */
  public MaskedChain(
      Arena arena,
      GaussianOperator recurrent,
      Trajectory trajectory,
      int sequence,
      int from,
      int to,
      Front front,
      int batch) {
    if (!(from >= 1 && from <= to + 1 && to <= trajectory.steps())) {
      throw new IllegalArgumentException(
          "a chain goes from 1 at least to the last step "
              + trajectory.steps()
              + " at most, found "
              + from
              + " to "
              + to);
    }
    this.arena = arena;
    this.recurrent = recurrent;
    this.trajectory = trajectory;
    this.sequence = sequence;
    this.from = from;
    this.to = to;
    this.front = front;
    this.here = arena.matrix(batch, recurrent.rows(), recurrent.precision());
    this.there = arena.matrix(batch, recurrent.rows(), recurrent.precision());
  }

  /** How many times W stands in the product. */
  public int factors() {
    return to - from + 1 + (front == Front.WEIGHTS ? 1 : 0);
  }

  /** y becomes the product times x, row by row; x may be y. */
  @Override
  public void apply(OffHeapMatrix x, OffHeapMatrix y) {
    here.copyFrom(x);
    for (int l = from; l <= to; l++) {
      recurrent.rightMasked(here, trajectory.state(l, sequence), there);
      here.copyFrom(there);
    }
    if (front == Front.WEIGHTS) {
      recurrent.right(here, there);
      here.copyFrom(there);
    }
    y.copyFrom(here);
  }

  /** x becomes the product's transpose times y, row by row; x may be y. */
  @Override
  public void applyTranspose(OffHeapMatrix y, OffHeapMatrix x) {
    here.copyFrom(y);
    if (front == Front.WEIGHTS) {
      recurrent.left(here, there);
      here.copyFrom(there);
    }
    for (int l = to; l >= from; l--) {
      SignPattern.apply(trajectory.state(l, sequence), here);
      recurrent.left(here, there);
      here.copyFrom(there);
    }
    x.copyFrom(here);
  }

  @Override
  public void close() {
    arena.release(there);
    arena.release(here);
  }
}
