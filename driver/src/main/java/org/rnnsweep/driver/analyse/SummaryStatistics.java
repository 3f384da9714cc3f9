package org.rnnsweep.driver.analyse;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * What n values of one metric, one a seed, say together.
 *
 * @param n how many values, at least 1
 * @param mean arithmetic mean
 * @param sd standard deviation with divisor n - 1; NaN if n = 1
 * @param median middle value, or mean of the two middle values
 * @param ci95Low lower end of {@code mean -+ t_(n-1)(0.975) sd / sqrt(n)}; NaN if n = 1
 * @param ci95High upper end of the same
 * @param min smallest value
 * @param max largest value
 */
public record SummaryStatistics(
    int n,
    double mean,
    double sd,
    double median,
    double ci95Low,
    double ci95High,
    double min,
    double max) {

  /**
   * Of finite values in the order of seeds. Sums run in that order, first for the mean and then for
   * the squared deviations from it, so that equal content gives equal bits.
   *
   * @throws IllegalArgumentException if there is no value, or one that is not finite
   */
  public static SummaryStatistics of(double... values) {
    int n = values.length;
    if (n == 0) {
      throw new IllegalArgumentException("statistics need at least one value");
    }
    double sum = 0;
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("statistics need finite values: found " + value);
      }
      sum += value;
    }
    double mean = sum / n;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    double sd = n == 1 ? Double.NaN : Math.sqrt(squares / (n - 1));
    double half = halfWidth(n, sd);
    return new SummaryStatistics(
        n, mean, sd, median, mean - half, mean + half, sorted[0], sorted[n - 1]);
  }

  /** Standard error of the mean; NaN if n = 1. */
  public double standardError() {
    return sd / Math.sqrt(n);
  }

  private static double halfWidth(int n, double sd) {
    // The quantile is right to an absolute 1e-9, far inside the error of any sd over seeds.
    return n == 1
        ? Double.NaN
        : TDistribution.of(n - 1).inverseSurvivalProbability(0.025) * sd / Math.sqrt(n);
  }
}
