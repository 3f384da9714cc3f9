package org.rnnsweep.kernels.learning;

import java.util.Arrays;
import java.util.List;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.descent.Pass;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Trained;

/**
 * The gradients of the last output of N sequences by W and A, as factors; no gradient is formed:
 *
 * <pre>
 * F(x_q) = &lt;B, h_L&gt;,   v_L = D_L B,   v_i = D_i W^T v_(i+1)
 * grad_W F(x_q) = sum over i = 2..L of v_i h_(i-1)^T,   grad_A F(x_q) = sum over i = 1..L of v_i x_i^T.
 * </pre>
 *
 * <p>In the network's precision. Not safe for use by several threads.
 */
public final class TangentFactors implements AutoCloseable {
  private final Blas blas;
  private final Arena arena;
  private final List<double[][]> sequences;
  private final Pass pass;
  private final double[] outputs;

  /**
   * One pass forward and one back.
   *
   * @param network of {@link #shape}, with h_0 = 0
   * @param sequences N of one length L
   */
  public TangentFactors(Blas blas, Arena arena, Network network, List<double[][]> sequences) {
    this.blas = blas;
    this.arena = arena;
    this.sequences = List.copyOf(sequences);
    int count = sequences.size();
    pass =
        new Pass(
            blas,
            arena,
            network.shape(),
            network.precision(),
            count,
            sequences.get(0).length,
            false);
    pass.forward(network, sequences.toArray(double[][][]::new));
    outputs = new double[count];
    for (int q = 0; q < count; q++) {
      outputs[q] = pass.outputs(q)[0][0];
    }
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    pass.backward(errors(ones));
  }

  /** One output after the last step, W and A trained, scale 1. */
  public static NetworkShape shape(int width, int dimension) {
    return new NetworkShape(width, dimension, 1, Trained.RECURRENT_AND_INPUT, Output.LAST, 1, 1);
  }

  /** Errors e_q of the last outputs, as a pass takes them. */
  static double[][][] errors(double[] e) {
    double[][][] errors = new double[e.length][1][1];
    for (int q = 0; q < e.length; q++) {
      errors[q][0][0] = e[q];
    }
    return errors;
  }

  /** The most bytes held, Gram matrices included. */
  public static long memoryBytes(NetworkShape shape, Precision precision, int count, int length) {
    long rows = (long) count * length;
    return Pass.memoryBytes(shape, precision, count, length, false)
        + 2 * rows * rows * precision.bytes();
  }

  /** Both passes and the Gram matrices. */
  public static double flops(NetworkShape shape, int count, int length) {
    double rows = (double) count * length;
    return 2 * Pass.forwardFlops(shape, count, length) + 6 * rows * rows * shape.width();
  }

  /** N. */
  public int count() {
    return sequences.size();
  }

  /** L. */
  public int length() {
    return pass.length();
  }

  /** m. */
  public long width() {
    return recurrentBacks().columns();
  }

  /** F(x_q). */
  public double[] outputs() {
    return outputs.clone();
  }

  /** v_2, .., v_L: row (i - 2) N + q. */
  public OffHeapMatrix recurrentBacks() {
    return pass.signals(2, length());
  }

  /** h_1, .., h_(L-1): row (i - 2) N + q, as {@link #recurrentBacks}. */
  public OffHeapMatrix recurrentStates() {
    return pass.states(1, length() - 1);
  }

  /** h_L, N x m. */
  public OffHeapMatrix lastStates() {
    return pass.states(length());
  }

  /** {@code <grad_W F(x_q), grad_W F(x_r)> / m}, N x N. */
  public double[][] recurrentGram() {
    int count = count();
    double[][] gram = new double[count][count];
    OffHeapMatrix back = product(recurrentBacks());
    OffHeapMatrix state = product(recurrentStates());
    int rows = (int) back.rows();
    double[] x = new double[rows];
    double[] y = new double[rows];
    for (int i = 0; i < rows; i++) {
      back.getRow(i, x);
      state.getRow(i, y);
      for (int j = 0; j < rows; j++) {
        gram[i % count][j % count] += x[j] * y[j] / width();
      }
    }
    arena.release(state);
    arena.release(back);
    return gram;
  }

  /** {@code <grad_A F(x_q), grad_A F(x_r)> / m}, N x N. */
  public double[][] inputGram() {
    int count = count();
    double[][] gram = new double[count][count];
    OffHeapMatrix back = product(pass.signals(1, length()));
    int rows = (int) back.rows();
    double[] x = new double[rows];
    for (int i = 0; i < rows; i++) {
      back.getRow(i, x);
      double[] token = token(i);
      for (int j = 0; j < rows; j++) {
        gram[i % count][j % count] += x[j] * dot(token, token(j)) / width();
      }
    }
    arena.release(back);
    return gram;
  }

  private double[] token(int row) {
    return sequences.get(row % count())[row / count()];
  }

  /** {@code rows rows^T}, from the arena. */
  OffHeapMatrix product(OffHeapMatrix rows) {
    OffHeapMatrix found = arena.matrix(rows.rows(), rows.rows(), rows.precision());
    blas.gemm(Transpose.NO, Transpose.YES, 1, rows, rows, 0, found);
    return found;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }

  @Override
  public void close() {
    pass.close();
  }
}
