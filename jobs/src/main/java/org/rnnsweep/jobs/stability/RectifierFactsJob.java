package org.rnnsweep.jobs.stability;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.DroppedInput;
import org.rnnsweep.kernels.stability.RectifiedResidual;
import org.rnnsweep.kernels.stability.SignFlips;

/**
 * Facts on rectifiers and normal vectors that need no network (Allen-Zhu and Li, Proposition D.1
 * and Fact D.2; Allen-Zhu, Li and Song, Lemma B.7 and Claim C.4). Double whatever the profile says;
 * no linear algebra.
 */
public final class RectifierFactsJob implements TrialJob {
  private static final String DIFFERENCE = "difference";
  private static final String RANDOM_FLIPS = "random-flips";
  private static final String WORST_FLIPS = "worst-flips";
  private static final String BOUNDED_FLIPS = "bounded-flips";
  private static final String RESIDUAL = "residual";

  /** A normal, and passing over it a few times. */
  private static final double FLOPS_OF_A_COORDINATE = 1500;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.choice(
              "fact",
              "E |relu(g_1) - relu(g)|^2 for correlated normals in closed form; or the signs of a"
                  + " normal vector that a random change, or the worst one, flips; or the worst"
                  + " one with a part bounded in every entry; or what relu(w + r v) keeps outside"
                  + " the line of relu(w)",
              DIFFERENCE,
              RANDOM_FLIPS,
              WORST_FLIPS,
              BOUNDED_FLIPS,
              RESIDUAL),
          Parameter.real(
                  "beta", "beta", 1e-6, 1, "g = sqrt(1 - beta^2) g_1 + beta g_2, standard normals")
              .withDefault(0.1)
              .withRelevance("fact", DIFFERENCE),
          Parameter.integer("coordinates", "n", 2, 1L << 26, "coordinates of x, of N(0, 2/n) each")
              .withDefault(65536)
              .withRelevance("fact", RANDOM_FLIPS, WORST_FLIPS, BOUNDED_FLIPS, RESIDUAL),
          Parameter.real("tau", "tau", 1e-9, 10, "norm of the change of x")
              .withDefault(0.01)
              .withRelevance("fact", RANDOM_FLIPS, WORST_FLIPS),
          Parameter.real("tau_1", "tau_1", 1e-6, 1e6, "sqrt(n) times the norm of a change's part")
              .withDefault(1.0)
              .withRelevance("fact", BOUNDED_FLIPS),
          Parameter.real("tau_2", "tau_2", 0, 1e6, "n times the entries of its other part")
              .withDefault(0.0)
              .withRelevance("fact", BOUNDED_FLIPS),
          Parameter.real("alpha", "alpha", 1e-9, 0.5, "share of coordinates of w that may be small")
              .withDefault(1e-4)
              .withRelevance("fact", RESIDUAL),
          Parameter.real("shift", "shift", 1e-6, 1, "r over its largest, alpha / (16 ln n)")
              .withDefault(1.0)
              .withRelevance("fact", RESIDUAL));

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
          Metric.scalar("flip_share", "share of signs flipped", "1", "flipped signs over n"),
          Metric.scalar(
              "flip_ratio",
              "signs flipped over their bound",
              "1",
              "flipped signs over 10 (tau_1 n)^(2/3)"),
          Metric.scalar(
              "overshoot_ratio",
              "size of flipped entries over its bound",
              "1",
              "largest norm of the flipped entries over 3 tau_1 / sqrt(n)"),
          Metric.scalar(
              "residual_ratio", "residual over the shift", "1", "|(I - q q^T) relu(w + r v)| / r"),
          Metric.scalar(
              "residual_room",
              "residual over its bound",
              "1",
              "the residual over r (1 - 2 alpha) - alpha^(3/2) / 4, where that is positive and w is"
                  + " good"));

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
    return "facts on rectifiers of normals: distances, residuals, how many signs a change flips";
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
  public Cost cost(Trial trial) {
    Configuration configuration = trial.configuration();
    double flops =
        configuration.has("coordinates")
            ? FLOPS_OF_A_COORDINATE * configuration.integer("coordinates")
            : 1000;
    return new Cost(flops, 0);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    Configuration configuration = trial.configuration();
    String fact = configuration.choice("fact");
    return TrialResult.of(
        switch (fact) {
          case DIFFERENCE -> difference(configuration.real("beta"));
          case RESIDUAL -> residual(trial);
          default -> flips(trial, fact);
        },
        Map.of());
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

  private static Map<String, Double> residual(Trial trial) {
    int n = trial.configuration().smallInteger("coordinates");
    double alpha = trial.configuration().real("alpha");
    double r = trial.configuration().real("shift") * alpha / (16 * StrictMath.log(n));
    RectifiedResidual vectors = new RectifiedResidual(n, trial.key());
    double norm = vectors.norm(r);
    double bound = r * (1 - 2 * alpha) - alpha * Math.sqrt(alpha) / 4;
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("residual_ratio", norm / r);
    if (bound > 0 && vectors.isGood(alpha)) {
      metrics.put("residual_room", norm / bound);
    }
    return metrics;
  }

  private static Map<String, Double> flips(Trial trial, String fact) {
    int n = trial.configuration().smallInteger("coordinates");
    StreamKey key = trial.key();
    double[] x = new double[n];
    NormalStream.of(key.name("x").with("coordinates", n)).fill(x, 0, n);
    for (int k = 0; k < n; k++) {
      x[k] *= Math.sqrt(2.0 / n);
    }
    if (fact.equals(BOUNDED_FLIPS)) {
      return boundedFlips(trial.configuration(), x);
    }
    double tau = trial.configuration().real("tau");
    long flips =
        fact.equals(RANDOM_FLIPS)
            ? SignFlips.random(x, tau, NormalStream.of(key.name("change").with("coordinates", n)))
            : SignFlips.worst(x, tau);
    return Map.of("flip_share", (double) flips / n);
  }

  private static Map<String, Double> boundedFlips(Configuration configuration, double[] x) {
    double n = x.length;
    double scaled = configuration.real("tau_1");
    double tau = scaled / Math.sqrt(n);
    double each = configuration.real("tau_2") / n;
    double most = StrictMath.pow(scaled * n, 2.0 / 3);
    return Map.of(
        "flip_ratio", SignFlips.worst(x, tau, each) / (10 * most),
        "overshoot_ratio", SignFlips.largestOvershoot(x, tau, each) / (3 * tau));
  }
}
