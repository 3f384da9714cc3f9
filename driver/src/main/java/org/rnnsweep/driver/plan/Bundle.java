package org.rnnsweep.driver.plan;

import java.util.List;
import org.rnnsweep.jobs.TrialGroup;

/**
 * The groups of trials that one Spark task runs, one after the other.
 *
 * @param groups at least one
 * @param flops sum over the groups
 * @param memoryBytes largest of the groups
 */
public record Bundle(List<TrialGroup> groups, double flops, long memoryBytes) {
  /** Trials in all groups. */
  public int trials() {
    return groups.stream().mapToInt(group -> group.trials().size()).sum();
  }
}
