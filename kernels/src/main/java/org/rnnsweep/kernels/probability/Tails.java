package org.rnnsweep.kernels.probability;

import org.rnnsweep.kernels.concepts.LogFactorial;

/** Logarithms of tail probabilities; relative error of the logarithm some 1e-13. */
public final class Tails {
  private static final double LOG_SQRT_PI = 0.5 * StrictMath.log(Math.PI);
  private static final double LOG_2 = StrictMath.log(2);
  private static final int MOST_TERMS = 1_000_000;
  private static final double NEGLIGIBLE = 1e-17;

  private Tails() {}

  /** log P[X >= x] of a chi-square X of k degrees of freedom; X = 0 for k = 0. */
  public static double logChiSquareUpper(int k, double x) {
    if (x <= 0) {
      return 0;
    }
    if (k == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    return x / 2 > k / 2.0 + 1 ? logFraction(k, x) : logComplement(logSeries(k, x));
  }

  /** log P[X <= x]. */
  public static double logChiSquareLower(int k, double x) {
    if (x < 0) {
      return Double.NEGATIVE_INFINITY;
    }
    if (k == 0) {
      return 0;
    }
    if (x == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    return x / 2 > k / 2.0 + 1 ? logComplement(logFraction(k, x)) : logSeries(k, x);
  }

  /** log P[Z >= z] of a standard normal Z. */
  public static double logNormalUpper(double z) {
    double square = logChiSquareUpper(1, z * z); // of |Z|
    return z >= 0 ? square - LOG_2 : logComplement(square - LOG_2);
  }

  /** log P[X = w] of a binomial X of n trials of success rate p in (0, 1). */
  public static double logBinomial(int n, int w, double p) {
    return LogFactorial.of(n)
        - LogFactorial.of(w)
        - LogFactorial.of(n - w)
        + w * StrictMath.log(p)
        + (n - w) * StrictMath.log1p(-p);
  }

  /** log (1 - e^x) for x at most 0. */
  public static double logComplement(double x) {
    return x > -LOG_2 ? StrictMath.log(-StrictMath.expm1(x)) : StrictMath.log1p(-StrictMath.exp(x));
  }

  /** log (e^x + e^y). */
  public static double logSum(double x, double y) {
    double larger = Math.max(x, y);
    return larger == Double.NEGATIVE_INFINITY
        ? larger
        : larger + StrictMath.log1p(StrictMath.exp(Math.min(x, y) - larger));
  }

  /** log of {@code y^a e^(-y) / Gamma(a)}, a = k/2, y = x/2. */
  private static double logFactor(int k, double x) {
    double gamma =
        k % 2 == 0
            ? LogFactorial.of(k / 2 - 1)
            : LogFactorial.of(k - 1) - LogFactorial.of((k - 1) / 2) - (k - 1) * LOG_2 + LOG_SQRT_PI;
    return k / 2.0 * StrictMath.log(x / 2) - x / 2 - gamma;
  }

  /** The lower tail by its power series (Abramowitz and Stegun 6.5.29). */
  private static double logSeries(int k, double x) {
    double a = k / 2.0;
    double y = x / 2;
    double term = 1 / a;
    double sum = term;
    for (int n = 1; n < MOST_TERMS && term > NEGLIGIBLE * sum; n++) {
      term *= y / (a + n);
      sum += term;
    }
    return logFactor(k, x) + StrictMath.log(sum);
  }

  /** The upper tail by its continued fraction (Abramowitz and Stegun 6.5.31), by Lentz. */
  private static double logFraction(int k, double x) {
    double a = k / 2.0;
    double b = x / 2 + 1 - a;
    double c = Double.MAX_VALUE;
    double d = 1 / b;
    double value = d;
    double factor = 0;
    for (int n = 1; n < MOST_TERMS && Math.abs(factor - 1) > NEGLIGIBLE * 10; n++) {
      double numerator = -n * (n - a);
      b += 2;
      d = 1 / (numerator * d + b);
      c = b + numerator / c;
      factor = c * d;
      value *= factor;
    }
    return logFactor(k, x) + StrictMath.log(value);
  }
}
