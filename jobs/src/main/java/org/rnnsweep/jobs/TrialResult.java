package org.rnnsweep.jobs;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a job says of one trial.
 *
 * @param outcome {@code COMPLETED}, {@code DIVERGED} or {@code REJECTED}; the rest is the engine's
 * @param metrics scalar metrics by name; absent where a metric does not apply
 * @param series series metrics by name
 * @param message why it diverged or was rejected; empty otherwise
 */
public record TrialResult(
    Outcome outcome, Map<String, Double> metrics, Map<String, double[]> series, String message) {

  public TrialResult {
    Objects.requireNonNull(outcome);
    Objects.requireNonNull(message);
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    series = Collections.unmodifiableMap(new LinkedHashMap<>(series));
  }

  /** A finished trial; it is {@code DIVERGED} instead if a number is not finite. */
  public static TrialResult of(Map<String, Double> metrics, Map<String, double[]> series) {
    for (Map.Entry<String, Double> entry : metrics.entrySet()) {
      if (!Double.isFinite(entry.getValue())) {
        return new TrialResult(
            Outcome.DIVERGED, metrics, series, entry.getKey() + " is " + entry.getValue());
      }
    }
    return new TrialResult(Outcome.COMPLETED, metrics, series, "");
  }

  /**
   * A trial whose numbers overflowed: a result; {@code message} says at which step, not a failure.
   */
  public static TrialResult diverged(String message) {
    return new TrialResult(Outcome.DIVERGED, Map.of(), Map.of(), message);
  }
}
