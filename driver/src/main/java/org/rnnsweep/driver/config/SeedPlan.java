package org.rnnsweep.driver.config;

import java.util.List;

/**
 * Which Monte-Carlo draws an experiment makes.
 *
 * @param root root seed, recorded in the file and never shopped for
 * @param count seed indices 0 .. count-1 are run
 * @param looks seed counts at which verdicts may be taken, ascending; the last is {@code count}
 * @param until what ends a run at an earlier look
 */
public record SeedPlan(long root, int count, List<Integer> looks, Until until) {

  /** Every seed is run. */
  public SeedPlan(long root, int count, List<Integer> looks) {
    this(root, count, looks, Until.ALL_SEEDS);
  }

  /** Whether a run may end before its last seed. */
  public boolean isAdaptive() {
    return until.rule() != Until.Rule.ALL;
  }
}
