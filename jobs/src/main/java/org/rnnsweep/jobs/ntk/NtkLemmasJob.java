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
import org.rnnsweep.kernels.certificates.LabelNorm;
import org.rnnsweep.kernels.concepts.TokenLaw;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.ntk.FiniteNetwork;
import org.rnnsweep.kernels.ntk.HermiteSeries;
import org.rnnsweep.kernels.ntk.SampledMoments;
import org.rnnsweep.kernels.ntk.TangentGram;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.operator.DenseGaussian;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * The lemmas below the kernels' theorems, each by its own quantity (Wang, Shen, Hu and Cao: (23),
 * (25), (130), Theorems 7 and 9, Lemma 11, Proposition 2.4, Claim F.1).
 */
public final class NtkLemmasJob implements TrialJob {
  private static final String RECTIFIED = "rectified";
  private static final String GATED = "gated";
  private static final String MASKED = "masked";
  private static final String SPECTRAL = "spectral";
  private static final String SERIES = "series";
  private static final String PROPOSITION = "proposition";
  private static final String GRADIENT = "gradient";

  private static final int POWER_STEPS = 60;
  private static final int HIGHEST_QUADRATURE = 40;
  private static final int HIGHEST_STEP = 500;
  private static final int POINTS = 24;

  // (23): sequences, tokens, coordinates of a token, and the step of the differences.
  private static final int SEQUENCES = 2;
  private static final int LENGTH = 4;
  private static final int DIMENSION = 3;
  private static final double STEP = 1e-5;
  private static final long WIDEST_GRADIENT = 64;

  // Claim F.1: |Y|, |Y'|, |X|, |X'| and the two inner products, at L = 1.
  private static final double[] NORMS = {1, 1.5, 2, 0.5};
  private static final double STATES = 0.9;
  private static final double INPUTS = 0.5;
  private static final double DIRECTIONS = 0.8;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.choice(
              "quantity",
              "<phi(W x), phi(W x')>; <D W z, D' W z'>; |D W z|; the spectral norm of W; the"
                  + " kernels' power series; Proposition 2.4 on a random instance; or the tangent kernel of"
                  + " vectors beside that of gradients by differences",
              RECTIFIED,
              GATED,
              MASKED,
              SPECTRAL,
              SERIES,
              PROPOSITION,
              GRADIENT),
          Parameter.integer(
                  "width",
                  "m",
                  2,
                  1 << 24,
                  "rows of W; at most 8192 where W is formed, 64 for differences in each entry")
              .withDefault(1024)
              .withRelevance("quantity", RECTIFIED, GATED, MASKED, SPECTRAL, GRADIENT),
          Parameter.real(
                  "correlation", "rho", 0, 1, "of x and x'; or of the gate's preactivation and W z")
              .withDefault(0.5)
              .withRelevance("quantity", RECTIFIED, MASKED),
          Parameter.integer("power", "p", 1, 8, "the power in Proposition 2.4")
              .withDefault(1)
              .withRelevance("quantity", PROPOSITION),
          Parameter.integer("terms", "terms", 1002, 1_000_000, "terms of the series")
              .withDefault(2000)
              .withRelevance("quantity", SERIES));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("deviation", "deviation from the limit", "1", "|value - limit|"),
          Metric.scalar(
              "exceeds",
              "deviation above log^2 m / m",
              "1",
              "1 if |value - limit| > log^2 m / m, of rectified"),
          Metric.scalar(
              "printed_deviation",
              "deviation from the printed limit",
              "1",
              "the same from Claim F.1 as printed, of gated"),
          Metric.scalar("norm", "largest ratio |D W z| / |z|", "1", "spectral norm of W"),
          Metric.scalar(
              "series_error",
              "error of the series",
              "1",
              "largest of |series - closed form| of Gamma and Sigma on |z| <= 0.95, and of |mu_r^2"
                  + " by quadrature - closed form|, r up to 40"),
          Metric.scalar(
              "printed_sum",
              "lack of the printed coefficients' sum",
              "1",
              "1 - sum of mu_r^2, r up to 40, with sqrt(2 x) for sqrt(2) x"),
          Metric.scalar(
              "lack",
              "lack of (130)",
              "1",
              "largest of 1 - 2 pi (2p - 1)^2 nu_(2p-1)^2, p up to 500, or 0"),
          Metric.scalar(
              "bound_ratio",
              "norm over its bound",
              "1",
              "sqrt(y^T M^-1 y) alpha / |beta|^p in Proposition 2.4"),
          Metric.scalar(
              "gradient_error",
              "error of the kernel from vectors",
              "1",
              "max |sum of <v_l, v_k> <h_(l-1), h_(k-1)> / m - H| over max |H|, H of gradients by"
                  + " central differences in every entry of W"),
          Metric.scalar(
              "printed_gradient_error",
              "error of the printed kernel",
              "1",
              "the same with h_l and h_k, as (23) prints"));

  /** For the service loader. */
  public NtkLemmasJob() {}

  @Override
  public String id() {
    return "ntk-lemmas";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "concentration, gates, norms and series that the kernels' theorems rest on";
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
    long width = width(configuration);
    return switch (quantity(configuration)) {
      case SPECTRAL ->
          width > 8192
              ? List.of("quantity spectral forms W: width at most 8192, found " + width)
              : List.of();
      case GRADIENT ->
          width > WIDEST_GRADIENT
              ? List.of(
                  "quantity gradient makes 2 m^2 forward passes: width at most "
                      + WIDEST_GRADIENT
                      + ", found "
                      + width)
              : List.of();
      default -> List.of();
    };
  }

  private static String quantity(Configuration configuration) {
    return configuration.choice("quantity");
  }

  /** 0 where it is of no account. */
  private static long width(Configuration configuration) {
    return configuration.has("width") ? configuration.integer("width") : 0;
  }

  @Override
  public Cost cost(Trial trial) {
    Configuration configuration = trial.configuration();
    return switch (quantity(configuration)) {
      case SPECTRAL -> {
        long m = width(configuration);
        yield new Cost(
            (Cost.FLOPS_OF_A_NORMAL + 40 * POWER_STEPS) * m * m,
            DenseGaussian.memoryBytes(m, m, Precision.DOUBLE) + 2 * m * Double.BYTES);
      }
      case SERIES -> new Cost(1e10, 0);
      case PROPOSITION -> new Cost(LabelNorm.flops(POINTS), LabelNorm.memoryBytes(POINTS));
      case GRADIENT -> {
        long m = width(configuration);
        // Each pass draws A, B and h_0 anew.
        yield new Cost(
            2.0 * m * m * m * (2.0 * SEQUENCES * LENGTH * m + 6 * Cost.FLOPS_OF_A_NORMAL),
            DenseGaussian.memoryBytes(m, m, Precision.DOUBLE)
                + FiniteNetwork.memoryBytes(m, DIMENSION, SEQUENCES, LENGTH, Precision.DOUBLE));
      }
      default -> new Cost(4 * Cost.FLOPS_OF_A_NORMAL * width(configuration), 0);
    };
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    StreamKey key =
        StreamKey.of(trial.rootSeed())
            .seed(trial.seedIndex())
            .name(quantity(trial.configuration()));
    Blas blas = Blas.of(trial.numerics());
    return TrialResult.of(metrics(trial.configuration(), key, blas, context.arena()), Map.of());
  }

  private static Map<String, Double> metrics(
      Configuration configuration, StreamKey key, Blas blas, Arena arena) {
    return switch (quantity(configuration)) {
      case RECTIFIED -> rectified(configuration, key);
      case GATED -> gated(width(configuration), key);
      case MASKED -> {
        double value =
            SampledMoments.masked(key, width(configuration), configuration.real("correlation"));
        yield Map.of("deviation", Math.abs(value - 1));
      }
      case SPECTRAL -> Map.of("norm", spectral(width(configuration), key, blas, arena));
      case SERIES -> series(configuration.smallInteger("terms"));
      case GRADIENT -> gradient(width(configuration), key, blas, arena);
      default ->
          Map.of("bound_ratio", proposition(configuration.smallInteger("power"), key, blas, arena));
    };
  }

  private static Map<String, Double> rectified(Configuration configuration, StreamKey key) {
    double rho = configuration.real("correlation");
    long m = width(configuration);
    double deviation = Math.abs(SampledMoments.rectified(key, m, rho) - SampledMoments.gamma(rho));
    double log = StrictMath.log(m);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("deviation", deviation);
    metrics.put("exceeds", deviation > log * log / m ? 1.0 : 0.0);
    return metrics;
  }

  private static Map<String, Double> gated(long m, StreamKey key) {
    double y = NORMS[0] * NORMS[0];
    double z = NORMS[1] * NORMS[1];
    double x = NORMS[2] * NORMS[2];
    double v = NORMS[3] * NORMS[3];
    double rho = (STATES + INPUTS) / Math.sqrt((y + x) * (z + v));
    double printed = (STATES + INPUTS) / (NORMS[0] * NORMS[1] + NORMS[2] * NORMS[3]);
    double value = SampledMoments.gated(key, m, rho, DIRECTIONS);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("deviation", Math.abs(value - DIRECTIONS * SampledMoments.sigma(rho)));
    metrics.put("printed_deviation", Math.abs(value - DIRECTIONS * SampledMoments.sigma(printed)));
    return metrics;
  }

  /**
   * A y with W y > 0 everywhere opens every gate, so the largest |D W z| / |z| over all y and z is
   * the spectral norm: power iteration from below, some 1e-3 below it.
   */
  private static double spectral(long m, StreamKey key, Blas blas, Arena arena) {
    OffHeapMatrix z = arena.matrix(1, m, Precision.DOUBLE);
    OffHeapMatrix product = arena.matrix(1, m, Precision.DOUBLE);
    try (DenseGaussian w =
        DenseGaussian.draw(
            blas,
            arena,
            Precision.DOUBLE,
            m,
            m,
            Math.sqrt(2.0 / m),
            key.name("W").with("width", m))) {
      GaussianMatrix.fill(z, key.name("start"), 1);
      double norm = 0;
      for (int k = 0; k < POWER_STEPS; k++) {
        normalise(z);
        w.right(z, product);
        norm = norm(product);
        w.left(product, z);
      }
      return norm;
    } finally {
      arena.release(product);
      arena.release(z);
    }
  }

  private static double norm(OffHeapMatrix row) {
    double[] values = new double[(int) row.columns()];
    row.getRow(0, values);
    return Math.sqrt(dot(values, values));
  }

  private static void normalise(OffHeapMatrix row) {
    double[] values = new double[(int) row.columns()];
    row.getRow(0, values);
    double norm = Math.sqrt(dot(values, values));
    for (int k = 0; k < values.length; k++) {
      values[k] /= norm;
    }
    row.putRow(0, values);
  }

  private static Map<String, Double> series(int terms) {
    double[] gamma = HermiteSeries.rectifier(terms);
    double[] sigma = HermiteSeries.step(terms);
    double error = 0;
    for (int k = -19; k <= 19; k++) {
      double z = k / 20.0;
      error = Math.max(error, Math.abs(HermiteSeries.sum(gamma, z) - SampledMoments.gamma(z)));
      error = Math.max(error, Math.abs(HermiteSeries.sum(sigma, z) - SampledMoments.sigma(z)));
    }
    double printed = 0;
    for (int r = 0; r <= HIGHEST_QUADRATURE; r++) {
      double mu = HermiteSeries.rectifierByQuadrature(r, 1);
      error = Math.max(error, Math.abs(mu * mu - gamma[r]));
      double literal = HermiteSeries.rectifierByQuadrature(r, 0.5);
      printed += literal * literal;
    }
    double lack = 0;
    for (int p = 1; p <= HIGHEST_STEP; p++) {
      double odd = 2 * p - 1;
      lack = Math.max(lack, 1 - 2 * Math.PI * odd * odd * sigma[2 * p - 1]);
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("series_error", error);
    metrics.put("printed_sum", 1 - printed);
    metrics.put("lack", lack);
    return metrics;
  }

  /** y_i = (beta^T x_i)^p, M = alpha^2 K_p and a random positive definite rest. */
  private static double proposition(int p, StreamKey key, Blas blas, Arena arena) {
    NormalStream stream = NormalStream.of(key.with("power", p));
    double alpha = 0.5 + stream.nextUniform();
    double[] beta = new double[3];
    double[][] x = new double[POINTS][3];
    double[][] rest = new double[POINTS][POINTS];
    stream.fill(beta, 0, 3);
    for (int i = 0; i < POINTS; i++) {
      stream.fill(x[i], 0, 3);
      stream.fill(rest[i], 0, POINTS);
    }
    double[][] gram = new double[POINTS][POINTS];
    double[] target = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      target[i] = StrictMath.pow(dot(beta, x[i]), p);
      for (int j = 0; j < POINTS; j++) {
        gram[i][j] =
            alpha * alpha * StrictMath.pow(dot(x[i], x[j]), p) + 1e-3 * dot(rest[i], rest[j]);
      }
    }
    double root = Math.sqrt(LabelNorm.of(blas, arena, gram, target).squared());
    return root * alpha / StrictMath.pow(Math.sqrt(dot(beta, beta)), p);
  }

  /** (23) as written here and as printed, against a gradient that knows neither. */
  private static Map<String, Double> gradient(long m, StreamKey key, Blas blas, Arena arena) {
    TokenLaw law = TokenLaw.unit(DIMENSION);
    List<double[][]> sequences = new ArrayList<>();
    for (int i = 0; i < SEQUENCES; i++) {
      sequences.add(law.sequence(key.name("inputs"), i, LENGTH));
    }
    OffHeapMatrix matrix = arena.matrix(m, m, Precision.DOUBLE);
    GaussianMatrix.fill(matrix, key.name("W").with("width", m), Math.sqrt(2.0 / m));
    DenseGaussian w = DenseGaussian.of(blas, matrix);
    TangentGram vectors = new TangentGram(Trained.RECURRENT, sequences);
    TangentGram printed = new TangentGram(Trained.RECURRENT, sequences);
    try (FiniteNetwork network = network(w, sequences, key, blas, arena)) {
      boolean more = true;
      while (more) {
        more = network.advance();
      }
      for (int l = 1; l <= LENGTH; l++) {
        double[][] backs = network.backProducts(l);
        vectors.add(l, backs, network.stateProducts(l - 1));
        printed.add(l, backs, network.stateProducts(l));
      }
    }
    double[][] exact = new double[SEQUENCES][SEQUENCES];
    for (long row = 0; row < m; row++) {
      for (long column = 0; column < m; column++) {
        double entry = matrix.get(row, column);
        matrix.set(row, column, entry + STEP);
        double[] above = outputs(w, sequences, key, blas, arena);
        matrix.set(row, column, entry - STEP);
        double[] below = outputs(w, sequences, key, blas, arena);
        matrix.set(row, column, entry);
        for (int i = 0; i < SEQUENCES; i++) {
          for (int j = 0; j < SEQUENCES; j++) {
            exact[i][j] += (above[i] - below[i]) * (above[j] - below[j]) / (4 * STEP * STEP * m);
          }
        }
      }
    }
    arena.release(matrix);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("gradient_error", distance(vectors.values(), exact));
    metrics.put("printed_gradient_error", distance(printed.values(), exact));
    return metrics;
  }

  private static FiniteNetwork network(
      DenseGaussian w, List<double[][]> sequences, StreamKey key, Blas blas, Arena arena) {
    return new FiniteNetwork(blas, arena, w, 2 / Math.pow(LENGTH, 3), 1, sequences, key);
  }

  private static double[] outputs(
      DenseGaussian w, List<double[][]> sequences, StreamKey key, Blas blas, Arena arena) {
    try (FiniteNetwork network = network(w, sequences, key, blas, arena)) {
      for (int l = 1; l <= LENGTH; l++) {
        network.advance();
      }
      return network.outputs();
    }
  }

  /** The largest error over the largest entry. */
  private static double distance(double[][] found, double[][] exact) {
    double error = 0;
    double size = 0;
    for (int i = 0; i < exact.length; i++) {
      for (int j = 0; j < exact.length; j++) {
        error = Math.max(error, Math.abs(found[i][j] - exact[i][j]));
        size = Math.max(size, Math.abs(exact[i][j]));
      }
    }
    return error / size;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }
}
