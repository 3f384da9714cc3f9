package org.rnnsweep.jobs.existence;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.stability.BackwardCorrelations;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.SymmetricEigen;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * How the backward maps of one sequence correlate, and what their products with B add up to
 * (Panigrahi and Goyal, Lemma F.11, Claim F.16). Double whatever the profile says.
 */
public final class BackwardSignalsJob implements TrialJob {
  private static final List<Parameter> PARAMETERS =
      List.of(
          PseudoSetting.WIDTH,
          PseudoSetting.LENGTH,
          PseudoSetting.EPS_X,
          PseudoSetting.DIMENSION,
          PseudoSetting.OUTPUTS);

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "same_start",
              "correlation of maps of one start",
              "1",
              "max_(i<=j<j') |Back_(i->j) Back_(i->j')^T|_2"),
          Metric.scalar(
              "same_end",
              "correlation of maps with B",
              "1",
              "max_(i<L) |B Back_(i->L)^T|_2, the pairs that the proofs use"),
          Metric.scalar(
              "signal_error",
              "error of the signal",
              "1",
              "max_s |kappa_ss - 1| + sum of |kappa_ss'| over s' != s, kappa_ss' = d/m sum_(i<=L)"
                  + " <b_s', Back_(i->L,s)>"),
          Metric.scalar(
              "signal_error_used",
              "the same of the steps that occur",
              "1",
              "the same with i = 1 and i = L alone, where a token's last coordinate is not 0"));

  /** For the service loader. */
  public BackwardSignalsJob() {}

  @Override
  public String id() {
    return "backward-signals";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "correlations of backward maps and the signal that they carry";
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
    PseudoSetting setting = new PseudoSetting(trial);
    Products products = products(setting);
    Representation representation = representation(setting);
    int length = setting.length();
    int d = setting.outputs();
    long m = setting.width();
    double flops =
        representation.costFlops(m, m, products)
            + PseudoSetting.FLOPS_OF_A_COORDINATE * m * products.total();
    long bytes =
        setting.networkBytes(representation, products)
            + setting.passBytes(1)
            + BackwardVectors.memoryBytes(m, 1, d, 2, length, Precision.DOUBLE)
            + BackwardCorrelations.memoryBytes(products.left(), d, m);
    return new Cost(flops, bytes);
  }

  private static Products products(PseudoSetting setting) {
    int length = setting.length();
    return new Products(
        Trajectory.products(1, length), BackwardVectors.products(1, setting.outputs(), 2, length));
  }

  private static Representation representation(PseudoSetting setting) {
    return Representation.choose(setting.width(), setting.width(), products(setting));
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    Progress progress = new Progress(context, 3);
    PseudoSetting setting = new PseudoSetting(trial);
    return TrialResult.of(measure(setting, context.arena(), progress), Map.of());
  }

  private static Map<String, Double> measure(PseudoSetting setting, Arena arena, Progress progress)
      throws InterruptedException {
    progress.worked(0);
    int length = setting.length();
    try (RandomNetwork net = setting.network(arena, representation(setting), products(setting));
        Trajectory states =
            setting.pass(arena, net.recurrent(), net.input(), setting.sequences(1))) {
      progress.worked(1);
      try (BackwardVectors back =
          BackwardVectors.ask(arena, net.recurrent(), net.output(), states, 2, length)) {
        progress.worked(1);
        BackwardCorrelations all = BackwardCorrelations.of(setting.blas(), arena, back, 0);
        double[][] gram = back.gram(setting.blas(), arena);
        double end = 0;
        for (int i = 1; i < length; i++) {
          end =
              Math.max(
                  end, SymmetricEigen.spectralNorm(back.block(gram, length, length, i, length, 0)));
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("same_start", all.sameStart());
        metrics.put("same_end", end);
        metrics.put("signal_error", signalError(setting, net.output(), back, false));
        metrics.put("signal_error_used", signalError(setting, net.output(), back, true));
        progress.worked(1);
        return metrics;
      }
    }
  }

  private static double signalError(
      PseudoSetting setting, OffHeapMatrix output, BackwardVectors back, boolean used) {
    int length = setting.length();
    int d = setting.outputs();
    double largest = 0;
    for (int s = 0; s < d; s++) {
      double error = 0;
      for (int other = 0; other < d; other++) {
        double kappa = other == s ? -1 : 0;
        for (int i = 1; i <= length; i++) {
          if (!used || i == 1 || i == length) {
            kappa +=
                RowMeasures.dot(output, other, back.block(i, length, 0), s) * d / setting.width();
          }
        }
        error += Math.abs(kappa);
      }
      largest = Math.max(largest, error);
    }
    return largest;
  }
}
