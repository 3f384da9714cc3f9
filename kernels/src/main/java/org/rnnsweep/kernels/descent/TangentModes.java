package org.rnnsweep.kernels.descent;

import java.util.List;
import org.rnnsweep.kernels.stability.SymmetricEigen;

/**
 * Full-batch descent of the linearised network on the squared loss, in closed form: errors become
 * {@code r_t = (I - eta K)^t r_0}, K the tangent matrix, so that by K's eigenvalues lambda_j and
 * the parts c_j of r_0 along its eigenvectors
 *
 * <pre>
 * f_t = sum of (1 - eta lambda_j)^(2t) c_j^2 / 2
 * |W_t - W_0|_F^2 = sum of (1 - (1 - eta lambda_j)^t)^2 c_j^2 / lambda_j
 * |grad f_0|_F^2 = sum of lambda_j c_j^2
 * </pre>
 *
 * @param values lambda_j from the least to the largest
 * @param squares c_j^2
 */
public record TangentModes(double[] values, double[] squares) {

  /**
   * The modes of first errors.
   *
   * @param kernel K, as {@link TangentMatrix#of} has it
   * @param errors r_0: [i][l - 2][c] is coordinate c of B h_(i,l) - y_(i,l)
   */
  public static TangentModes of(double[][] kernel, double[][][] errors) {
    List<SymmetricEigen> spectrum = TangentMatrix.spectrum(kernel);
    double[] values = new double[spectrum.size()];
    double[] squares = new double[values.length];
    for (int j = 0; j < values.length; j++) {
      values[j] = spectrum.get(j).value();
      double[] vector = spectrum.get(j).vector();
      double part = 0;
      int k = 0;
      for (double[][] sequence : errors) {
        for (double[] error : sequence) {
          for (double e : error) {
            part += vector[k++] * e;
          }
        }
      }
      squares[j] = part * part;
    }
    return new TangentModes(values, squares);
  }

  /** The least eigenvalue. */
  public double least() {
    return values[0];
  }

  /** The largest eigenvalue. */
  public double largest() {
    return values[values.length - 1];
  }

  /** f_t for steps of size eta. */
  public double loss(double rate, int t) {
    double sum = 0;
    for (int j = 0; j < values.length; j++) {
      sum += StrictMath.pow(1 - rate * values[j], 2.0 * t) * squares[j] / 2;
    }
    return sum;
  }

  /** |W_t - W_0|_F for steps of size eta. */
  public double distance(double rate, int t) {
    double sum = 0;
    for (int j = 0; j < values.length; j++) {
      double gone = 1 - StrictMath.pow(1 - rate * values[j], t);
      sum += values[j] > 0 ? gone * gone * squares[j] / values[j] : 0;
    }
    return Math.sqrt(sum);
  }

  /** |grad f_0|_F. */
  public double gradient() {
    double sum = 0;
    for (int j = 0; j < values.length; j++) {
      sum += values[j] * squares[j];
    }
    return Math.sqrt(Math.max(0, sum));
  }
}
