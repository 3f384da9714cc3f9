package org.rnnsweep.driver.execute;

/**
 * How far a run is. Work is counted in the plan's flops, and bundles that are under way in this
 * process count in part: bundles differ a thousandfold in size, so their number says little.
 *
 * @param bundlesDone bundles that reported
 * @param bundles bundles of the plan
 * @param trialsDone trials in them
 * @param trials trials of the plan
 * @param flopsDone estimated work done
 * @param flops estimated work of the plan
 * @param running bundles under way
 * @param failed trials that ended unsettled: failed, out of memory, timed out or lost
 * @param elapsedSeconds since the run began
 */
public record RunProgress(
    int bundlesDone,
    int bundles,
    int trialsDone,
    int trials,
    double flopsDone,
    double flops,
    int running,
    int failed,
    double elapsedSeconds) {

  /** Work done over all work, from 0 to 1. */
  public double fraction() {
    if (bundlesDone == bundles) {
      return 1;
    }
    return flops > 0 ? Math.min(flopsDone / flops, 1) : (double) bundlesDone / bundles;
  }

  /** Seconds left if work goes on at its mean rate so far; NaN while nothing is done. */
  public double secondsLeft() {
    double fraction = fraction();
    return fraction > 0 ? elapsedSeconds * (1 - fraction) / fraction : Double.NaN;
  }
}
