package org.rnnsweep.jobs.ntk;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.rnnsweep.kernels.certificates.LabelNorm;
import org.rnnsweep.kernels.concepts.MarginLaw;
import org.rnnsweep.kernels.descent.Loss;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.descent.Pass;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Parametrization;
import org.rnnsweep.kernels.ntk.RecurrentKernel;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.RowMeasures;

/**
 * The solution near the start that Lemma 15 of Wang, Shen, Hu and Cao constructs, in a true network
 * of width m:
 *
 * <pre>
 * b = max |f(W_0, x_i)| + ln(1 / (exp(1/n) - 1)) + 0.01,   a = H^-1 b y,
 * W* = W_0 + sum a_i grad f(x_i) / m,                      R = sqrt(m) |W* - W_0|_F = b sqrt(y^T H^-1 y)
 * </pre>
 *
 * with H that of the network, so that the network linear in W says f(W_0, x_i) + b y_i. Whether the
 * network itself agrees is what is measured.
 */
public final class NtkLazyJob implements TrialJob {
  private static final double FLOPS_OF_A_PAIR_STEP = 400; // 5 ns

  private static final List<Parameter> PARAMETERS = parametersOfTheJob();

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("initial_output", "output at the start", "1", "max |f(W_0, x_i)|"),
          Metric.scalar("radius", "radius", "1", "R = sqrt(m) |W* - W_0|_F"),
          Metric.scalar(
              "radius_ratio",
              "radius over the limit's",
              "1",
              "R / (b sqrt(Lambda)), Lambda = y^T H_inf^-1 y"),
          Metric.scalar(
              "radius_bound_ratio",
              "radius over what Lemma 15 allows",
              "1",
              "R / (L sqrt(Lambda)), bounded but for logarithms"),
          Metric.scalar("worst_loss", "largest loss", "1", "max ln(1 + exp(-y_i f(W*, x_i)))"),
          Metric.scalar(
              "loss_ratio",
              "largest loss over what Lemma 15 allows",
              "1",
              "max loss / ((1 + R^2) / n)"),
          Metric.scalar(
              "linear_error",
              "error of the linear network",
              "1",
              "max |f(W*, x_i) - f(W_0, x_i) - b y_i| / b"));

  /** For the service loader. */
  public NtkLazyJob() {}

  private static List<Parameter> parametersOfTheJob() {
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(Parameter.integer("samples", "n", 4, 2048, "sequences to be fitted"));
    parameters.addAll(ConceptSamples.parameters());
    parameters.add(Parameter.integer("width", "m", 2, 1 << 14, "neurons"));
    return List.copyOf(parameters);
  }

  @Override
  public String id() {
    return "ntk-lazy";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "the solution near initialisation that the tangent kernel promises, in a true network";
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
    NetworkShape shape = ConceptSamples.shape(configuration, Output.LAST);
    int n = configuration.smallInteger("samples");
    int length = configuration.smallInteger("length");
    double vectors = (double) n * length;
    double flops =
        ConceptSamples.flops(configuration, n)
            + FLOPS_OF_A_PAIR_STEP * n * vectors
            + 2.0 / 3 * n * n * n
            + 4 * Pass.forwardFlops(shape, n, length)
            + 4 * vectors * vectors * shape.width()
            + Cost.FLOPS_OF_A_NORMAL * shape.width() * shape.width();
    long bytes =
        2 * Network.memoryBytes(shape, Precision.DOUBLE)
            + Pass.memoryBytes(shape, Precision.DOUBLE, n, length, false)
            + Math.max(RowMeasures.gramBytes(n * length, shape.width()), LabelNorm.memoryBytes(n));
    return new Cost(flops, bytes);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return TrialResult.of(metrics(trial, context), Map.of());
  }

  private static Map<String, Double> metrics(Trial trial, JobContext context)
      throws InterruptedException {
    context.checkCancelled();
    Configuration configuration = trial.configuration();
    StreamKey key = trial.key();
    Blas blas = Blas.of(trial.numerics());
    Arena arena = context.arena();
    int n = configuration.smallInteger("samples");
    int length = configuration.smallInteger("length");
    double m = configuration.integer("width");
    ConceptSamples samples = ConceptSamples.of(configuration, key);
    double[][][] sequences = new double[n][][];
    double[] target = new double[n];
    for (int i = 0; i < n; i++) {
      MarginLaw.Labelled sample = samples.sample(i);
      sequences[i] = sample.tokens();
      target[i] = sample.value();
    }
    double[][] limit =
        RecurrentKernel.ntk(
                ConceptSamples.network(configuration), Trained.RECURRENT, Parametrization.ENTRIES)
            .gram(Arrays.asList(sequences), Output.LAST, 1);
    double inTheLimit = LabelNorm.squared(blas, arena, limit, target);
    context.checkCancelled();
    NetworkShape shape = ConceptSamples.shape(configuration, Output.LAST);
    try (Network start =
            Network.draw(
                arena, Precision.DOUBLE, shape, ConceptSamples.network(configuration), key);
        Network solution = start.copy(arena);
        Pass pass = new Pass(blas, arena, shape, Precision.DOUBLE, n, length, false)) {
      pass.forward(start, sequences);
      double[] before = outputs(pass, n);
      double largest = Arrays.stream(before).map(Math::abs).max().getAsDouble();
      double b = largest + StrictMath.log(1 / StrictMath.expm1(1.0 / n)) + 0.01;
      context.checkCancelled();
      pass.backward(ones(n));
      double[] coefficients =
          LabelNorm.coefficients(blas, arena, gram(blas, arena, pass, m), target);
      context.checkCancelled();
      double[][][] errors = new double[n][1][1];
      for (int i = 0; i < n; i++) {
        errors[i][0][0] = b * coefficients[i];
      }
      pass.backward(errors);
      pass.addGradient(1 / m, 1, solution);
      double radius = Math.sqrt(m) * solution.distance(start);
      pass.forward(solution, sequences);
      double[] after = outputs(pass, n);
      double worst = 0;
      double error = 0;
      for (int i = 0; i < n; i++) {
        double margin = after[i] * Math.signum(target[i]);
        worst = Math.max(worst, Loss.LOGISTIC.value(new double[] {margin}, new double[] {1}));
        error = Math.max(error, Math.abs(after[i] - before[i] - b * target[i]) / b);
      }
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("initial_output", largest);
      metrics.put("radius", radius);
      metrics.put("radius_ratio", radius / (b * Math.sqrt(inTheLimit)));
      metrics.put("radius_bound_ratio", radius / (length * Math.sqrt(inTheLimit)));
      metrics.put("worst_loss", worst);
      metrics.put("loss_ratio", worst * n / (1 + radius * radius));
      metrics.put("linear_error", error);
      return metrics;
    }
  }

  private static double[] outputs(Pass pass, int n) {
    double[] outputs = new double[n];
    Arrays.setAll(outputs, i -> pass.outputs(i)[0][0]);
    return outputs;
  }

  private static double[][][] ones(int n) {
    double[][][] ones = new double[n][1][1];
    for (double[][] one : ones) {
      one[0][0] = 1;
    }
    return ones;
  }

  /** H of the pass that just went back with errors 1: sums of products of signals and states. */
  private static double[][] gram(Blas blas, Arena arena, Pass pass, double m) {
    int n = pass.batch();
    int length = pass.length();
    double[][] signals = RowMeasures.gram(blas, arena, pass.signals(1, length));
    double[][] states = RowMeasures.gram(blas, arena, pass.states(0, length - 1));
    double[][] gram = new double[n][n];
    for (int r = 0; r < n * length; r++) {
      for (int q = 0; q < n * length; q++) {
        gram[r % n][q % n] += signals[r][q] * states[r][q] / m;
      }
    }
    return gram;
  }
}
