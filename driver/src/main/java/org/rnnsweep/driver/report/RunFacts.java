package org.rnnsweep.driver.report;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.rnnsweep.driver.store.Provenance;
import org.rnnsweep.driver.store.TrialRecord;

/**
 * Where the trials of a store ran and what they took.
 *
 * @param origins for each kind of origin (host, BLAS, ...), its values and how many trials had each
 * @param trials how many records were counted
 * @param seconds wall time of all trials together
 * @param peakBytes largest off-heap memory of a group
 * @param firstStart earliest start; null without trials
 * @param lastStart latest start; null without trials
 */
public record RunFacts(
    Map<String, SortedMap<String, Integer>> origins,
    int trials,
    double seconds,
    long peakBytes,
    Instant firstStart,
    Instant lastStart) {

  /** Collects the records of a store, in any order. */
  public static final class Builder implements Consumer<TrialRecord> {
    private final Map<String, SortedMap<String, Integer>> origins = new LinkedHashMap<>();
    private final SortedMap<String, Double> secondsByTrial = new TreeMap<>();
    private long peakBytes;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    private Builder() {}

    @Override
    public void accept(TrialRecord record) {
      Provenance from = record.provenance();
      count("host", from.host());
      count("CPU", from.cpu());
      count("BLAS", from.blas());
      count("fingerprint", from.fingerprint());
      count("Java", from.java());
      count("Spark", from.spark());
      count("commit", from.commit());
      count("experiment file", from.specHash());
      secondsByTrial.merge(record.trialId(), from.seconds(), Double::sum);
      peakBytes = Math.max(peakBytes, from.peakBytes());
      first = Math.min(first, from.startedEpochMillis());
      last = Math.max(last, from.startedEpochMillis());
    }

    private void count(String kind, String value) {
      origins.computeIfAbsent(kind, k -> new TreeMap<>()).merge(value, 1, Integer::sum);
    }

    public RunFacts build() {
      // Summed by trial id, so that the order of the records does not show in the last digit.
      double seconds = secondsByTrial.values().stream().reduce(0.0, Double::sum);
      boolean any = !secondsByTrial.isEmpty();
      return new RunFacts(
          new LinkedHashMap<>(origins),
          secondsByTrial.size(),
          seconds,
          peakBytes,
          any ? Instant.ofEpochMilli(first) : null,
          any ? Instant.ofEpochMilli(last) : null);
    }
  }

  /** Starts collecting. */
  public static Builder builder() {
    return new Builder();
  }
}
