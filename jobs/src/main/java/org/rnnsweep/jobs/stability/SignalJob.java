package org.rnnsweep.jobs.stability;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.ConditionedGaussian;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.Nonlinearity;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.SignalLimit;
import org.rnnsweep.kernels.stability.SignalLimit.Weights;
import org.rnnsweep.kernels.stability.SignalPass;
import org.rnnsweep.kernels.stability.TokenFamily;

/**
 * Whether norms of states and of backward vectors explode or vanish along the steps, and how much
 * they scatter: other variances than 2/m, other nonlinearities, one W for all steps against a fresh
 * one for each (Allen-Zhu, Li and Song, Section 1 and footnote 2, Section 4, Lemma B.3). Beside the
 * numbers stand their limits, {@link SignalLimit}.
 *
 * <p>A trial draws {@code networks} independent networks and gives means over them, so that a
 * spread is a number of one trial. No W is formed. A group of lengths shares every forward pass; a
 * length's way back is asked of forks taken after its last step.
 */
public final class SignalJob implements Job {
  private static final String NORMS = "norms";
  private static final String GAINS = "gains";

  private static final List<Parameter> PARAMETERS =
      List.of(
          NetworkSetting.WIDTH,
          Parameter.integer("length", "L", 2, 1024, "tokens of the sequence"),
          Parameter.choice(
                  "weights",
                  "one W for all steps, or an independent one for each",
                  Weights.SHARED.label(),
                  Weights.FRESH.label())
              .withDefault(Weights.SHARED.label()),
          Parameter.choice(
                  "nonlinearity",
                  "of O(1) numbers sqrt(m) g; leaky halves what is negative",
                  Nonlinearity.RELU.label(),
                  Nonlinearity.LEAKY.label(),
                  Nonlinearity.LINEAR.label(),
                  Nonlinearity.TANH.label(),
                  Nonlinearity.SIGMOID.label())
              .withDefault(Nonlinearity.RELU.label()),
          Parameter.real("variance", "c", 0.01, 100, "m times the variance of an entry of W and A")
              .withDefault(RandomNetwork.HE),
          Parameter.choice(
                  "inputs",
                  "tokens after the first: none, or independent unit vectors",
                  TokenFamily.SILENT.label(),
                  TokenFamily.UNRELATED.label())
              .withDefault(TokenFamily.SILENT.label()),
          Parameter.integer("dimension", "d_x", 3, 4096, "coordinates of a token").withDefault(8),
          Parameter.integer("networks", "R", 1, 4096, "networks that a trial draws").withDefault(1),
          Parameter.choice(
                  "questions",
                  "norms of states only, or the way back of one vector too",
                  NORMS,
                  GAINS)
              .withDefault(NORMS));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("norm", "norm of the last state", "1", "geometric mean of |h_L|"),
          Metric.scalar(
              "norm_ratio", "norm over its limit", "1", "geometric mean of |h_L| over its limit"),
          Metric.scalar(
              "norm_spread",
              "spread of the norm",
              "1",
              "root mean square over networks of ln(|h_L| / limit)"),
          Metric.scalar(
              "norm_spread_root", "spread times sqrt(m)", "1", "sqrt(m) times norm_spread"),
          Metric.scalar(
              "norm_spread_ratio",
              "squared spread over its law",
              "1",
              "m norm_spread^2 over the law of large m (relu with variance 2 only)"),
          Metric.scalar(
              "gain",
              "size of the backward vector",
              "1",
              "geometric mean of |b^T Back_(1->L)| / sqrt(m), b of independent N(0, 1)"),
          Metric.scalar("gain_ratio", "the same over its limit", "1", "gain over its limit"),
          Metric.scalar(
              "gain_spread",
              "spread of the backward vector's size",
              "1",
              "root mean square over networks of ln(|b^T Back_(1->L)| / limit)"));

  /** For the service loader. */
  public SignalJob() {}

  @Override
  public String id() {
    return "signal";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "how norms of states and backward vectors grow, fall and scatter along the steps";
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
  public Set<String> sharedAxes() {
    return Set.of("length");
  }

  @Override
  public List<String> check(Configuration configuration) {
    long width = configuration.integer("width");
    int length = configuration.smallInteger("length");
    return configuration.choice("weights").equals(Weights.SHARED.label()) && width < length
        ? List.of("one W needs a width of at least the length, found " + width + " < " + length)
        : List.of();
  }

  @Override
  public Cost cost(TrialGroup group) {
    Setting setting = Setting.of(group);
    return new Cost(setting.flops() * setting.networks(), setting.memoryBytes());
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    Setting setting = Setting.of(group);
    double[][] tokens = setting.tokens();
    SignalLimit limit = SignalLimit.of(setting.nonlinearity(), setting.variance(), tokens);
    Map<Integer, Sums> sums = new HashMap<>();
    for (int length : setting.lengths()) {
      sums.put(length, new Sums());
    }
    for (int r = 0; r < setting.networks(); r++) {
      context.checkCancelled();
      context.progress((double) r / setting.networks());
      StreamKey key = setting.key().name("network").with("replica", r);
      pass(setting, key, tokens, limit, sums, context.arena());
    }
    context.progress(1);
    List<TrialResult> results = new ArrayList<>();
    for (Trial trial : group.trials()) {
      int length = trial.configuration().smallInteger("length");
      results.add(sums.get(length).result(setting, tokens, limit, length));
    }
    return results;
  }

  /** One network through all lengths. */
  private static void pass(
      Setting setting,
      StreamKey key,
      double[][] tokens,
      SignalLimit limit,
      Map<Integer, Sums> sums,
      Arena arena) {
    Blas blas = setting.blas();
    long m = setting.width();
    OffHeapMatrix input = arena.matrix(m, setting.dimension(), setting.precision());
    GaussianMatrix.fill(input, key.name("A").with("width", m), Math.sqrt(setting.variance() / m));
    List<GaussianOperator> matrices = setting.matrices(blas, arena, key);
    IntFunction<GaussianOperator> byStep = l -> matrices.get(setting.index(l));
    int last = setting.lengths().last();
    try (SignalPass pass =
        new SignalPass(blas, arena, byStep, input, setting.nonlinearity(), last)) {
      for (int l = 1; l <= last; l++) {
        pass.step(tokens[l - 1]);
        if (setting.lengths().contains(l)) {
          Sums here = sums.get(l);
          here.addNorm(Math.log(RowMeasures.norm(pass.state(), 0) / limit.norm(l)));
          if (setting.gains()) {
            here.addGain(Math.log(back(setting, arena, key, matrices, pass) / limit.gain(l)));
          }
        }
      }
    }
    for (GaussianOperator matrix : matrices) {
      matrix.close();
    }
    arena.release(input);
  }

  /** |b^T Back_(1->l)| / sqrt(m), by forks of the matrices as they are. */
  private static double back(
      Setting setting,
      Arena arena,
      StreamKey key,
      List<GaussianOperator> matrices,
      SignalPass pass) {
    int length = pass.steps();
    long m = setting.width();
    OffHeapMatrix vector = arena.matrix(1, m, setting.precision());
    OffHeapMatrix scratch = arena.matrix(1, m, setting.precision());
    GaussianMatrix.fill(vector, key.name("B").with("width", m), 1);
    List<GaussianOperator> forks = new ArrayList<>();
    for (GaussianOperator matrix : matrices.subList(0, setting.index(length) + 1)) {
      forks.add(matrix.fork(arena, setting.backProducts(length)));
    }
    pass.back(l -> forks.get(setting.index(l)), vector, scratch);
    for (GaussianOperator fork : forks) {
      fork.close();
    }
    double gain = RowMeasures.norm(vector, 0) / Math.sqrt(m);
    arena.release(scratch);
    arena.release(vector);
    return gain;
  }

  /** Over the networks of one trial, of logarithms of norms over their limits. */
  private static final class Sums {
    private int count;
    private double norm;
    private double normSquare;
    private double gain;
    private double gainSquare;

    void addNorm(double logarithm) {
      count++;
      norm += logarithm;
      normSquare += logarithm * logarithm;
    }

    void addGain(double logarithm) {
      gain += logarithm;
      gainSquare += logarithm * logarithm;
    }

    TrialResult result(Setting setting, double[][] tokens, SignalLimit limit, int length) {
      Map<String, Double> metrics = new LinkedHashMap<>();
      double root = Math.sqrt(setting.width());
      double spread = Math.sqrt(normSquare / count);
      metrics.put("norm", limit.norm(length) * Math.exp(norm / count));
      metrics.put("norm_ratio", Math.exp(norm / count));
      metrics.put("norm_spread", spread);
      metrics.put("norm_spread_root", root * spread);
      if (setting.nonlinearity() == Nonlinearity.RELU && setting.variance() == RandomNetwork.HE) {
        double law =
            SignalLimit.normSpread(
                setting.weights(), List.of(tokens).subList(0, length).toArray(double[][]::new));
        metrics.put("norm_spread_ratio", Math.pow(root * spread / law, 2));
      }
      if (setting.gains()) {
        metrics.put("gain", limit.gain(length) * Math.exp(gain / count));
        metrics.put("gain_ratio", Math.exp(gain / count));
        metrics.put("gain_spread", Math.sqrt(gainSquare / count));
      }
      return TrialResult.of(metrics, Map.of());
    }
  }

  /** What a group agrees on, and its lengths. */
  private record Setting(Trial first, SortedSet<Integer> lengths) {

    static Setting of(TrialGroup group) {
      SortedSet<Integer> lengths = new TreeSet<>();
      for (Trial trial : group.trials()) {
        lengths.add(trial.configuration().smallInteger("length"));
      }
      return new Setting(group.first(), lengths);
    }

    long width() {
      return first.configuration().integer("width");
    }

    int dimension() {
      return first.configuration().smallInteger("dimension");
    }

    int networks() {
      return first.configuration().smallInteger("networks");
    }

    double variance() {
      return first.configuration().real("variance");
    }

    boolean gains() {
      return first.configuration().choice("questions").equals(GAINS);
    }

    Nonlinearity nonlinearity() {
      return Nonlinearity.ofLabel(first.configuration().choice("nonlinearity"));
    }

    Weights weights() {
      return first.configuration().choice("weights").equals(Weights.SHARED.label())
          ? Weights.SHARED
          : Weights.FRESH;
    }

    Precision precision() {
      return first.numerics().precision();
    }

    Blas blas() {
      return Blas.of(first.numerics());
    }

    StreamKey key() {
      return first.key();
    }

    /** One fixed sequence for all seeds, as the statements have it. */
    double[][] tokens() {
      return TokenFamily.ofLabel(first.configuration().choice("inputs"))
          .draw(StreamKey.of(first.rootSeed()).name("input"), 1, dimension(), 1, lengths.last())[0];
    }

    /** Which of the matrices step l, from 2, uses. */
    int index(int l) {
      return weights() == Weights.SHARED ? 0 : l - 2;
    }

    /** How many right products each matrix is asked by a pass to this length. */
    Products products(int length) {
      return new Products(weights() == Weights.SHARED ? length - 1 : 1, 0);
    }

    Products backProducts(int length) {
      return new Products(0, weights() == Weights.SHARED ? length - 1 : 1);
    }

    List<GaussianOperator> matrices(Blas blas, Arena arena, StreamKey key) {
      List<GaussianOperator> matrices = new ArrayList<>();
      int last = lengths.last();
      for (int k = 0; k <= index(last); k++) {
        matrices.add(
            ConditionedGaussian.of(
                blas,
                arena,
                precision(),
                width(),
                width(),
                Math.sqrt(variance() / width()),
                products(last),
                key.name("W").with("width", width()).with("matrix", k)));
      }
      return matrices;
    }

    long memoryBytes() {
      int last = lengths.last();
      long m = width();
      long matrices = index(last) + 1L;
      long held =
          (m * dimension() + SignalPass.size(m, dimension(), last)) * precision().bytes()
              + matrices * ConditionedGaussian.memoryBytes(m, m, products(last), precision());
      return gains()
          ? held
              + 2 * m * precision().bytes()
              + matrices
                  * ConditionedGaussian.forkBytes(
                      m, m, products(last), backProducts(last), precision())
          : held;
    }

    double flops() {
      long m = width();
      int last = lengths.last();
      double flops = (index(last) + 1) * cost(products(last)) + m * last * 300.0;
      if (gains()) {
        for (int length : lengths) {
          Products all = new Products(products(length).right(), backProducts(length).left());
          flops += (index(length) + 1) * (cost(all) - cost(products(length))) + m * length * 300.0;
        }
      }
      return flops;
    }

    private double cost(Products products) {
      return Representation.CONDITIONED.costFlops(width(), width(), products);
    }
  }
}
