package org.rnnsweep.driver.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;

/**
 * A trial that does nothing, or sleeps: whatever a sweep of them takes beyond that is the engine's.
 */
public final class EngineJob implements Job {
  static final String ID = "engine-bench";

  /** What the planner assumes a core to do in a millisecond, so that a cost says the time. */
  private static final double FLOPS_PER_MILLISECOND = 2e6;

  @Override
  public String id() {
    return ID;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "does nothing, or sleeps, for measurements of the engine";
  }

  @Override
  public boolean hidden() {
    return true;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.integer("row", "row", 1, 1 << 20, "one of two axes"),
        Parameter.integer("column", "column", 1, 1 << 20, "the other"),
        Parameter.integer("sleep", "sleep", 0, 60_000, "how long it sleeps")
            .withUnit("ms")
            .withDefault(0L));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.scalar("sum", "row + column + seed", "1", "known without running it"));
  }

  @Override
  public Cost cost(TrialGroup group) {
    return new Cost(FLOPS_PER_MILLISECOND * group.first().configuration().integer("sleep"), 0);
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    List<TrialResult> results = new ArrayList<>(group.trials().size());
    for (Trial trial : group.trials()) {
      Thread.sleep(trial.configuration().integer("sleep"));
      results.add(TrialResult.of(Map.of("sum", sum(trial)), Map.of()));
    }
    return results;
  }

  static double sum(Trial trial) {
    return trial.configuration().real("row")
        + trial.configuration().real("column")
        + trial.seedIndex();
  }
}
