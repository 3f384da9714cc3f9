package org.rnnsweep.kernels.concepts;

import java.util.Locale;

/**
 * The complexities of Wang, Shen, Hu and Cao, Section 2, and of Allen-Zhu and Li, Section 2: sums
 * over Taylor coefficients, in logarithms, or positive infinity where a sum diverges.
 *
 * <pre>
 * (6)  C(psi, R)   = 1 + sum i |c_i| R^i
 * (7)  C_N(psi, R) = 1 + L^(3N/2) C_1^N S_N(psi, R),
 *      S_N(psi, R) = sum sqrt(C_(N,i)) (i/N)^N |c_i| R^i,  i from N,
 * </pre>
 *
 * C_(N,i) the largest multinomial coefficient of i in N positive parts: as equal as possible. Terms
 * with i below N, where it is not defined, are left out.
 */
public final class Complexity {
  /** C_1 in (7): the paper only says above 100. */
  public static final double C_1 = 100;

  private static final int MOST_TERMS = 1_000_000;
  private static final double NEGLIGIBLE = Math.log(1e-18);

  private Complexity() {}

  /** log of (6); infinite where the sum diverges. */
  public static double logPlain(Link link, double radius) {
    checkRadius(radius);
    double sum = logSum(link, radius, 1, i -> StrictMath.log(i));
    return logOnePlus(sum);
  }

  /** log S_N; minus infinity if there are no terms, infinite where the sum diverges. */
  public static double logManyVariables(Link link, int variables, double radius) {
    checkRadius(radius);
    if (variables < 1) {
      throw new IllegalArgumentException("at least 1 variable is needed, found " + variables);
    }
    return logSum(
        link,
        radius,
        variables,
        i ->
            0.5 * logLargestMultinomial(variables, i)
                + variables * StrictMath.log((double) i / variables));
  }

  /** log C_(N,i), i at least N. */
  public static double logLargestMultinomial(int variables, int i) {
    int part = i / variables;
    int larger = i % variables;
    return LogFactorial.of(i)
        - larger * LogFactorial.of(part + 1)
        - (variables - larger) * LogFactorial.of(part);
  }

  /**
   * (10): log of {@code L^3.5} times the sum of (6) over so many terms of one link, R = C_0 sqrt L.
   *
   * @param terms how many positions have such a term
   */
  public static double logAdditive(Link link, int length, double ratio, double terms) {
    return 3.5 * StrictMath.log(length)
        + StrictMath.log(terms)
        + logPlain(link, ratio * Math.sqrt(length));
  }

  /** The first entry of the minimum in (12): log of {@code L^2 C_N(psi, C_0 sqrt L)}. */
  public static double logByVariables(Link link, int length, double ratio, int variables) {
    double sum =
        1.5 * variables * StrictMath.log(length)
            + variables * StrictMath.log(C_1)
            + logManyVariables(link, variables, ratio * Math.sqrt(length));
    return 2 * StrictMath.log(length) + logOnePlus(sum);
  }

  /** The second: log of {@code L^3.5 C(psi, 2^l_0 C_0 sqrt L)}. */
  public static double logByDistance(Link link, int length, double ratio, int distance) {
    return 3.5 * StrictMath.log(length)
        + logPlain(link, StrictMath.pow(2, distance) * ratio * Math.sqrt(length));
  }

  /**
   * log of the sample complexity {@code C_s(psi, R) = C* sum (i + 1)^1.75 R^i |c_i|} of Allen-Zhu
   * and Li, Section 2; infinite where the sum diverges.
   *
   * @param constant C*
   */
  public static double logSample(Link link, double radius, double constant) {
    checkRadius(radius);
    return StrictMath.log(constant) + logSum(link, radius, 1, i -> 1.75 * StrictMath.log(i + 1.0));
  }

  /**
   * log of their complexity at an accuracy, {@code C_eps(psi, R) = sum ((C* R)^i + (C* R sqrt(ln(1
   * / eps) / i))^i) |c_i|} over i from 1; infinite where the sum diverges.
   *
   * @param constant C*
   * @param logAccuracy ln(1 / eps), positive
   */
  public static double logAtAccuracy(
      Link link, double radius, double constant, double logAccuracy) {
    checkRadius(radius);
    if (!(logAccuracy > 0 && logAccuracy < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("ln(1/eps) is positive and finite, found " + logAccuracy);
    }
    double plain = logSum(link, constant * radius, 1, i -> 0);
    double tail =
        logSum(
            link, constant * radius * Math.sqrt(logAccuracy), 1, i -> -0.5 * i * StrictMath.log(i));
    double larger = Math.max(plain, tail);
    return larger == Double.POSITIVE_INFINITY
        ? larger
        : larger + StrictMath.log1p(StrictMath.exp(Math.min(plain, tail) - larger));
  }

  private interface Weight {
    double log(int i);
  }

  /**
   * log of the sum of exp(weight) |c_i| R^i. It has converged once a term is negligible and the
   * terms fall; a sum that has not within a million terms, or whose terms overflow, diverges.
   */
  private static double logSum(Link link, double radius, int first, Weight weight) {
    double logRadius = StrictMath.log(radius);
    double largest = Double.NEGATIVE_INFINITY;
    double scaled = 0; // the sum over exp(largest)
    double before = Double.NEGATIVE_INFINITY;
    int last = Math.min(link.degree(), MOST_TERMS);
    for (int i = first; i <= last; i++) {
      double coefficient = link.logCoefficient(i);
      if (coefficient == Double.NEGATIVE_INFINITY) {
        continue;
      }
      double term = coefficient + weight.log(i) + i * logRadius;
      if (term > largest) {
        scaled = scaled * StrictMath.exp(largest - term) + 1;
        largest = term;
      } else {
        scaled += StrictMath.exp(term - largest);
      }
      double sum = largest + StrictMath.log(scaled);
      if (i > first && term < before && term - sum < NEGLIGIBLE) {
        return sum;
      }
      before = term;
    }
    if (link.degree() > MOST_TERMS) {
      return Double.POSITIVE_INFINITY;
    }
    return scaled > 0 ? largest + StrictMath.log(scaled) : Double.NEGATIVE_INFINITY;
  }

  private static double logOnePlus(double logSum) {
    return logSum > 0
        ? logSum + StrictMath.log1p(StrictMath.exp(-logSum))
        : StrictMath.log1p(StrictMath.exp(logSum));
  }

  private static void checkRadius(double radius) {
    if (!(radius > 0 && radius < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "a radius is positive and finite, found %s", radius));
    }
  }
}
