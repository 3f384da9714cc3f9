package org.rnnsweep.kernels.stability;

import java.util.Arrays;
import java.util.Locale;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.operator.GaussianOperator;

/**
 * The preactivations g_l and states h_l of a batch of sequences under one W, all of them kept, a
 * step at a time: {@code g_l = W h_(l-1) + A x_l, h_l = relu(g_l), h_0 = 0}. A pass to L goes
 * through every step of a shorter pass, with the same bits; W is asked one block of {@code batch}
 * right products a step, none at the first.
 *
 * <p>The sign of zero of a state tells the pattern D_l (the diagonal 1[g_l &gt;= 0]), as {@link
 * org.rnnsweep.kernels.operator.SignPattern} reads it.
 *
 * <p>W and A may be those of a network, or changed ones: any operator.
 */
public final class Trajectory implements AutoCloseable {
  private static final int PIECE = 4096;

  private final Blas blas;
  private final Arena arena;
  private final GaussianOperator recurrent;
  private final OffHeapMatrix input;
  private final int batch;
  private final int capacity;
  private final OffHeapMatrix known; // W h_(l-1) of the last step
  private final OffHeapMatrix preactivations;
  private final OffHeapMatrix states;
  private final OffHeapMatrix tokens;
  private int steps;

  /**
   * Nothing asked yet.
   *
   * @param recurrent W, m x m; must have {@link #products} right products left
   * @param input A, m x D
   * @param batch number of sequences
   * @param capacity the most steps
   */
  public Trajectory(
      Blas blas,
      Arena arena,
      GaussianOperator recurrent,
      OffHeapMatrix input,
      int batch,
      int capacity) {
    if (recurrent.rows() != recurrent.columns()
        || input.rows() != recurrent.rows()
        || input.precision() != recurrent.precision()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "W must be m x m and A m x D in one precision, found a %d x %d %s operator and a %s",
              recurrent.rows(),
              recurrent.columns(),
              recurrent.precision().label(),
              input));
    }
    if (!(batch >= 1 && capacity >= 1)) {
      throw new IllegalArgumentException(
          "at least 1 sequence and 1 step, found " + batch + " and " + capacity);
    }
    this.blas = blas;
    this.arena = arena;
    this.recurrent = recurrent;
    this.input = input;
    this.batch = batch;
    this.capacity = capacity;
    long m = recurrent.rows();
    Precision precision = recurrent.precision();
    known = arena.matrix(batch, m, precision);
    preactivations = arena.matrix((long) batch * capacity, m, precision);
    states = arena.matrix((long) batch * capacity, m, precision);
    tokens = arena.matrix(batch, input.columns(), precision);
  }

  /** A whole pass over normalised sequences of one length. */
  public static Trajectory of(
      Blas blas,
      Arena arena,
      GaussianOperator recurrent,
      OffHeapMatrix input,
      int length,
      NormalizedInput... sequences) {
    double[][][] tokens = new double[sequences.length][][];
    Arrays.setAll(tokens, s -> sequences[s].tokens(length));
    return of(blas, arena, recurrent, input, tokens);
  }

  /**
   * A whole pass.
   *
   * @param tokens [s][l - 1] is x_l of sequence s, all of one length
   */
  public static Trajectory of(
      Blas blas,
      Arena arena,
      GaussianOperator recurrent,
      OffHeapMatrix input,
      double[][][] tokens) {
    int length = tokens[0].length;
    Trajectory trajectory = new Trajectory(blas, arena, recurrent, input, tokens.length, length);
    double[][] x = new double[tokens.length][];
    for (int l = 0; l < length; l++) {
      for (int s = 0; s < x.length; s++) {
        x[s] = tokens[s][l];
      }
      trajectory.step(x);
    }
    return trajectory;
  }

  /** Right products that a pass asks of W: {@code batch (L - 1)}. */
  public static int products(int batch, int length) {
    return batch * (length - 1);
  }

  /** Bytes that a trajectory takes from its arena. */
  public static long memoryBytes(
      long width, int inputDimension, int batch, int capacity, Precision precision) {
    return batch * ((2L * capacity + 1) * width + inputDimension) * precision.bytes();
  }

  /**
   * The next step.
   *
   * @param x the tokens x_l, one a row, batch x D
   */
  public void step(double[][] x) {
    if (steps == capacity) {
      throw new IllegalStateException("room was made for " + capacity + " steps, found one more");
    }
    read(x);
    if (steps > 0) {
      recurrent.right(states(steps), known);
    }
    steps++;
    addInput();
  }

  /**
   * The last step with other tokens; W is not asked again. A sequence's last token is special: so
   * one pass serves sequences of several lengths.
   */
  public void stepAgain(double[][] x) {
    if (steps == 0) {
      throw new IllegalStateException("there was no step yet");
    }
    read(x);
    addInput();
  }

  private void read(double[][] x) {
    if (x.length != batch) {
      throw new IllegalArgumentException(
          "one token a sequence, " + batch + " rows, found " + x.length);
    }
    for (int s = 0; s < batch; s++) {
      if (x[s].length != input.columns()) {
        throw new IllegalArgumentException(
            "a token has " + input.columns() + " coordinates, found " + x[s].length);
      }
      tokens.putRow(s, x[s]);
    }
  }

  private void addInput() {
    OffHeapMatrix g = preactivations(steps);
    g.copyFrom(known);
    blas.gemm(Transpose.NO, Transpose.YES, 1, tokens, input, 1, g);
    relu(g, states(steps));
  }

  /** {@code W h_(l-1)} of the last step l, batch x m; zeros at the first. Until the next step. */
  public OffHeapMatrix recurrentPart() {
    return known;
  }

  /** Steps so far. */
  public int steps() {
    return steps;
  }

  /** Sequences. */
  public int batch() {
    return batch;
  }

  /** A, as given. */
  public OffHeapMatrix input() {
    return input;
  }

  /** g_l of every sequence, batch x m, for l from 1 to {@link #steps()}. */
  public OffHeapMatrix preactivations(int l) {
    return rows(preactivations, l);
  }

  /** h_l of every sequence, batch x m; the sign of zero is D_l. */
  public OffHeapMatrix states(int l) {
    return rows(states, l);
  }

  /** h_l of one sequence, 1 x m. */
  public OffHeapMatrix state(int l, int sequence) {
    return states(l).rowRange(sequence, sequence + 1);
  }

  /** g_l of one sequence, 1 x m. */
  public OffHeapMatrix preactivation(int l, int sequence) {
    return preactivations(l).rowRange(sequence, sequence + 1);
  }

  /** h_1, ..., h_l of all sequences: row (k - 1) batch + s is h_k of sequence s. */
  public OffHeapMatrix statesTo(int l) {
    return states.rowRange(0, (long) batch * l);
  }

  private OffHeapMatrix rows(OffHeapMatrix matrix, int l) {
    if (!(l >= 1 && l <= steps)) {
      throw new IndexOutOfBoundsException("steps are 1 to " + steps + ", found " + l);
    }
    return matrix.rowRange((l - 1L) * batch, (long) l * batch);
  }

  @Override
  public void close() {
    arena.release(tokens);
    arena.release(states);
    arena.release(preactivations);
    arena.release(known);
  }

  /** Adding +0 first makes -0 into +0, which counts as on; max puts -0 below +0. */
  private static void relu(OffHeapMatrix g, OffHeapMatrix h) {
    boolean single = g.precision() == Precision.SINGLE;
    float[] floats = new float[single ? PIECE : 0];
    double[] doubles = new double[single ? 0 : PIECE];
    for (long i = 0; i < g.rows(); i++) {
      for (long j = 0; j < g.columns(); j += PIECE) {
        int count = (int) Math.min(PIECE, g.columns() - j);
        if (single) {
          g.getRow(i, j, floats, 0, count);
          for (int k = 0; k < count; k++) {
            floats[k] = Math.max(floats[k] + 0f, -0f);
          }
          h.putRow(i, j, floats, 0, count);
        } else {
          g.getRow(i, j, doubles, 0, count);
          for (int k = 0; k < count; k++) {
            doubles[k] = Math.max(doubles[k] + 0.0, -0.0);
          }
          h.putRow(i, j, doubles, 0, count);
        }
      }
    }
  }
}
