package org.rnnsweep.kernels.descent;

import java.util.Locale;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.operator.SignPattern;

/**
 * A batch of sequences of one length through a network, and their errors back through it
 * (Allen-Zhu, Li and Song, Fact 2.5; Panigrahi and Goyal, Section 3):
 *
 * <pre>
 * h_l = D_l (W h_(l-1) + A x_l + b),       y_l = scale B h_l
 * u_l = D_l (scale B^T e_l + W^T u_(l+1)), e_l the gradient of the loss by y_l
 * grad_W = sum of u_l h_(l-1)^T,  grad_A = sum of u_l x_l^T,  grad_b = sum of u_l,
 * grad_B = sum of scale e_l h_l^T
 * </pre>
 *
 * over the steps l and the sequences of the batch. All states and signals are kept, row {@code (l -
 * 1) batch + s} the one of sequence s at step l, so that the gradient by W is one product {@code (m
 * x T)(T x m)}, T = batch L. A single sequence goes through products of a matrix and a vector.
 *
 * <p>Not safe for use by several threads.
 */
public final class Pass implements AutoCloseable {
  private final Blas blas;
  private final Arena arena;
  private final NetworkShape shape;
  private final int capacity;
  private final int longest;
  private final OffHeapMatrix tokens; // x_l from row (l - 1) batch on
  private final OffHeapMatrix states; // h_l from row l batch on
  private final OffHeapMatrix signals; // u_l from row (l - 1) batch on
  private final OffHeapMatrix answers; // B h_l or B t_l, from row (l - 1) batch on
  private final OffHeapMatrix errors; // scale e_l likewise
  private final OffHeapMatrix tangents; // t_l from row (l - 1) batch on, or null
  private Weights weights; // of the last pass forward
  private int batch;
  private int length;

  /**
   * What a pass goes through: W, as its products with states and signals, and the small matrices.
   *
   * @param bias null where there is none
   * @param initialState null for 0
   */
  record Weights(
      Recurrent recurrent,
      OffHeapMatrix input,
      OffHeapMatrix bias,
      OffHeapMatrix readout,
      OffHeapMatrix initialState) {}

  /** W. */
  interface Recurrent {
    /**
     * {@code y += op(W) x} for every row.
     *
     * @param l x is h_l for W, u_l for its transpose, in {@link #linearised} a tangent
     */
    void addProduct(Transpose transpose, int l, OffHeapMatrix x, OffHeapMatrix y);
  }

  /**
   * Room for batches.
   *
   * @param capacity the most sequences at a time
   * @param longest the most tokens of a sequence
   * @param linearised whether {@link #linearised} will be asked
   */
  public Pass(
      Blas blas,
      Arena arena,
      NetworkShape shape,
      Precision precision,
      int capacity,
      int longest,
      boolean linearised) {
    if (!(capacity >= 1 && longest >= shape.firstRead(longest))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a pass has room for 1 sequence and reaches the first answer, found %d of %d tokens",
              capacity,
              longest));
    }
    this.blas = blas;
    this.arena = arena;
    this.shape = shape;
    this.capacity = capacity;
    this.longest = longest;
    long rows = (long) capacity * longest;
    tokens = arena.matrix(rows, shape.dimension(), precision);
    states = arena.matrix(rows + capacity, shape.width(), precision);
    signals = arena.matrix(rows, shape.width(), precision);
    answers = arena.matrix(rows, shape.outputs(), precision);
    errors = arena.matrix(rows, shape.outputs(), precision);
    tangents = linearised ? arena.matrix(rows, shape.width(), precision) : null;
  }

  /** Bytes that a pass takes from its arena. */
  public static long memoryBytes(
      NetworkShape shape, Precision precision, int capacity, int longest, boolean linearised) {
    long rows = (long) capacity * longest;
    long wide = (linearised ? 3 : 2) * rows + capacity;
    return (wide * shape.width() + rows * (shape.dimension() + 2L * shape.outputs()))
        * precision.bytes();
  }

  /** Multiplications and additions of a pass forward: {@code 2 m T (m + D + d)}. */
  public static double forwardFlops(NetworkShape shape, int batch, int length) {
    return 2.0
        * shape.width()
        * batch
        * length
        * (shape.width() + shape.dimension() + shape.outputs());
  }

  /** The same for the signals back and for the gradient: a step is three passes' worth. */
  public static double stepFlops(NetworkShape shape, int batch, int length) {
    return 3 * forwardFlops(shape, batch, length);
  }

  /**
   * Forward. The network must keep its matrices until the last question about this pass.
   *
   * @param sequences [s][l - 1] is the token x_l of sequence s, all of one length
   */
  public void forward(Network through, double[][]... sequences) {
    forward(
        new Weights(
            (transpose, l, x, y) -> multiply(transpose, through.recurrent(), x, y),
            through.input(),
            through.bias(),
            through.readout(),
            through.initialState()),
        sequences);
  }

  /** {@link #forward(Network, double[][][])} through a W that need not be formed. */
  void forward(Weights through, double[][]... sequences) {
    read(sequences);
    weights = through;
    OffHeapMatrix z = states(1, length);
    if (through.bias() != null) {
      setRows(z, through.bias());
    }
    blas.gemm(
        Transpose.NO,
        Transpose.YES,
        1,
        tokens.rowRange(0, z.rows()),
        through.input(),
        through.bias() == null ? 0 : 1,
        z);
    if (through.initialState() == null) {
      states(0).fill(0); // a batch of another size may have had its h_1 here
    } else {
      setRows(states(0), through.initialState());
    }
    for (int l = 1; l <= length; l++) {
      if (l > 1 || through.initialState() != null) {
        through.recurrent().addProduct(Transpose.NO, l - 1, states(l - 1), states(l));
      }
      SignPattern.rectify(states(l));
    }
    answer(through.readout(), states(1, length), 0);
  }

  private void read(double[][][] sequences) {
    if (sequences.length < 1 || sequences.length > capacity) {
      throw new IllegalArgumentException(
          "a batch has 1 to " + capacity + " sequences, found " + sequences.length);
    }
    batch = sequences.length;
    length = sequences[0].length;
    if (length > longest || length < shape.firstRead(length) || length < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "sequences have at most %d tokens and reach the first answer, found %d",
              longest,
              length));
    }
    for (int s = 0; s < batch; s++) {
      if (sequences[s].length != length) {
        throw new IllegalArgumentException(
            "the sequences of a batch have one length, found "
                + length
                + " and "
                + sequences[s].length);
      }
      for (int l = 0; l < length; l++) {
        if (sequences[s][l].length != shape.dimension()) {
          throw new IllegalArgumentException(
              "a token has " + shape.dimension() + " coordinates, found " + sequences[s][l].length);
        }
        tokens.putRow((long) l * batch + s, sequences[s][l]);
      }
    }
  }

  private static void setRows(OffHeapMatrix z, OffHeapMatrix row) {
    for (long i = 0; i < z.rows(); i++) {
      z.rowRange(i, i + 1).copyFrom(row);
    }
  }

  /** {@code y += op(M) x} for every row. */
  private void multiply(Transpose transpose, OffHeapMatrix m, OffHeapMatrix x, OffHeapMatrix y) {
    if (batch == 1) {
      blas.gemv(transpose, 1, m, x, 1, y);
    } else {
      Transpose other = transpose == Transpose.NO ? Transpose.YES : Transpose.NO;
      blas.gemm(Transpose.NO, other, 1, x, m, 1, y);
    }
  }

  private void answer(OffHeapMatrix readout, OffHeapMatrix vectors, double beta) {
    int first = shape.firstRead(length);
    blas.gemm(
        Transpose.NO,
        Transpose.YES,
        1,
        vectors.rowRange((first - 1L) * batch, (long) length * batch),
        readout,
        beta,
        answers.rowRange((first - 1L) * batch, (long) length * batch));
  }

  /**
   * What the network at this point says once it is made linear in its trained matrices, of the last
   * batch: {@code y + <grad y, change>}, by one more pass forward with the same patterns,
   *
   * <pre>t_l = D_l (W t_(l-1) + W' h_(l-1) + A' x_l + b'),   y_l = scale (B h_l + B t_l + B' h_l).
   * </pre>
   *
   * <p>Afterwards {@link #outputs} and {@link #loss} are those of the linearised network, whose
   * gradient by the change at any change is that of the network at this point for these errors.
   *
   * @param change W', A', b', B'; what is not trained is taken as 0
   */
  public void linearised(Network change) {
    if (tangents == null || weights == null) {
      throw new IllegalStateException("this pass has no room for tangents, or nothing ran forward");
    }
    OffHeapMatrix t = tangents.rowRange(0, (long) length * batch);
    boolean biased = shape.trainsAll() && change.bias() != null;
    if (biased) {
      setRows(t, change.bias());
    }
    blas.gemm(
        Transpose.NO,
        Transpose.YES,
        1,
        states(0, length - 1),
        change.recurrent(),
        biased ? 1 : 0,
        t);
    if (shape.trainsInput()) {
      blas.gemm(Transpose.NO, Transpose.YES, 1, tokens.rowRange(0, t.rows()), change.input(), 1, t);
    }
    for (int l = 1; l <= length; l++) {
      OffHeapMatrix here = t.rowRange((l - 1L) * batch, (long) l * batch);
      if (l > 1) {
        OffHeapMatrix before = t.rowRange((l - 2L) * batch, (l - 1L) * batch);
        weights.recurrent().addProduct(Transpose.NO, l - 1, before, here);
      }
      SignPattern.apply(states(l), here);
    }
    answer(weights.readout(), states(1, length), 0);
    answer(weights.readout(), t, 1);
    if (shape.trainsAll()) {
      answer(change.readout(), states(1, length), 1);
    }
  }

  /**
   * The answers of one sequence of the last batch: {@code [a][k]} is coordinate k of answer a, for
   * {@link Output#EVERY_STEP} that of step {@code firstOutput + a}.
   */
  public double[][] outputs(int sequence) {
    int d = shape.outputs();
    double[][] result = new double[shape.answers(length)][d];
    double[] row = new double[d];
    int first = shape.firstRead(length);
    double factor = shape.scale() / (shape.output() == Output.AVERAGE ? length - first + 1 : 1);
    for (int l = first; l <= length; l++) {
      answers.getRow((l - 1L) * batch + sequence, row);
      double[] into = result[Math.min(l - first, result.length - 1)];
      for (int k = 0; k < d; k++) {
        into[k] += factor * row[k];
      }
    }
    return result;
  }

  /**
   * The sum of the losses of all answers of the last batch.
   *
   * @param targets [s][a] is the target of answer a of sequence s
   */
  public double loss(Loss loss, double[][]... targets) {
    double sum = 0;
    for (int s = 0; s < batch; s++) {
      double[][] z = outputs(s);
      check(targets, s, z.length);
      for (int a = 0; a < z.length; a++) {
        sum += loss.value(z[a], targets[s][a]);
      }
    }
    return sum;
  }

  /** {@link #backward(double[][][])} with the errors of a loss, those of {@link #outputs}. */
  public void backward(Loss loss, double[][]... targets) {
    double[][][] e = new double[batch][][];
    for (int s = 0; s < batch; s++) {
      double[][] z = outputs(s);
      check(targets, s, z.length);
      e[s] = new double[z.length][shape.outputs()];
      for (int a = 0; a < z.length; a++) {
        loss.gradient(z[a], targets[s][a], e[s][a]);
      }
    }
    backward(e);
  }

  private void check(double[][][] targets, int sequence, int answers) {
    if (targets.length != batch || targets[sequence].length != answers) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d sequences of %d answers have as many targets, found %d of %d",
              batch,
              answers,
              targets.length,
              targets[Math.min(sequence, targets.length - 1)].length));
    }
  }

  /**
   * The signals u_l of the last batch for given errors: with those of a loss its gradient, with
   * fixed ones the "fake gradient" of Allen-Zhu, Li and Song (Definition E.1).
   *
   * @param given [s][a] is e of answer a of sequence s, d numbers
   */
  public void backward(double[][][] given) {
    int first = shape.firstRead(length);
    OffHeapMatrix e = errors.rowRange(0, (long) batch * length);
    e.fill(0);
    double factor = shape.scale() / (shape.output() == Output.AVERAGE ? length - first + 1 : 1);
    double[] row = new double[shape.outputs()];
    for (int s = 0; s < batch; s++) {
      for (int l = first; l <= length; l++) {
        double[] of = given[s][Math.min(l - first, given[s].length - 1)];
        for (int k = 0; k < row.length; k++) {
          row[k] = factor * of[k];
        }
        e.putRow((l - 1L) * batch + s, row);
      }
    }
    OffHeapMatrix u = signals.rowRange(0, (long) batch * length);
    blas.gemm(Transpose.NO, Transpose.NO, 1, e, weights.readout(), 0, u);
    for (int l = length; l >= firstSignal(); l--) {
      if (l < length) {
        weights.recurrent().addProduct(Transpose.YES, l + 1, signals(l + 1), signals(l));
      }
      SignPattern.apply(states(l), signals(l));
    }
  }

  /** The first step whose signal is of use: W has no part in h_1 where h_0 = 0. */
  public int firstSignal() {
    return weights.initialState() == null && !shape.trainsInput() ? Math.min(2, length) : 1;
  }

  /**
   * {@code target = beta target + factor grad} for the matrices that learn, grad that of the last
   * {@link #backward}. With beta = 1 and the network itself a step of descent without a gradient in
   * between.
   */
  public void addGradient(double factor, double beta, Network target) {
    int first = firstSignal();
    long from = (first - 1L) * batch;
    long to = (long) batch * length;
    OffHeapMatrix u = signals.rowRange(from, to);
    outer(factor, u, states.rowRange(from, to), beta, target.recurrent());
    if (shape.trainsInput()) {
      outer(factor, u, tokens.rowRange(from, to), beta, target.input());
    }
    if (shape.trainsAll()) {
      outer(factor, errors.rowRange(0, to), states(1, length), beta, target.readout());
      if (target.bias() != null) {
        sumRows(factor, u, beta, target.bias());
      }
    }
  }

  private void outer(
      double factor, OffHeapMatrix u, OffHeapMatrix h, double beta, OffHeapMatrix target) {
    blas.gemm(Transpose.YES, Transpose.NO, factor, u, h, beta, target);
  }

  private static void sumRows(double factor, OffHeapMatrix u, double beta, OffHeapMatrix target) {
    double[] sum = new double[Math.toIntExact(u.columns())];
    double[] row = new double[sum.length];
    for (long i = 0; i < u.rows(); i++) {
      u.getRow(i, row);
      for (int k = 0; k < sum.length; k++) {
        sum[k] += row[k];
      }
    }
    target.getRow(0, row);
    for (int k = 0; k < sum.length; k++) {
      sum[k] = factor * sum[k] + (beta == 0 ? 0 : beta * row[k]);
    }
    target.putRow(0, sum);
  }

  /** h_l of the last batch, batch x m, from 0 to L; the sign of zero is D_l. */
  public OffHeapMatrix states(int l) {
    return states(l, l);
  }

  /** h_from to h_to, row (l - from) batch + s that of sequence s. */
  public OffHeapMatrix states(int from, int to) {
    return states.rowRange((long) from * batch, (to + 1L) * batch);
  }

  /** u_l of the last batch, batch x m, from {@link #firstSignal} to L. */
  public OffHeapMatrix signals(int l) {
    return signals(l, l);
  }

  /** u_from to u_to, row (l - from) batch + s that of sequence s. */
  public OffHeapMatrix signals(int from, int to) {
    return signals.rowRange((from - 1L) * batch, (long) to * batch);
  }

  /** Sequences of the last batch. */
  public int batch() {
    return batch;
  }

  /** L of the last batch. */
  public int length() {
    return length;
  }

  @Override
  public void close() {
    if (tangents != null) {
      arena.release(tangents);
    }
    arena.release(errors);
    arena.release(answers);
    arena.release(signals);
    arena.release(states);
    arena.release(tokens);
  }
}
