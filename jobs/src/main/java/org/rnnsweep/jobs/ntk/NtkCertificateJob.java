package org.rnnsweep.jobs.ntk;

import java.util.ArrayList;
import java.util.HashMap;
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
import org.rnnsweep.kernels.certificates.KernelSeries;
import org.rnnsweep.kernels.certificates.Monomials;

/**
 * Best constants by which the infinite-width tangent kernel dominates powers of the tokens'
 * cosines: (30), (32), (33), (35) and (36) of Wang, Shen, Hu and Cao, by {@link KernelSeries}.
 * Nothing is random: a trial's seed is of no account, experiments have one.
 */
public final class NtkCertificateJob implements TrialJob {
  private static final String POWER = "power";
  private static final String SUM = "sum";
  private static final String WINDOW = "window";
  private static final String FIRST = "first";
  private static final String MIDDLE = "middle";
  private static final String LAST = "last";
  private static final String ADJACENT = "adjacent";
  private static final String HALF = "half";
  private static final String WHOLE = "whole";
  private static final String FIXED = "distance";

  /** Operations of a step of the series beside its products. */
  private static final double STEP_FLOPS = 3000;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("length", "L", 1, 100_000, "tokens of a sequence"),
          Parameter.choice(
              "dominated",
              "z_l^k of one position; ((z_1 + .. + z_N) / N)^k of N positions; or the same of a"
                  + " whole window, all of whose tokens have one cosine",
              POWER,
              SUM,
              WINDOW),
          Parameter.integer("degree", "k", 1, 12, "the power"),
          Parameter.choice(
                  "position", "the position, or the last one of several", FIRST, MIDDLE, LAST)
              .withDefault(LAST),
          Parameter.integer("variables", "N", 2, 4, "how many positions")
              .withDefault(2)
              .withRelevance("dominated", SUM),
          Parameter.choice(
                  "spread",
                  "how far the first of several positions is before the last: N - 1, half of the"
                      + " sequence, as far as there is, or 'distance'",
                  ADJACENT,
                  HALF,
                  WHOLE,
                  FIXED)
              .withDefault(ADJACENT)
              .withRelevance("dominated", SUM),
          Parameter.integer(
                  "distance",
                  "l_0",
                  1,
                  99_999,
                  "last position less the first, of a window or with spread = distance")
              .withDefault(1)
              .withRelevance("dominated", SUM, WINDOW),
          Parameter.real("input_square", "c", 1e-6, 1e6, "|X_l|^2, the same at all positions")
              .withDefault(1.0),
          Parameter.real("input_power", "alpha", 0, 10, "A ~ N(0, 2/(L^alpha m))")
              .withDefault(3.0));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "constant",
              "best constant of the domination",
              "1",
              "xi in H >= xi z^k, cosines z; coefficient by coefficient"),
          Metric.scalar(
              "step_constant",
              "constant of Lemmas 21 and 22",
              "1",
              "[z_l^k] Sigma(rho_l), l the last position"),
          Metric.scalar(
              "step_domination",
              "constant of (32)",
              "1",
              "kappa in H >= kappa Q_l Sigma(rho_l), l the last position"),
          Metric.scalar(
              "log_slope_loss",
              "loss of the state's slope",
              "1",
              "-log2 of dK^l / d(L^-alpha X_r^T X_r') at 0, r the first position and l the last:"
                  + " the paper bounds it by l - r + 1"),
          Metric.scalar(
              "loss_over_naive",
              "that loss over the paper's bound",
              "1",
              "log_slope_loss / (l - r + 1)"));

  /** For the service loader. */
  public NtkCertificateJob() {}

  @Override
  public String id() {
    return "ntk-certificate";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "best constants of kernel dominations, by power series (nothing is random)";
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
    Setting setting = new Setting(configuration);
    List<String> problems = new ArrayList<>();
    List<Integer> positions = setting.positions();
    if (positions.stream().distinct().count() < positions.size()
        || positions.get(0) < 1
        || positions.get(positions.size() - 1) > setting.length()) {
      problems.add(
          "positions must be different ones from 1 to length = "
              + setting.length()
              + ", found "
              + positions);
    }
    return problems;
  }

  @Override
  public Cost cost(Trial trial) {
    return new Cost(new Setting(trial.configuration()).flops(), 0);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return run(new Setting(trial.configuration()));
  }

  private static TrialResult run(Setting setting) {
    List<Integer> positions = setting.positions();
    Map<Integer, Integer> variables = new HashMap<>();
    for (int k = 0; k < positions.size(); k++) {
      variables.put(positions.get(k), setting.separate() ? k : 0);
    }
    KernelSeries series =
        KernelSeries.of(
            setting.length(),
            setting.inputSquare(),
            setting.configuration().real("input_power"),
            setting.monomials(),
            variables);
    int degree = setting.degree();
    int last = positions.get(positions.size() - 1);
    int[] ofLast = new int[setting.monomials().variables()];
    ofLast[ofLast.length - 1] = degree;
    double norm =
        1
            + last
                * setting.inputSquare()
                * StrictMath.pow(setting.length(), -setting.configuration().real("input_power"));
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("constant", series.powerOfSum(degree));
    metrics.put("step_constant", series.stepCoefficient(last, ofLast));
    metrics.put("step_domination", series.stepDomination(last, norm));
    if (setting.separate()) {
      double loss = -StrictMath.log(series.stateSlope(last, 0)) / StrictMath.log(2);
      metrics.put("log_slope_loss", loss);
      metrics.put("loss_over_naive", loss / (last - positions.get(0) + 1));
    }
    return TrialResult.of(metrics, Map.of());
  }

  /** A configuration in the words of the kernels. */
  private record Setting(Configuration configuration) {

    int length() {
      return configuration.smallInteger("length");
    }

    int degree() {
      return configuration.smallInteger("degree");
    }

    double inputSquare() {
      return configuration.real("input_square");
    }

    /** Whether every position has a variable of its own. */
    boolean separate() {
      return configuration.choice("dominated").equals(SUM);
    }

    Monomials monomials() {
      return Monomials.of(separate() ? configuration.smallInteger("variables") : 1, degree());
    }

    /** Ascending, if they fit; as they come if they do not. */
    List<Integer> positions() {
      int end =
          switch (configuration.choice("position")) {
            case FIRST -> 1;
            case MIDDLE -> Math.max(1, length() / 2);
            default -> length();
          };
      return switch (configuration.choice("dominated")) {
        case SUM -> several(end, configuration.smallInteger("variables"));
        case WINDOW -> all(end - configuration.smallInteger("distance"), end);
        default -> List.of(end);
      };
    }

    private List<Integer> several(int end, int count) {
      int distance =
          switch (configuration.choice("spread")) {
            case ADJACENT -> count - 1;
            case HALF -> length() / 2;
            case WHOLE -> end - 1;
            default -> configuration.smallInteger("distance");
          };
      List<Integer> positions = new ArrayList<>();
      for (int k = 0; k < count; k++) {
        positions.add(end - distance + distance * k / (count - 1));
      }
      return positions;
    }

    private static List<Integer> all(int from, int to) {
      List<Integer> positions = new ArrayList<>();
      for (int l = from; l <= to; l++) {
        positions.add(l);
      }
      return positions;
    }

    double flops() {
      double products = 1;
      int doubled = 2 * monomials().variables();
      for (int k = 1; k <= doubled; k++) {
        products *= (degree() + (double) k) / k;
      }
      return length() * (STEP_FLOPS + 20.0 * (2 * degree() + 1) * products);
    }
  }
}
