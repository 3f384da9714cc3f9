package org.rnnsweep.jobs.existence;

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
import org.rnnsweep.kernels.concepts.Complexity;
import org.rnnsweep.kernels.existence.SingleFit;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.InfiniteWidth;
import org.rnnsweep.kernels.stability.NormalizedInput;

/**
 * One function at one position of the sequence, by quadrature at infinite width (Allen-Zhu and Li,
 * Lemma 5.2). Nothing is random: experiments have one seed, whose sequence is of no account.
 */
public final class SingleFitJob implements TrialJob {
  private static final String STATES = "states";
  private static final String PRINTED = "printed";
  private static final double MOST_PRODUCT = Math.sqrt(3) / 2;
  private static final int POINTS = 10;
  private static final int DIMENSION = 5;

  /** Of 400 one-dimensional integrals of some degrees, as measured. */
  private static final double FLOPS = 1e9;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Links.LINK,
          Links.DEGREE,
          Links.WEIGHT,
          Parameter.integer("length", "L", 4, 64, "tokens of the sequence"),
          Parameter.integer("position", "i", 2, 63, "where the function is"),
          Parameter.integer("other", "k", 2, 63, "another position, where it should be 0"),
          Parameter.real("eps_x", "eps_x", 1e-30, 1, "norm of every token but the first"),
          Parameter.real("window", "r", 1e-20, 2, "eps_c / eps_x: half-width of the window"),
          Parameter.real("accuracy", "eps_e", 1e-12, 0.5, "what left-out degrees add up to")
              .withDefault(1e-2),
          Parameter.choice(
                  "noise",
                  "the noise sigma_i that H is made for: that of the states, or sqrt(i - 1) as"
                      + " printed",
                  STATES,
                  PRINTED)
              .withDefault(STATES));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("sigma", "noise at the position", "1", "sigma_i of the states"),
          Metric.scalar(
              "on_target", "error on target", "1", "max |E[1 1 H] - Phi(<w*, x*_i>)| over w*"),
          Metric.scalar(
              "on_target_over_accuracy", "error on target over eps_e", "1", "the same over eps_e"),
          Metric.scalar("off_target", "value off target", "1", "max |E[1 1 H]| at k over w*"),
          Metric.scalar(
              "off_target_over_accuracy",
              "value off target over eps_e",
              "1",
              "the same over eps_e"),
          Metric.scalar(
              "log_size_excess",
              "largest |H| over its bound",
              "1",
              "max(0, ln(sup |H_i| / (C'/eps_c))), C' = C_eps(Phi, sqrt(L)), C* = 10^4; with the"
                  + " paper's eps_c the bound is 4 C'^2 / (eps_e eps_x)"));

  /** For the service loader. */
  public SingleFitJob() {}

  @Override
  public String id() {
    return "single-fit";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "one function at one position, nothing at the others (nothing is random)";
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
    int length = configuration.smallInteger("length");
    int position = configuration.smallInteger("position");
    int other = configuration.smallInteger("other");
    return position < length && other < length && position != other
        ? List.of()
        : List.of(
            "position and other are different and below length = "
                + length
                + ", found "
                + position
                + " and "
                + other);
  }

  @Override
  public Cost cost(Trial trial) {
    return new Cost(FLOPS, 0);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return TrialResult.of(measure(trial), Map.of());
  }

  private static Map<String, Double> measure(Trial trial) {
    Configuration configuration = trial.configuration();
    int length = configuration.smallInteger("length");
    int position = configuration.smallInteger("position");
    int other = configuration.smallInteger("other");
    double epsX = configuration.real("eps_x");
    double window = configuration.real("window") * epsX;
    double accuracy = configuration.real("accuracy");
    StreamKey key = StreamKey.of(trial.rootSeed()).name("input");
    InfiniteWidth states =
        InfiniteWidth.of(
            NormalizedInput.of(NormalizedInput.Law.SPREAD, key, DIMENSION, epsX).tokens(length),
            NormalizedInput.of(NormalizedInput.Law.NULL, key, DIMENSION, epsX).tokens(length));
    double sigma = SingleFit.noise(states, position, epsX);
    SingleFit fit =
        SingleFit.of(
            Links.link(configuration),
            Links.weight(configuration),
            configuration.choice("noise").equals(PRINTED) ? Math.sqrt(position - 1) : sigma,
            window,
            Math.sqrt(states.squaredNorm(position - 1)), // as large as that of the null sequence
            accuracy / 2);
    double on = 0;
    double off = 0;
    for (int k = -POINTS; k <= POINTS; k++) {
      double product = MOST_PRODUCT * k / POINTS;
      double value = fit.expectation(states, position, position, epsX, product);
      on = Math.max(on, Math.abs(value - Links.link(configuration).value(product)));
      off = Math.max(off, Math.abs(fit.expectation(states, position, other, epsX, product)));
    }
    double logAccuracy = -StrictMath.log(accuracy);
    double bound =
        Complexity.logAtAccuracy(
                Links.link(configuration),
                Math.sqrt(length),
                Links.COMPLEXITY_CONSTANT,
                logAccuracy)
            - StrictMath.log(window);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("sigma", sigma);
    metrics.put("on_target", on);
    metrics.put("on_target_over_accuracy", on / accuracy);
    metrics.put("off_target", off);
    metrics.put("off_target_over_accuracy", off / accuracy);
    metrics.put("log_size_excess", Math.max(0, fit.logLargest(logAccuracy) - bound));
    return metrics;
  }
}
