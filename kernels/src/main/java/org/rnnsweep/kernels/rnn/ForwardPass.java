package org.rnnsweep.kernels.rnn;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;

/**
 * The states {@code h^(l) = relu(W h^(l-1) + A x^(l))}, {@code h^(0) = 0}, of a batch of sequences,
 * one step at a time. States are batch x m, one sequence a row.
 */
public final class ForwardPass {
  private final Blas blas;
  private final ElmanNetwork network;
  private final OffHeapMatrix inputTransposed;
  private OffHeapMatrix hidden;
  private OffHeapMatrix next;

  /** Takes two batch x m matrices from the arena. */
  public ForwardPass(Blas blas, Arena arena, ElmanNetwork network, int batch) {
    if (batch < 1) {
      throw new IllegalArgumentException("a batch has at least 1 sequence, found " + batch);
    }
    this.blas = blas;
    this.network = network;
    this.inputTransposed = null;
    this.hidden = arena.matrix(batch, network.width(), network.precision());
    this.next = arena.matrix(batch, network.width(), network.precision());
  }

  /** Back to h^(0) = 0. */
  public void reset() {
    hidden.fill(0);
  }

  /** One step with x^(l), batch x d, in the network's precision. */
  public void step(OffHeapMatrix x) {
    blas.gemm(Transpose.NO, Transpose.YES, 1, x, network.input(), 0, next);
    blas.gemm(Transpose.NO, Transpose.YES, 1, hidden, network.recurrent(), 1, next);
    relu(next);
    OffHeapMatrix last = hidden;
    hidden = next;
    next = last;
  }

  /** h^(l) after l steps, batch x m. Valid until the next step. */
  public OffHeapMatrix hidden() {
    return hidden;
  }

  /** 2 m (m + d) batch. */
  public long flopsPerStep() {
    return 2 * network.width() * (network.width() + network.inputDimension()) * hidden.rows();
  }

  private static void relu(OffHeapMatrix z) {
    int width = (int) z.columns();
    if (z.precision() == Precision.SINGLE) {
      float[] row = new float[width];
      for (long i = 0; i < z.rows(); i++) {
        z.getRow(i, row);
        for (int j = 0; j < width; j++) {
          row[j] = Math.max(row[j], 0);
        }
        z.putRow(i, row);
      }
    } else {
      double[] row = new double[width];
      for (long i = 0; i < z.rows(); i++) {
        z.getRow(i, row);
        for (int j = 0; j < width; j++) {
          row[j] = Math.max(row[j], 0);
        }
        z.putRow(i, row);
      }
    }
  }
}
