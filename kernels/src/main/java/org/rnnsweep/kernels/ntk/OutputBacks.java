package org.rnnsweep.kernels.ntk;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;

/**
 * The gradients of every step's output {@code f_a = <B, h_a>}, a = 1..L, by every z_l, l = 1..a, of
 * the sequences of a {@link FiniteNetwork} that has made its steps forward:
 *
 * <pre>
 * v_(a,a) = D_a B,   v_(a,l) = D_l W^T v_(a,l+1),
 * </pre>
 *
 * as sequence labelling needs them (Wang, Shen, Hu and Cao, Remark G.1). All of one depth a - l are
 * one block of questions; none that reach below l = 1 are asked. Not safe for use by several
 * threads.
 */
public final class OutputBacks implements AutoCloseable {
  private final Blas blas;
  private final Arena arena;
  private final GaussianOperator w;
  private final FiniteNetwork network;
  private final int count;
  private final int length;
  private final OffHeapMatrix vectors;
  private int depth;

  /** The network must have made its L steps forward, and none back. */
  public OutputBacks(Blas blas, Arena arena, GaussianOperator w, FiniteNetwork network) {
    this.blas = blas;
    this.arena = arena;
    this.w = w;
    this.network = network;
    count = network.count();
    length = network.length();
    vectors = arena.matrix(vectors(count, length), w.rows(), w.precision());
  }

  /** What is asked of W besides the steps forward. */
  public static Products products(int sequences, int length) {
    return new Products(0, Math.toIntExact(vectors(sequences, length - 1)));
  }

  /** n L (L + 1) / 2. */
  private static long vectors(long sequences, long length) {
    return sequences * length * (length + 1) / 2;
  }

  /** Bytes taken from the arena, beside those of W and the network. */
  public static long memoryBytes(long width, int sequences, int length, Precision precision) {
    long rows = vectors(sequences, length);
    return Math.multiplyExact(rows, Math.addExact(width, rows)) * precision.bytes();
  }

  /** The vectors of the next depth; returns whether there is another one after it. */
  public boolean advance() {
    if (depth < length) {
      long rows = (long) count * (length - depth);
      OffHeapMatrix now = block(depth);
      if (depth == 0) {
        for (long i = 0; i < rows; i++) {
          now.rowRange(i, i + 1).copyFrom(network.readout());
        }
        network.mask(1, length, now);
      } else {
        // Of the depth before, the first output's vectors have reached l = 1.
        OffHeapMatrix before = block(depth - 1);
        w.left(before.rowRange(count, before.rows()), now);
        network.mask(1, length - depth, now);
      }
      depth++;
    }
    return depth < length;
  }

  private OffHeapMatrix block(int at) {
    long first = row(at + 1, 1, 0);
    return vectors.rowRange(first, first + (long) count * (length - at));
  }

  /** Row and column in {@link #products()} of v_(a,l) of sequence i. */
  public int row(int a, int l, int i) {
    int before = a - l;
    // Blocks of depths 0..before-1 have L, L - 1, .. outputs.
    return count * (before * length - before * (before - 1) / 2 + l - 1) + i;
  }

  /** {@code <v_(a,l)(x_i), v_(b,k)(x_j)> / m} of all pairs, by {@link #row}. */
  public double[][] products() {
    if (depth < length) {
      throw new IllegalStateException(depth + " of " + length + " depths were asked");
    }
    int rows = (int) vectors.rows();
    OffHeapMatrix found = arena.matrix(rows, rows, w.precision());
    try {
      blas.gemm(Transpose.NO, Transpose.YES, 1.0 / w.rows(), vectors, vectors, 0, found);
      double[][] values = new double[rows][rows];
      for (int i = 0; i < rows; i++) {
        found.getRow(i, values[i]);
      }
      return values;
    } finally {
      arena.release(found);
    }
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    arena.release(vectors);
  }
}
