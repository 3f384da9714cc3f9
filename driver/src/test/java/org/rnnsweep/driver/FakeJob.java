package org.rnnsweep.driver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;

/** A job whose numbers are drawn from its trial's own hash, and which misbehaves on request. */
public final class FakeJob implements Job {
  public static final NumericsProfile NUMERICS =
      new NumericsProfile(NumericsProfile.Library.JAVA, Precision.DOUBLE);

  /** Counted down when a trial that waits has begun. */
  public static volatile CountDownLatch waiting = new CountDownLatch(1);

  @Override
  public String id() {
    return "fake";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "draws numbers from the trial's hash";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.integer("width", "m", 1, 1 << 20, "side of a square matrix"),
        Parameter.real("scale", "eps_x", 0, 1, "factor of every number").withDefault(1.0),
        Parameter.choice(
            "manner",
            "how it ends",
            "well",
            "nan",
            "fail",
            "refuse",
            "exhaust",
            "hungry",
            "throw",
            "wait",
            "lie"));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.scalar("drawn", "a drawn number", "1", "uniform on (0, scale)"),
        Metric.scalar("rarely", "there for even widths", "1", "1 / width"),
        Metric.series("draws", "drawn numbers", "1", "as many as the width, at most 16"));
  }

  @Override
  public Cost cost(TrialGroup group) {
    long width = group.first().configuration().integer("width");
    return new Cost(group.trials().size() * (double) width, 8 * width * width);
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    List<TrialResult> results = new ArrayList<>();
    for (Trial trial : group.trials()) {
      results.add(run(trial, context));
      context.progress(results.size() / (double) group.trials().size());
    }
    return results;
  }

  private static TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    Configuration configuration = trial.configuration();
    int width = configuration.smallInteger("width");
    SplittableRandom random = new SplittableRandom(trial.canonical().hashCode());
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("drawn", random.nextDouble() * configuration.real("scale"));
    if (width % 2 == 0) {
      metrics.put("rarely", 1.0 / width);
    }
    double[] draws = random.doubles(Math.min(width, 16)).toArray();
    switch (configuration.choice("manner")) {
      case "nan" -> metrics.put("drawn", Double.NaN);
      case "fail" -> throw new IllegalStateException("no luck", new ArithmeticException("by zero"));
      case "refuse" -> throw new IllegalArgumentException("width " + width + " is not for me");
      case "exhaust" -> // one number more than there is, however often that is doubled
          context.arena().matrix(context.arena().limit() / 8 + 1, 1, Precision.DOUBLE);
      case "hungry" -> // twice what it declares
          context.arena().matrix(2L * width, width, Precision.DOUBLE);
      case "throw" -> throw new Error("an error of its own");
      case "wait" -> {
        waiting.countDown();
        while (true) {
          Thread.sleep(5);
          context.checkCancelled();
        }
      }
      case "lie" -> metrics.put("undeclared", 1.0);
      default -> context.arena().release(context.arena().matrix(width, width, Precision.DOUBLE));
    }
    return TrialResult.of(metrics, Map.of("draws", draws));
  }

  /** One trial of this job. */
  public static Trial trial(int width, String manner, int seedIndex) {
    Configuration configuration =
        Configuration.of(Map.of("width", (long) width, "scale", 0.5, "manner", manner));
    return new Trial("fake", 1, NUMERICS, 42, seedIndex, configuration);
  }
}
