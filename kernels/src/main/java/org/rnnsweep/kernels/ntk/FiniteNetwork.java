package org.rnnsweep.kernels.ntk;

import java.util.List;
import java.util.Locale;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.SignPattern;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * n sequences of one length L through one random rectifier's network of finite width m, forward and
 * back, by vectors alone: no m x m gradient is formed, and W only if its operator forms it.
 *
 * <pre>
 * h_0 = relu(M_0),   h_l = D_l (W h_(l-1) + A x_l),   f = &lt;B, h_L&gt;,
 * v_L = D_L B,       v_l = D_l W^T v_(l+1)            (the gradient of f by z_l)
 * </pre>
 *
 * with independent M_0 ~ N(0, 2/m), A ~ N(0, a/m), B ~ N(0, r) and the operator's W ~ N(0, 2/m):
 * Wang, Shen, Hu and Cao, (14) and (22), a = 2 / L^alpha; r = 1 is their kernel with a limit, r =
 * 1/m what they print. Gradients pair v_l with h_(l-1); their (23) prints h_l. The limits of all
 * inner products are {@link LimitCorrelations}, that of the tangent kernel {@link RecurrentKernel},
 * with the {@link NetworkLaw} of weight variance 2, input variance a, initial variance 2.
 *
 * <p>Call {@link #advance} until it says that all is done ({@link #steps} times), then ask for
 * products (of states already after the first L); each call is one piece of work of a few products
 * with n vectors. Precision is the operator's. Not safe for use by several threads.
 */
public final class FiniteNetwork implements AutoCloseable {
  private final Blas blas;
  private final Arena arena;
  private final GaussianOperator w;
  private final int count;
  private final int length;
  private final OffHeapMatrix inputs; // row (l - 1) n + i is x_l of sequence i
  private final OffHeapMatrix weights; // A
  private final OffHeapMatrix readout; // B, one row
  private final OffHeapMatrix states; // row l n + i is h_l of sequence i, its signs D_l
  private OffHeapMatrix backs; // row (l - 1) n + i is v_l of sequence i; from the first step back
  private int done;

  /**
   * Draws all but W, each matrix from the stream of its name and the width.
   *
   * @param w W, m x m, of which nothing was asked; stays the caller's
   * @param inputVariance a
   * @param readoutVariance r
   * @param sequences n sequences of L tokens of d numbers
   * @param key split by the seed
   * @throws IllegalArgumentException naming what does not fit
   */
  public FiniteNetwork(
      Blas blas,
      Arena arena,
      GaussianOperator w,
      double inputVariance,
      double readoutVariance,
      List<double[][]> sequences,
      StreamKey key) {
    check(w, sequences);
    this.blas = blas;
    this.arena = arena;
    this.w = w;
    count = sequences.size();
    length = sequences.get(0).length;
    int dimension = sequences.get(0)[0].length;
    long m = w.rows();
    Precision precision = w.precision();
    inputs = arena.matrix((long) count * length, dimension, precision);
    weights = arena.matrix(m, dimension, precision);
    readout = arena.matrix(1, m, precision);
    states = arena.matrix((long) count * (length + 1), m, precision);
    for (int l = 0; l < length; l++) {
      for (int i = 0; i < count; i++) {
        inputs.putRow((long) l * count + i, sequences.get(i)[l]);
      }
    }
    GaussianMatrix.fill(weights, key.name("A").with("width", m), Math.sqrt(inputVariance / m));
    GaussianMatrix.fill(readout, key.name("B").with("width", m), Math.sqrt(readoutVariance));
    OffHeapMatrix first = states.rowRange(0, 1);
    GaussianMatrix.fill(first, key.name("M").with("width", m), Math.sqrt(2.0 / m));
    SignPattern.rectify(first);
    for (int i = 1; i < count; i++) {
      states.rowRange(i, i + 1L).copyFrom(first);
    }
  }

  private static void check(GaussianOperator w, List<double[][]> sequences) {
    if (w.rows() != w.columns()) {
      throw new IllegalArgumentException(
          "W is m x m, found " + w.rows() + " x " + w.columns() + " numbers");
    }
    if (sequences.isEmpty() || sequences.get(0).length == 0) {
      throw new IllegalArgumentException("at least one sequence with a token is needed");
    }
    int length = sequences.get(0).length;
    int dimension = sequences.get(0)[0].length;
    for (double[][] sequence : sequences) {
      for (double[] token : sequence) {
        if (sequence.length != length || token.length != dimension) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "all sequences have one length and all tokens one dimension, found %d x %d beside"
                      + " %d x %d",
                  sequence.length,
                  token.length,
                  length,
                  dimension));
        }
      }
    }
  }

  /** What is asked of W: h_0 once, for it is the same for all sequences. */
  public static Products products(int sequences, int length) {
    int vectors = Math.multiplyExact(sequences, length - 1);
    return new Products(1 + vectors, vectors);
  }

  /** Bytes that a network takes from its arena, beside those of W. */
  public static long memoryBytes(
      long width, int dimension, int sequences, int length, Precision precision) {
    long backs = Math.multiplyExact((long) sequences * length, width) * precision.bytes();
    return Math.addExact(backs, forwardBytes(width, dimension, sequences, length, precision));
  }

  /** The same for one that makes its steps forward only. */
  public static long forwardBytes(
      long width, int dimension, int sequences, int length, Precision precision) {
    long vectors = (long) sequences * (length + 1L) + dimension + 1;
    long small =
        (long) sequences * length * dimension + (long) sequences * sequences * (length + 1);
    return Math.addExact(Math.multiplyExact(vectors, width), small) * precision.bytes();
  }

  /**
   * {@code 2 n^2 L^2 m}, near enough: all inner products of states and of backward vectors, each
   * pair of steps once.
   */
  public static double productFlops(long width, int sequences, int length) {
    return 2.0 * sequences * sequences * width * length * (length + 1.0);
  }

  /** How often {@link #advance} does something: L steps forward and L back. */
  public static int steps(int length) {
    return 2 * length;
  }

  /** The next step; returns whether there is another one after it. */
  public boolean advance() {
    if (done < length) {
      forward(done + 1);
    } else if (done < 2 * length) {
      back(2 * length - done);
    }
    done = Math.min(done + 1, 2 * length);
    return done < 2 * length;
  }

  private void forward(int l) {
    OffHeapMatrix z = layer(states, l);
    if (l == 1) {
      OffHeapMatrix first = z.rowRange(0, 1);
      w.right(states.rowRange(0, 1), first);
      for (int i = 1; i < count; i++) {
        z.rowRange(i, i + 1L).copyFrom(first);
      }
    } else {
      w.right(layer(states, l - 1), z);
    }
    blas.gemm(Transpose.NO, Transpose.YES, 1, layer(inputs, l - 1), weights, 1, z);
    SignPattern.rectify(z);
  }

  private void back(int l) {
    if (l == length) {
      backs = arena.matrix((long) count * length, w.rows(), w.precision());
    }
    OffHeapMatrix v = layer(backs, l - 1);
    if (l == length) {
      for (int i = 0; i < count; i++) {
        v.rowRange(i, i + 1L).copyFrom(readout);
      }
    } else {
      w.left(layer(backs, l), v);
    }
    SignPattern.apply(layer(states, l), v);
  }

  private OffHeapMatrix layer(OffHeapMatrix all, int l) {
    return all.rowRange((long) l * count, (l + 1L) * count);
  }

  /**
   * {@code <h_l(x_i), h_k(x_j)>} for k = l..L: row i, column (k - l) n + j.
   *
   * @param l from 0 to L
   */
  public double[][] stateProducts(int l) {
    requireSteps(length);
    return products(states, l, length, 1);
  }

  /**
   * {@code <v_l(x_i), v_k(x_j)> / m} for k = l..L: row i, column (k - l) n + j.
   *
   * @param l from 1 to L
   */
  public double[][] backProducts(int l) {
    requireSteps(2 * length);
    return products(backs, l - 1, length - 1, 1.0 / w.rows());
  }

  /** {@code f(x_i) = <B, h_L(x_i)>}. */
  public double[] outputs() {
    requireSteps(length);
    OffHeapMatrix found = arena.matrix(count, 1, w.precision());
    try {
      blas.gemm(Transpose.NO, Transpose.YES, 1, layer(states, length), readout, 0, found);
      double[] outputs = new double[count];
      for (int i = 0; i < count; i++) {
        outputs[i] = found.get(i, 0);
      }
      return outputs;
    } finally {
      arena.release(found);
    }
  }

  private void requireSteps(int needed) {
    if (done < needed) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT, "%d of %d steps were made, %d are needed", done, 2 * length, needed));
    }
  }

  /** n. */
  int count() {
    return count;
  }

  /** L. */
  int length() {
    return length;
  }

  /** B, 1 x m. */
  OffHeapMatrix readout() {
    return readout;
  }

  /** Rows of v, in the order of steps from..to and of sequences, become D_l times themselves. */
  void mask(int from, int to, OffHeapMatrix v) {
    requireSteps(length);
    SignPattern.apply(states.rowRange((long) from * count, (to + 1L) * count), v);
  }

  private double[][] products(OffHeapMatrix all, int from, int last, double factor) {
    OffHeapMatrix later = all.rowRange((long) from * count, (last + 1L) * count);
    int columns = (int) later.rows();
    OffHeapMatrix found = arena.matrix(count, columns, w.precision());
    double[][] values = new double[count][columns];
    try {
      blas.gemm(Transpose.NO, Transpose.YES, factor, layer(all, from), later, 0, found);
      for (int i = 0; i < count; i++) {
        found.getRow(i, values[i]);
      }
    } finally {
      arena.release(found);
    }
    return values;
  }

  /** z becomes D z; where D = 0 it is -0, so that the signs are the pattern. */
  /** Gives the memory back; W stays open. */
  @Override
  public void close() {
    if (backs != null) {
      arena.release(backs);
    }
    arena.release(states);
    arena.release(readout);
    arena.release(weights);
    arena.release(inputs);
  }
}
