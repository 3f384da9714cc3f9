package org.rnnsweep.jobs.stability;

import java.util.ArrayList;
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
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.stability.NormalizedInput;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * What normalising a sequence does (Allen-Zhu and Li, Definitions 3.1 and 3.2, Remark 3.4): tokens
 * scaled by eps_x are the unscaled ones under an A whose columns are scaled, the first state is
 * common to all sequences, the tokens in between are orthogonal to those of the null sequence, and
 * the last token may be left out. Double whatever the profile says: it compares states.
 *
 * <p>Three sequences pass side by side under {@code [A, eps_x A]}, m x 2 d: (x_l, 0) as normalised;
 * (x_1, 0) and then (0, x_l / eps_x), the columns scaled in place of the tokens; and the first one
 * with its last token 0.
 */
public final class InputTransformJob implements TrialJob {
  private static final int BATCH = 3;

  private static final List<Parameter> PARAMETERS =
      List.of(
          NetworkSetting.WIDTH,
          NetworkSetting.LENGTH,
          NetworkSetting.EPS_X,
          NetworkSetting.DIMENSION,
          NetworkSetting.OUTPUTS);

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "scaling_gap",
              "change by scaling A in place of tokens",
              "1",
              "max_l |h_l - h'_l| / |h_l|, h' under an A whose columns are scaled"),
          Metric.scalar(
              "input_gap",
              "error of norms and inner products",
              "1",
              "largest of ||x_1| - 1|, ||x_l| - eps_x| / eps_x, |x_1 - x_1^(0)|, |x_L - x_L^(0)| and"
                  + " |<x_l, x_l^(0)>| / eps_x^2 in between"),
          Metric.scalar(
              "end_share",
              "what the last token adds",
              "1",
              "(|h_L|^2 - |h_L without x_L|^2) / eps_x^2"),
          Metric.scalar("end_deviation", "its deviation", "1", "|the same - 1|"));

  /** For the service loader. */
  public InputTransformJob() {}

  @Override
  public String id() {
    return "input-transform";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "what normalising a sequence does to a random network's states";
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
    if (!(configuration.real("eps_x") > 0)) {
      problems.add("eps_x must be positive, found 0: there would be nothing to scale");
    }
    int length = configuration.smallInteger("length");
    long width = configuration.integer("width");
    if (width < Trajectory.products(BATCH, length)) {
      problems.add("a conditioned W of width " + width + " has no room for length " + length);
    }
    return problems;
  }

  private static NetworkSetting setting(Trial trial) {
    return new NetworkSetting(trial, Precision.DOUBLE);
  }

  private static Products products(NetworkSetting setting) {
    return new Products(Trajectory.products(BATCH, setting.length()), 0);
  }

  @Override
  public Cost cost(Trial trial) {
    NetworkSetting setting = setting(trial);
    long m = setting.width();
    int both = 2 * setting.dimension();
    double flops =
        setting.operatorFlops(Representation.CONDITIONED, products(setting))
            + NetworkSetting.FLOPS_OF_A_COORDINATE * m * products(setting).total();
    return new Cost(
        flops,
        setting.networkBytes(Representation.CONDITIONED, products(setting))
            + m * both * Double.BYTES
            + Trajectory.memoryBytes(m, both, BATCH, setting.length(), Precision.DOUBLE));
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return TrialResult.of(measure(setting(trial), context.arena()), Map.of());
  }

  private static Map<String, Double> measure(NetworkSetting setting, Arena arena) {
    int length = setting.length();
    double epsX = setting.epsX();
    double[][] x = setting.input(NormalizedInput.Law.SPREAD).tokens(length);
    double[][] none = setting.input(NormalizedInput.Law.NULL).tokens(length);
    Map<String, Double> metrics = new LinkedHashMap<>();
    try (RandomNetwork network =
        setting.network(arena, Representation.CONDITIONED, RandomNetwork.HE, products(setting))) {
      OffHeapMatrix both = beside(arena, network.input(), epsX);
      try (Trajectory states =
          new Trajectory(setting.blas(), arena, network.recurrent(), both, BATCH, length)) {
        double gap = 0;
        for (int l = 1; l <= length; l++) {
          double[] plain = placed(x[l - 1], 1, 0);
          double[] scaled = l == 1 ? plain : placed(x[l - 1], 1 / epsX, x[0].length);
          double[] ended = l < length ? plain : new double[plain.length];
          states.step(new double[][] {plain, scaled, ended});
          double distance = RowMeasures.distance(states.states(l), 0, states.states(l), 1);
          gap = Math.max(gap, distance / RowMeasures.norm(states.states(l), 0));
        }
        double with = RowMeasures.norm(states.states(length), 0);
        double without = RowMeasures.norm(states.states(length), 2);
        double share = (with - without) * (with + without) / (epsX * epsX);
        metrics.put("scaling_gap", gap);
        metrics.put("input_gap", inputGap(x, none, epsX));
        metrics.put("end_share", share);
        metrics.put("end_deviation", Math.abs(share - 1));
      }
      arena.release(both);
    }
    return metrics;
  }

  /** [A, eps A]. */
  private static OffHeapMatrix beside(Arena arena, OffHeapMatrix a, double epsX) {
    int d = Math.toIntExact(a.columns());
    OffHeapMatrix both = arena.matrix(a.rows(), 2L * d, Precision.DOUBLE);
    double[] row = new double[d];
    double[] wide = new double[2 * d];
    for (long k = 0; k < a.rows(); k++) {
      a.getRow(k, row);
      for (int c = 0; c < d; c++) {
        wide[c] = row[c];
        wide[d + c] = epsX * row[c];
      }
      both.putRow(k, wide);
    }
    return both;
  }

  /** A token times a factor, in the first half or from another place on. */
  private static double[] placed(double[] token, double factor, int from) {
    double[] wide = new double[2 * token.length];
    for (int c = 0; c < token.length; c++) {
      wide[from + c] = factor * token[c];
    }
    return wide;
  }

  private static double inputGap(double[][] x, double[][] none, double epsX) {
    int last = x.length - 1;
    double gap = Math.abs(norm(x[0]) - 1);
    gap = Math.max(gap, Math.sqrt(distanceSquare(x[0], none[0])));
    gap = Math.max(gap, Math.sqrt(distanceSquare(x[last], none[last])));
    for (int l = 1; l <= last; l++) {
      gap = Math.max(gap, Math.abs(norm(x[l]) / epsX - 1));
      if (l < last) {
        double inner = 0;
        for (int c = 0; c < x[l].length; c++) {
          inner += x[l][c] * none[l][c];
        }
        gap = Math.max(gap, Math.abs(inner) / (epsX * epsX));
      }
    }
    return gap;
  }

  private static double norm(double[] x) {
    return Math.sqrt(distanceSquare(x, new double[x.length]));
  }

  private static double distanceSquare(double[] x, double[] y) {
    double sum = 0;
    for (int c = 0; c < x.length; c++) {
      sum += (x[c] - y[c]) * (x[c] - y[c]);
    }
    return sum;
  }
}
