package org.rnnsweep.kernels.stats;

/** A quantity with one-sided confidence bounds. */
public interface Measured {

  /** The estimate. */
  double value();

  /** Lower bound that is above the truth with probability at most {@code tail}. */
  double lo(double tail);

  /** Upper bound that is below the truth with probability at most {@code tail}. */
  double hi(double tail);

  /** Probability, were the truth {@code value}, of an estimate at least so far above it. */
  double tailAbove(double value);

  /** Probability, were the truth {@code value}, of an estimate at least so far below it. */
  double tailBelow(double value);
}
