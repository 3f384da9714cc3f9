package org.rnnsweep.kernels.rnn;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * A random recurrent network {@code h^(l) = relu(W h^(l-1) + A x^(l))}.
 *
 * @param recurrent W, m x m
 * @param input A, m x d
 */
public record ElmanNetwork(OffHeapMatrix recurrent, OffHeapMatrix input) {

  public ElmanNetwork {
    if (recurrent.rows() != recurrent.columns()
        || input.rows() != recurrent.rows()
        || input.precision() != recurrent.precision()) {
      throw new IllegalArgumentException(
          "W must be m x m and A m x d in one precision, found " + recurrent + " and " + input);
    }
  }

  /**
   * Draws W from the stream {@code "W"} split by the width, and A from {@code "A"} split by width
   * and dimension: networks of several d, of any length, share W. All entries are independent, N(0,
   * sd^2) by the initialization; single matrices are the double ones rounded.
   *
   * @param seedKey a key split by the seed index (or not, for one network for all seeds)
   */
  public static ElmanNetwork draw(
      Arena arena,
      Precision precision,
      long width,
      long inputDimension,
      Initialization initialization,
      StreamKey seedKey) {
    double sd = initialization.standardDeviation(width);
    OffHeapMatrix w = arena.matrix(width, width, precision);
    GaussianMatrix.fill(w, seedKey.name("W").with("width", width), sd);
    OffHeapMatrix a = arena.matrix(width, inputDimension, precision);
    GaussianMatrix.fill(
        a, seedKey.name("A").with("width", width).with("dimension", inputDimension), sd);
    return new ElmanNetwork(w, a);
  }

  /** m. */
  public long width() {
    return recurrent.rows();
  }

  /** d. */
  public long inputDimension() {
    return input.columns();
  }

  /** Bytes that a network takes from its arena. */
  public static long memoryBytes(long width, long inputDimension, Precision precision) {
    return width * (width + inputDimension) * precision.bytes();
  }

  /** Of both matrices. */
  public Precision precision() {
    return recurrent.precision();
  }
}
