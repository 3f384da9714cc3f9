package org.rnnsweep.kernels.rnn;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;

/**
 * The states {@code h^(l) = relu(W h^(l-1) + A x^(l))}, {@code h^(0) = 0}, of a batch of sequences,
 * one step at a time: a pass to L goes through every h^(l) with l < L, with the same bits as a pass
 * that ends there. States are batch x m, one sequence a row.
 *
 * <p>The shapes of all products depend on m, d and the batch alone, and so do the bits; a last
 * batch that is not full is padded by the caller (with zero inputs, say). NaN and infinities pass
 * through.
 *
 * <p>The sign pattern D^(l), whose entry is 1 where the preactivation is at least 0, is kept in the
 * state itself: h = D z is +0 or positive where D = 1 and -0 where D = 0 (as the product 0 z is for
 * negative z). Nothing else tells +0 from -0. Not safe for use by several threads.
 */
public final class ForwardPass {
  private final Blas blas;
  private final ElmanNetwork network;
  private OffHeapMatrix hidden;
  private OffHeapMatrix next;
  private long steps; // since h^(0)

  /** Takes two batch x m matrices from the arena. */
  public ForwardPass(Blas blas, Arena arena, ElmanNetwork network, int batch) {
    if (batch < 1) {
      throw new IllegalArgumentException("a batch has at least 1 sequence, found " + batch);
    }
    this.blas = blas;
    this.network = network;
    this.hidden = arena.matrix(batch, network.width(), network.precision());
    this.next = arena.matrix(batch, network.width(), network.precision());
  }

  /** Back to h^(0) = 0. */
  public void reset() {
    hidden.fill(0);
    steps = 0;
  }

  /**
   * One step with x^(l), batch x d, in the network's precision. The first is A x alone, for h^(0) =
   * 0: for a finite W that has the bits of the whole sum.
   */
  public void step(OffHeapMatrix x) {
    blas.gemm(Transpose.NO, Transpose.YES, 1, x, network.input(), 0, next);
    if (steps > 0) {
      blas.gemm(Transpose.NO, Transpose.YES, 1, hidden, network.recurrent(), 1, next);
    }
    steps++;
    relu(next);
    OffHeapMatrix last = hidden;
    hidden = next;
    next = last;
  }

  /** h^(l) after l steps, batch x m. Valid until the next step. */
  public OffHeapMatrix hidden() {
    return hidden;
  }

  /**
   * The diagonal of D^(l) of one sequence of the batch: 1 where the preactivation is at least 0,
   * otherwise 0. After {@link #reset} all ones.
   *
   * @param pattern m numbers; overwritten
   */
  public void signPattern(int sequence, double[] pattern) {
    if (pattern.length != network.width()) {
      throw new IllegalArgumentException(
          "a sign pattern has " + network.width() + " entries, found room for " + pattern.length);
    }
    hidden.getRow(sequence, pattern);
    for (int j = 0; j < pattern.length; j++) {
      pattern[j] = Double.doubleToRawLongBits(pattern[j]) < 0 ? 0 : 1;
    }
  }

  /** What the last step multiplied and added, a fused pair counted as two. */
  public double lastStepFlops() {
    long inner = network.inputDimension() + (steps > 1 ? network.width() : 0);
    return 2.0 * network.width() * inner * hidden.rows();
  }

  /** {@code 2 m (d L + m (L - 1))} a sequence: what a pass to L multiplies and adds. */
  public static double flops(long width, long dimension, int length, long sequences) {
    return 2.0 * width * (dimension * length + width * (length - 1.0)) * sequences;
  }

  /** Bytes that a pass takes from its arena. */
  public static long memoryBytes(long width, int batch, Precision precision) {
    return 2 * width * batch * precision.bytes();
  }

  /** z becomes D z. Adding +0 first makes -0, where D = 1, into +0; max puts -0 below +0. */
  private static void relu(OffHeapMatrix z) {
    int width = (int) z.columns();
    if (z.precision() == Precision.SINGLE) {
      float[] row = new float[width];
      for (long i = 0; i < z.rows(); i++) {
        z.getRow(i, row);
        for (int j = 0; j < width; j++) {
          row[j] = Math.max(row[j] + 0f, -0f);
        }
        z.putRow(i, row);
      }
    } else {
      double[] row = new double[width];
      for (long i = 0; i < z.rows(); i++) {
        z.getRow(i, row);
        for (int j = 0; j < width; j++) {
          row[j] = Math.max(row[j] + 0.0, -0.0);
        }
        z.putRow(i, row);
      }
    }
  }
}
