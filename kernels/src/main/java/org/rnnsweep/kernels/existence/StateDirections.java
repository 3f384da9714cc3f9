package org.rnnsweep.kernels.existence;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.SignPattern;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * Vectors of the state space whose products with the state {@code h^(L-1)} are arguments of target
 * functions: images {@code u = Wbar w} of unit vectors w of R^((L-2)(d-1)) under the readout's
 * matrix (Panigrahi and Goyal, Corollary D.1.1), so that {@code <u, h^(L-1)> / eps_x} is about
 * {@code <w, [xbar^(2), .., xbar^(L-1)]>}; or given ones. With the base sequence's patterns and A
 * without its last column,
 *
 * <pre>u_2 = D_2 A w_2,   u_l = D_l (W u_(l-1) + A w_l),   u = u_(L-1).</pre>
 *
 * <p>The corollary's recursion goes two steps at a time and one too far; this is the one that its
 * proof uses.
 */
public final class StateDirections implements AutoCloseable {
  private final Arena arena;
  private final OffHeapMatrix units;
  private final double[] norms;
  private final double[][] inputs;

  private StateDirections(Arena arena, OffHeapMatrix units, double[] norms, double[][] inputs) {
    this.arena = arena;
    this.units = units;
    this.norms = norms;
    this.inputs = inputs;
  }

  /**
   * Images of random unit vectors.
   *
   * @param recurrent W, with {@link #products} right products left
   * @param input A, m x d
   * @param base the pass of the base sequence alone, of L steps
   * @param count of vectors
   * @param key each vector has a stream of its own
   */
  public static StateDirections ofInputs(
      Blas blas,
      Arena arena,
      GaussianOperator recurrent,
      OffHeapMatrix input,
      Trajectory base,
      int count,
      StreamKey key) {
    int length = base.steps();
    int free = Math.toIntExact(input.columns()) - 1;
    double[][] inputs = new double[count][];
    for (int n = 0; n < count; n++) {
      inputs[n] = unit(key.with("function", n), (length - 2) * free);
    }
    long m = recurrent.rows();
    OffHeapMatrix units = arena.matrix(count, m, Precision.DOUBLE);
    OffHeapMatrix before = arena.matrix(count, m, Precision.DOUBLE);
    OffHeapMatrix tokens = arena.matrix(count, free + 1, Precision.DOUBLE);
    double[] token = new double[free + 1]; // the last one stays 0
    for (int l = 2; l < length; l++) {
      for (int n = 0; n < count; n++) {
        System.arraycopy(inputs[n], (l - 2) * free, token, 0, free);
        tokens.putRow(n, token);
      }
      if (l > 2) {
        before.copyFrom(units);
        recurrent.right(before, units);
      }
      blas.gemm(Transpose.NO, Transpose.YES, 1, tokens, input, l > 2 ? 1 : 0, units);
      SignPattern.apply(base.state(l, 0), units);
    }
    arena.release(tokens);
    arena.release(before);
    return normalized(arena, units, inputs);
  }

  /** One given vector. */
  public static StateDirections of(Arena arena, OffHeapMatrix vector) {
    OffHeapMatrix units = arena.matrix(1, vector.columns(), Precision.DOUBLE);
    units.copyFrom(vector);
    return normalized(arena, units, null);
  }

  /** The vector of equal coordinates. */
  public static StateDirections flat(Arena arena, long width) {
    OffHeapMatrix units = arena.matrix(1, width, Precision.DOUBLE);
    units.fill(1);
    return normalized(arena, units, null);
  }

  private static StateDirections normalized(Arena arena, OffHeapMatrix units, double[][] inputs) {
    double[] norms = new double[Math.toIntExact(units.rows())];
    for (int n = 0; n < norms.length; n++) {
      norms[n] = RowMeasures.norm(units, n);
      RowMeasures.scale(units, n, 1 / norms[n]);
    }
    return new StateDirections(arena, units, norms, inputs);
  }

  private static double[] unit(StreamKey key, int dimension) {
    double[] vector = new double[dimension];
    NormalStream.of(key).fill(vector, 0, dimension);
    double square = 0;
    for (double entry : vector) {
      square += entry * entry;
    }
    for (int c = 0; c < dimension; c++) {
      vector[c] /= Math.sqrt(square);
    }
    return vector;
  }

  /** Right products that {@link #ofInputs} asks of W. */
  public static int products(int length, int count) {
    return count * (length - 3);
  }

  /** The most bytes held while it is made. */
  public static long memoryBytes(long width, int dimension, int count) {
    return (2 * width + dimension) * count * Double.BYTES;
  }

  /** The vectors, of norm 1, one a row. */
  public OffHeapMatrix units() {
    return units;
  }

  /** The norms that they had. */
  public double norm(int n) {
    return norms[n];
  }

  /** The unit vector w whose image it is; null of a given one. */
  public double[] input(int n) {
    return inputs == null ? null : inputs[n];
  }

  /** How many. */
  public int count() {
    return norms.length;
  }

  @Override
  public void close() {
    arena.release(units);
  }
}
