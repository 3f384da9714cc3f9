package org.rnnsweep.kernels.concepts;

import java.util.Locale;

/**
 * An analytic function psi with its Taylor coefficients c_i about 0, so that its complexities are
 * exact.
 *
 * @param kind which function
 * @param parameter its parameter p or omega; 0 where there is none
 */
public record Link(Kind kind, double parameter) {

  /** The functions there are. */
  public enum Kind {
    /** z^p. */
    POWER,
    /** The Chebyshev polynomial T_p. */
    CHEBYSHEV,
    /** exp(z) - 1. */
    EXP,
    /** sin(omega z). */
    SINE,
    /** arctan(z / 2). */
    ARCTAN
  }

  private static final int MOST_DEGREE = 60;

  public Link {
    boolean polynomial = kind == Kind.POWER || kind == Kind.CHEBYSHEV;
    if (polynomial
        && !(parameter >= 1 && parameter <= MOST_DEGREE && parameter == Math.rint(parameter))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a polynomial's degree is an integer from 1 to %d, found %s",
              MOST_DEGREE,
              parameter));
    }
    if (kind == Kind.SINE && !(parameter > 0 && parameter < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("a frequency is positive and finite, found " + parameter);
    }
  }

  /** z^p. */
  public static Link power(int p) {
    return new Link(Kind.POWER, p);
  }

  /** T_p. */
  public static Link chebyshev(int p) {
    return new Link(Kind.CHEBYSHEV, p);
  }

  /** exp(z) - 1. */
  public static Link exp() {
    return new Link(Kind.EXP, 0);
  }

  /** sin(omega z). */
  public static Link sine(double omega) {
    return new Link(Kind.SINE, omega);
  }

  /** arctan(z / 2). */
  public static Link arctan() {
    return new Link(Kind.ARCTAN, 0);
  }

  /** The degree of a polynomial, otherwise {@link Integer#MAX_VALUE}. */
  public int degree() {
    return kind == Kind.POWER || kind == Kind.CHEBYSHEV ? (int) parameter : Integer.MAX_VALUE;
  }

  /** psi(z). */
  public double value(double z) {
    return switch (kind) {
      case POWER -> StrictMath.pow(z, parameter);
      case CHEBYSHEV -> chebyshev(z);
      case EXP -> StrictMath.expm1(z);
      case SINE -> StrictMath.sin(parameter * z);
      case ARCTAN -> StrictMath.atan(z / 2);
    };
  }

  private double chebyshev(double z) {
    double before = 1;
    double now = z;
    for (int k = 1; k < parameter; k++) {
      double next = 2 * z * now - before;
      before = now;
      now = next;
    }
    return now;
  }

  /** c_i, i at least 1. */
  public double coefficient(int i) {
    boolean negative =
        switch (kind) {
          case POWER, EXP -> false;
          case CHEBYSHEV -> i <= parameter && ((int) parameter - i) / 2 % 2 == 1;
          case SINE, ARCTAN -> i / 2 % 2 == 1;
        };
    double size = StrictMath.exp(logCoefficient(i));
    return negative ? -size : size;
  }

  /** log |c_i|, i at least 1; minus infinity where c_i is 0. */
  public double logCoefficient(int i) {
    return switch (kind) {
      case POWER -> i == parameter ? 0 : Double.NEGATIVE_INFINITY;
      case CHEBYSHEV -> logChebyshev(i);
      case EXP -> -LogFactorial.of(i);
      case SINE ->
          i % 2 == 1
              ? i * StrictMath.log(parameter) - LogFactorial.of(i)
              : Double.NEGATIVE_INFINITY;
      case ARCTAN ->
          i % 2 == 1 ? -i * StrictMath.log(2) - StrictMath.log(i) : Double.NEGATIVE_INFINITY;
    };
  }

  /** |c_(p-2k)| = 2^(p-2k-1) p / (p - k) C(p - k, k). */
  private double logChebyshev(int i) {
    int p = (int) parameter;
    if (i > p || (p - i) % 2 != 0) {
      return Double.NEGATIVE_INFINITY;
    }
    int k = (p - i) / 2;
    return (i - 1) * StrictMath.log(2)
        + StrictMath.log((double) p / (p - k))
        + LogFactorial.of(p - k)
        - LogFactorial.of(k)
        - LogFactorial.of(p - 2 * k);
  }
}
