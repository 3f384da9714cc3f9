package org.rnnsweep.kernels.descent;

import java.util.Locale;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.LowRankSum;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.stability.RowMeasures;

/**
 * Full-batch gradient descent on W alone, where W_0 is touched only through products and need not
 * be formed:
 *
 * <pre>W_t = W_0 - sum over s &lt; t of eta_s sum over i and l = 2..L of u_(s,i,l) h_(s,i,l-1)^T,
 * </pre>
 *
 * states h and signals u as in {@link Pass} (Allen-Zhu, Li and Song, Fact 2.5), all of them kept.
 * No approximation enters: with a {@link org.rnnsweep.kernels.operator.ConditionedGaussian} it is
 * descent on a matrix of the exact law, at a cost that is linear in the width. h_1 never moves, so
 * W_t h_1 is carried along, and a step asks for n (L - 2) products on each side.
 *
 * <p>Not safe for use by several threads.
 */
public class WideDescent implements AutoCloseable {
  private final Blas blas;
  private final Arena arena;
  private final LowRankSum recurrent;
  private final Loss loss;
  private final double[][][] sequences;
  private final double[][][] targets;
  private final int steps;
  private final Pass pass;
  private final Pass.Weights weights;
  private final OffHeapMatrix first; // W_t h_1
  private final OffHeapMatrix answer;
  private final OffHeapMatrix inner; // of the states with h_1
  private boolean askedFirst;
  private boolean looked; // whether the pass is that of W_t
  private int taken;

  /**
   * At W_0.
   *
   * @param shape trains W alone and answers at every step from the first output on
   * @param initial W_0, with {@link #products} still to be asked; stays open
   * @param input A, m x D
   * @param readout B, d x m
   * @param sequences [s][l - 1] is the token x_l of sequence s, all of one length, at least 2
   * @param targets [s][a] is the target of answer a of sequence s
   * @param steps the most steps
   */
  public WideDescent(
      Blas blas,
      Arena arena,
      NetworkShape shape,
      GaussianOperator initial,
      OffHeapMatrix input,
      OffHeapMatrix readout,
      Loss loss,
      double[][][] sequences,
      double[][][] targets,
      int steps) {
    int n = sequences.length;
    int length = sequences[0].length;
    if (shape.trained() != Trained.RECURRENT || shape.output() != Output.EVERY_STEP || length < 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "W alone is trained, with answers at every step of at least 2, found %s, %s and %d",
              shape.trained(),
              shape.output(),
              length));
    }
    this.blas = blas;
    this.arena = arena;
    this.loss = loss;
    this.sequences = sequences;
    this.targets = targets;
    this.steps = steps;
    pass = new Pass(blas, arena, shape, initial.precision(), n, length, false);
    weights = new Pass.Weights(this::addProduct, input, null, readout, null);
    first = arena.matrix(n, shape.width(), initial.precision());
    answer = arena.matrix(n, shape.width(), initial.precision());
    inner = arena.matrix(terms(n, length), n, initial.precision());
    recurrent = LowRankSum.growing(blas, arena, initial, terms(n, length) * steps);
  }

  /** Outer products of a gradient. */
  private static int terms(int sequences, int length) {
    return sequences * (length - 1);
  }

  /** What is asked of W_0: {@code n + n (L - 2) (T + 1)} right, {@code n (L - 2) T} left. */
  public static Products products(int sequences, int length, int steps) {
    int each = sequences * (length - 2);
    return new Products(sequences + each * (steps + 1), each * steps);
  }

  /**
   * The most bytes held at a time, beside W_0, A and B: {@code 2 n (L - 1) T m} numbers and some.
   */
  public static long memoryBytes(
      NetworkShape shape, Precision precision, int sequences, int length, int steps) {
    long m = shape.width();
    int terms = terms(sequences, length);
    return Pass.memoryBytes(shape, precision, sequences, length, false)
        + sequences * (2 * m + terms) * precision.bytes()
        + RowMeasures.gramBytes(terms, m)
        + LowRankSum.memoryBytes(m, m, terms * steps, terms, precision);
  }

  /** Multiplications and additions of all steps, beside the products with W_0. */
  public static double flops(NetworkShape shape, int sequences, int length, int steps) {
    double m = shape.width();
    double terms = terms(sequences, length);
    double known = terms * steps * (steps + 1.0) / 2; // summed over the steps
    double vectors = 2.0 * sequences * (length - 2); // of a pass forward and back
    double small = (double) sequences * length * (shape.dimension() + 2.0 * shape.outputs());
    double gram = terms * steps;
    return m * (2 * small * (steps + 1) + 4 * vectors * known + 2 * gram * gram)
        + 2 * m * steps * terms * (terms + 2.0 * sequences);
  }

  /** f(W_t): the sum of the losses of all answers. */
  public double loss() {
    if (!looked) {
      pass.forward(weights, sequences);
      looked = true;
    }
    return pass.loss(loss, targets);
  }

  /**
   * One step.
   *
   * @param rate eta
   * @return {@code |grad f(W_t)|_F}, before it
   * @throws IllegalStateException if all steps are taken
   */
  public double step(double rate) {
    if (taken == steps) {
      throw new IllegalStateException(steps + " steps were declared, found one more");
    }
    loss();
    pass.backward(loss, targets);
    int length = pass.length();
    OffHeapMatrix u = pass.signals(2, length);
    OffHeapMatrix h = pass.states(1, length - 1);
    recurrent.add(-rate, u, h);
    blas.gemm(Transpose.NO, Transpose.YES, 1, h, pass.states(1), 0, inner);
    blas.gemm(Transpose.YES, Transpose.NO, -rate, inner, u, 1, first);
    looked = false;
    taken++;
    return OuterSum.frobenius(blas, arena, u, h);
  }

  /**
   * {@code |W_t - W_0|_F}, of the Gram matrices of all states and of all signals: the later and the
   * rarer it is asked, the better its products run.
   */
  public double distance() {
    return recurrent.frobenius();
  }

  /** {@code [s][a]}: answer a of sequence s less its target, under W_t. */
  public double[][][] errors() {
    loss();
    double[][][] errors = new double[sequences.length][][];
    for (int s = 0; s < errors.length; s++) {
      errors[s] = pass.outputs(s);
      for (int a = 0; a < errors[s].length; a++) {
        for (int c = 0; c < errors[s][a].length; c++) {
          errors[s][a][c] -= targets[s][a][c];
        }
      }
    }
    return errors;
  }

  /** The pass of the last {@link #loss}: outputs, states, signals. */
  public Pass pass() {
    return pass;
  }

  /** {@code y += op(W_t) x}; a test replaces it by a wrong one. */
  void addProduct(Transpose transpose, int l, OffHeapMatrix x, OffHeapMatrix y) {
    if (transpose == Transpose.NO && l == 1) {
      if (!askedFirst) {
        recurrent.right(x, first);
        askedFirst = true;
      }
      add(first, y);
    } else {
      if (transpose == Transpose.NO) {
        recurrent.right(x, answer);
      } else {
        recurrent.left(x, answer);
      }
      add(answer, y);
    }
  }

  private static void add(OffHeapMatrix term, OffHeapMatrix y) {
    for (long i = 0; i < y.rows(); i++) {
      RowMeasures.add(y, i, 1, term, i);
    }
  }

  /** Gives back what this took; W_0, A and B stay. */
  @Override
  public void close() {
    recurrent.close();
    arena.release(inner);
    arena.release(answer);
    arena.release(first);
    pass.close();
  }
}
