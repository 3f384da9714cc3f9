package org.rnnsweep.jobs.stability;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.DroppedInput;
import org.rnnsweep.kernels.stability.SignFlips;

/**
 * Two facts on rectifiers and normal vectors that need no network (Allen-Zhu and Li, Proposition
 * D.1 and Fact D.2). Double whatever the profile says; no linear algebra.
 */
public final class RectifierFactsJob implements Job {
  private static final String DIFFERENCE = "difference";
  private static final String RANDOM_FLIPS = "random-flips";
  private static final String WORST_FLIPS = "worst-flips";

  /** A normal, and passing over it a few times. */
  private static final double FLOPS_OF_A_COORDINATE = 1500;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.choice(
              "fact",
              "E |relu(g_1) - relu(g)|^2 for correlated normals in closed form; or the signs of a"
                  + " normal vector that a random change, or the worst one, flips",
              DIFFERENCE,
              RANDOM_FLIPS,
              WORST_FLIPS),
          Parameter.real(
                  "beta", "beta", 1e-6, 1, "g = sqrt(1 - beta^2) g_1 + beta g_2, standard normals")
              .withDefault(0.1)
              .withRelevance("fact", DIFFERENCE),
          Parameter.integer("coordinates", "n", 2, 1L << 26, "coordinates of x, of N(0, 2/n) each")
              .withDefault(65536)
              .withRelevance("fact", RANDOM_FLIPS, WORST_FLIPS),
          Parameter.real("tau", "tau", 1e-9, 10, "norm of the change of x")
              .withDefault(0.01)
              .withRelevance("fact", RANDOM_FLIPS, WORST_FLIPS));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "below",
              "shortfall over beta^3",
              "1",
              "max(0, beta^2 / 2 - zeta_c(beta)) / beta^3; the proposition has it at most 1"),
          Metric.scalar(
              "above",
              "excess over beta^4",
              "1",
              "max(0, zeta_c(beta) - beta^2 / 2) / beta^4; the proposition has it bounded"),
          Metric.scalar(
              "derivative", "derivative", "1", "d/dx of zeta_c(sqrt(x)) at x = beta^2 < 1"),
          Metric.scalar("flip_share", "share of signs flipped", "1", "flipped signs over n"));

  /** For the service loader. */
  public RectifierFactsJob() {}

  @Override
  public String id() {
    return "rectifier-facts";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "two facts on rectifiers of normals: how far apart they are, how many signs a change flips";
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public List<Metric> metrics() {
    return METRICS;
  }

  @Override
  public List<String> check(Configuration configuration) {
    boolean edge =
        configuration.choice("fact").equals(DIFFERENCE) && configuration.real("beta") == 1;
    return edge
        ? List.of("beta must be below 1, found 1: there the derivative is infinite")
        : List.of();
  }

  @Override
  public Cost cost(TrialGroup group) {
    double flops = 0;
    for (Trial trial : group.trials()) {
      Configuration configuration = trial.configuration();
      flops +=
          configuration.has("coordinates")
              ? FLOPS_OF_A_COORDINATE * configuration.integer("coordinates")
              : 1000;
    }
    return new Cost(flops, 0);
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    List<TrialResult> results = new ArrayList<>();
    for (Trial trial : group.trials()) {
      context.checkCancelled();
      Configuration configuration = trial.configuration();
      String fact = configuration.choice("fact");
      results.add(
          TrialResult.of(
              fact.equals(DIFFERENCE)
                  ? difference(configuration.real("beta"))
                  : flips(trial, fact.equals(RANDOM_FLIPS)),
              Map.of()));
      context.progress((double) results.size() / group.trials().size());
    }
    return results;
  }

  private static Map<String, Double> difference(double beta) {
    double square = beta * beta;
    double excess = DroppedInput.differenceOfRectifiers(square) - square / 2;
    double correlation = Math.sqrt(1 - square);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("below", Math.max(0, -excess) / (square * beta));
    metrics.put("above", Math.max(0, excess) / (square * square));
    metrics.put("derivative", (1 - Math.asin(beta) / Math.PI) / (2 * correlation));
    return metrics;
  }

  private static Map<String, Double> flips(Trial trial, boolean random) {
    int n = trial.configuration().smallInteger("coordinates");
    double tau = trial.configuration().real("tau");
    StreamKey key = StreamKey.of(trial.rootSeed()).seed(trial.seedIndex());
    double[] x = new double[n];
    NormalStream.of(key.name("x").with("coordinates", n)).fill(x, 0, n);
    for (int k = 0; k < n; k++) {
      x[k] *= Math.sqrt(2.0 / n);
    }
    long flips =
        random
            ? SignFlips.random(x, tau, NormalStream.of(key.name("change").with("coordinates", n)))
            : SignFlips.worst(x, tau);
    return Map.of("flip_share", (double) flips / n);
  }
}
