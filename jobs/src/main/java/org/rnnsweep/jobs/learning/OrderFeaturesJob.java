package org.rnnsweep.jobs.learning;

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
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.learning.TangentFactors;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Parametrization;
import org.rnnsweep.kernels.ntk.RecurrentKernel;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.stability.RowMeasures;

/**
 * Whether W alone can tell A..AB from A..ABA (Allen-Zhu and Li, footnote 6 and "Adapt to tokens"):
 * the distance of the two strings' tangent features {@code grad_W F}, and how different the parts
 * {@code v_i h_(i-1)^T} are that one token A has at different positions. Two tokens, B = -A; double
 * whatever the profile says.
 */
public final class OrderFeaturesJob implements TrialJob {
  private static final List<Parameter> PARAMETERS =
      List.of(
          LearningSetting.WIDTH,
          LearningSetting.LENGTH,
          LearningSetting.EPS_X,
          LearningSetting.DIMENSION,
          LearningSetting.END);

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "contrast",
              "contrast of the two strings",
              "1",
              "|grad_W F(x) - grad_W F(x')|^2 / |grad_W F(x)|^2"),
          Metric.scalar(
              "contrast_limit", "the same at infinite width", "1", "of the tangent kernel"),
          Metric.scalar(
              "contrast_ratio", "contrast over its limit", "1", "contrast over contrast_limit"),
          Metric.scalar(
              "state_distance",
              "distance of the last states",
              "1",
              "|h_L - h'_L| / eps_x; its limit at small eps_x is sqrt(6)"),
          Metric.scalar(
              "feature_cosine",
              "features of one token at two positions",
              "1",
              "rms over pairs of positions i, k of A in A..AB of the cosine between v_i h_(i-1)^T"
                  + " and v_k h_(k-1)^T"),
          Metric.scalar(
              "state_gap",
              "states after one token at two positions",
              "1",
              "least |h_i - h_k| over positions i, k of A in A..AB"));

  /** For the service loader. */
  public OrderFeaturesJob() {}

  @Override
  public String id() {
    return "order-features";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "how far apart a random network's tangent features of A..AB and A..ABA are";
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
    return configuration.integer("length") < 5
        ? List.of("three middle tokens are needed, L of at least 5")
        : List.of();
  }

  @Override
  public Cost cost(Trial trial) {
    LearningSetting setting = new LearningSetting(trial);
    NetworkShape shape = TangentFactors.shape(setting.width(), setting.dimension());
    return new Cost(
        Cost.FLOPS_OF_A_NORMAL * shape.width() * shape.width()
            + 10 * TangentFactors.flops(shape, 2, setting.length()),
        Network.memoryBytes(shape, Precision.DOUBLE)
            + TangentFactors.memoryBytes(shape, Precision.DOUBLE, 2, setting.length()));
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return TrialResult.of(measure(new LearningSetting(trial), context), Map.of());
  }

  private static Map<String, Double> measure(LearningSetting setting, JobContext context) {
    List<double[][]> pair = setting.orderedPair();
    NetworkShape shape = TangentFactors.shape(setting.width(), setting.dimension());
    Map<String, Double> metrics = new LinkedHashMap<>();
    try (Network network = setting.network(context.arena(), Precision.DOUBLE, shape);
        TangentFactors factors =
            new TangentFactors(setting.blas(), context.arena(), network, pair)) {
      double contrast = contrast(factors.recurrentGram());
      double limit =
          contrast(
              RecurrentKernel.ntk(LearningSetting.LAW, Trained.RECURRENT, Parametrization.ENTRIES)
                  .gram(pair, Output.LAST, 1));
      metrics.put("contrast", contrast);
      metrics.put("contrast_limit", limit);
      metrics.put("contrast_ratio", contrast / limit);
      metrics.put(
          "state_distance",
          RowMeasures.distance(factors.lastStates(), 0, factors.lastStates(), 1)
              / setting.configuration().real("eps_x"));
      addPositions(metrics, factors);
    }
    return metrics;
  }

  private static double contrast(double[][] gram) {
    return (gram[0][0] + gram[1][1] - gram[0][1] - gram[1][0]) / gram[0][0];
  }

  /** Of the first string, whose tokens x_2, .., x_(L-2) are A. */
  private static void addPositions(Map<String, Double> metrics, TangentFactors factors) {
    double squares = 0;
    int pairs = 0;
    double gap = Double.POSITIVE_INFINITY;
    for (int i = 2; i <= factors.length() - 2; i++) {
      for (int k = 2; k < i; k++) {
        long row = 2L * (i - 2); // row (i - 2) N + q of sequence q = 0 of N = 2
        long other = 2L * (k - 2);
        double cosine =
            cosine(factors.recurrentBacks(), row, other)
                * cosine(factors.recurrentStates(), row, other);
        squares += cosine * cosine;
        pairs++;
        // Rows of the states lag by one step: h_(i-1) is at i's.
        gap =
            Math.min(
                gap,
                RowMeasures.distance(
                    factors.recurrentStates(), row + 2, factors.recurrentStates(), other + 2));
      }
    }
    metrics.put("feature_cosine", Math.sqrt(squares / pairs));
    metrics.put("state_gap", gap);
  }

  private static double cosine(OffHeapMatrix rows, long i, long k) {
    return RowMeasures.dot(rows, i, rows, k)
        / (RowMeasures.norm(rows, i) * RowMeasures.norm(rows, k));
  }
}
