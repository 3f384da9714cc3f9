package org.rnnsweep.jobs.ntk;

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
import org.rnnsweep.kernels.certificates.KernelSeries;
import org.rnnsweep.kernels.certificates.LabelNorm;
import org.rnnsweep.kernels.concepts.MarginLaw;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Parametrization;
import org.rnnsweep.kernels.ntk.RecurrentKernel;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * The label-kernel bound (Theorem 4 of Wang, Shen, Hu and Cao): {@code sqrt(y^T H^-1 y)} of targets
 * of their concept classes on n sequences with a margin, with the kernel of infinite width or that
 * of a random network, beside what the dominations of {@link KernelSeries} promise for every n by
 * Proposition 2.4.
 *
 * <p>A seed's samples for n are the first n of its samples for more, and the same at all widths.
 */
public final class NtkLabelJob implements TrialJob {
  private static final String LIMIT = "limit";
  private static final String FINITE = "finite";
  private static final double FLOPS_OF_A_PAIR_STEP = 400; // 5 ns

  private static final List<Parameter> PARAMETERS = parametersOfTheJob();

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("label_norm", "label norm", "1", "Lambda = y^T H^-1 y"),
          Metric.scalar("root_label_norm", "root of the label norm", "1", "sqrt(Lambda)"),
          Metric.scalar(
              "certificate",
              "promised bound",
              "1",
              "sum |c_p| / sqrt(xi_p) over the target's terms, from the series of H_inf"),
          Metric.scalar(
              "bound_ratio", "label norm over the promise", "1", "sqrt(Lambda) / certificate"),
          Metric.scalar(
              "width_excess",
              "label norm of a finite width over the limit's",
              "1",
              "|Lambda / Lambda_inf - 1|, Lambda_inf with H_inf on the same samples"),
          Metric.scalar(
              "condition", "condition number", "1", "largest over smallest eigenvalue of H"),
          Metric.scalar("jitter", "jitter", "1", "what Cholesky needed on the diagonal: 0 if none"),
          Metric.scalar(
              "acceptance", "acceptance rate", "1", "share of the sequences that have the margin"));

  /** For the service loader. */
  public NtkLabelJob() {}

  private static List<Parameter> parametersOfTheJob() {
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(Parameter.integer("samples", "n", 2, 20_000, "sequences"));
    parameters.addAll(ConceptSamples.parameters());
    parameters.add(
        Parameter.choice("kernel", "H of infinite width or of a random network", LIMIT, FINITE)
            .withDefault(LIMIT));
    parameters.add(
        Parameter.integer("width", "m", 2, 1 << 15, "neurons of the network, W formed")
            .withRelevance("kernel", FINITE));
    return List.copyOf(parameters);
  }

  @Override
  public String id() {
    return "ntk-label";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public String summary() {
    return "norm of targets in the tangent kernel's space, of infinite or finite width, by Cholesky";
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
    return ConceptSamples.check(configuration);
  }

  @Override
  public Cost cost(Trial trial) {
    Configuration configuration = trial.configuration();
    double n = configuration.integer("samples");
    int count = configuration.smallInteger("samples");
    double flops =
        FLOPS_OF_A_PAIR_STEP * n * n * configuration.integer("length")
            + ConceptSamples.flops(configuration, n)
            + LabelNorm.flops(n);
    if (!isFinite(configuration)) {
      return new Cost(flops, LabelNorm.memoryBytes(count));
    }
    return new Cost(
        flops + LabelNorm.flops(n) + RandomTangent.flops(configuration, count),
        Math.max(LabelNorm.memoryBytes(count), RandomTangent.memoryBytes(configuration, count)));
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return TrialResult.of(metrics(trial, context), Map.of());
  }

  private static boolean isFinite(Configuration configuration) {
    return configuration.choice("kernel").equals(FINITE);
  }

  private static Map<String, Double> metrics(Trial trial, JobContext context)
      throws InterruptedException {
    Configuration configuration = trial.configuration();
    StreamKey key = trial.key();
    ConceptSamples samples = ConceptSamples.of(configuration, key);
    int n = configuration.smallInteger("samples");
    List<double[][]> sequences = new ArrayList<>();
    double[] target = new double[n];
    for (int i = 0; i < n; i++) {
      MarginLaw.Labelled sample = samples.sample(i);
      sequences.add(sample.tokens());
      target[i] = sample.value();
    }
    context.checkCancelled();
    double[][] limit =
        RecurrentKernel.ntk(
                ConceptSamples.network(configuration), Trained.RECURRENT, Parametrization.ENTRIES)
            .gram(sequences, Output.LAST, 1);
    context.checkCancelled();
    Blas blas = Blas.of(trial.numerics());
    Map<String, Double> metrics = new LinkedHashMap<>();
    LabelNorm norm = LabelNorm.of(blas, context.arena(), limit, target);
    if (isFinite(configuration)) {
      double inTheLimit = norm.squared();
      norm =
          LabelNorm.of(
              blas,
              context.arena(),
              RandomTangent.gram(blas, configuration, sequences, key, context),
              target);
      metrics.put("width_excess", Math.abs(norm.squared() / inTheLimit - 1));
    }
    double root = Math.sqrt(norm.squared());
    metrics.put("label_norm", norm.squared());
    metrics.put("root_label_norm", root);
    metrics.put("condition", norm.condition());
    metrics.put("jitter", norm.jitter());
    if (!samples.isControl()) {
      double certificate = samples.certificate();
      metrics.put("certificate", certificate);
      metrics.put("bound_ratio", root / certificate);
      metrics.put("acceptance", samples.acceptance());
    }
    return metrics;
  }
}
