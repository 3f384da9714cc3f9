package org.rnnsweep.driver.execute;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.rnnsweep.jobs.Outcome;

/**
 * How a run ended.
 *
 * @param ending whether the plan was run to its end
 * @param counts trials by outcome, of the bundles that reported; absent is none
 * @param errors what went wrong, each kind of error once, the most frequent first
 * @param seconds wall time, waiting for plans that run beside it included
 * @param trialSeconds what the trials took, summed
 */
public record RunSummary(
    Ending ending,
    Map<Outcome, Integer> counts,
    List<TrialError> errors,
    double seconds,
    double trialSeconds) {

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

  /**
   * This run and the one after it as one: how the later ended, counts, errors and times of both.
   */
  RunSummary then(RunSummary later) {
    Map<Outcome, Integer> both = new EnumMap<>(Outcome.class);
    both.putAll(counts);
    later.counts.forEach((outcome, trials) -> both.merge(outcome, trials, Integer::sum));
    Map<String, TrialError> once = new LinkedHashMap<>();
    Stream.concat(errors.stream(), later.errors.stream())
        .forEach(
            error ->
                once.merge(
                    error.outcome() + " " + error.message(),
                    error,
                    (a, b) ->
                        new TrialError(
                            a.outcome(), a.message(), a.trialId(), a.trials() + b.trials())));
    return new RunSummary(
        later.ending,
        both,
        List.copyOf(once.values()),
        seconds + later.seconds,
        trialSeconds + later.trialSeconds);
  }
}
