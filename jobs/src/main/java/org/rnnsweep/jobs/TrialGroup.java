package org.rnnsweep.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Trials that one pass computes: equal but for the values on the job's shared axes and, of a job
 * that takes several seeds together, the seed index.
 *
 * @param trials at least one; in any order, and of two seeds not always at the same values
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
   * @throws IllegalStateException if there are more: the job shares no axis and takes a seed alone
   */
  public Trial only() {
    if (trials.size() > 1) {
      throw new IllegalStateException("trials of this job share no pass, found " + trials.size());
    }
    return trials.get(0);
  }

  /** Any member: they agree on everything but the shared axes and the seed index. */
  public Trial first() {
    return trials.get(0);
  }

  /** The same trials, a group a seed, in the order in which the seeds first appear. */
  public List<TrialGroup> bySeed() {
    Map<Integer, List<Trial>> seeds = new LinkedHashMap<>();
    for (Trial trial : trials) {
      seeds.computeIfAbsent(trial.seedIndex(), seed -> new ArrayList<>()).add(trial);
    }
    return seeds.values().stream().map(TrialGroup::new).toList();
  }

  /** What makes one of the results. */
  public interface Step {
    /** The result at this value of the axis. */
    TrialResult to(double value) throws InterruptedException;
  }

  /**
   * Steps that go on from each other, from the largest value of an axis to the least; of a group of
   * one seed.
   */
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
