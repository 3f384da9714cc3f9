package org.rnnsweep.driver.analyse;

/**
 * The closed interval of values that a statement allows; an end may be infinite.
 *
 * @param low least allowed value
 * @param high greatest allowed value
 */
public record AllowedSet(double low, double high) {
  public AllowedSet {
    if (!(low <= high)) {
      throw new IllegalArgumentException("no value lies between " + low + " and " + high);
    }
  }

  /** What a comparison with a bound allows; increasing is at least, decreasing at most. */
  static AllowedSet of(Relation.Direction direction, double bound) {
    return switch (direction) {
      case AT_MOST, DECREASING -> new AllowedSet(Double.NEGATIVE_INFINITY, bound);
      case AT_LEAST, INCREASING -> new AllowedSet(bound, Double.POSITIVE_INFINITY);
      case EQUAL -> new AllowedSet(bound, bound);
      case NONE -> throw new IllegalArgumentException("no direction");
    };
  }

  /** This set and everything nearer to it than {@code by}. */
  AllowedSet widened(double by) {
    return new AllowedSet(low - by, high + by);
  }

  boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** How far a value lies outside; negative inside, by the distance to the nearer end. */
  double excess(double value) {
    return Math.max(value - high, low - value);
  }
}
