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
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.ChainNorm;
import org.rnnsweep.kernels.stability.HeavyPart;
import org.rnnsweep.kernels.stability.LargestSingularValue;
import org.rnnsweep.kernels.stability.MaskedChain;
import org.rnnsweep.kernels.stability.NormalizedInput;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RectifiedMap;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.SparseNorm;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * Norms of products of W and sign patterns at initialisation (Allen-Zhu and Li, Lemma B.1(i, j) and
 * footnote 2; Allen-Zhu, Li and Song, Remark 4.1, Lemma A.17, Claim C.5; Panigrahi and Goyal, Lemma
 * B.1(7, 9, 10)). All are lower bounds that an explicit vector attains; those with one side fixed
 * are exact.
 *
 * <p>Precision: that of the profile for W; the bases of Lanczos and all sums are double.
 */
public final class SpectralNormJob implements TrialJob {
  private static final String PRODUCT = "product";
  private static final String SPARSE = "sparse";
  private static final String RECTIFIED = "rectified";
  private static final String SPARSE_LEFT = "sparse-left";
  private static final String SPARSE_RIGHT = "sparse-right";
  private static final String HEAVY = "heavy";
  private static final String HEAVY_FIXED = "heavy-fixed-support";

  /** Vectors that a search from random starts moves side by side. */
  private static final int STARTS = 4;

  private static final List<Parameter> PARAMETERS =
      List.of(
          NetworkSetting.WIDTH,
          Parameter.integer(
              "length", "L", 1, 256, "tokens of the sequence, factors W of a product"),
          Parameter.choice(
                  "quantity",
                  "the norm of D_L W .. D_1 W; of M = W D_L W .. D_2 W on sparse vectors; or of the"
                      + " map x -> relu(W x); of M between sparse u and one fixed v, or between e_1"
                      + " and sparse v; the large entries of M v, v sparse, or with a fixed support",
                  PRODUCT,
                  SPARSE,
                  RECTIFIED,
                  SPARSE_LEFT,
                  SPARSE_RIGHT,
                  HEAVY,
                  HEAVY_FIXED)
              .withDefault(PRODUCT),
          Parameter.real(
                  "eps_x", "eps_x", 0, 10, "norm of every token but the first; the theory asks 1/L")
              .withDefault(0.05)
              .withRelevance(
                  "quantity", PRODUCT, SPARSE, SPARSE_LEFT, SPARSE_RIGHT, HEAVY, HEAVY_FIXED),
          Parameter.integer("sparsity", "s", 1, 1_000_000, "entries of u and v that are not 0")
              .withDefault(16)
              .withRelevance("quantity", SPARSE, SPARSE_LEFT, SPARSE_RIGHT, HEAVY, HEAVY_FIXED),
          Parameter.real("level", "c", 0, 100, "large entries are those above c ln(m) / sqrt(m)")
              .withDefault(1.0)
              .withRelevance("quantity", HEAVY, HEAVY_FIXED),
          Parameter.real(
                  "variance", "variance", 0.01, 100, "m times the variance of an entry of W and A")
              .withDefault(RandomNetwork.HE),
          Parameter.integer(
                  "iterations", "iterations", 1, 10_000, "the most products of the whole map")
              .withDefault(40),
          Parameter.real(
                  "tolerance",
                  "tolerance",
                  0,
                  1,
                  "stops when the residual, or what a round adds, is below this share of the norm")
              .withDefault(0.01),
          Parameter.choice(
                  "representation",
                  "whether W is formed, or never formed and exact in law; auto takes the cheaper",
                  Representation.AUTO,
                  NetworkSetting.CONDITIONED,
                  NetworkSetting.DENSE)
              .withDefault(Representation.AUTO));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "norm", "norm of the product", "1", "|D_L W .. D_1 W|_2, a lower bound by Lanczos"),
          Metric.scalar(
              "limit_ratio",
              "norm over its limit",
              "1",
              "the norm over that of freely independent factors, sqrt(2 e L) for long products (for"
                  + " variance 2)"),
          Metric.scalar(
              "residual",
              "relative residual",
              "1",
              "within this share of the norm there is a singular value"),
          Metric.scalar(
              "sparse_norm",
              "norm on sparse vectors",
              "1",
              "max u^T W D_L W .. D_2 W v over s-sparse unit u, v that were tried"),
          Metric.scalar(
              "sparse_side",
              "norm on vectors sparse on one side",
              "1",
              "max u^T W D_L W .. D_2 W v over s-sparse unit u for one random unit v, or over"
                  + " s-sparse unit v for u = e_1"),
          Metric.scalar(
              "heavy_part",
              "norm of the large entries",
              "1",
              "max |y 1[|y| > c ln(m) / sqrt(m)]|, y = W D_L W .. D_2 W v, over s-sparse unit v that"
                  + " were tried"),
          Metric.scalar(
              "rectified_norm", "norm of relu(W .)", "1", "max |relu(W x)| / |x| over x tried"),
          Metric.scalar("rounds", "iterations", "1", "products of the whole map that were made"),
          Metric.scalar("formed", "W was formed", "1", "1 if W was formed, 0 if not"));

  /** For the service loader. */
  public SpectralNormJob() {}

  @Override
  public String id() {
    return "spectral-norm";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "norms of products of W and sign patterns, on all vectors, on sparse ones, of relu(W .)";
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
    long width = configuration.integer("width");
    if (configuration.has("sparsity") && configuration.integer("sparsity") > width) {
      problems.add(
          "sparsity is at most the width " + width + ", found " + configuration.get("sparsity"));
    }
    if (configuration.choice("quantity").equals(PRODUCT)
        && configuration.integer("iterations") > width) {
      problems.add(
          "iterations are at most the width "
              + width
              + " for a product, found "
              + configuration.get("iterations"));
    }
    return problems;
  }

  @Override
  public Cost cost(Trial trial) {
    Setting setting = new Setting(trial);
    NetworkSetting network = setting.network();
    int bytes = network.precision().bytes();
    long m = network.width();
    long search =
        switch (setting.quantity()) {
          case PRODUCT ->
              2L * m * bytes
                  + LargestSingularValue.memoryBytes(m, setting.iterations(), network.precision());
          case SPARSE, HEAVY, HEAVY_FIXED ->
              2L * STARTS * m * bytes + SparseNorm.memoryBytes(m, STARTS, network.precision());
          case SPARSE_LEFT, SPARSE_RIGHT -> 3L * m * bytes;
          default -> RectifiedMap.memoryBytes(m, STARTS, bytes);
        };
    long states =
        setting.steps() == 0
            ? 0
            : Trajectory.memoryBytes(m, Setting.DIMENSION, 1, setting.steps(), network.precision());
    return new Cost(
        setting.flops(),
        RandomNetwork.memoryBytes(
                setting.representation(), network.precision(), setting.shape(), setting.products())
            + states
            + search);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return TrialResult.of(measure(new Setting(trial), context), Map.of());
  }

  private static Map<String, Double> measure(Setting setting, JobContext context)
      throws InterruptedException {
    context.checkCancelled();
    Progress progress = new Progress(context, setting.flops());
    Arena arena = context.arena();
    Blas blas = setting.network().blas();
    Map<String, Double> metrics = new LinkedHashMap<>();
    try (RandomNetwork network =
        RandomNetwork.draw(
            blas,
            arena,
            setting.representation(),
            setting.network().precision(),
            setting.shape(),
            setting.configuration().real("variance"),
            setting.products(),
            setting.network().key())) {
      progress.worked(setting.flops() / 2 / (setting.iterations() + 1));
      if (setting.quantity().equals(RECTIFIED)) {
        rectified(setting, arena, network, progress, metrics);
      } else {
        try (Trajectory states =
            new Trajectory(blas, arena, network.recurrent(), network.input(), 1, setting.steps())) {
          NormalizedInput input = setting.input();
          for (int l = 1; l <= setting.steps(); l++) {
            boolean end = l == setting.steps() && l > 1;
            states.step(new double[][] {end ? input.lastToken(l) : input.token(l)});
          }
          switch (setting.quantity()) {
            case PRODUCT -> product(setting, blas, arena, network, states, progress, metrics);
            case SPARSE -> sparse(setting, arena, network, states, progress, metrics);
            case HEAVY, HEAVY_FIXED -> heavy(setting, arena, network, states, progress, metrics);
            default -> oneSided(setting, arena, network, states, metrics);
          }
        }
      }
    }
    metrics.put("formed", setting.representation() == Representation.DENSE ? 1.0 : 0.0);
    return metrics;
  }

  private static void product(
      Setting setting,
      Blas blas,
      Arena arena,
      RandomNetwork network,
      Trajectory states,
      Progress progress,
      Map<String, Double> metrics)
      throws InterruptedException {
    int length = setting.steps();
    try (MaskedChain chain =
            new MaskedChain(
                arena, network.recurrent(), states, 0, 1, length, MaskedChain.Front.PATTERN, 1);
        LargestSingularValue lanczos =
            new LargestSingularValue(
                blas,
                arena,
                chain,
                network.width(),
                setting.network().precision(),
                setting.iterations(),
                setting.network().key().name("start"))) {
      while (lanczos.iterate() && lanczos.residual() > setting.tolerance() * lanczos.value()) {
        progress.worked(setting.flops() / (setting.iterations() + 1));
      }
      metrics.put("norm", lanczos.value());
      metrics.put("limit_ratio", lanczos.value() / ChainNorm.limit(length));
      metrics.put("residual", lanczos.value() > 0 ? lanczos.residual() / lanczos.value() : 0);
      metrics.put("rounds", (double) lanczos.iterations());
    }
  }

  /** W D_L W .. D_2 W. */
  private static MaskedChain chain(
      Arena arena, RandomNetwork network, Trajectory states, int vectors) {
    return new MaskedChain(
        arena,
        network.recurrent(),
        states,
        0,
        2,
        states.steps(),
        MaskedChain.Front.WEIGHTS,
        vectors);
  }

  private static void oneSided(
      Setting setting,
      Arena arena,
      RandomNetwork network,
      Trajectory states,
      Map<String, Double> metrics) {
    NetworkSetting shared = setting.network();
    OffHeapMatrix vector = arena.matrix(1, network.width(), shared.precision());
    try (MaskedChain chain = chain(arena, network, states, 1)) {
      if (setting.quantity().equals(SPARSE_LEFT)) {
        GaussianMatrix.fill(vector, shared.key().name("probe").with("width", shared.width()), 1);
        RowMeasures.scale(vector, 0, 1 / RowMeasures.norm(vector, 0));
        chain.apply(vector, vector);
      } else {
        vector.set(0, 0, 1);
        chain.applyTranspose(vector, vector);
      }
    }
    metrics.put("sparse_side", SparseNorm.truncate(vector, setting.sparsity()));
    arena.release(vector);
  }

  private static void heavy(
      Setting setting,
      Arena arena,
      RandomNetwork network,
      Trajectory states,
      Progress progress,
      Map<String, Double> metrics)
      throws InterruptedException {
    double m = network.width();
    double level = setting.configuration().real("level") * StrictMath.log(m) / Math.sqrt(m);
    try (MaskedChain chain = chain(arena, network, states, STARTS);
        HeavyPart search =
            new HeavyPart(
                arena,
                chain,
                network.width(),
                setting.network().precision(),
                setting.sparsity(),
                setting.quantity().equals(HEAVY),
                level,
                STARTS,
                setting.network().key().name("start"))) {
      search(setting, search::iterate, progress, "heavy_part", metrics);
    }
  }

  private static void sparse(
      Setting setting,
      Arena arena,
      RandomNetwork network,
      Trajectory states,
      Progress progress,
      Map<String, Double> metrics)
      throws InterruptedException {
    try (MaskedChain chain = chain(arena, network, states, STARTS);
        SparseNorm search =
            new SparseNorm(
                arena,
                chain,
                network.width(),
                setting.network().precision(),
                setting.sparsity(),
                STARTS,
                setting.network().key().name("start"))) {
      search(setting, search::iterate, progress, "sparse_norm", metrics);
    }
  }

  private static void rectified(
      Setting setting,
      Arena arena,
      RandomNetwork network,
      Progress progress,
      Map<String, Double> metrics)
      throws InterruptedException {
    try (RectifiedMap map =
        new RectifiedMap(
            arena, network.recurrent(), STARTS, setting.network().key().name("start"))) {
      search(setting, map::iterate, progress, "rectified_norm", metrics);
    }
  }

  /** A round of a search; its value is that of vectors that were tried. */
  private interface Round {
    double iterate();
  }

  private static void search(
      Setting setting, Round round, Progress progress, String metric, Map<String, Double> metrics)
      throws InterruptedException {
    double value = 0;
    int rounds = 0;
    boolean moves = true;
    while (moves && rounds < setting.iterations()) {
      double next = round.iterate();
      moves = value == 0 || next > value * (1 + setting.tolerance());
      value = Math.max(value, next);
      rounds++;
      progress.worked(setting.flops() / (setting.iterations() + 1));
    }
    metrics.put(metric, value);
    metrics.put("rounds", (double) rounds);
  }

  /** A trial in numbers. */
  private record Setting(Trial trial) {
    static final int DIMENSION = 5;

    NetworkSetting network() {
      return new NetworkSetting(trial, trial.numerics().precision());
    }

    Configuration configuration() {
      return trial.configuration();
    }

    RandomNetwork.Shape shape() {
      return new RandomNetwork.Shape(network().width(), DIMENSION, 1);
    }

    NormalizedInput input() {
      return NormalizedInput.of(
          NormalizedInput.Law.SPREAD,
          StreamKey.of(trial.rootSeed()).name("input"),
          DIMENSION,
          configuration().real("eps_x"));
    }

    String quantity() {
      return configuration().choice("quantity");
    }

    /** Steps of the forward pass. */
    int steps() {
      return quantity().equals(RECTIFIED) ? 0 : network().length();
    }

    int sparsity() {
      return configuration().smallInteger("sparsity");
    }

    boolean oneSided() {
      return quantity().equals(SPARSE_LEFT) || quantity().equals(SPARSE_RIGHT);
    }

    /** Rounds of a search; one side is asked once. */
    int iterations() {
      return oneSided() ? 1 : configuration().smallInteger("iterations");
    }

    double tolerance() {
      return configuration().real("tolerance");
    }

    Products products() {
      int vectors = quantity().equals(PRODUCT) || oneSided() ? 1 : STARTS;
      int factors = quantity().equals(RECTIFIED) ? 1 : network().length();
      int asked = vectors * factors * iterations();
      return new Products(
          Math.max(0, steps() - 1) + (quantity().equals(SPARSE_RIGHT) ? 0 : asked),
          quantity().equals(SPARSE_LEFT) ? 0 : asked);
    }

    Representation representation() {
      return network().representation(products());
    }

    double flops() {
      return network().operatorFlops(representation(), products())
          + NetworkSetting.FLOPS_OF_A_COORDINATE
              * network().width()
              * ((double) products().total() + 2.0 * iterations() * iterations());
    }
  }
}
