package org.rnnsweep.driver.store;

import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Makes one record a trial out of all that were written. */
final class Merge {
  private static final Comparator<TrialRecord> BY_START =
      Comparator.comparingLong((TrialRecord r) -> r.provenance().startedEpochMillis())
          .thenComparing(r -> r.provenance().attempt());

  private final SortedMap<String, TrialRecord> chosen = new TreeMap<>();
  private final SortedMap<String, Disagreement> disagreements = new TreeMap<>();

  void add(TrialRecord record) {
    chosen.merge(record.trialId(), record, this::better);
  }

  /** Delivers the trials on which all records agree, in the order of their ids. */
  void deliver(Consumer<TrialRecord> consumer) {
    chosen.forEach(
        (id, record) -> {
          if (!disagreements.containsKey(id)) {
            consumer.accept(record);
          }
        });
  }

  /** The others, by id. */
  SortedMap<String, Disagreement> disagreements() {
    return disagreements;
  }

  private TrialRecord better(TrialRecord one, TrialRecord other) {
    if (one.outcome().settled() && other.outcome().settled()) {
      Disagreement.between(one, other)
          .ifPresent(found -> disagreements.putIfAbsent(one.trialId(), found));
    }
    return standing(one, other);
  }

  /**
   * Which of two records stands: a settled one; of settled ones the one that ran first, of
   * unsettled ones the latest. Which file it was read from does not enter, so that a compaction
   * changes nothing.
   */
  static TrialRecord standing(TrialRecord one, TrialRecord other) {
    if (one.outcome().settled() != other.outcome().settled()) {
      return one.outcome().settled() ? one : other;
    }
    boolean oneIsFirst = BY_START.compare(one, other) <= 0;
    return oneIsFirst == one.outcome().settled() ? one : other;
  }
}
