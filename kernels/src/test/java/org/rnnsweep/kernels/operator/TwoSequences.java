package org.rnnsweep.kernels.operator;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * A random network at initialisation on two sequences, on any operator: the states h^(1..L) of
 * both, and for one random read-out vector b and every pair i < j the backward vectors
 *
 * <pre>  v_(j,j) = b,   v_(j,i-1) = W^T D_i v_(j,i),   so   v_(j,i)^T = b^T D_j W ... D_(i+1) W.
 * </pre>
 *
 * All j with the same j - i are one block of questions.
 */
final class TwoSequences implements AutoCloseable {
  static final int SEQUENCES = 2;
  static final int DIMENSION = 4;

  /** Row (l - 1) * 2 + s is h^(l) of sequence s, by its sign of zero also D^(l). */
  final OffHeapMatrix states;

  /** Row 2 l + s is x^(l+1) of sequence s. */
  final OffHeapMatrix inputs;

  /** A, m x d. */
  final OffHeapMatrix weights;

  /** b, 1 x m. */
  final OffHeapMatrix readout;

  private final Blas blas;
  private final Arena arena;
  private final GaussianOperator w;
  private final int length;

  /** Draws all but W, which is independent of it. Entries of W and A are N(0, 2/m). */
  TwoSequences(Blas blas, Arena arena, GaussianOperator w, int length, StreamKey key) {
    this.blas = blas;
    this.arena = arena;
    this.w = w;
    this.length = length;
    long m = w.rows();
    Precision precision = w.precision();
    states = arena.matrix((long) SEQUENCES * length, m, precision);
    inputs = arena.matrix((long) SEQUENCES * length, DIMENSION, precision);
    weights = arena.matrix(m, DIMENSION, precision);
    readout = arena.matrix(1, m, precision);
    GaussianMatrix.fill(inputs, key.name("x"), 0.5);
    GaussianMatrix.fill(weights, key.name("A"), Math.sqrt(2.0 / m));
    GaussianMatrix.fill(readout, key.name("b"), 1);
  }

  static Products products(int length) {
    return new Products(SEQUENCES * (length - 1), SEQUENCES * length * (length - 1) / 2);
  }

  /** Beside the operator's own. */
  static long memoryBytes(long m, int length, Precision precision) {
    long vectors = (long) SEQUENCES * length + 1 + DIMENSION + 3L * SEQUENCES * length;
    return (vectors * m + (long) SEQUENCES * length * DIMENSION) * precision.bytes();
  }

  void forward() {
    OffHeapMatrix z = arena.matrix(SEQUENCES, w.rows(), w.precision());
    for (int l = 1; l <= length; l++) {
      OffHeapMatrix h = states.rowRange((l - 1) * SEQUENCES, l * SEQUENCES);
      OffHeapMatrix x = inputs.rowRange((l - 1) * SEQUENCES, l * SEQUENCES);
      if (l == 1) {
        z.fill(0);
      } else {
        w.right(states.rowRange((l - 2) * SEQUENCES, (l - 1) * SEQUENCES), z);
      }
      blas.gemm(Transpose.NO, Transpose.YES, 1, x, weights, 1, z);
      relu(z, h);
    }
    arena.release(z);
  }

  /**
   * What a block of questions answers: rows of v_(j,i) for one j - i, in the order of j, then s.
   */
  interface Visitor {
    void visit(int distance, OffHeapMatrix vectors);
  }

  /** Asks for all pairs i < j, by distance. */
  void backward(Visitor visitor) {
    OffHeapMatrix masked = arena.matrix((long) SEQUENCES * length, w.rows(), w.precision());
    OffHeapMatrix answer = arena.matrix((long) SEQUENCES * length, w.rows(), w.precision());
    for (int r = 0; r < SEQUENCES * length; r++) {
      masked.rowRange(r, r + 1).copyFrom(readout);
    }
    OffHeapMatrix current = masked;
    OffHeapMatrix next = answer;
    for (int distance = 1; distance < length; distance++) {
      // The vectors of j = distance + 1 .. L at i = j - distance + 1 = 2 .. : their rows of before,
      // but for the smallest j, which has no step left.
      int pairs = length - distance;
      int before = distance == 1 ? 0 : SEQUENCES;
      OffHeapMatrix from = current.rowRange(before, before + (long) SEQUENCES * pairs);
      OffHeapMatrix to = next.rowRange(0, (long) SEQUENCES * pairs);
      w.leftMasked(from, states.rowRange(SEQUENCES, SEQUENCES * (pairs + 1L)), to);
      visitor.visit(distance, to);
      OffHeapMatrix last = current;
      current = next;
      next = last;
    }
    arena.release(answer);
    arena.release(masked);
  }

  private static void relu(OffHeapMatrix z, OffHeapMatrix h) {
    int piece = 4096;
    double[] values = new double[piece];
    for (long i = 0; i < z.rows(); i++) {
      for (long j = 0; j < z.columns(); j += piece) {
        int count = (int) Math.min(piece, z.columns() - j);
        z.getRow(i, j, values, 0, count);
        for (int k = 0; k < count; k++) {
          values[k] = Math.max(values[k] + 0.0, -0.0);
        }
        h.putRow(i, j, values, 0, count);
      }
    }
  }

  @Override
  public void close() {
    arena.release(readout);
    arena.release(weights);
    arena.release(inputs);
    arena.release(states);
  }
}
