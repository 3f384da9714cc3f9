package org.rnnsweep.driver.plan;

import java.util.List;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.TrialGroup;

/**
 * The groups of trials that one Spark task runs, one after the other.
 *
 * @param groups at least one
 * @param flops sum over the groups
 * @param memoryBytes largest of the groups
 * @param repeat 0 at first; 1 or 2 where the only trial was lost or ran out of memory before and
 *     now runs alone in its process
 */
public record Bundle(List<TrialGroup> groups, double flops, long memoryBytes, int repeat) {

  /** Groups that run for the first time. */
  public Bundle(List<TrialGroup> groups, double flops, long memoryBytes) {
    this(groups, flops, memoryBytes, 0);
  }

  /**
   * One trial alone, once more: with twice the declared memory, then four times.
   *
   * @param cost what the job declared
   * @param repeat from 1
   */
  public static Bundle again(TrialGroup group, Cost cost, int repeat) {
    long declared = cost.memoryBytes();
    long memory = declared > Long.MAX_VALUE >> repeat ? Long.MAX_VALUE : declared << repeat;
    return new Bundle(List.of(group), cost.flops(), memory, repeat);
  }

  /** Trials in all groups. */
  public int trials() {
    return groups.stream().mapToInt(group -> group.trials().size()).sum();
  }
}
