package org.rnnsweep.driver.config;

import java.util.List;
import java.util.Set;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;

/** A job with every kind of parameter, that is read and planned but never run. */
public final class ToyJob implements Job {

  /** A catalogue of this job alone. */
  public static JobCatalog catalog() {
    return JobCatalog.of(List.of(new ToyJob()));
  }

  @Override
  public String id() {
    return "toy";
  }

  @Override
  public int version() {
    return 3;
  }

  @Override
  public String summary() {
    return "for tests";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.integer("width", "m", 1, 1 << 22, "neurons"),
        Parameter.integer("length", "L", 1, 100_000, "tokens"),
        Parameter.integer("dimension", "d", 1, 1000, "coordinates").withDefault(2),
        Parameter.real("eps", "eps_x", 0, 1, "scale").withDefault(0.5),
        Parameter.choice("estimator", "how", "exact", "sgd", "naive").withDefault("exact"),
        Parameter.integer("steps", "T", 1, 1000, "updates")
            .withDefault(10)
            .withRelevance("estimator", "sgd"),
        Parameter.choice("schedule", "of the rate", "flat", "falling")
            .withDefault("flat")
            .withRelevance("estimator", "sgd"),
        Parameter.real("decay", "decay", 0, 1, "of the rate")
            .withDefault(0.1)
            .withRelevance("schedule", "falling"));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.scalar("linf", "largest error", "1", "max"),
        Metric.scalar("rms", "rms error", "1", "rms"),
        Metric.series("position_rms", "rms by token", "1", "rms"));
  }

  @Override
  public Set<String> sharedAxes() {
    return Set.of("length");
  }

  @Override
  public List<String> check(Configuration configuration) {
    return configuration.real("eps") == 1
        ? List.of("eps must be below 1 for this network")
        : List.of();
  }

  /** width^2 for every step of the longest member. */
  @Override
  public Cost cost(TrialGroup group) {
    double width = group.first().configuration().real("width");
    double longest = 0;
    for (Trial trial : group.trials()) {
      longest = Math.max(longest, trial.configuration().real("length"));
    }
    return new Cost(1e6 * width * width * longest, (long) (8 * width * width));
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) {
    throw new UnsupportedOperationException("never run");
  }
}
