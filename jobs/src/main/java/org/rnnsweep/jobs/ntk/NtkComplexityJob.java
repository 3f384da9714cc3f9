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
import org.rnnsweep.kernels.concepts.Complexity;
import org.rnnsweep.kernels.concepts.Link;

/**
 * The complexity measures of Wang, Shen, Hu and Cao, (6), (7), (10) and (12), and of Allen-Zhu and
 * Li, Section 2, of a few analytic links. Nothing is random: a trial's seed is of no account,
 * experiments have one.
 */
public final class NtkComplexityJob implements TrialJob {
  private static final String POWER = "power";
  private static final String EXP = "exp";
  private static final String SINE = "sine";
  private static final String ARCTAN = "arctan";
  private static final String LINK_RADIUS = "link-radius";
  private static final String ONE = "one-position";
  private static final String ALL = "all-positions";
  private static final String BY_VARIABLES = "by-variables";
  private static final String BY_DISTANCE = "by-distance";
  private static final String AT_ACCURACY = "at-accuracy";

  private static final double LARGEST_LOG = 700; // whose exponential is a double

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.choice(
              "measure",
              "the complexity (6) and sum (7) of a link at a radius; or the complexity of a target"
                  + " with one position, with all, or either entry of the minimum in (12); or C_eps"
                  + " and C_s of Allen-Zhu and Li",
              LINK_RADIUS,
              ONE,
              ALL,
              BY_VARIABLES,
              BY_DISTANCE,
              AT_ACCURACY),
          Parameter.choice(
              "link", "z^p, exp(z) - 1, sin(z) or arctan(z/2)", POWER, EXP, SINE, ARCTAN),
          Parameter.integer("degree", "p", 1, 20, "the power")
              .withDefault(1)
              .withRelevance("link", POWER),
          Parameter.real("radius", "R", 1e-6, 1e3, "the radius")
              .withDefault(1.0)
              .withRelevance("measure", LINK_RADIUS, AT_ACCURACY),
          Parameter.integer("variables", "N", 1, 8, "variables of a target")
              .withDefault(1)
              .withRelevance("measure", LINK_RADIUS, BY_VARIABLES),
          Parameter.integer("length", "L", 1, 1_000_000, "tokens of a sequence")
              .withDefault(1)
              .withRelevance("measure", ONE, ALL, BY_VARIABLES, BY_DISTANCE),
          Parameter.real("norm_ratio", "C_0", 1, 100, "largest over smallest norm of a token")
              .withDefault(1.0)
              .withRelevance("measure", ONE, ALL, BY_VARIABLES, BY_DISTANCE),
          Parameter.integer("distance", "l_0", 0, 500, "last position less the first")
              .withDefault(1)
              .withRelevance("measure", BY_DISTANCE),
          Parameter.real("log_accuracy", "ln(1/eps)", 1e-3, 1e9, "accuracy of C_eps")
              .withDefault(1.0)
              .withRelevance("measure", AT_ACCURACY),
          Parameter.real("constant", "C*", 1e-3, 1e6, "the constant of C_eps and C_s")
              .withDefault(1.0)
              .withRelevance("measure", AT_ACCURACY));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "complexity", "complexity", "1", "the measure; absent where it is infinite"),
          Metric.scalar(
              "log_complexity", "logarithm of the complexity", "1", "absent where it is infinite"),
          Metric.scalar("infinite", "divergence", "1", "1 if the sum diverges, 0 if not"),
          Metric.scalar(
              "closed_form_error",
              "distance from the closed form",
              "1",
              "|C / closed form - 1| of (6): 1 + p R^p, 1 + R e^R, 1 + R cosh R, 1 + 2 R/(4 - R^2)"),
          Metric.scalar("sum", "sum in (7)", "1", "S_N without L^(3N/2) C_1^N"),
          Metric.scalar(
              "multinomial_excess",
              "multinomial over its printed value",
              "1",
              "largest of C_(2,i) / i - 1 over i = 2..20; Example 2.2 has C_(2,i) = i"),
          Metric.scalar(
              "local_slope",
              "growth over an octave of the length",
              "1",
              "log2 of the complexity at 2 L over that at L"),
          Metric.scalar(
              "log_below_sample",
              "by how much C_eps is below C_s",
              "1",
              "max(0, ln C_s - ln C_eps), which the statement C_s <= C_eps has at 0; absent where"
                  + " either is infinite"));

  /** For the service loader. */
  public NtkComplexityJob() {}

  @Override
  public String id() {
    return "ntk-complexity";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "complexity measures of analytic targets, exactly (nothing is random)";
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
    // A sum that diverges goes on for a million terms of some hundred operations each.
    return new Cost(2e8, 0);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    Configuration configuration = trial.configuration();
    return switch (configuration.choice("measure")) {
      case LINK_RADIUS -> atRadius(configuration);
      case AT_ACCURACY -> atAccuracy(configuration);
      default -> ofTarget(configuration);
    };
  }

  private static Link link(Configuration configuration) {
    return switch (configuration.choice("link")) {
      case POWER -> Link.power(configuration.smallInteger("degree"));
      case EXP -> Link.exp();
      case SINE -> Link.sine(1);
      default -> Link.arctan();
    };
  }

  private static TrialResult atRadius(Configuration configuration) {
    Link link = link(configuration);
    double radius = configuration.real("radius");
    Map<String, Double> metrics = new LinkedHashMap<>();
    double log = Complexity.logPlain(link, radius);
    put(metrics, log);
    double closed =
        switch (link.kind()) {
          case POWER -> 1 + link.degree() * StrictMath.pow(radius, link.degree());
          case EXP -> 1 + radius * StrictMath.exp(radius);
          case SINE -> 1 + radius * StrictMath.cosh(radius);
          default -> radius < 2 ? 1 + 2 * radius / (4 - radius * radius) : Double.NaN;
        };
    if (log < LARGEST_LOG && Double.isFinite(closed)) {
      metrics.put("closed_form_error", Math.abs(StrictMath.exp(log) / closed - 1));
    }
    double sum = Complexity.logManyVariables(link, configuration.smallInteger("variables"), radius);
    if (sum < LARGEST_LOG) {
      metrics.put("sum", StrictMath.exp(sum));
    }
    double excess = 0;
    for (int i = 2; i <= 20; i++) {
      excess = Math.max(excess, StrictMath.exp(Complexity.logLargestMultinomial(2, i)) / i - 1);
    }
    metrics.put("multinomial_excess", excess);
    return TrialResult.of(metrics, Map.of());
  }

  private static TrialResult atAccuracy(Configuration configuration) {
    Link link = link(configuration);
    double radius = configuration.real("radius");
    double constant = configuration.real("constant");
    double log =
        Complexity.logAtAccuracy(link, radius, constant, configuration.real("log_accuracy"));
    double sample = Complexity.logSample(link, radius, constant);
    Map<String, Double> metrics = new LinkedHashMap<>();
    put(metrics, log);
    if (Double.isFinite(log) && Double.isFinite(sample)) {
      metrics.put("log_below_sample", Math.max(0, sample - log));
    }
    return TrialResult.of(metrics, Map.of());
  }

  private static TrialResult ofTarget(Configuration configuration) {
    int length = configuration.smallInteger("length");
    double log = log(configuration, length);
    double doubled = log(configuration, 2 * length);
    Map<String, Double> metrics = new LinkedHashMap<>();
    put(metrics, log);
    if (Double.isFinite(log) && Double.isFinite(doubled)) {
      metrics.put("local_slope", (doubled - log) / StrictMath.log(2));
    }
    return TrialResult.of(metrics, Map.of());
  }

  private static double log(Configuration configuration, int length) {
    Link link = link(configuration);
    double ratio = configuration.real("norm_ratio");
    return switch (configuration.choice("measure")) {
      case ONE -> Complexity.logAdditive(link, length, ratio, 1);
      case ALL -> Complexity.logAdditive(link, length, ratio, length);
      case BY_VARIABLES ->
          Complexity.logByVariables(link, length, ratio, configuration.smallInteger("variables"));
      default ->
          Complexity.logByDistance(link, length, ratio, configuration.smallInteger("distance"));
    };
  }

  private static void put(Map<String, Double> metrics, double log) {
    metrics.put("infinite", Double.isInfinite(log) ? 1.0 : 0.0);
    if (Double.isFinite(log)) {
      metrics.put("log_complexity", log);
    }
    if (log < LARGEST_LOG) {
      metrics.put("complexity", StrictMath.exp(log));
    }
  }
}
