package org.rnnsweep.jobs.learning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.certificates.LabelNorm;
import org.rnnsweep.kernels.learning.Concept;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Parametrization;
import org.rnnsweep.kernels.ntk.RecurrentKernel;
import org.rnnsweep.kernels.ntk.Trained;

/**
 * What remembering one token costs (Allen-Zhu and Li, "Long term memory"): the norm {@code sqrt(y^T
 * K^-1 y)} of a function y of one token x_i on N sequences in the space of the infinite-width
 * tangent kernel of W, by the token's place and the length. It is what sqrt(m) |W'|_F has to be at
 * least, for a linearised network to fit these labels. The function is of one degree purely: z^3
 * would be mostly its linear part.
 */
public final class MemoryNormJob implements TrialJob {
  private static final String FIRST = "first";
  private static final String MIDDLE = "middle";
  private static final String LAST = "last";
  private static final double FLOPS_OF_A_PAIR = 400;

  private static final List<Parameter> PARAMETERS =
      List.of(
          LearningSetting.LENGTH,
          LearningSetting.SAMPLES,
          LearningSetting.EPS_X,
          Parameter.integer("dimension", "d_in", 5, 256, "coordinates of a token").withDefault(5),
          LearningSetting.END,
          Parameter.choice("place", "which of the middle tokens", FIRST, MIDDLE, LAST),
          Parameter.integer("degree", "p", 1, 8, "the degree").withDefault(1));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("memory_norm", "norm of one token's function", "1", "sqrt(y^T K^-1 y)"),
          Metric.scalar(
              "relative_norm",
              "norm over that of shuffled labels",
              "1",
              "sqrt(y^T K^-1 y) over the same of the same labels given to other sequences; 1 where"
                  + " the function costs as much as labels without meaning"),
          Metric.scalar(
              "jitter", "jitter", "1", "what Cholesky needed on the diagonal: 0 if none"));

  /** For the service loader. */
  public MemoryNormJob() {}

  @Override
  public String id() {
    return "memory-norm";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "what one token's function costs in the infinite-width kernel's norm, by place and length";
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
    LearningSetting setting = new LearningSetting(trial);
    double n = setting.samples();
    return new Cost(
        FLOPS_OF_A_PAIR * n * n * setting.length() + 2 * LabelNorm.flops(n),
        LabelNorm.memoryBytes(setting.samples()));
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return TrialResult.of(measure(new LearningSetting(trial), context), Map.of());
  }

  private static Map<String, Double> measure(LearningSetting setting, JobContext context) {
    int middle = setting.length() - 2;
    int place =
        switch (setting.configuration().choice("place")) {
          case FIRST -> 0;
          case MIDDLE -> middle / 2;
          default -> middle - 1;
        };
    int degree = setting.configuration().smallInteger("degree");
    List<double[][]> sequences = setting.sequences("data", setting.samples());
    double[] labels =
        sequences.stream()
            .mapToDouble(x -> harmonic(degree, setting.law().trueTokens(x)[place]))
            .toArray();
    double[][] gram =
        RecurrentKernel.ntk(LearningSetting.LAW, Trained.RECURRENT, Parametrization.ENTRIES)
            .gram(sequences, Output.LAST, 1);
    LabelNorm norm = LabelNorm.of(setting.blas(), context.arena(), gram, labels);
    double[] shuffled = new double[labels.length];
    for (int q = 0; q < labels.length; q++) {
      shuffled[q] = labels[(q + 1) % labels.length]; // independent samples: a shift will do
    }
    LabelNorm random = LabelNorm.of(setting.blas(), context.arena(), gram, shuffled);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("memory_norm", Math.sqrt(norm.squared()));
    metrics.put("relative_norm", Math.sqrt(norm.squared() / random.squared()));
    metrics.put("jitter", norm.jitter());
    return metrics;
  }

  /**
   * The Gegenbauer polynomial of this degree in the first coordinate u of the token's direction on
   * the unit sphere of R^(D-2): orthogonal there to every polynomial of lower degree.
   */
  private static double harmonic(int degree, double[] token) {
    double u = Concept.letter(token);
    double lambda = (token.length - 3) / 2.0;
    double before = 1;
    double now = 2 * lambda * u;
    for (int n = 1; n < degree; n++) {
      double next = (2 * (n + lambda) * u * now - (n + 2 * lambda - 1) * before) / (n + 1);
      before = now;
      now = next;
    }
    return now;
  }
}
