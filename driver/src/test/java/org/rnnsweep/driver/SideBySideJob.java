package org.rnnsweep.driver;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Precision;

/**
 * A job that takes several seeds at once, of which one misbehaves on request and takes the whole
 * pass along. It remembers what it was asked.
 */
public final class SideBySideJob implements Job {
  /** Bytes that each seed takes off the heap. */
  public static final long SEED_BYTES = 8000;

  /** Until when a trial that is deaf goes on. */
  public volatile boolean deaf = true;

  /** How often it was asked for a cost. */
  public final AtomicInteger costs = new AtomicInteger();

  /** The passes that were begun. */
  public final List<TrialGroup> passes = Collections.synchronizedList(new ArrayList<>());

  @Override
  public String id() {
    return "side-by-side";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "takes several seeds at once";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.integer("together", "k", 0, 100, "seeds that a pass takes").withDefault(3),
        Parameter.integer("length", "L", 1, 100, "tokens").withDefault(1),
        Parameter.integer("bad", "b", 0, 100, "seed index that misbehaves").withDefault(100),
        Parameter.choice("manner", "how", "fail", "refuse", "exhaust", "wait", "deaf")
            .withDefault("fail"));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.scalar("drawn", "a drawn number", "1", "uniform on (0, 1)"));
  }

  @Override
  public Set<String> sharedAxes() {
    return Set.of("length");
  }

  @Override
  public int seedsTogether(Configuration configuration) {
    return configuration.smallInteger("together");
  }

  @Override
  public Cost cost(TrialGroup group) {
    costs.incrementAndGet();
    return new Cost(group.trials().size(), SEED_BYTES * group.bySeed().size());
  }

  /** The number of a trial. */
  public static double value(Trial trial) {
    return new SplittableRandom(trial.canonical().hashCode()).nextDouble();
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    passes.add(group);
    context.arena().matrix(1000 * group.bySeed().size(), 1, Precision.DOUBLE);
    List<TrialResult> results = new ArrayList<>();
    for (Trial trial : group.trials()) {
      if (trial.seedIndex() == trial.configuration().integer("bad")) {
        misbehave(trial.configuration().choice("manner"), context);
      }
      results.add(TrialResult.of(Map.of("drawn", value(trial)), Map.of()));
      context.progress(results.size() / (double) group.trials().size());
    }
    return results;
  }

  private void misbehave(String manner, JobContext context) throws InterruptedException {
    switch (manner) {
      case "fail" -> throw new IllegalStateException("no luck");
      case "refuse" -> throw new IllegalArgumentException("not for me");
      case "exhaust" -> context.arena().matrix(1000, 1000, Precision.DOUBLE);
      case "wait" -> {
        while (true) {
          Thread.sleep(5);
          context.checkCancelled();
        }
      }
      default -> {
        while (deaf) {
          Thread.onSpinWait(); // as native code does: it hears no interrupt
        }
      }
    }
  }
}
