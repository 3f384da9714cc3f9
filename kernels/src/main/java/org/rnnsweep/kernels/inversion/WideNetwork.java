package org.rnnsweep.kernels.inversion;

import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.rnn.Initialization;

/**
 * A random network {@code h^(l) = relu(W h^(l-1) + A x^(l))} of any width, in double: W, m x m, is
 * touched only through products, A, m x d, is formed. Entries of both are independent N(0, 2/m).
 *
 * <p>Streams are those of {@link org.rnnsweep.kernels.rnn.ElmanNetwork}: with a formed W it is that
 * network.
 */
public final class WideNetwork implements AutoCloseable {
  private static final int PIECE = 4096;

  /** What drawing an entry of A takes, in flops of a large product. */
  private static final double NORMAL_FLOPS = 500;

  private final Blas blas;
  private final Arena arena;
  private final GaussianOperator recurrent;
  private final OffHeapMatrix input;
  private final double productFlops;

  private WideNetwork(
      Blas blas,
      Arena arena,
      GaussianOperator recurrent,
      OffHeapMatrix input,
      double productFlops) {
    this.blas = blas;
    this.arena = arena;
    this.recurrent = recurrent;
    this.input = input;
    this.productFlops = productFlops;
  }

  /**
   * Draws a network.
   *
   * @param products how many vectors W and its transpose will be applied to
   * @param seedKey a key split by the seed index
   */
  public static WideNetwork draw(
      Blas blas,
      Arena arena,
      Representation representation,
      long width,
      int dimension,
      Products products,
      StreamKey seedKey) {
    double sd = Initialization.HE.standardDeviation(width);
    GaussianOperator w =
        representation.draw(
            blas,
            arena,
            Precision.DOUBLE,
            width,
            width,
            sd,
            products,
            seedKey.name("W").with("width", width));
    OffHeapMatrix a = arena.matrix(width, dimension, Precision.DOUBLE);
    GaussianMatrix.fill(a, seedKey.name("A").with("width", width).with("dimension", dimension), sd);
    return new WideNetwork(blas, arena, w, a, productFlops(representation, width, products));
  }

  /** The most bytes that a network takes from its arena while it answers these products. */
  public static long memoryBytes(
      Representation representation, long width, int dimension, Products products) {
    return representation.memoryBytes(width, width, products, Precision.DOUBLE)
        + width * dimension * Double.BYTES;
  }

  /** Of drawing it and of all these products, in flops of a large product; rough. */
  public static double flops(
      Representation representation, long width, int dimension, Products products) {
    return drawnFlops(width, dimension)
        + products.total() * productFlops(representation, width, products);
  }

  /** Of drawing A: what is done when {@link #draw} returns. */
  public static double drawnFlops(long width, int dimension) {
    return NORMAL_FLOPS * width * dimension;
  }

  /** Of one product, with its share of drawing W. */
  private static double productFlops(Representation representation, long width, Products products) {
    return representation.costFlops(width, width, products) / Math.max(1, products.total());
  }

  /** m. */
  public long width() {
    return recurrent.rows();
  }

  /** d. */
  public int dimension() {
    return (int) input.columns();
  }

  /** A, m x d. */
  public OffHeapMatrix input() {
    return input;
  }

  /** W; its products are those that were declared. */
  public GaussianOperator recurrent() {
    return recurrent;
  }

  Blas blas() {
    return blas;
  }

  Arena arena() {
    return arena;
  }

  /** Row i of y becomes W times row i of x. */
  void right(OffHeapMatrix x, OffHeapMatrix y, Checkpoint checkpoint) throws InterruptedException {
    recurrent.right(x, y);
    checkpoint.worked(x.rows() * productFlops);
  }

  /** Row i of y becomes the transpose of W times row i of x. */
  void left(OffHeapMatrix x, OffHeapMatrix y, Checkpoint checkpoint) throws InterruptedException {
    recurrent.left(x, y);
    checkpoint.worked(x.rows() * productFlops);
  }

  /** Row i of z becomes {@code A x_i + beta z_i}; tokens are batch x d. */
  void addInput(OffHeapMatrix tokens, double beta, OffHeapMatrix z) {
    blas.gemm(Transpose.NO, Transpose.YES, 1, tokens, input, beta, z);
  }

  /** Row i of tokens becomes the transpose of A times row i of v. */
  void readInput(OffHeapMatrix v, OffHeapMatrix tokens) {
    blas.gemm(Transpose.NO, Transpose.NO, 1, v, input, 0, tokens);
  }

  /**
   * z becomes D z, with -0 where the pattern is 0: the state that is its own pattern for {@link
   * org.rnnsweep.kernels.operator.SignPattern}.
   */
  static void relu(OffHeapMatrix z) {
    double[] piece = new double[(int) Math.min(PIECE, z.columns())];
    for (long i = 0; i < z.rows(); i++) {
      for (long j = 0; j < z.columns(); j += piece.length) {
        int count = (int) Math.min(piece.length, z.columns() - j);
        z.getRow(i, j, piece, 0, count);
        for (int k = 0; k < count; k++) {
          piece[k] = Math.max(piece[k] + 0.0, -0.0);
        }
        z.putRow(i, j, piece, 0, count);
      }
    }
  }

  @Override
  public void close() {
    arena.release(input);
    recurrent.close();
  }
}
