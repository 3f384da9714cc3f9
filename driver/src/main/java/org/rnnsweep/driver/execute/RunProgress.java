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
 * @param secondsLeft until the last bundle ends, by {@link TimeLeft}; NaN while nothing is known
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
    double elapsedSeconds,
    double secondsLeft) {

  /** Work done over all work, from 0 to 1. */
  public double fraction() {
    if (bundlesDone == bundles) {
      return 1;
    }
    return flops > 0 ? Math.min(flopsDone / flops, 1) : (double) bundlesDone / bundles;
  }
}
