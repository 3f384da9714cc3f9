package org.rnnsweep.driver.store;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What finished. Part files are immutable: written whole under a fresh name, then renamed. A trial
 * may be there twice; duplicates must agree bit for bit.
 */
public interface TrialStore {

  /** Absolute URI of the store's folder. */
  String location();

  /** Ids of all trials whose outcome is settled. */
  Set<String> settledIds() throws IOException;

  /** Every record once, in no promised order; torn or foreign files are named and skipped. */
  void scan(Consumer<TrialRecord> consumer) throws IOException;

  /** Writes one part with these records of one job. */
  void append(List<TrialRecord> records) throws IOException;
}
