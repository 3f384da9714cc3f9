package org.rnnsweep.driver.analyse;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Outcome;

/**
 * One configuration of an experiment and the trials of it that the store holds.
 *
 * @param configuration the point of the axes
 * @param trials one record a seed index, ascending; seeds that have not run are absent
 */
public record SummaryCell(Configuration configuration, SortedMap<Integer, TrialRecord> trials) {

  public SummaryCell {
    trials = Collections.unmodifiableSortedMap(trials);
  }

  /** How many trials ended how; outcomes that did not occur are absent. */
  public Map<Outcome, Integer> outcomes() {
    Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    trials.values().forEach(record -> counts.merge(record.outcome(), 1, Integer::sum));
    return counts;
  }

  /** How many trials completed. */
  public int completed() {
    return outcomes().getOrDefault(Outcome.COMPLETED, 0);
  }

  /**
   * Values of a scalar metric by seed index, ascending: one for each completed trial that has it.
   */
  public Map<Integer, Double> values(String metric) {
    Map<Integer, Double> values = new LinkedHashMap<>();
    trials.forEach(
        (seed, record) -> {
          Double value = record.metrics().get(metric);
          if (record.outcome() == Outcome.COMPLETED && value != null) {
            values.put(seed, value);
          }
        });
    return values;
  }

  /** Statistics of a scalar metric over the completed trials; empty if none has it. */
  public Optional<SummaryStatistics> statistics(String metric) {
    double[] values = values(metric).values().stream().mapToDouble(v -> v).toArray();
    return values.length == 0 ? Optional.empty() : Optional.of(SummaryStatistics.of(values));
  }
}
