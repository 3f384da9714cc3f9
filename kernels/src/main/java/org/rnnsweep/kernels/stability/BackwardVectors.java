package org.rnnsweep.kernels.stability;

import java.util.Locale;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.SignPattern;

/**
 * The rows of {@code Back_(i->j) = B D_j W D_(j-1) W ... D_(i+1) W} (d x m, Back_(j->j) = B), all
 * kept, for every i &lt; j and every j from a first to a last one, of every sequence of a
 * trajectory:
 *
 * <pre>v_(j,j) = B^T e_s,   v_(j,i-1) = W^T D_i v_(j,i),   v_(j,i)^T = e_s^T Back_(i->j).</pre>
 *
 * <p>All pairs with the same j - i are one block of questions, so the answers' bits depend on the
 * first and last j. What is to be the same for a length alone and beside others is asked of a fork
 * of W taken right after that length's last step.
 */
public final class BackwardVectors implements AutoCloseable {
  private final Arena arena;
  private final OffHeapMatrix readout; // the last rows of all
  private final int batch;
  private final int firstTarget;
  private final int lastTarget;
  private final OffHeapMatrix all;
  private final OffHeapMatrix vectors;

  private BackwardVectors(
      Arena arena, OffHeapMatrix all, int outputs, int batch, int firstTarget, int lastTarget) {
    this.arena = arena;
    this.all = all;
    this.vectors = all.rowRange(0, all.rows() - outputs);
    this.readout = all.rowRange(all.rows() - outputs, all.rows());
    this.batch = batch;
    this.firstTarget = firstTarget;
    this.lastTarget = lastTarget;
  }

  /**
   * Asks for all pairs i &lt; j.
   *
   * @param recurrent W, with {@link #products} left products to come
   * @param readout B, d x m
   * @param trajectory whose sign patterns D_l are used, under the same W
   * @param firstTarget the least j, from 2
   * @param lastTarget the largest j, at most the trajectory's steps
   */
  public static BackwardVectors ask(
      Arena arena,
      GaussianOperator recurrent,
      OffHeapMatrix readout,
      Trajectory trajectory,
      int firstTarget,
      int lastTarget) {
    if (!(firstTarget >= 2 && firstTarget <= lastTarget && lastTarget <= trajectory.steps())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "targets j go from 2 to the last of %d steps, found %d to %d",
              trajectory.steps(),
              firstTarget,
              lastTarget));
    }
    int batch = trajectory.batch();
    int group = Math.toIntExact(batch * readout.rows()); // rows of one pair (i, j)
    int outputs = Math.toIntExact(readout.rows());
    long rows = products(batch, outputs, firstTarget, lastTarget) + readout.rows();
    OffHeapMatrix all = arena.matrix(rows, readout.columns(), readout.precision());
    BackwardVectors result =
        new BackwardVectors(arena, all, outputs, batch, firstTarget, lastTarget);
    result.readout.copyFrom(readout);
    int targets = lastTarget - firstTarget + 1;
    OffHeapMatrix masked =
        arena.matrix((long) group * targets, readout.columns(), readout.precision());
    for (int distance = 1; distance < lastTarget; distance++) {
      int first = Math.max(firstTarget, distance + 1);
      long count = (long) group * (lastTarget - first + 1);
      OffHeapMatrix question = masked.rowRange(0, count);
      for (int j = first; j <= lastTarget; j++) {
        for (int s = 0; s < batch; s++) {
          long from = (j - first) * (long) group + s * readout.rows();
          OffHeapMatrix rowsOfPair = question.rowRange(from, from + readout.rows());
          int i = j - distance + 1;
          rowsOfPair.copyFrom(result.block(i, j, s));
          SignPattern.apply(trajectory.state(i, s), rowsOfPair);
        }
      }
      long start = result.offset(first - distance, first);
      recurrent.left(question, all.rowRange(start, start + count));
    }
    arena.release(masked);
    return result;
  }

  /** Left products that are asked of W: {@code batch d sum of (j - 1)}. */
  public static int products(int batch, int outputs, int firstTarget, int lastTarget) {
    long pairs = 0;
    for (int j = firstTarget; j <= lastTarget; j++) {
      pairs += j - 1;
    }
    return Math.toIntExact(batch * outputs * pairs);
  }

  /** The most bytes held while asking; the scratch of one block goes afterwards. */
  public static long memoryBytes(
      long width, int batch, int outputs, int firstTarget, int lastTarget, Precision precision) {
    long rows =
        products(batch, outputs, firstTarget, lastTarget)
            + outputs
            + (long) batch * outputs * (lastTarget - firstTarget + 1);
    return rows * width * precision.bytes();
  }

  /** {@code Back_(i->j)} of one sequence, d x m; B itself where i = j. */
  public OffHeapMatrix block(int i, int j, int sequence) {
    if (!(1 <= i && i <= j && j >= firstTarget && j <= lastTarget && sequence < batch)) {
      throw new IndexOutOfBoundsException(
          String.format(
              Locale.ROOT,
              "pairs are 1 <= i <= j, %d <= j <= %d, of %d sequences, found i = %d, j = %d of %d",
              firstTarget,
              lastTarget,
              batch,
              i,
              j,
              sequence));
    }
    if (i == j) {
      return readout;
    }
    long from = offset(i, j) + sequence * readout.rows();
    return vectors.rowRange(from, from + readout.rows());
  }

  /** The least j. */
  public int firstTarget() {
    return firstTarget;
  }

  /** The largest j. */
  public int lastTarget() {
    return lastTarget;
  }

  /**
   * Inner products of all rows, in double, for {@link #block(double[][], int, int, int, int, int)}.
   */
  public double[][] gram(Blas blas, Arena scratch) {
    return RowMeasures.gram(blas, scratch, all);
  }

  /** {@code Back_(i->j) Back_(h->k)^T} of one sequence, d x d, from {@link #gram}. */
  public double[][] block(double[][] gram, int i, int j, int h, int k, int sequence) {
    int d = Math.toIntExact(readout.rows());
    int row = first(i, j, sequence);
    int column = first(h, k, sequence);
    double[][] block = new double[d][d];
    for (int s = 0; s < d; s++) {
      System.arraycopy(gram[row + s], column, block[s], 0, d);
    }
    return block;
  }

  private int first(int i, int j, int sequence) {
    return Math.toIntExact(i == j ? vectors.rows() : offset(i, j) + sequence * readout.rows());
  }

  /** All vectors with i &lt; j; see {@link #offset}. */
  public OffHeapMatrix vectors() {
    return vectors;
  }

  /** Row of {@link #vectors()} where pair (i, j) starts: sequence by sequence, d rows each. */
  public long offset(int i, int j) {
    int distance = j - i;
    long pairs = 0;
    for (int before = 1; before < distance; before++) {
      pairs += lastTarget - Math.max(firstTarget, before + 1) + 1;
    }
    pairs += j - Math.max(firstTarget, distance + 1);
    return pairs * batch * readout.rows();
  }

  @Override
  public void close() {
    arena.release(all);
  }
}
