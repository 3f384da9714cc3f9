package org.rnnsweep.driver.store;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Two settled records of one trial that differ in outcome, in a metric or in a series: an alarm,
 * since a trial is a pure function. Messages and provenance are no part of the comparison.
 *
 * @param one one record
 * @param other the other
 * @param what the first thing that differs, with both values
 */
public record Disagreement(TrialRecord one, TrialRecord other, String what) {

  /**
   * What two records of one trial disagree on; empty if they agree bit for bit. NaN equals NaN:
   * Java promises no more of its bits.
   *
   * @throws IllegalArgumentException if they are records of two trials
   */
  public static Optional<Disagreement> between(TrialRecord one, TrialRecord other) {
    if (!one.trialId().equals(other.trialId())) {
      throw new IllegalArgumentException(
          "records of two trials: " + one.trialId() + " and " + other.trialId());
    }
    String what = difference(one, other);
    return what == null ? Optional.empty() : Optional.of(new Disagreement(one, other, what));
  }

  /** Where a record was made, as far as bits may depend on it. */
  public static String place(TrialRecord record) {
    Provenance p = record.provenance();
    return p.host()
        + " ("
        + p.cpu()
        + "; "
        + p.blas()
        + ", fingerprint "
        + p.fingerprint()
        + "; "
        + p.java()
        + "; attempt "
        + p.attempt()
        + ")";
  }

  /** Trial, inputs, difference, and where each of the two ran. */
  public String text() {
    return "trial "
        + one.trialId()
        + " ("
        + one.trial().configuration()
        + ", seed index "
        + one.trial().seedIndex()
        + ") has two results and the two disagree: "
        + what
        + "; ran on "
        + place(one)
        + " and on "
        + place(other);
  }

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
        return name + " is " + shown(a, b) + " and " + shown(b, a);
      }
    }
    return null;
  }

  /** A series by the first place where it differs: it may hold a thousand numbers. */
  private static String shown(Object value, Object other) {
    if (value instanceof double[] array) {
      if (!(other instanceof double[] twin)) {
        return array.length + " numbers";
      }
      int at = Arrays.mismatch(array, twin);
      return at < array.length ? array[at] + " at index " + at : array.length + " numbers";
    }
    return value == null ? "absent" : value.toString();
  }
}
