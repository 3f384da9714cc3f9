package org.rnnsweep.kernels.stability;

import java.util.Locale;
import java.util.function.IntFunction;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.operator.GaussianOperator;

/**
 * One sequence through a network with any {@link Nonlinearity} and any choice of matrices by step:
 *
 * <pre>g_l = W_l h_(l-1) + A x_l,   h_l = phi(sqrt(m) g_l) / sqrt(m),   h_0 = 0,</pre>
 *
 * and one vector back, {@code v_(l-1) = W_l^T (phi'(sqrt(m) g_l) v_l)}. Only preactivations are
 * kept; a pass to L has the bits of the prefix of a longer one.
 */
public final class SignalPass implements AutoCloseable {
  private static final int PIECE = 4096;

  private final Blas blas;
  private final Arena arena;
  private final IntFunction<GaussianOperator> weights;
  private final OffHeapMatrix input;
  private final Nonlinearity nonlinearity;
  private final OffHeapMatrix preactivations;
  private final OffHeapMatrix state;
  private final OffHeapMatrix token;
  private int steps;

  /**
   * Nothing asked yet.
   *
   * @param weights W_l, m x m, for l from 2
   * @param input A, m x D
   * @param capacity the most steps
   */
  public SignalPass(
      Blas blas,
      Arena arena,
      IntFunction<GaussianOperator> weights,
      OffHeapMatrix input,
      Nonlinearity nonlinearity,
      int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a pass has at least 1 step, found " + capacity);
    }
    this.blas = blas;
    this.arena = arena;
    this.weights = weights;
    this.input = input;
    this.nonlinearity = nonlinearity;
    preactivations = arena.matrix(capacity, input.rows(), input.precision());
    state = arena.matrix(1, input.rows(), input.precision());
    token = arena.matrix(1, input.columns(), input.precision());
  }

  /** Numbers held, in units of one number's bytes; the backward vectors are the caller's. */
  public static long size(long width, int inputDimension, int capacity) {
    return (capacity + 1L) * width + inputDimension;
  }

  /** The next step, with token x_l. Asks W_l for one right product, from the second step on. */
  public void step(double[] x) {
    if (steps == preactivations.rows() || x.length != input.columns()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "room is for %d steps with tokens of %d coordinates, found step %d with %d",
              preactivations.rows(),
              input.columns(),
              steps + 1,
              x.length));
    }
    steps++;
    OffHeapMatrix g = preactivations.rowRange(steps - 1, steps);
    if (steps > 1) {
      weights.apply(steps).right(state, g);
    }
    token.putRow(0, x);
    blas.gemm(Transpose.NO, Transpose.YES, 1, token, input, 1, g);
    state.copyFrom(g);
    double root = Math.sqrt(input.rows());
    double[] piece = new double[PIECE];
    for (long from = 0; from < state.columns(); from += PIECE) {
      int count = (int) Math.min(PIECE, state.columns() - from);
      state.getRow(0, from, piece, 0, count);
      for (int k = 0; k < count; k++) {
        piece[k] = nonlinearity.value(root * piece[k]) / root;
      }
      state.putRow(0, from, piece, 0, count);
    }
  }

  /** Steps so far. */
  public int steps() {
    return steps;
  }

  /** h of the last step, 1 x m. */
  public OffHeapMatrix state() {
    return state;
  }

  /**
   * v_L becomes v_1 = Back_(1->L)^T v_L, L the last step. Asks each matrix for one left product a
   * step.
   *
   * @param transposes W_l, or a fork taken after this pass, for l from 2
   * @param vector 1 x m, overwritten
   * @param scratch 1 x m, overwritten
   */
  public void back(
      IntFunction<GaussianOperator> transposes, OffHeapMatrix vector, OffHeapMatrix scratch) {
    double root = Math.sqrt(input.rows());
    double[] values = new double[PIECE];
    double[] slopes = new double[PIECE];
    for (int l = steps; l >= 2; l--) {
      for (long from = 0; from < vector.columns(); from += PIECE) {
        int count = (int) Math.min(PIECE, vector.columns() - from);
        vector.getRow(0, from, values, 0, count);
        preactivations.getRow(l - 1, from, slopes, 0, count);
        for (int k = 0; k < count; k++) {
          values[k] *= nonlinearity.slope(root * slopes[k]);
        }
        scratch.putRow(0, from, values, 0, count);
      }
      transposes.apply(l).left(scratch, vector);
    }
  }

  @Override
  public void close() {
    arena.release(token);
    arena.release(state);
    arena.release(preactivations);
  }
}
