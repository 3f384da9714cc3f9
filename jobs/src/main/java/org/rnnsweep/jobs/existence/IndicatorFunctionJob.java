package org.rnnsweep.jobs.existence;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.concepts.Complexity;
import org.rnnsweep.kernels.concepts.Link;
import org.rnnsweep.kernels.existence.HermiteStep;
import org.rnnsweep.kernels.existence.IndicatorFunction;

/**
 * The function H that turns indicators into a smooth function, by quadrature (Allen-Zhu and Li,
 * Lemma 5.1; Panigrahi and Goyal, Theorem F.9 to Lemma F.10). Nothing is random: a trial's seed is
 * of no account, experiments have one.
 */
public final class IndicatorFunctionJob implements TrialJob {
  private static final String NOISE = "noise";
  private static final String STATE = "state";

  /** x* has norm 1 and last coordinate 1/2, w* has norm 1 and last coordinate 0. */
  private static final double MOST_PRODUCT = Math.sqrt(3) / 2;

  private static final int POINTS = 40; // each side of 0
  private static final double[] CHECKED = {-0.4, 0.9};

  /** Of quadrature, as measured: a closed form; one degree's integral without it. */
  private static final double FLOPS = 5e8;

  private static final double FLOPS_OF_A_DEGREE = 4e9;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Links.LINK,
          Links.DEGREE,
          Links.WEIGHT,
          Parameter.real("accuracy", "eps_e", 1e-12, 0.5, "what left-out degrees add up to")
              .withDefault(1e-2),
          Parameter.choice(
                  "setting",
                  "the indicator of a token's product with noise; or of a state's with a threshold",
                  NOISE,
                  STATE)
              .withDefault(NOISE),
          Parameter.real("noise_sd", "sigma", 0.01, 100, "standard deviation of the noise")
              .withDefault(1.0)
              .withRelevance("setting", NOISE),
          Parameter.real("enlargement", "gamma", 1, 1e9, "factor of the noise, off target")
              .withDefault(100.0)
              .withRelevance("setting", NOISE),
          Parameter.real("radius", "r_x", 0.1, 10, "norm of the state that H is made for")
              .withDefault(1.0)
              .withRelevance("setting", STATE),
          Parameter.real("factor", "k_0", 1e-3, 1e3, "Phi's argument over the state's product")
              .withDefault(1.0)
              .withRelevance("setting", STATE),
          Parameter.real("state_radius", "r_h", 0.1, 10, "norm of the state that H is used on")
              .withDefault(1.0)
              .withRelevance("setting", STATE),
          Parameter.real("shift", "theta", 1e-6, 10, "most that H's first argument is moved by")
              .withDefault(0.01)
              .withRelevance("setting", STATE));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "error_over_accuracy",
              "error over eps_e",
              "1",
              "max |E[1 H] - Phi| over the arguments, over eps_e"),
          Metric.scalar(
              "residual",
              "residual of the identity",
              "1",
              "max |E[1 H] - Phi| over max(1, R^degree) at two arguments, by quadrature over a plane; of"
                  + " powers up to 10"),
          Metric.scalar(
              "off_target",
              "off-target value",
              "1",
              "max |E[1 H]| with the noise times gamma, which should be Phi(0) = 0"),
          Metric.scalar(
              "state_error",
              "relative error on the state",
              "1",
              "max |E[1 H] - Phi| over max |Phi|, on states of norm r_h"),
          Metric.scalar("second_moment", "second moment of H", "1", "E H^2"),
          Metric.scalar("root_moment", "root of the second moment", "1", "sqrt(E H^2)"),
          Metric.scalar(
              "log_moment_excess",
              "second moment over its bound",
              "1",
              "max(0, ln(sqrt(E H^2) / C_s)), C* = 10^4"),
          Metric.scalar(
              "log_size_excess",
              "largest |H| over its bound",
              "1",
              "max(0, ln(sup |H| / C_eps)), H cut off at B_i, C* = 10^4"),
          Metric.scalar(
              "log_slope_excess",
              "steepest slope over its bound",
              "1",
              "max(0, ln(sup |dH/d alpha| / C_eps)), H cut off at B_i, C* = 10^4"),
          Metric.scalar(
              "bound_over_coefficient",
              "bound over the window's coefficient",
              "1",
              "(i - 1)!! / (200 i^2) over |p'_i|, i the degree; of powers and windows, should be at most 1"),
          Metric.scalar(
              "worst_change",
              "worst change under a shift",
              "1",
              "E max |H(alpha + s, b) - H(alpha, b)| over |s| <= theta; of powers"),
          Metric.scalar(
              "log_change_excess",
              "worst change over its bound",
              "1",
              "max(0, ln(worst_change / (theta C_eps))), C* = 10^4"));

  /** For the service loader. */
  public IndicatorFunctionJob() {}

  @Override
  public String id() {
    return "indicator-function";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "the function that turns indicators into a smooth function (nothing is random)";
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
    return new Cost(FLOPS + (checked(trial.configuration()) ? FLOPS_OF_A_DEGREE : 0), 0);
  }

  private static boolean checked(Configuration configuration) {
    return configuration.choice("setting").equals(STATE)
        && Links.link(configuration).degree() <= 10;
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return TrialResult.of(measure(new Setting(trial.configuration())), Map.of());
  }

  private static Map<String, Double> measure(Setting setting) {
    IndicatorFunction h = setting.function();
    Map<String, Double> metrics = new LinkedHashMap<>();
    DoubleUnaryOperator expectation = h.expectation(1, 0);
    double error = 0;
    for (int k = -POINTS; k <= POINTS; k++) {
      double t = setting.largest() * k / POINTS;
      error = Math.max(error, Math.abs(expectation.applyAsDouble(t) - h.target(t)));
    }
    metrics.put("error_over_accuracy", error / setting.accuracy());
    if (checked(setting.configuration())) {
      double residual = 0;
      for (double t : CHECKED) {
        residual = Math.max(residual, h.residual(t * setting.largest()));
      }
      metrics.put("residual", residual / Math.max(1, h.target(1)));
    }
    if (setting.noise()) {
      metrics.put("off_target", offTarget(setting, h));
    } else {
      metrics.put("state_error", stateError(setting, h));
    }
    metrics.put("second_moment", h.secondMoment());
    metrics.put("root_moment", Math.sqrt(h.secondMoment()));
    metrics.put(
        "log_moment_excess",
        Math.max(
            0,
            0.5 * StrictMath.log(h.secondMoment())
                - Complexity.logSample(
                    setting.link(), setting.scale(), Links.COMPLEXITY_CONSTANT)));
    double complexity = setting.logComplexity();
    metrics.put("log_size_excess", Math.max(0, h.logLargest(setting.logAccuracy()) - complexity));
    metrics.put("log_slope_excess", Math.max(0, h.logSteepest(setting.logAccuracy()) - complexity));
    if (setting.link().kind() == Link.Kind.POWER) {
      HermiteStep step = h.steps().get(0);
      if (setting.weight() == HermiteStep.Weight.WINDOW) {
        metrics.put("bound_over_coefficient", step.boundOverCoefficient());
      }
      if (!setting.noise()) {
        double theta = setting.configuration().real("shift");
        double change = h.target(1) * step.worstChange(theta);
        metrics.put("worst_change", change);
        metrics.put("log_change_excess", Math.max(0, StrictMath.log(change / theta) - complexity));
      }
    }
    return metrics;
  }

  private static double offTarget(Setting setting, IndicatorFunction h) {
    double sd = setting.configuration().real("noise_sd");
    double gamma = setting.configuration().real("enlargement");
    double enlarged = Math.sqrt(gamma * gamma * sd * sd + 0.75);
    DoubleUnaryOperator expectation = h.expectation(setting.scale() / enlarged, 0);
    double most = 0;
    for (int k = -POINTS; k <= POINTS; k++) {
      double t = MOST_PRODUCT * k / POINTS / enlarged;
      most = Math.max(most, Math.abs(expectation.applyAsDouble(t)));
    }
    return most;
  }

  private static double stateError(Setting setting, IndicatorFunction h) {
    double radius = setting.configuration().real("radius");
    double actual = setting.configuration().real("state_radius");
    DoubleUnaryOperator expectation = h.expectation(radius / actual, 0);
    double error = 0;
    double size = 0;
    for (int k = -POINTS; k <= POINTS; k++) {
      double t = 0.99 * k / POINTS;
      double target = h.target(t * actual / radius);
      error = Math.max(error, Math.abs(expectation.applyAsDouble(t) - target));
      size = Math.max(size, Math.abs(target));
    }
    return error / size;
  }

  /** A configuration in numbers. */
  private record Setting(Configuration configuration) {
    boolean noise() {
      return configuration.choice("setting").equals(NOISE);
    }

    Link link() {
      return Links.link(configuration);
    }

    HermiteStep.Weight weight() {
      return Links.weight(configuration);
    }

    double accuracy() {
      return configuration.real("accuracy");
    }

    double logAccuracy() {
      return -StrictMath.log(accuracy());
    }

    /** R. */
    double scale() {
      double sd = noise() ? configuration.real("noise_sd") : 0;
      return noise()
          ? Math.sqrt(sd * sd + 0.75)
          : configuration.real("factor") * configuration.real("radius");
    }

    double tau() {
      return noise() ? 0.5 / scale() : 1 / configuration.real("radius");
    }

    /** The largest t. */
    double largest() {
      return noise() ? MOST_PRODUCT / scale() : 0.99;
    }

    IndicatorFunction function() {
      return IndicatorFunction.of(link(), scale(), tau(), weight(), accuracy() / 2);
    }

    /** Of C_eps, times sigma / r_x in Corollary F.9.1. */
    double logComplexity() {
      double factor = noise() ? 0 : -StrictMath.log(configuration.real("radius"));
      return factor
          + Complexity.logAtAccuracy(link(), scale(), Links.COMPLEXITY_CONSTANT, logAccuracy());
    }
  }
}
