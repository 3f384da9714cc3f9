package org.rnnsweep.driver.store;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.kernels.NumericsProfile;

/**
 * What finished. Part files are immutable: written whole under a fresh name, then renamed. A trial
 * may be there twice; duplicates must agree bit for bit.
 */
public interface TrialStore {

  /** Absolute URI of the store's folder. */
  String location();

  /** Ids of all trials whose outcome is settled. */
  Set<String> settledIds() throws IOException;

  /**
   * Hands over every trial once, in the order of their ids. Of several records of one trial a
   * settled one stands before an unsettled one, and the latest among unsettled ones. Settled ones
   * that differ in outcome or in the bits of a metric are an alarm: the trial is withheld, never
   * averaged, and named.
   *
   * @return one line a problem, naming the file or the trial: torn and foreign files, which are
   *     skipped, and trials whose records disagree
   */
  List<String> scan(Consumer<TrialRecord> consumer) throws IOException;

  /**
   * Which BLAS kernels the settled trials of a profile were computed with: fingerprints, each with
   * a host that has it.
   */
  default SortedMap<String, String> fingerprints(NumericsProfile numerics) throws IOException {
    SortedMap<String, String> found = new TreeMap<>();
    scan(
        record -> {
          if (record.outcome().settled() && record.trial().numerics().equals(numerics)) {
            found.putIfAbsent(record.provenance().fingerprint(), record.provenance().host());
          }
        });
    return found;
  }

  /**
   * Writes one part. An empty list writes nothing.
   *
   * @param job says which columns a part has, so that all parts of a job version have the same ones
   *     whatever its trials returned
   * @param records trials of that job
   * @throws IllegalArgumentException if a record is not of that job, or holds a parameter or metric
   *     that it does not declare
   */
  void append(Job job, List<TrialRecord> records) throws IOException;
}
