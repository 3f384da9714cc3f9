package org.rnnsweep.kernels.stability;

import java.util.Locale;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * A recurrent network with a linear output at random initialisation, whose W is touched only
 * through products:
 *
 * <pre>g_l = W h_(l-1) + A x_l,   h_l = relu(g_l),   y_l = B h_l.</pre>
 *
 * <p>W and A have independent entries of N(0, c/m), B of N(0, 1/d); c = 2 in Allen-Zhu and Li,
 * Definition 4.1. Streams: {@code "W"} by the width and {@code "A"} by width and dimension, as
 * {@link org.rnnsweep.kernels.rnn.ElmanNetwork} has them (with c = 2 and a formed W the two are one
 * network), and {@code "B"} by the width: row s of B is sqrt(1/d) times the same numbers for every
 * d.
 */
public final class RandomNetwork implements AutoCloseable {
  /** c of the papers: {@code E|relu(W h + A x)|^2 = |h|^2 + |x|^2}. */
  public static final double HE = 2;

  /**
   * The dimensions of a network.
   *
   * @param width m
   * @param inputDimension coordinates of a token, columns of A
   * @param outputs d, rows of B
   */
  public record Shape(long width, int inputDimension, int outputs) {
    public Shape {
      if (!(width >= 1 && inputDimension >= 1 && outputs >= 1)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "a network has width, inputs and outputs of at least 1, found %d, %d and %d",
                width,
                inputDimension,
                outputs));
      }
    }
  }

  private final Arena arena;
  private final GaussianOperator recurrent;
  private final OffHeapMatrix input;
  private final OffHeapMatrix output;

  private RandomNetwork(
      Arena arena, GaussianOperator recurrent, OffHeapMatrix input, OffHeapMatrix output) {
    this.arena = arena;
    this.recurrent = recurrent;
    this.input = input;
    this.output = output;
  }

  /**
   * Draws a network.
   *
   * @param varianceFactor c
   * @param products how many vectors W itself will be applied to; forks declare their own
   * @param seedKey a key split by the seed index
   */
  public static RandomNetwork draw(
      Blas blas,
      Arena arena,
      Representation representation,
      Precision precision,
      Shape shape,
      double varianceFactor,
      Products products,
      StreamKey seedKey) {
    if (!(varianceFactor > 0 && varianceFactor < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the variance times m is positive and finite, found " + varianceFactor);
    }
    long m = shape.width();
    double sd = Math.sqrt(varianceFactor / m);
    GaussianOperator w =
        representation.draw(
            blas, arena, precision, m, m, sd, products, seedKey.name("W").with("width", m));
    OffHeapMatrix a = arena.matrix(m, shape.inputDimension(), precision);
    GaussianMatrix.fill(
        a, seedKey.name("A").with("width", m).with("dimension", shape.inputDimension()), sd);
    OffHeapMatrix b = arena.matrix(shape.outputs(), m, precision);
    GaussianMatrix.fill(b, seedKey.name("B").with("width", m), Math.sqrt(1.0 / shape.outputs()));
    return new RandomNetwork(arena, w, a, b);
  }

  /** The most bytes that a network takes from its arena, with what W is declared to answer. */
  public static long memoryBytes(
      Representation representation, Precision precision, Shape shape, Products products) {
    long m = shape.width();
    return representation.memoryBytes(m, m, products, precision)
        + m * (shape.inputDimension() + shape.outputs()) * precision.bytes();
  }

  /** W, m x m. */
  public GaussianOperator recurrent() {
    return recurrent;
  }

  /** A, m x (coordinates of a token). */
  public OffHeapMatrix input() {
    return input;
  }

  /** B, d x m. */
  public OffHeapMatrix output() {
    return output;
  }

  /** m. */
  public long width() {
    return recurrent.rows();
  }

  /** Gives back what the network took, W's answers included. Forks are closed before. */
  @Override
  public void close() {
    arena.release(output);
    arena.release(input);
    recurrent.close();
  }
}
