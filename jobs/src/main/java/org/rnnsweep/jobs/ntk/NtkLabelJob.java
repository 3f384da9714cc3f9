package org.rnnsweep.jobs.ntk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.certificates.KernelSeries;
import org.rnnsweep.kernels.certificates.LabelNorm;
import org.rnnsweep.kernels.certificates.Monomials;
import org.rnnsweep.kernels.concepts.Link;
import org.rnnsweep.kernels.concepts.MarginLaw;
import org.rnnsweep.kernels.concepts.Target;
import org.rnnsweep.kernels.concepts.TokenLaw;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.ntk.Activation;
import org.rnnsweep.kernels.ntk.InputScale;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Parametrization;
import org.rnnsweep.kernels.ntk.RecurrentKernel;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * The label-kernel bound (Theorem 4 of Wang, Shen, Hu and Cao): {@code sqrt(y^T H_inf^-1 y)} of
 * targets of their concept classes on n sequences with a margin, beside what the dominations of
 * {@link KernelSeries} promise for every n by Proposition 2.4.
 *
 * <p>Directions are the first unit vector, gamma is fixed: a sweep measures nothing else. A seed's
 * samples for n are the first n of its samples for more.
 */
public final class NtkLabelJob implements Job {
  private static final String ONE = "one-position";
  private static final String ALL = "all-positions";
  private static final String PRODUCT = "product";
  private static final String RANDOM = "random";
  private static final String ADJACENT = "adjacent";
  private static final String ENDS = "ends";

  private static final int PILOT = 20_000;
  private static final double FLOPS_OF_A_PAIR_STEP = 400; // 5 ns
  private static final double FLOPS_OF_A_TOKEN = 10_000;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("samples", "n", 2, 20_000, "sequences"),
          Parameter.integer("length", "L", 1, 4096, "tokens of a sequence"),
          Parameter.choice(
              "target",
              "cos^p of the middle token; the sum of the cosines of all over sqrt(L); d times the"
                  + " product of two; or labels without meaning",
              ONE,
              ALL,
              PRODUCT,
              RANDOM),
          Parameter.integer("degree", "p", 1, 8, "the power")
              .withDefault(1)
              .withRelevance("target", ONE),
          Parameter.choice("places", "the two positions of a product", ADJACENT, ENDS)
              .withDefault(ADJACENT)
              .withRelevance("target", PRODUCT),
          Parameter.integer("dimension", "d", 2, 1024, "coordinates of a token").withDefault(4),
          Parameter.real("margin", "gamma", 1e-3, 10, "what the target is divided by")
              .withDefault(0.3)
              .withRelevance("target", ONE, ALL, PRODUCT),
          Parameter.real("input_power", "alpha", 0, 10, "A ~ N(0, 2/(L^alpha m))")
              .withDefault(3.0));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("label_norm", "label norm", "1", "Lambda = y^T H_inf^-1 y"),
          Metric.scalar("root_label_norm", "root of the label norm", "1", "sqrt(Lambda)"),
          Metric.scalar(
              "certificate",
              "promised bound",
              "1",
              "sum |c_p| / sqrt(xi_p) over the target's terms, from the kernel's series"),
          Metric.scalar(
              "bound_ratio", "label norm over the promise", "1", "sqrt(Lambda) / certificate"),
          Metric.scalar(
              "condition", "condition number", "1", "largest over smallest eigenvalue of H_inf"),
          Metric.scalar("jitter", "jitter", "1", "what Cholesky needed on the diagonal: 0 if none"),
          Metric.scalar(
              "acceptance", "acceptance rate", "1", "share of the sequences that have the margin"));

  /** For the service loader. */
  public NtkLabelJob() {}

  @Override
  public String id() {
    return "ntk-label";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "norm of targets in the infinite-width tangent kernel's space, by Cholesky";
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
    return configuration.choice("target").equals(PRODUCT) && configuration.integer("length") < 2
        ? List.of("target product needs a length of at least 2, found 1")
        : List.of();
  }

  @Override
  public Cost cost(TrialGroup group) {
    double flops = 0;
    long bytes = 0;
    for (Trial trial : group.trials()) {
      Setting setting = new Setting(trial.configuration());
      double n = setting.samples();
      flops +=
          FLOPS_OF_A_PAIR_STEP * n * n * setting.length()
              + FLOPS_OF_A_TOKEN * (PILOT + 3 * n) * setting.length()
              + LabelNorm.flops(n);
      bytes = Math.max(bytes, LabelNorm.memoryBytes(setting.samples()));
    }
    return new Cost(flops, bytes);
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    List<TrialResult> results = new ArrayList<>();
    for (Trial trial : group.trials()) {
      context.checkCancelled();
      results.add(run(trial, new Setting(trial.configuration()), context));
      context.progress((double) results.size() / group.trials().size());
    }
    return results;
  }

  private static TrialResult run(Trial trial, Setting setting, JobContext context)
      throws InterruptedException {
    StreamKey key = StreamKey.of(trial.rootSeed()).seed(trial.seedIndex());
    int n = setting.samples();
    List<double[][]> sequences = new ArrayList<>();
    double[] target = new double[n];
    Map<String, Double> metrics = new LinkedHashMap<>();
    double certificate = 0;
    if (setting.target().equals(RANDOM)) {
      TokenLaw tokens = TokenLaw.unit(setting.dimension());
      for (int i = 0; i < n; i++) {
        sequences.add(tokens.sequence(key.name("data"), i, setting.length()));
      }
      Arrays.setAll(target, i -> MarginLaw.randomLabel(key, i));
    } else {
      MarginLaw law =
          MarginLaw.ofGamma(
              setting.function(),
              TokenLaw.unit(setting.dimension()),
              setting.length(),
              setting.configuration().real("margin"),
              key,
              PILOT);
      for (int i = 0; i < n; i++) {
        MarginLaw.Labelled sample = law.sample(key.name("data"), i);
        sequences.add(sample.tokens());
        target[i] = sample.value();
      }
      certificate = setting.certificate(law.median());
      metrics.put("acceptance", law.acceptance());
    }
    context.checkCancelled();
    double[][] gram =
        RecurrentKernel.ntk(setting.law(), Trained.RECURRENT, Parametrization.ENTRIES)
            .gram(sequences, Output.LAST, 1);
    context.checkCancelled();
    LabelNorm norm = LabelNorm.of(Blas.of(trial.numerics()), context.arena(), gram, target);
    double root = Math.sqrt(norm.squared());
    metrics.put("label_norm", norm.squared());
    metrics.put("root_label_norm", root);
    metrics.put("condition", norm.condition());
    metrics.put("jitter", norm.jitter());
    if (certificate > 0) {
      metrics.put("certificate", certificate);
      metrics.put("bound_ratio", root / certificate);
    }
    return TrialResult.of(metrics, Map.of());
  }

  /** A configuration in the words of the kernels. */
  private record Setting(Configuration configuration) {

    int samples() {
      return configuration.smallInteger("samples");
    }

    int length() {
      return configuration.smallInteger("length");
    }

    int dimension() {
      return configuration.smallInteger("dimension");
    }

    int degree() {
      return configuration.smallInteger("degree");
    }

    String target() {
      return configuration.choice("target");
    }

    int middle() {
      return Math.max(1, length() / 2);
    }

    List<Integer> places() {
      return configuration.choice("places").equals(ENDS)
          ? List.of(1, length())
          : List.of(middle(), middle() + 1);
    }

    private double[][] directions(int count) {
      double[][] directions = new double[count][dimension()];
      for (double[] direction : directions) {
        direction[0] = 1;
      }
      return directions;
    }

    Target function() {
      return switch (target()) {
        case ONE -> Target.additive(Link.power(degree()), List.of(middle()), directions(1), 1);
        case ALL -> {
          List<Integer> all = new ArrayList<>();
          for (int l = 1; l <= length(); l++) {
            all.add(l);
          }
          yield Target.additive(Link.power(1), all, directions(length()), 1 / Math.sqrt(length()));
        }
        default -> Target.product(places(), directions(2), dimension());
      };
    }

    /** The sum over the terms, the constant with the median's included. */
    double certificate(double median) {
      double gamma = configuration.real("margin");
      double sum;
      double constant;
      switch (target()) {
        case ONE -> {
          KernelSeries series = series(Monomials.of(1, degree()), Map.of(middle(), 0));
          sum = 1 / Math.sqrt(series.coefficient(degree()));
          constant = series.coefficient(0);
        }
        case ALL -> {
          sum = 0;
          constant = 0;
          for (int l = 1; l <= length(); l++) {
            KernelSeries series = series(Monomials.of(1, 1), Map.of(l, 0));
            sum += 1 / Math.sqrt(series.coefficient(1) * length());
            constant = series.coefficient(0);
          }
        }
        default -> {
          KernelSeries series =
              series(Monomials.of(2, 2), Map.of(places().get(0), 0, places().get(1), 1));
          sum = dimension() / Math.sqrt(series.coefficient(1, 1));
          constant = series.coefficient(0, 0);
        }
      }
      return (sum + Math.abs(median) / Math.sqrt(constant)) / gamma;
    }

    private KernelSeries series(Monomials monomials, Map<Integer, Integer> variables) {
      return KernelSeries.of(length(), 1, configuration.real("input_power"), monomials, variables);
    }

    NetworkLaw law() {
      double inputs = 2 * Math.pow(length(), -configuration.real("input_power"));
      return new NetworkLaw(Activation.RELU, 2, inputs, InputScale.ONE, 0, 2, 1);
    }
  }
}
