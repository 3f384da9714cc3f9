package org.rnnsweep.kernels.stats;

import java.util.Locale;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Mean of independent equally distributed numbers and its standard error.
 *
 * @param mean their mean; NaN of none
 * @param standardError sd / sqrt(n), with the n - 1 form of the variance; NaN of fewer than two
 * @param count n
 */
public record Estimate(double mean, double standardError, int count) implements Measured {

  @Override
  public double value() {
    return mean;
  }

  /** Of a sample; two passes, so that a large mean does not cost the variance its digits. */
  public static Estimate of(double[] sample) {
    int n = sample.length;
    double mean = 0;
    for (double value : sample) {
      mean += value;
    }
    mean /= n;
    double squares = 0;
    for (double value : sample) {
      squares += (value - mean) * (value - mean);
    }
    double error = n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1) / n);
    return new Estimate(mean, error, n);
  }

  /** The estimate of this quantity less a known number. */
  public Estimate minus(double known) {
    return new Estimate(mean - known, standardError, count);
  }

  /** Lower bound that is above the truth with probability {@code tail}; NaN if n is below 2. */
  @Override
  public double lo(double tail) {
    return mean - halfWidth(tail);
  }

  /** Upper bound that is below the truth with probability {@code tail}; NaN if n is below 2. */
  @Override
  public double hi(double tail) {
    return mean + halfWidth(tail);
  }

  /** t_(n-1)(1 - tail) times the standard error. */
  public double halfWidth(double tail) {
    return count < 2 ? Double.NaN : quantile(count, tail) * standardError;
  }

  /**
   * Probability, were the truth {@code value}, of a mean at least so far above it; 0 or 1 where the
   * sample does not vary.
   */
  @Override
  public double tailAbove(double value) {
    if (count < 2) {
      return Double.NaN;
    }
    if (standardError == 0) {
      return mean > value ? 0 : 1;
    }
    return TDistribution.of(count - 1.0).survivalProbability((mean - value) / standardError);
  }

  /** The same for a mean so far below. */
  @Override
  public double tailBelow(double value) {
    return new Estimate(-mean, standardError, count).tailAbove(-value);
  }

  /**
   * Distance, in standard errors, of a truth beyond a bound that a test with this tail finds with
   * probability 0.8: t_(n-1)(1 - tail) + t_(n-1)(0.8). Exact for many values; by the noncentral t
   * law the probability at this distance is 0.71, 0.75, 0.78 with 5, 8, 16 of them (tail 0.001).
   */
  public static double detectableDistance(int count, double tail) {
    return quantile(count, tail) + quantile(count, 0.2);
  }

  /**
   * t_(n-1)(1 - tail).
   *
   * @param count n, at least 2
   * @param tail above 0, below 1
   */
  public static double quantile(int count, double tail) {
    if (count < 2) {
      throw new IllegalArgumentException("Student's t needs two values, found " + count);
    }
    if (!(tail > 0 && tail < 1)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "a tail lies strictly between 0 and 1, found %s", tail));
    }
    return TDistribution.of(count - 1.0).inverseSurvivalProbability(tail);
  }

  /**
   * Half-width of the 95% interval to be expected of an exponent before anything is run: t sigma /
   * (sqrt(n) ln q sqrt(K (K^2 - 1) / 12)).
   *
   * @param sigma sd of log X over seeds, the cells of a seed independent
   * @param ratio q, of neighbouring values of the axis; above 1
   * @param points K, at least 2
   * @param count n, at least 2
   */
  public static double plannedHalfWidth(double sigma, double ratio, int points, int count) {
    if (!(sigma >= 0) || !(ratio > 1) || points < 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "sigma must be at least 0, ratio above 1, points at least 2; found %s, %s, %d",
              sigma,
              ratio,
              points));
    }
    double k = points;
    double spread = Math.log(ratio) * Math.sqrt(k * (k * k - 1) / 12);
    return quantile(count, 0.025) * sigma / (Math.sqrt(count) * spread);
  }
}
