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
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.concepts.TokenLaw;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.ntk.Activation;
import org.rnnsweep.kernels.ntk.FiniteNetwork;
import org.rnnsweep.kernels.ntk.GramDistance;
import org.rnnsweep.kernels.ntk.InputScale;
import org.rnnsweep.kernels.ntk.LimitCorrelations;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Parametrization;
import org.rnnsweep.kernels.ntk.RecurrentKernel;
import org.rnnsweep.kernels.ntk.TangentGram;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * How near a random network of width m is to its limit: inner products of states and of backward
 * vectors, and the tangent kernel's Gram matrix of n sequences (Wang, Shen, Hu and Cao: Theorems 3,
 * 5, 6, 16, 19 and Lemma 17), by {@link FiniteNetwork}.
 *
 * <p>Every seed has a network and sequences of its own; the sequences are the same at all widths.
 * A's variance depends on the length, so no pass serves two lengths. All is double whatever the
 * profile says, for small differences are measured.
 */
public final class NtkFiniteJob implements TrialJob {
  private static final String REPAIRED = "repaired";
  private static final String LITERAL = "literal";

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("width", "m", 2, 1 << 26, "neurons"),
          Parameter.integer("length", "L", 1, 1024, "tokens of a sequence"),
          Parameter.integer("dimension", "d", 1, 4096, "coordinates of a token").withDefault(2),
          Parameter.integer("sequences", "n", 2, 1024, "sequences under one network")
              .withDefault(2),
          Parameter.real(
                  "norm_ratio",
                  "C_0",
                  1,
                  1000,
                  "tokens are uniform on the sphere with norms uniform from 1 to this")
              .withDefault(1.0),
          Parameter.real(
                  "input_power",
                  "alpha",
                  0,
                  10,
                  "A ~ N(0, 2/(L^alpha m)): 3 in the paper's text, 0 in its Algorithm 1")
              .withDefault(3.0),
          Parameter.choice(
                  "readout",
                  "law of B: repaired is N(0, 1), literal N(0, 1/m) as printed",
                  REPAIRED,
                  LITERAL)
              .withDefault(REPAIRED),
          Parameter.choice("trained", "the matrices whose gradients count", "w", "w-a", "all")
              .withDefault("w"),
          Parameter.choice(
                  "operator",
                  "W formed, or known only by its products (exact in law, no m x m memory)",
                  Representation.DENSE.label(),
                  Representation.CONDITIONED.label())
              .withDefault(Representation.CONDITIONED.label()));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "forward_error",
              "forward error",
              "1",
              "max over l = 1..L and i <= j of |<h_l(x_i), h_l(x_j)> - K^l_ij|"),
          Metric.scalar(
              "forward_ratio",
              "forward product over its limit",
              "1",
              "mean over i < j of <h_L(x_i), h_L(x_j)> / K^L_ij"),
          Metric.scalar(
              "cross_error",
              "forward error at unequal times",
              "1",
              "max over a < b and i, j of |<h_a(x_i), h_b(x_j)> - K^(a,b)_ij|, a from 1"),
          Metric.scalar(
              "cross_ratio",
              "product at unequal times over its limit",
              "1",
              "mean over a < b and i, j of <h_a(x_i), h_b(x_j)> / K^(a,b)_ij, a from 1"),
          Metric.scalar(
              "back_offdiag",
              "backward products of unequal layers",
              "1",
              "max over l < k and i, j of |<v_l(x_i), v_k(x_j)>| / m"),
          Metric.scalar(
              "back_error",
              "backward error",
              "1",
              "max over l and i <= j of |<v_l(x_i), v_l(x_j)> / m - F^l_ij|"),
          Metric.scalar(
              "back_ratio",
              "backward product over its limit",
              "1",
              "mean over i < j of <v_1(x_i), v_1(x_j)> / (m F^1_ij)"),
          Metric.scalar("ntk_error", "tangent kernel's error", "1", "|H - H_inf|_F / |H_inf|_F"),
          Metric.scalar(
              "ntk_max_error",
              "tangent kernel's largest error",
              "1",
              "max |H_ij - H_inf,ij| over the largest entry of H_inf"),
          Metric.scalar(
              "ntk_shape_error",
              "tangent kernel's error but for its scale",
              "1",
              "ntk_error after H was scaled to the trace of H_inf"),
          Metric.scalar("ntk_trace", "mean diagonal of the kernel", "1", "tr H / n"),
          Metric.scalar("ntk_trace_ratio", "trace over its limit", "1", "tr H / tr H_inf"),
          Metric.scalar(
              "admissible",
              "smallest admissible |eps|_F",
              "1",
              "least |e|_F with H + e^T e >= H_inf: root of the sum of the negative eigenvalues'"
                  + " sizes of H - H_inf"),
          Metric.scalar(
              "eigenvalue_error",
              "error of the smallest eigenvalue",
              "1",
              "|lambda_min(H) - lambda_min(H_inf)| / lambda_min(H_inf)"),
          Metric.scalar(
              "eigenvalue_ratio",
              "smallest eigenvalue over its limit",
              "1",
              "lambda_min(H) / lambda_min(H_inf)"));

  /** For the service loader. */
  public NtkFiniteJob() {}

  @Override
  public String id() {
    return "ntk-finite";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "how near forward, backward and tangent kernels of a random network are to their limits";
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
    if (setting.representation() == Representation.CONDITIONED
        && setting.products().right() > setting.width()) {
      problems.add(
          "operator conditioned needs width of at least sequences (length - 1) + 1 = "
              + setting.products().right()
              + ", found "
              + setting.width());
    }
    return problems;
  }

  @Override
  public Cost cost(Trial trial) {
    Setting setting = new Setting(trial.configuration());
    return new Cost(setting.flops(), setting.memoryBytes());
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return run(trial, new Setting(trial.configuration()), context);
  }

  private static TrialResult run(Trial trial, Setting setting, JobContext context)
      throws InterruptedException {
    context.checkCancelled();
    StreamKey key = trial.key();
    List<double[][]> sequences = setting.sequences(key.name("inputs"));
    long m = setting.width();
    Arena arena = context.arena();
    Blas blas = Blas.of(trial.numerics());
    try (GaussianOperator w =
            setting
                .representation()
                .draw(
                    blas,
                    arena,
                    Precision.DOUBLE,
                    m,
                    m,
                    Math.sqrt(2.0 / m),
                    setting.products(),
                    key.name("W").with("width", m));
        FiniteNetwork network =
            new FiniteNetwork(
                blas,
                arena,
                w,
                setting.law().inputVariance(),
                setting.law().readoutVariance(),
                sequences,
                key)) {
      int pieces = FiniteNetwork.steps(setting.length()) + setting.length();
      int done = 0;
      boolean more = true;
      while (more) {
        more = network.advance();
        context.progress((double) ++done / pieces);
        context.checkCancelled();
      }
      Comparison comparison = new Comparison(setting, sequences);
      for (int l = 1; l <= setting.length(); l++) {
        comparison.add(l, network.stateProducts(l - 1), network.backProducts(l));
        context.progress((double) ++done / pieces);
        context.checkCancelled();
      }
      return TrialResult.of(comparison.metrics(network.stateProducts(setting.length())), Map.of());
    }
  }

  /** The products of a network, step by step, beside their limits. */
  private static final class Comparison {
    private final int n;
    private final int length;
    private final LimitCorrelations limits;
    private final TangentGram gram;
    private final double[][] tangentLimit;
    private double forwardError;
    private double crossError;
    private double crossRatios;
    private int crossCount;
    private double offDiagonal;
    private double backError;
    private double backRatio;

    Comparison(Setting setting, List<double[][]> sequences) {
      n = setting.count();
      length = setting.length();
      limits = LimitCorrelations.of(setting.law(), sequences);
      gram = new TangentGram(setting.trained(), sequences);
      tangentLimit =
          RecurrentKernel.ntk(setting.law(), setting.trained(), Parametrization.ENTRIES)
              .gram(sequences, Output.LAST, 1);
    }

    void add(int l, double[][] statesBefore, double[][] backs) {
      gram.add(l, backs, statesBefore);
      if (l > 1) {
        addStates(l - 1, statesBefore);
      }
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          backError = Math.max(backError, Math.abs(backs[i][j] - limits.backs(i, j, l)));
          if (l == 1 && i < j) {
            backRatio += backs[i][j] / limits.backs(i, j, l);
          }
        }
        for (int c = n; c < backs[i].length; c++) {
          offDiagonal = Math.max(offDiagonal, Math.abs(backs[i][c]));
        }
      }
    }

    private void addStates(int l, double[][] states) {
      for (int i = 0; i < n; i++) {
        for (int c = 0; c < states[i].length; c++) {
          int k = l + c / n;
          double limit = limits.states(i, l, c % n, k);
          double error = Math.abs(states[i][c] - limit);
          if (k == l) {
            forwardError = Math.max(forwardError, error);
          } else {
            crossError = Math.max(crossError, error);
            crossRatios += states[i][c] / limit;
            crossCount++;
          }
        }
      }
    }

    Map<String, Double> metrics(double[][] lastStates) {
      addStates(length, lastStates);
      gram.addReadout(lastStates);
      double forwardRatio = 0;
      double pairs = n * (n - 1) / 2.0;
      for (int i = 0; i < n; i++) {
        for (int j = i + 1; j < n; j++) {
          forwardRatio += lastStates[i][j] / limits.states(i, length, j, length);
        }
      }
      GramDistance distance = GramDistance.of(gram.values(), tangentLimit);
      double trace = 0;
      for (int i = 0; i < n; i++) {
        trace += gram.values()[i][i];
      }
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("forward_error", forwardError);
      metrics.put("forward_ratio", forwardRatio / pairs);
      if (length > 1) {
        metrics.put("cross_error", crossError);
        metrics.put("cross_ratio", crossRatios / crossCount);
        metrics.put("back_offdiag", offDiagonal);
      }
      metrics.put("back_error", backError);
      metrics.put("back_ratio", backRatio / pairs);
      metrics.put("ntk_error", distance.relativeFrobenius());
      metrics.put("ntk_max_error", distance.relativeMaximum());
      metrics.put("ntk_shape_error", distance.shapeFrobenius());
      metrics.put("ntk_trace", trace / n);
      metrics.put("ntk_trace_ratio", distance.traceRatio());
      metrics.put("admissible", distance.admissible());
      metrics.put(
          "eigenvalue_error",
          Math.abs(distance.smallest() - distance.smallestLimit()) / distance.smallestLimit());
      metrics.put("eigenvalue_ratio", distance.smallest() / distance.smallestLimit());
      return metrics;
    }
  }

  /** A configuration in the words of the kernels. */
  private record Setting(Configuration configuration) {

    long width() {
      return configuration.integer("width");
    }

    int length() {
      return configuration.smallInteger("length");
    }

    int count() {
      return configuration.smallInteger("sequences");
    }

    int dimension() {
      return configuration.smallInteger("dimension");
    }

    Representation representation() {
      return Representation.ofLabel(configuration.choice("operator"));
    }

    Products products() {
      return FiniteNetwork.products(count(), length());
    }

    Trained trained() {
      return switch (configuration.choice("trained")) {
        case "w" -> Trained.RECURRENT;
        case "w-a" -> Trained.RECURRENT_AND_INPUT;
        default -> Trained.ALL;
      };
    }

    /** Of the limit; the literal read-out's kernel is the finite one's limit over m. */
    NetworkLaw law() {
      double readout = configuration.choice("readout").equals(LITERAL) ? 1.0 / width() : 1;
      double inputs = 2 * Math.pow(length(), -configuration.real("input_power"));
      return new NetworkLaw(Activation.RELU, 2, inputs, InputScale.ONE, 0, 2, readout);
    }

    List<double[][]> sequences(StreamKey key) {
      TokenLaw law =
          TokenLaw.of(dimension(), TokenLaw.Norms.UNIFORM, configuration.real("norm_ratio"));
      List<double[][]> sequences = new ArrayList<>();
      for (int i = 0; i < count(); i++) {
        sequences.add(law.sequence(key, i, length()));
      }
      return sequences;
    }

    double flops() {
      return representation().costFlops(width(), width(), products())
          + FiniteNetwork.productFlops(width(), count(), length())
          + Cost.FLOPS_OF_A_NORMAL * width() * (dimension() + 2.0);
    }

    long memoryBytes() {
      return representation().memoryBytes(width(), width(), products(), Precision.DOUBLE)
          + FiniteNetwork.memoryBytes(width(), dimension(), count(), length(), Precision.DOUBLE);
    }
  }
}
