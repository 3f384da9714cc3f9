package org.rnnsweep.driver.analyse;

import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.rnnsweep.kernels.stats.Estimate;

/** The power of a t-test, by integrating a normal tail over the law of the variance estimate. */
final class StudentPower {
  private StudentPower() {}

  /** P((Z + distance) / sqrt(V / (n-1)) > t_(n-1)(1 - tail)), V chi-squared with n - 1 degrees. */
  static double above(double distance, int count, double tail) {
    double quantile = Estimate.quantile(count, tail);
    NormalDistribution normal = NormalDistribution.of(0, 1);
    ChiSquaredDistribution variance = ChiSquaredDistribution.of(count - 1.0);
    // The midpoint rule in probability: the integrand is bounded and smooth inside (0, 1).
    int steps = 2000;
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      double v = variance.inverseCumulativeProbability((i + 0.5) / steps);
      sum += normal.survivalProbability(quantile * Math.sqrt(v / (count - 1)) - distance);
    }
    return sum / steps;
  }
}
