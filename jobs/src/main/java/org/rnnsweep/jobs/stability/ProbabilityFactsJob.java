package org.rnnsweep.jobs.stability;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.probability.GaussianDraws;
import org.rnnsweep.kernels.probability.JointTables;
import org.rnnsweep.kernels.probability.RandomnessSplit;
import org.rnnsweep.kernels.probability.TailFact;
import org.rnnsweep.kernels.probability.TruncatedSquares;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * The probability tools of the papers (Allen-Zhu, Li and Song, Appendix A and Lemma E.4; Panigrahi
 * and Goyal, Appendix A): tails in closed form beside their stated bounds, joint laws by
 * enumeration, and a few facts by draws. Double whatever the profile says; no linear algebra.
 */
public final class ProbabilityFactsJob implements TrialJob {
  private static final String TRUNCATED_TAIL = "truncated-tail";
  private static final String SPLITTING = "splitting";
  private static final String EXPECTATION = "expectation";
  private static final String SIGNED_EXPECTATION = "signed-expectation";
  private static final String SINGULAR_VALUES = "singular-values";
  private static final String RADEMACHER = "rademacher";
  private static final String DECOMPOSITION = "decomposition";

  private static final int DRAWS = 50;
  private static final int MOST_SIGNS = 20;
  private static final int LARGEST_TABLE = 64;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.choice(
              "fact",
              "a tail beside its bound; Chernoff's exponent of a sum of truncated squares; two"
                  + " facts on joint laws, the second also for a function that may be negative;"
                  + " singular values of 4n x n Gaussian matrices; the Rademacher complexity of"
                  + " linear functions; W split into a matrix of its law and one of rank one",
              Stream.concat(
                      Arrays.stream(TailFact.values()).map(TailFact::label),
                      Stream.of(
                          TRUNCATED_TAIL,
                          SPLITTING,
                          EXPECTATION,
                          SIGNED_EXPECTATION,
                          SINGULAR_VALUES,
                          RADEMACHER,
                          DECOMPOSITION))
                  .toArray(String[]::new)),
          Parameter.integer(
                  "terms", "n", 0, 1 << 30, "how many terms, columns or coordinates; or a mean")
              .withDefault(10),
          Parameter.real("level", "x", 1e-6, 1e6, "where the tail begins; theta of a split")
              .withDefault(0.5));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "excess",
              "excess over the bound",
              "1",
              "max(0, ln p - ln bound): a true statement has 0"),
          Metric.scalar("room", "room below the bound", "1", "ln bound - ln p, where p > 0"),
          Metric.scalar(
              "rate", "Chernoff's exponent", "1", "-ln of Chernoff's bound on P[sum >= 2 sqrt(n)]"),
          Metric.scalar(
              "shortfall",
              "shortfall of a joint law",
              "1",
              "stated probability less the true one, at worst over tables of n x n; 0 if never"),
          Metric.scalar(
              "violation_ratio",
              "violations over their bound",
              "1",
              "share of draws outside sqrt(4n) +- (sqrt(n) + t), over 2 exp(-t^2/2)"),
          Metric.scalar("rademacher_ratio", "complexity over its bound", "1", "R over B / sqrt(n)"),
          Metric.scalar(
              "law_distance",
              "distance of laws",
              "1",
              "Kolmogorov's distance of the entries of W_2 v from N(0, 2/m)"),
          Metric.scalar("dependence", "correlation", "1", "of the entries of g_1 and g_2"),
          Metric.scalar(
              "least_share",
              "share of large entries",
              "1",
              "share of u_k >= theta / (2 sqrt(m)), or of u_k <= minus that, whichever is smaller"),
          Metric.scalar(
              "largest_ratio",
              "largest entry over its bound",
              "1",
              "|u|_inf over 3 theta / 2 times the largest entry of g_1 and g_2"),
          Metric.scalar(
              "sum_gap", "error of the sum", "1", "largest entry of W - W_2 - u v^T, relative"));

  /** For the service loader. */
  public ProbabilityFactsJob() {}

  @Override
  public String id() {
    return "probability-facts";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "tails and other probability tools of the proofs, exactly, beside what is stated";
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
    List<String> problems = new ArrayList<>();
    long n = configuration.integer("terms");
    String fact = configuration.choice("fact");
    if (n < 1 && !fact.startsWith("centre")) {
      problems.add("terms are at least 1 for " + fact + ", found " + n);
    }
    long most =
        switch (fact) {
          case RADEMACHER -> MOST_SIGNS;
          case SPLITTING, EXPECTATION, SIGNED_EXPECTATION -> LARGEST_TABLE;
          default -> Long.MAX_VALUE;
        };
    if (n > most) {
      problems.add("terms are at most " + most + " for " + fact + ", found " + n);
    }
    boolean split = fact.equals(DECOMPOSITION);
    if ((split || fact.equals("few-large") || fact.equals("mean-of-squares"))
        && configuration.real("level") >= 1) {
      problems.add("level is below 1 for " + fact + ", found " + configuration.real("level"));
    }
    return problems;
  }

  @Override
  public Cost cost(Trial trial) {
    double n = trial.configuration().integer("terms");
    double flops =
        switch (trial.configuration().choice("fact")) {
          case "rectified-upper", "rectified-lower" -> 1e4 + 5e4 * n;
          case "few-large" -> 1e4 + 1e4 * n * Math.sqrt(n);
          case SPLITTING, EXPECTATION, SIGNED_EXPECTATION -> 10 * n * n * (n * n + DRAWS);
          case SINGULAR_VALUES -> DRAWS * 2e3 * n * n * n;
          case RADEMACHER -> 20 * n * Math.pow(2, n);
          case DECOMPOSITION -> 4e3 * n;
          default -> 1e6 + 100 * Math.min(n, 1e6);
        };
    return new Cost(flops, 0);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return TrialResult.of(measure(trial), Map.of());
  }

  private static Map<String, Double> measure(Trial trial) {
    String fact = trial.configuration().choice("fact");
    int n = trial.configuration().smallInteger("terms");
    double level = trial.configuration().real("level");
    StreamKey key = trial.key().name(fact);
    Optional<TailFact> tail =
        Arrays.stream(TailFact.values()).filter(t -> t.label().equals(fact)).findFirst();
    if (tail.isPresent()) {
      return tail(tail.get(), n, level);
    }
    return switch (fact) {
      case TRUNCATED_TAIL -> Map.of("rate", TruncatedSquares.rate(n));
      case SPLITTING -> Map.of("shortfall", JointTables.splitting(n, key));
      case EXPECTATION -> Map.of("shortfall", JointTables.expectation(n, 0, key));
      case SIGNED_EXPECTATION -> Map.of("shortfall", JointTables.expectation(n, -1.0 * n, key));
      case SINGULAR_VALUES -> {
        double bound = 2 * StrictMath.exp(-level * level / 2);
        double share = GaussianDraws.singularValuesOutside(n, level, DRAWS, key.with("terms", n));
        yield Map.of("violation_ratio", share / bound);
      }
      case RADEMACHER ->
          Map.of("rademacher_ratio", GaussianDraws.linearRademacher(n, key.with("terms", n)));
      default -> split(RandomnessSplit.draw(n, level, key));
    };
  }

  private static Map<String, Double> tail(TailFact fact, int n, double level) {
    double probability = fact.logProbability(n, level);
    double bound = fact.logBound(n, level);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("excess", Math.max(0, probability - bound));
    if (Double.isFinite(probability) && Double.isFinite(bound)) {
      metrics.put("room", bound - probability);
    }
    return metrics;
  }

  private static Map<String, Double> split(RandomnessSplit split) {
    return Map.of(
        "law_distance",
        split.lawDistance(),
        "dependence",
        split.dependence(),
        "least_share",
        split.leastShare(),
        "largest_ratio",
        split.largestRatio(),
        "sum_gap",
        split.sumGap());
  }
}
