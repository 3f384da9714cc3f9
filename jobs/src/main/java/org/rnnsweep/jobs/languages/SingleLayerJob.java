package org.rnnsweep.jobs.languages;

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
import org.rnnsweep.kernels.recognition.SingleLayer;

/**
 * Whether the layers that Panigrahi and Goyal write down for three languages (Section 5, Appendix
 * H) recognise them, on all words of a length, and how complex they are in the concept class of
 * Definition 3.3. Nothing is random: a trial's seed is of no account.
 */
public final class SingleLayerJob implements TrialJob {
  private static final String QUADRATIC = "quadratic";
  private static final String COSINE = "cosine";
  private static final String EXPONENTIAL = "exponential";

  /** Longer words are too many to try. */
  private static final int MOST_BITS = 20;

  private static final double LARGEST_LOG = 700; // whose exponential is a double

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.choice(
              "layer",
              "2 x - x^2 at the number of 1s plus a shift, for exactly one 1; cos(pi x) at that"
                  + " number less 1, for an odd number of 1s; or exp(c (<v_i, x> - k)) summed over"
                  + " the places i of a pattern, for words in which it occurs",
              QUADRATIC,
              COSINE,
              EXPONENTIAL),
          Parameter.integer("length", "L", 2, 1_000_000, "symbols of a word; above 20 not tried"),
          Parameter.real("shift", "shift", -1, 1, "added to the number of 1s")
              .withDefault(0.0)
              .withRelevance("layer", QUADRATIC),
          Parameter.choice("pattern", "0s and 1s", "1", "01", "110", "0110")
              .withOthers("up to 16 of 0 and 1", text -> text.matches("[01]{1,16}"))
              .withDefault("01")
              .withRelevance("layer", EXPONENTIAL),
          Parameter.real("rate", "rate", 0, 10, "c / ln L")
              .withDefault(1.0)
              .withRelevance("layer", EXPONENTIAL),
          Parameter.real("radius", "R", 1e-3, 1e3, "the radius of the complexity")
              .withDefault(1.0));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "wrong",
              "words wrong",
              "1",
              "words of L bits on which the layer is not positive exactly on members; for patterns,"
                  + " not at least 1 on members or not below 1/L on others"),
          Metric.scalar("least_accepted", "least output on a member", "1", "over all words"),
          Metric.scalar(
              "largest_rejected", "largest output on another word", "1", "over all words"),
          Metric.scalar(
              "complexity",
              "complexity",
              "1",
              "C_s(Phi, R) with C* = 1 and |w| = 1 over tokens of norm 1; of the cosine at odd L"),
          Metric.scalar("log_complexity", "logarithm of the complexity", "1", "natural"));

  /** For the service loader. */
  public SingleLayerJob() {}

  @Override
  public String id() {
    return "single-layers";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "layers of one kind of neuron that recognise a language, on all words (nothing is"
        + " random)";
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
    return configuration.choice("layer").equals(EXPONENTIAL)
            && configuration.choice("pattern").length() > configuration.integer("length")
        ? List.of("a pattern is no longer than the words")
        : List.of();
  }

  /** A neuron on a word takes a few nanoseconds, a cosine about fifty. */
  @Override
  public Cost cost(Trial trial) {
    int length = trial.configuration().smallInteger("length");
    double words = length <= MOST_BITS ? StrictMath.pow(2, length) : 0;
    double flops =
        1e6
            + words
                * switch (trial.configuration().choice("layer")) {
                  case QUADRATIC -> 500;
                  case COSINE -> 5000;
                  default -> 500 * length;
                };
    return new Cost(flops, 0);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return run(trial.configuration());
  }

  private static TrialResult run(Configuration configuration) {
    int length = configuration.smallInteger("length");
    double radius = configuration.real("radius");
    boolean tried = length <= MOST_BITS;
    Map<String, Double> metrics = new LinkedHashMap<>();
    switch (configuration.choice("layer")) {
      case QUADRATIC -> {
        double shift = configuration.real("shift");
        if (tried) {
          put(metrics, SingleLayer.quadratic(length, shift));
        }
        put(metrics, StrictMath.log(SingleLayer.quadraticComplexity(length, shift, radius)));
      }
      case COSINE -> {
        if (tried) {
          put(metrics, SingleLayer.cosine(length));
        }
        if (length % 2 == 1) {
          put(metrics, SingleLayer.logCosineComplexity(length, radius));
        }
      }
      default -> {
        String pattern = configuration.choice("pattern");
        double c = configuration.real("rate") * StrictMath.log(length);
        if (tried) {
          put(metrics, SingleLayer.exponential(length, pattern, c));
        }
        put(metrics, SingleLayer.logExponentialComplexity(pattern.length(), c, radius));
      }
    }
    return TrialResult.of(metrics, Map.of());
  }

  private static void put(Map<String, Double> metrics, SingleLayer layer) {
    metrics.put("wrong", (double) layer.wrong());
    metrics.put("least_accepted", layer.leastAccepted());
    metrics.put("largest_rejected", layer.largestRejected());
  }

  private static void put(Map<String, Double> metrics, double log) {
    if (Double.isFinite(log)) {
      metrics.put("log_complexity", log);
      if (log < LARGEST_LOG) {
        metrics.put("complexity", StrictMath.exp(log));
      }
    }
  }
}
