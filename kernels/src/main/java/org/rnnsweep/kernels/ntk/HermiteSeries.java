package org.rnnsweep.kernels.ntk;

/**
 * Squared Hermite coefficients of sqrt(2) relu and of sqrt(2) 1{x > 0}: the power series of the
 * arc-cosine kernels, Gamma(z) = sum mu_r^2 z^r and Sigma(z) = sum nu_r^2 z^r (Wang, Shen, Hu and
 * Cao, (25), (28)). With c_k = C(2k, k) / 4^k, by our own derivation,
 *
 * <pre>
 * mu_0^2 = 1/pi,  mu_1^2 = 1/2,  mu_(2k)^2 = c_k / (pi (2k - 1)^2),
 * nu_0^2 = 1/2,   nu_(2k+1)^2 = c_k / (pi (2k + 1)),   all others 0.
 * </pre>
 */
public final class HermiteSeries {
  private HermiteSeries() {}

  /** mu_r^2, r = 0..terms - 1. */
  public static double[] rectifier(int terms) {
    double[] squares = new double[terms];
    double c = 1;
    for (int r = 0; r < terms; r++) {
      if (r == 1) {
        squares[r] = 0.5;
      } else if (r % 2 == 0) {
        squares[r] = c / (Math.PI * (r - 1.0) * (r - 1.0));
        c *= (r + 1.0) / (r + 2.0); // c_(k+1) = c_k (2k + 1) / (2k + 2)
      }
    }
    return squares;
  }

  /** nu_r^2, r = 0..terms - 1. */
  public static double[] step(int terms) {
    double[] squares = new double[terms];
    double c = 1;
    for (int r = 0; r < terms; r++) {
      if (r == 0) {
        squares[r] = 0.5;
      } else if (r % 2 == 1) {
        squares[r] = c / (Math.PI * r);
        c *= r / (r + 1.0);
      }
    }
    return squares;
  }

  /** sum of coefficients times z^r. */
  public static double sum(double[] coefficients, double z) {
    double value = 0;
    for (int r = coefficients.length - 1; r >= 0; r--) {
      value = value * z + coefficients[r];
    }
    return value;
  }

  /**
   * mu_r as defined, {@code (2 pi)^(-1/2)} times the integral of f(x) h_r(x) exp(-x^2/2) over x >=
   * 0 with the orthonormal Hermite polynomial h_r, for f(x) = sqrt(2) x or, as printed, sqrt(2 x);
   * by Simpson's rule in y = sqrt(x), whose error is below 1e-12 for r up to 40.
   *
   * @param exponent of x in f: 1, or 1/2 as printed
   */
  public static double rectifierByQuadrature(int r, double exponent) {
    int steps = 40_000;
    double end = Math.sqrt(40);
    double h = end / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double y = i * h;
      double x = y * y;
      double f = Math.sqrt(2) * StrictMath.pow(x, exponent);
      double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * f * hermite(r, x) * StrictMath.exp(-x * x / 2) * 2 * y;
    }
    return sum * h / 3 / Math.sqrt(2 * Math.PI);
  }

  /**
   * The orthonormal Hermite polynomial He_r / sqrt(r!) of the standard normal law, by its
   * three-term recursion.
   */
  public static double hermite(int r, double x) {
    double before = 0;
    double now = 1;
    for (int k = 0; k < r; k++) {
      double next = (x * now - Math.sqrt(k) * before) / Math.sqrt(k + 1.0);
      before = now;
      now = next;
    }
    return now;
  }
}
