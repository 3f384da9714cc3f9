package org.rnnsweep.driver.config;

/**
 * When a run may end before its last seed. It is asked at the planned looks and nowhere else, so
 * that a run is a prefix of the one with all seeds.
 *
 * @param rule what must be there
 * @param metric for {@link Rule#NARROW}; else empty
 * @param relativeHalfWidth for {@link Rule#NARROW}; else NaN
 */
public record Until(Rule rule, String metric, double relativeHalfWidth) {

  /** What ends a run. */
  public enum Rule {
    /** Nothing but the last seed. */
    ALL,
    /** A verdict other than UNDECIDED on every row of every claim. */
    DECIDED,
    /**
     * In every configuration a mean of the metric whose 95% interval is so narrow: tails divided by
     * the number of looks, half-width over the absolute mean.
     */
    NARROW
  }

  /** Every seed is run. */
  public static final Until ALL_SEEDS = new Until(Rule.ALL, "", Double.NaN);

  /** Until every claim is decided. */
  public static final Until DECIDED = new Until(Rule.DECIDED, "", Double.NaN);

  /** Until the mean of a metric is known so well. */
  public static Until narrow(String metric, double relativeHalfWidth) {
    return new Until(Rule.NARROW, metric, relativeHalfWidth);
  }

  /** As in an experiment file. */
  @Override
  public String toString() {
    return switch (rule) {
      case ALL -> "all";
      case DECIDED -> "decided";
      case NARROW -> metric + " is known to " + relativeHalfWidth;
    };
  }
}
