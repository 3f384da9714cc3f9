package org.rnnsweep.driver.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Makes one record a trial out of all that were written. */
final class Merge {
  private final SortedMap<String, TrialRecord> chosen = new TreeMap<>();
  private final SortedMap<String, String> disagreements = new TreeMap<>();

  void add(TrialRecord record) {
    chosen.merge(record.trialId(), record, this::better);
  }

  /** Delivers the trials on which all records agree, and names the others. */
  List<String> deliver(Consumer<TrialRecord> consumer) {
    chosen.forEach(
        (id, record) -> {
          if (!disagreements.containsKey(id)) {
            consumer.accept(record);
          }
        });
    return new ArrayList<>(disagreements.values());
  }

  private TrialRecord better(TrialRecord one, TrialRecord other) {
    boolean settled = one.outcome().settled();
    if (settled != other.outcome().settled()) {
      return settled ? one : other;
    }
    if (!settled) {
      boolean later =
          other.provenance().startedEpochMillis() > one.provenance().startedEpochMillis();
      return later ? other : one;
    }
    String difference = difference(one, other);
    if (difference != null) {
      disagreements.putIfAbsent(
          one.trialId(),
          "trial "
              + one.trialId()
              + " ("
              + one.trial().configuration()
              + ", seed index "
              + one.trial().seedIndex()
              + ") is stored twice and the two disagree: "
              + difference
              + "; ran on "
              + place(one)
              + " and on "
              + place(other));
    }
    return one;
  }

  private static String place(TrialRecord record) {
    Provenance p = record.provenance();
    return p.host() + " (fingerprint " + p.fingerprint() + ", attempt " + p.attempt() + ")";
  }

  /** What differs, or null. NaN equals NaN: Java promises no more of its bits. */
  private static String difference(TrialRecord one, TrialRecord other) {
    if (one.outcome() != other.outcome()) {
      return "outcome is " + one.outcome() + " and " + other.outcome();
    }
    String difference = difference(one.metrics(), other.metrics());
    return difference != null ? difference : difference(one.series(), other.series());
  }

  private static String difference(Map<String, ?> one, Map<String, ?> other) {
    TreeSet<String> names = new TreeSet<>(one.keySet());
    names.addAll(other.keySet());
    for (String name : names) {
      Object a = one.get(name);
      Object b = other.get(name);
      boolean same =
          a instanceof double[] x && b instanceof double[] y
              ? Arrays.equals(x, y) // by bits, and NaN equals NaN
              : a != null && a.equals(b); // Double compares bits, and NaN equals NaN
      if (!same) {
        return name + " is " + shown(a) + " and " + shown(b);
      }
    }
    return null;
  }

  private static String shown(Object value) {
    if (value instanceof double[] array) {
      return Arrays.toString(array);
    }
    return value == null ? "absent" : value.toString();
  }
}
