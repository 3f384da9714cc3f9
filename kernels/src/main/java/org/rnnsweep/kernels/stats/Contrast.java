package org.rnnsweep.kernels.stats;

import java.util.Arrays;
import java.util.Locale;

/**
 * A linear statistic theta = sum_i c_i y_i of K values, one at each point of an axis. Immutable.
 *
 * <p>Every slope here is the ordinary least-squares slope of y on the abscissae it was built from:
 * c_i = (x_i - mean x) / sum_j (x_j - mean x)^2. Give log x for an exponent, x for a rate.
 */
public final class Contrast {
  private final double[] coefficients;

  private Contrast(double[] coefficients) {
    this.coefficients = coefficients;
  }

  /**
   * Least-squares slope of y on x.
   *
   * @param x at least two strictly increasing finite abscissae
   */
  public static Contrast slope(double[] x) {
    requireIncreasing(x);
    return slopeOf(x, 0, x.length);
  }

  /**
   * Slope of the lower half. K = 2h + 1 points: the first h + 1, so that the halves share the
   * middle point; K = 2h points: the first h + 1, so that they share the two middle ones.
   *
   * @param x at least three strictly increasing finite abscissae
   */
  public static Contrast lowerSlope(double[] x) {
    requireHalves(x);
    return slopeOf(x, 0, x.length / 2 + 1);
  }

  /** Slope of the upper half: the mirror image of {@link #lowerSlope}. */
  public static Contrast upperSlope(double[] x) {
    requireHalves(x);
    return slopeOf(x, (x.length - 1) / 2, x.length);
  }

  /**
   * The slope expected just beyond the range, 2 (slope of the upper half) - (slope of the lower
   * half): exact for a parabola in x, at a distance beyond the last point of a quarter of the range
   * when K is odd and the points are equally spaced.
   */
  public static Contrast nextSlope(double[] x) {
    return upperSlope(x).times(2).minus(lowerSlope(x));
  }

  /**
   * Slope between points {@code at} and {@code at + 1}.
   *
   * @param x strictly increasing finite abscissae
   */
  public static Contrast localSlope(double[] x, int at) {
    requireIncreasing(x);
    return slopeOf(x, at, at + 2);
  }

  /** y_(at+1) - y_at of {@code points} values. */
  public static Contrast difference(int points, int at) {
    return point(points, at + 1).minus(point(points, at));
  }

  /** y_at alone, of {@code points} values. */
  public static Contrast point(int points, int at) {
    double[] c = new double[points];
    c[at] = 1;
    return new Contrast(c);
  }

  /**
   * s_top - 1.5 s_prev, where s_top and s_prev are the slopes d log X / d log L of the last two
   * octaves. Less 0.5 it tells growth laws apart: for a power law s_top = s_prev, and the statistic
   * is negative for every power above -1; for an exponential s_top = 2 s_prev, and it is positive
   * as soon as s_top is above 2.
   *
   * @param logL at least three abscissae log L
   */
  public static Contrast octaveShape(double[] logL) {
    int last = logL.length - 2;
    return localSlope(logL, last).minus(localSlope(logL, last - 1).times(1.5));
  }

  private static Contrast slopeOf(double[] x, int from, int to) {
    double mean = 0;
    for (int i = from; i < to; i++) {
      mean += x[i] / (to - from);
    }
    double squares = 0;
    for (int i = from; i < to; i++) {
      squares += (x[i] - mean) * (x[i] - mean);
    }
    double[] c = new double[x.length];
    for (int i = from; i < to; i++) {
      c[i] = (x[i] - mean) / squares;
    }
    return new Contrast(c);
  }

  private static void requireIncreasing(double[] x) {
    if (x.length < 2) {
      throw new IllegalArgumentException("a slope needs two points, found " + x.length);
    }
    for (int i = 0; i < x.length; i++) {
      if (!Double.isFinite(x[i]) || i > 0 && !(x[i] > x[i - 1])) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "abscissae must be finite and increase: %s", Arrays.toString(x)));
      }
    }
  }

  private static void requireHalves(double[] x) {
    requireIncreasing(x);
    if (x.length < 3) {
      throw new IllegalArgumentException("two halves need three points, found " + x.length);
    }
  }

  /** This contrast times a number. */
  public Contrast times(double factor) {
    return new Contrast(Arrays.stream(coefficients).map(c -> factor * c).toArray());
  }

  /** The difference of two contrasts of equally many points. */
  public Contrast minus(Contrast other) {
    if (other.points() != points()) {
      throw new IllegalArgumentException(
          "contrasts of " + points() + " and of " + other.points() + " points");
    }
    double[] c = coefficients.clone();
    for (int i = 0; i < c.length; i++) {
      c[i] -= other.coefficients[i];
    }
    return new Contrast(c);
  }

  /** How many values it takes. */
  public int points() {
    return coefficients.length;
  }

  /** sum_i c_i y_i; values with coefficient zero are not looked at, so they may be NaN. */
  public double of(double[] y) {
    if (y.length != coefficients.length) {
      throw new IllegalArgumentException(
          "a contrast of " + coefficients.length + " points, found " + y.length + " values");
    }
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      if (coefficients[i] != 0) {
        sum += coefficients[i] * y[i];
      }
    }
    return sum;
  }

  /** The estimate from blocks y[s][i], s = 0 .. n-1, i = 0 .. K-1. */
  public Estimate estimate(double[][] y) {
    double[] theta = new double[y.length];
    for (int s = 0; s < theta.length; s++) {
      theta[s] = of(y[s]);
    }
    return Estimate.of(theta);
  }
}
