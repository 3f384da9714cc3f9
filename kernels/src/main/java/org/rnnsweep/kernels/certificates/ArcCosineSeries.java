package org.rnnsweep.kernels.certificates;

import org.rnnsweep.kernels.ntk.ArcCosine;

/**
 * Taylor coefficients of the arc-cosine kernels about a point rho_0 = 1 - e, 0 < e <= 1: all are
 * nonnegative and nothing cancels.
 *
 * <pre>
 * Sigma(rho_0 + t) = Sigma(rho_0) + sum w_(k-1) t^k / (pi k),   Gamma' = Sigma,
 * w = (1 - rho^2)^(-1/2),  1 - (rho_0 + t)^2 = u_0 - 2 (1 - e) t - t^2,  u_0 = e (2 - e),
 * u_0 (k + 1) w_(k+1) = (2 k + 1) (1 - e) w_k + k w_(k-1).
 * </pre>
 */
final class ArcCosineSeries {
  private ArcCosineSeries() {}

  /** Coefficients of Sigma, from t^0 to t^degree. */
  static double[] sigma(double e, int degree) {
    double[] coefficients = new double[degree + 1];
    coefficients[0] = ArcCosine.step(ArcCosine.angle(e));
    double u = e * (2 - e);
    double before = 0;
    double w = 1 / Math.sqrt(u);
    for (int k = 1; k <= degree; k++) {
      coefficients[k] = w / (Math.PI * k);
      double next = ((2 * k - 1) * (1 - e) * w + (k - 1) * before) / (u * k);
      before = w;
      w = next;
    }
    return coefficients;
  }

  /** Coefficients of Gamma, from t^0 to t^degree. */
  static double[] gamma(double e, int degree) {
    double[] sigma = sigma(e, degree);
    double[] coefficients = new double[degree + 1];
    coefficients[0] = 1 - ArcCosine.deficit(e, ArcCosine.angle(e));
    for (int k = 1; k <= degree; k++) {
      coefficients[k] = sigma[k - 1] / k;
    }
    return coefficients;
  }
}
