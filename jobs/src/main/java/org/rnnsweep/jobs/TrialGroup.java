package org.rnnsweep.jobs;

import java.util.List;

/**
 * Trials that one pass computes: equal but for the values on the job's shared axes.
 *
 * @param trials at least one
 */
public record TrialGroup(List<Trial> trials) {
  public TrialGroup {
    trials = List.copyOf(trials);
    if (trials.isEmpty()) {
      throw new IllegalArgumentException("a group has at least one trial");
    }
  }

  /** A group of one. */
  public static TrialGroup of(Trial trial) {
    return new TrialGroup(List.of(trial));
  }

  /** Any member: they agree on everything but the shared axes. */
  public Trial first() {
    return trials.get(0);
  }
}
