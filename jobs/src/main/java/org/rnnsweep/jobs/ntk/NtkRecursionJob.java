package org.rnnsweep.jobs.ntk;

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
import org.rnnsweep.kernels.ntk.ArcCosine;
import org.rnnsweep.kernels.ntk.Degeneracy;
import org.rnnsweep.kernels.ntk.PairRecursion;

/**
 * How correlations of long sequences degenerate in an infinitely wide network, by recursion: the
 * lower bound of the backward correlation (Wang, Shen, Hu and Cao: (29), (85), (108)) and the
 * claims of their Section F. Nothing is random: a trial's seed is of no account, experiments have
 * one.
 */
public final class NtkRecursionJob implements TrialJob {
  private static final String ORTHOGONAL = "orthogonal";
  private static final String SILENT = "silent";
  private static final String COMPARISON = "comparison";
  private static final String EQUAL = "equal";
  private static final String UNRELATED = "unrelated";

  /** About 50 ns a step, in operations that a core does meanwhile. */
  private static final double FLOPS_OF_A_STEP = 3000;

  private static final long STEPS_A_PIECE = 1_000_000;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("length", "L", 2, 1_000_000_000, "steps"),
          Parameter.choice(
              "sequence",
              "two sequences with orthogonal inputs at every step; two states without inputs; or"
                  + " the comparison sequence z_l of the paper's proof",
              ORTHOGONAL,
              SILENT,
              COMPARISON),
          Parameter.real("input_square", "c", 1e-6, 1e6, "|X_l|^2, the same at all steps")
              .withDefault(1.0)
              .withRelevance("sequence", ORTHOGONAL),
          Parameter.real("input_power", "alpha", 0, 10, "A ~ N(0, 2/(L^alpha m))")
              .withDefault(3.0)
              .withRelevance("sequence", ORTHOGONAL),
          Parameter.choice(
                  "initial",
                  "the two h_0: equal, as in the paper, or of the correlation 1/pi of unrelated"
                      + " states",
                  EQUAL,
                  UNRELATED)
              .withDefault(EQUAL)
              .withRelevance("sequence", ORTHOGONAL));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "backward_constant",
              "constant of the backward bound",
              "1",
              "kappa = 1/2 prod Sigma(rho_k), k = 1..L, at z = 0: F^0 >= kappa Sigma; absent below"
                  + " the least double"),
          Metric.scalar(
              "log_loss", "minus the product's logarithm", "1", "-log prod Sigma(rho_k), k = 1..L"),
          Metric.scalar(
              "loss_over_naive",
              "logarithm over that of 2^-L",
              "1",
              "log prod Sigma(rho_k) over log 2^-L, what Sigma >= 1/2 alone gives"),
          Metric.scalar("deficit", "1 - correlation of the preactivations", "1", "e_L = 1 - rho_L"),
          Metric.scalar("scaled_deficit", "deficit times L^2", "1", "e_L L^2"),
          Metric.scalar(
              "limit_error",
              "distance of the scaled deficit from 9 pi^2 / 2",
              "1",
              "|e_L L^2 / (9 pi^2 / 2) - 1|"),
          Metric.scalar(
              "root_sum_over_log",
              "sum of roots over log L",
              "1",
              "sum of sqrt(e_k), k = 1..L, over log L"),
          Metric.scalar(
              "violations",
              "steps where Lemma 20 fails",
              "1",
              "how many of l = 2..L violate Lemma 20 with arccos(1 - z)"),
          Metric.scalar(
              "late_violations", "violations from step 11 on", "1", "those with l of at least 11"),
          Metric.scalar(
              "violations_without_slack",
              "violations without the two positive terms",
              "1",
              "the same lemma without 3 pi^2 log^2 L/(l^3 L) + 10 pi^2/l^4"),
          Metric.scalar(
              "comparison_error",
              "error of the comparison product",
              "1",
              "|log prod Sigma(1 - z_l) + b log(L + 1)|, b = 3 + log^2 L / L"));

  /** For the service loader. */
  public NtkRecursionJob() {}

  @Override
  public String id() {
    return "ntk-recursion";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "how correlations of long sequences degenerate at infinite width (nothing is random)";
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
  public Cost cost(Trial trial) {
    return new Cost(FLOPS_OF_A_STEP * trial.configuration().integer("length"), 0);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    Configuration configuration = trial.configuration();
    return configuration.choice("sequence").equals(COMPARISON)
        ? comparison(configuration.integer("length"), context)
        : recursion(configuration, context);
  }

  private static TrialResult recursion(Configuration configuration, JobContext context)
      throws InterruptedException {
    long length = configuration.integer("length");
    PairRecursion pair;
    double drive = 0;
    if (configuration.choice("sequence").equals(SILENT)) {
      pair = new PairRecursion(1, 1); // e_1 = 1: orthogonal states
    } else {
      boolean equal = configuration.choice("initial").equals(EQUAL);
      pair = new PairRecursion(1, equal ? 0 : 1 - 1 / Math.PI);
      drive =
          configuration.real("input_square")
              * StrictMath.pow(length, -configuration.real("input_power"));
    }
    for (long l = 1; l <= length; l++) {
      pair.step(drive, 1);
      if (l % STEPS_A_PIECE == 0) {
        context.progress((double) l / length);
        context.checkCancelled();
      }
    }
    double log = StrictMath.log(length);
    double scaled = pair.preactivationDeficit() * length * length;
    Map<String, Double> metrics = new LinkedHashMap<>();
    double constant = 0.5 * StrictMath.exp(pair.logProduct());
    if (constant >= Double.MIN_NORMAL) {
      metrics.put("backward_constant", constant);
    }
    metrics.put("log_loss", -pair.logProduct());
    metrics.put("loss_over_naive", pair.logProduct() / Degeneracy.naiveLog(length));
    metrics.put("deficit", pair.preactivationDeficit());
    metrics.put("scaled_deficit", scaled);
    metrics.put("limit_error", Math.abs(scaled / Degeneracy.LIMIT - 1));
    metrics.put("root_sum_over_log", pair.rootSum() / log);
    return TrialResult.of(metrics, Map.of());
  }

  private static TrialResult comparison(long length, JobContext context)
      throws InterruptedException {
    double b = Degeneracy.comparisonExponent(length);
    long violations = 0;
    long late = 0;
    long withoutSlack = 0;
    double logProduct = 0;
    for (long l = 1; l <= length; l++) {
      logProduct += StrictMath.log(ArcCosine.step(Degeneracy.comparisonAngle(l, b)));
      if (l >= 2) {
        if (!(Degeneracy.comparisonMargin(l, length, 1) >= 0)) {
          violations++;
          late += l >= 11 ? 1 : 0;
        }
        withoutSlack += Degeneracy.comparisonMargin(l, length, 0) >= 0 ? 0 : 1;
      }
      if (l % STEPS_A_PIECE == 0) {
        context.progress((double) l / length);
        context.checkCancelled();
      }
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("violations", (double) violations);
    metrics.put("late_violations", (double) late);
    metrics.put("violations_without_slack", (double) withoutSlack);
    metrics.put("comparison_error", Math.abs(logProduct + b * StrictMath.log1p(length)));
    return TrialResult.of(metrics, Map.of());
  }
}
