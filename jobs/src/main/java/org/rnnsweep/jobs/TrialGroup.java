package org.rnnsweep.jobs;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

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

  /**
   * The trial of a group of one.
   *
   * @throws IllegalStateException if there are more: the job shares no axis
   */
  public Trial only() {
    if (trials.size() > 1) {
      throw new IllegalStateException("trials of this job share no pass, found " + trials.size());
    }
    return trials.get(0);
  }

  /** Any member: they agree on everything but the shared axes. */
  public Trial first() {
    return trials.get(0);
  }

  /** What makes one of the results. */
  public interface Step {
    /** The result at this value of the axis. */
    TrialResult to(double value) throws InterruptedException;
  }

  /** Steps that go on from each other, from the largest value of an axis to the least. */
  public List<TrialResult> fromLargest(String axis, Step step) throws InterruptedException {
    ToDoubleFunction<Integer> value = k -> trials.get(k).configuration().real(axis);
    TrialResult[] results = new TrialResult[trials.size()];
    Integer[] order = new Integer[results.length];
    Arrays.setAll(order, k -> k);
    Arrays.sort(order, Comparator.comparingDouble(value).reversed());
    for (int k : order) {
      results[k] = step.to(value.applyAsDouble(k));
    }
    return Arrays.asList(results);
  }
}
