package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.util.function.Consumer;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.store.TrialStore;

/** Runs what a plan has to do and stores every result. */
public interface TrialExecutor {

  /**
   * Runs the plan's bundles, longest first. Failed trials are outcomes in the summary; a run ends
   * early only when it is cancelled or results can no longer be stored.
   *
   * @param listener told a few times a second, from one thread at a time
   * @param cancellation once cancelled, this method returns within {@link Cancellation#PATIENCE}
   * @return what ended; of a cancelled run, the bundles that reported
   * @throws IllegalArgumentException if the job's results cannot be kept in a store
   * @throws IOException if results cannot be stored or the executors are lost; what was stored
   *     before stays
   */
  RunSummary run(
      Plan plan, TrialStore store, Consumer<RunProgress> listener, Cancellation cancellation)
      throws IOException;
}
