package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.rnnsweep.driver.analyse.Stopping;
import org.rnnsweep.driver.execute.RunSummary.Ending;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.store.TrialStore;

/**
 * Runs an adaptive plan up to a look, asks the store whether that is enough, and goes on if not.
 * Other plans run as they are.
 */
public final class LookByLook implements TrialExecutor {
  private final TrialExecutor executor;

  private LookByLook(TrialExecutor executor) {
    this.executor = executor;
  }

  /** With another executor doing the work of each look. */
  public static LookByLook of(TrialExecutor executor) {
    return new LookByLook(executor);
  }

  @Override
  public RunSummary run(
      Plan plan, TrialStore store, Consumer<RunProgress> listener, Cancellation cancellation)
      throws IOException {
    List<Plan> parts = Planner.byLook(plan);
    if (parts.size() == 1) {
      return executor.run(plan, store, listener, cancellation);
    }
    SuiteProgress progress = SuiteProgress.of(parts, listener);
    RunSummary whole = new RunSummary(Ending.FINISHED, Map.of(), List.of(), 0, 0);
    List<Integer> looks = plan.experiment().seeds().looks();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).trials() > 0) {
        int enough = Stopping.of(plan.experiment()).look(store);
        if (enough > 0 && enough < looks.get(i)) {
          return whole;
        }
        whole = whole.then(executor.run(parts.get(i), store, progress.next(), cancellation));
        if (whole.ending() != Ending.FINISHED) {
          return whole;
        }
      }
    }
    return whole;
  }

  /** Whether a run would compute anything of this plan, as far as a store tells. */
  public static boolean isNeeded(Plan plan, TrialStore store) throws IOException {
    int enough = Stopping.of(plan.experiment()).look(store);
    List<Plan> parts = Planner.byLook(plan);
    int last = enough == 0 ? parts.size() : plan.experiment().seeds().looks().indexOf(enough) + 1;
    return parts.subList(0, last).stream().anyMatch(part -> part.trials() > 0);
  }
}
