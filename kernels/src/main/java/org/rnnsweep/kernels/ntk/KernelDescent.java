package org.rnnsweep.kernels.ntk;

import java.util.Locale;

/**
 * Stochastic gradient descent with the logistic loss in a kernel's space, one new sample a step:
 * what Algorithm 1 of Wang, Shen, Hu and Cao does to a network that is linear in its weights, with
 * the step nu / m and the tangent kernel H = {@code <grad f, grad f> / m}.
 *
 * <pre>
 * f_t = f_(t-1) + nu sum over a of y_(t,a) c_(t,a) H((x_t, a), .),   c = 1 / (1 + exp(y f_(t-1)))
 * sqrt(m) |W_t - W_0|_F = |f_t - f_0|_H
 * </pre>
 *
 * a over the outputs that have a label. Every sample is judged before it is learned (progressive
 * validation), so that the mistakes up to n are an unbiased estimate of the sum of the population's
 * errors of f_0, .., f_(n-1), given the samples before. Immutable.
 */
public final class KernelDescent {
  private final double[] margins;
  private final double[] squaredNorms;

  /**
   * Runs through all samples; {@code N^2} multiplications and additions for N = n k rows.
   *
   * @param gram H, N x N; rows i k to i k + k - 1 are the outputs of sample i
   * @param start f_0 by row
   * @param labels 1 or -1 by row
   * @param outputs k
   * @param rate nu, positive
   */
  public KernelDescent(double[][] gram, double[] start, double[] labels, int outputs, double rate) {
    int rows = gram.length;
    if (outputs < 1
        || rows % outputs != 0
        || start.length != rows
        || labels.length != rows
        || !(rate > 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "every row has a start and a label and every sample %d outputs, found %d rows, %d"
                  + " starts, %d labels, rate %s",
              outputs,
              rows,
              start.length,
              labels.length,
              rate));
    }
    margins = new double[rows];
    squaredNorms = new double[rows / outputs];
    double[] coefficients = new double[rows];
    double squared = 0;
    for (int first = 0; first < rows; first += outputs) {
      for (int r = first; r < first + outputs; r++) {
        double moved = dot(gram[r], coefficients, first);
        margins[r] = labels[r] * (start[r] + moved);
        coefficients[r] = rate * labels[r] / (1 + StrictMath.exp(margins[r]));
        squared += 2 * coefficients[r] * moved;
      }
      for (int r = first; r < first + outputs; r++) {
        for (int q = first; q < first + outputs; q++) {
          squared += coefficients[r] * coefficients[q] * gram[r][q];
        }
      }
      squaredNorms[first / outputs] = squared;
    }
  }

  private static double dot(double[] x, double[] y, int count) {
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }

  /** {@code y f_(t-1)(x_t)} by row: a mistake where it is not positive. */
  public double[] margins() {
    return margins.clone();
  }

  /** {@code |f_t - f_0|_H} after t samples, t from 1. */
  public double norm(int samples) {
    return Math.sqrt(squaredNorms[samples - 1]);
  }
}
