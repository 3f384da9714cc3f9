package org.rnnsweep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.Provenance;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;

/**
 * What two stores must have in common of one trial: its inputs, how it ended, and every bit of its
 * numbers, but not where it ran.
 */
record StoredTrial(
    Trial trial,
    Outcome outcome,
    String message,
    Map<String, Long> metricBits,
    Map<String, List<Long>> seriesBits) {

  private static StoredTrial of(TrialRecord record) {
    Map<String, Long> metrics = new TreeMap<>();
    record.metrics().forEach((name, value) -> metrics.put(name, Double.doubleToRawLongBits(value)));
    Map<String, List<Long>> series = new TreeMap<>();
    record
        .series()
        .forEach(
            (name, values) ->
                series.put(
                    name, Arrays.stream(values).mapToObj(Double::doubleToRawLongBits).toList()));
    return new StoredTrial(record.trial(), record.outcome(), record.message(), metrics, series);
  }

  /** Every trial of a store by its id; fails if the store has anything to complain of. */
  static SortedMap<String, StoredTrial> all(Path store) throws IOException {
    return records(store).entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, entry -> of(entry.getValue()), (a, b) -> a, TreeMap::new));
  }

  /** Where every trial ran. */
  static List<Provenance> provenance(Path store) throws IOException {
    return records(store).values().stream().map(TrialRecord::provenance).toList();
  }

  static Map<String, TrialRecord> records(Path store) throws IOException {
    Map<String, TrialRecord> records = new TreeMap<>();
    List<String> problems =
        FolderTrialStore.open(store.toUri().toString(), new Configuration())
            .scan(record -> records.put(record.trialId(), record));
    assertThat(problems).as("problems of %s", store).isEmpty();
    return records;
  }
}
