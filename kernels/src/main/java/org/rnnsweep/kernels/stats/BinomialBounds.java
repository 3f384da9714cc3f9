package org.rnnsweep.kernels.stats;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;

/**
 * Clopper and Pearson's exact bounds for a probability: never more than the stated error on either
 * side, whatever the probability.
 *
 * @param count n trials
 * @param successes of these
 */
public record BinomialBounds(int count, int successes) implements Measured {
  public BinomialBounds {
    if (count < 1 || successes < 0 || successes > count) {
      throw new IllegalArgumentException("not " + successes + " of " + count + " trials");
    }
  }

  /** Lower bound, above the truth with probability at most {@code tail} (below 0.5). */
  @Override
  public double lo(double tail) {
    return BinomialConfidenceInterval.CLOPPER_PEARSON
        .fromErrorRate(count, successes, 2 * tail)
        .getLowerBound();
  }

  /** Upper bound, below the truth with probability at most {@code tail} (below 0.5). */
  @Override
  public double hi(double tail) {
    return BinomialConfidenceInterval.CLOPPER_PEARSON
        .fromErrorRate(count, successes, 2 * tail)
        .getUpperBound();
  }

  /** Share of successes. */
  @Override
  public double value() {
    return (double) successes / count;
  }

  /** Probability of at least so many successes, were the truth {@code probability}. */
  @Override
  public double tailAbove(double probability) {
    return law(probability).survivalProbability(successes - 1);
  }

  /** Probability of at most so many. */
  @Override
  public double tailBelow(double probability) {
    return law(probability).cumulativeProbability(successes);
  }

  /** Of the nearest probability: an end of an allowed set may lie outside 0 to 1. */
  private BinomialDistribution law(double probability) {
    return BinomialDistribution.of(count, Math.max(0, Math.min(1, probability)));
  }
}
