package org.rnnsweep.driver.execute;

import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Outcome;

/**
 * How a run ended.
 *
 * @param ending whether the plan was run to its end
 * @param counts trials by outcome, of the bundles that reported; absent is none
 * @param errors what went wrong, each kind of error once, the most frequent first
 * @param seconds wall time
 */
public record RunSummary(
    Ending ending, Map<Outcome, Integer> counts, List<TrialError> errors, double seconds) {

  /** Whether a plan was run to its end. */
  public enum Ending {
    FINISHED,
    CANCELLED,
    /** The first trials all failed with one and the same error. */
    STOPPED
  }

  /**
   * One kind of trouble.
   *
   * @param outcome how those trials ended
   * @param message first line of what is stored with one of them; the others' differ in numbers
   * @param trialId that one
   * @param trials how many
   */
  public record TrialError(Outcome outcome, String message, String trialId, int trials) {}

  /** Trials that ended this way. */
  public int count(Outcome outcome) {
    return counts.getOrDefault(outcome, 0);
  }

  /** Trials that ended in any way. */
  public int trials() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Trials that a resumed run would run again. */
  public int unsettled() {
    return counts.entrySet().stream()
        .filter(entry -> !entry.getKey().settled())
        .mapToInt(Map.Entry::getValue)
        .sum();
  }
}
