package org.rnnsweep.driver.bench;

import org.rnnsweep.kernels.rnn.ForwardPass;

/**
 * Operations that a computation cannot do without, a fused multiply-add counted as two. Padding,
 * draws, copies and functions of single elements are not counted: they are what efficiency loses.
 *
 * @param singleFlops those in single precision
 * @param doubleFlops those in double precision
 */
public record Work(double singleFlops, double doubleFlops) {

  /**
   * Normal equations of n states and {@code outputs} right-hand sides: {@code m^2 n} for the upper
   * triangle of H^T H, {@code 2 m n} an output for H^T X, {@code m^3 / 3} for Cholesky, {@code 2
   * m^2} an output for the two triangular solves.
   */
  static double normalEquationsFlops(long width, int outputs, long sequences) {
    double m = width;
    return m * m * sequences + 2 * m * outputs * sequences + m * m * m / 3 + 2 * m * m * outputs;
  }

  /** A least-squares trial with its test: passes in single, all else in double. */
  static Work leastSquares(long width, int dimension, int length, long train, long test) {
    int outputs = length * dimension;
    return new Work(
        ForwardPass.flops(width, dimension, length, train + test),
        normalEquationsFlops(width, outputs, train) + 2.0 * width * outputs * test);
  }

  /**
   * A finite-width tangent kernel's Gram matrix: {@code 4 n m^2 (L - 1)} for W forward and back,
   * {@code 2 n m d L} for A, {@code 2 n^2 m} for the states' and the backward vectors' products of
   * each of the {@code L (L + 1) / 2} pairs of steps.
   */
  static Work tangentGram(long width, int dimension, int length, long sequences) {
    double m = width;
    double n = sequences;
    return new Work(
        0,
        4 * n * m * m * (length - 1)
            + 2 * n * m * dimension * length
            + 2 * n * n * m * length * (length + 1.0));
  }

  /** Of both precisions. */
  public double flops() {
    return singleFlops + doubleFlops;
  }
}
