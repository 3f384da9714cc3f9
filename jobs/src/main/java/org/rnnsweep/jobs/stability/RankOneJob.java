package org.rnnsweep.jobs.stability;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.NetworkTrial;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.LowRankSum;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.LargestSingularValue;
import org.rnnsweep.kernels.stability.MaskedChain;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.SparseRankOne;
import org.rnnsweep.kernels.stability.TokenFamily;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * What a change {@code W' = y z^T} with N entries of size {@code tau / sqrt(m)} in y does to a
 * random network: single coordinates forward and back (Allen-Zhu, Li and Song, Lemmas C.10, C.11),
 * and the norm of the perturbed product and of its difference from the unperturbed one (Lemma C.7;
 * {@code |W'|_2 = tau sqrt(N / m)}). W is never formed. Double whatever the profile says, since it
 * measures small differences.
 */
public final class RankOneJob implements TrialJob {
  private static final Precision PRECISION = Precision.DOUBLE;
  private static final String COORDINATES = "coordinates";
  private static final String PRODUCTS = "products";

  private static final List<Parameter> PARAMETERS =
      List.of(
          NetworkSetting.WIDTH,
          Parameter.integer("length", "L", 3, 1024, "tokens of the sequence"),
          Parameter.integer("support", "N", 1, 1 << 24, "entries of y that are not 0"),
          Parameter.real("tau", "tau_0", 1e-6, 1e6, "sqrt(m) times the size of these entries")
              .withDefault(1.0),
          Parameter.choice(
                  "rows",
                  "which entries: the smallest preactivations of step 2, pushed to 0, or the first",
                  SparseRankOne.Rows.NEAREST.label(),
                  SparseRankOne.Rows.FIRST.label())
              .withDefault(SparseRankOne.Rows.NEAREST.label()),
          Parameter.choice(
                  "inputs",
                  "tokens after the first: none, or independent unit vectors",
                  TokenFamily.SILENT.label(),
                  TokenFamily.UNRELATED.label())
              .withDefault(TokenFamily.SILENT.label()),
          Parameter.integer("dimension", "d_x", 3, 4096, "coordinates of a token").withDefault(8),
          Parameter.choice(
                  "questions",
                  "coordinates forward and back, or norms of products by Lanczos",
                  COORDINATES,
                  PRODUCTS)
              .withDefault(COORDINATES),
          Parameter.integer("iterations", "iterations", 1, 1000, "of Lanczos")
              .withDefault(16)
              .withRelevance("questions", PRODUCTS));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "forward_coordinate",
              "change of a coordinate",
              "1",
              "max over l < L and k of |((W + W') h'_l)_k|"),
          Metric.scalar("sign_changes", "signs that change", "1", "max_l |D'_l|_0"),
          Metric.scalar(
              "back_signs",
              "change of a backward coordinate by signs",
              "1",
              "max over i and k of |b^T (prod D W - prod D~ W) e_k|, D~ before, D after the change"),
          Metric.scalar(
              "back_weights",
              "change of a backward coordinate by W'",
              "1",
              "max over i and k of |b^T (prod D (W + W') - prod D W) e_k|"),
          Metric.scalar(
              "product_norm",
              "norm of the perturbed product",
              "1",
              "|D_L (W + W') .. D_2 (W + W')|_2, a lower bound by Lanczos"),
          Metric.scalar(
              "product_change",
              "norm of its change",
              "1",
              "|D_L (W + W') .. D_2 (W + W') - D~_L W .. D~_2 W|_2, a lower bound by Lanczos"));

  /** For the service loader. */
  public RankOneJob() {}

  @Override
  public String id() {
    return "rank-one";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "what a rank-one change of W with few rows does to coordinates and products";
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
    if (configuration.integer("support") > width) {
      problems.add(
          "support is at most the width " + width + ", found " + configuration.get("support"));
    }
    if (configuration.has("iterations") && configuration.integer("iterations") > width) {
      problems.add(
          "iterations are at most the width "
              + width
              + ", found "
              + configuration.get("iterations"));
    }
    return problems;
  }

  @Override
  public Cost cost(Trial trial) {
    Setting setting = new Setting(trial);
    return new Cost(setting.flops(), setting.memoryBytes());
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return TrialResult.of(measure(new Setting(trial), context), Map.of());
  }

  private static Map<String, Double> measure(Setting setting, JobContext context)
      throws InterruptedException {
    context.checkCancelled();
    Arena arena = context.arena();
    Blas blas = Blas.of(setting.trial().numerics());
    int length = setting.length();
    long m = setting.width();
    double[][] tokens = setting.tokens();
    OffHeapMatrix y = arena.matrix(1, m, PRECISION);
    OffHeapMatrix z = arena.matrix(1, m, PRECISION);
    try (RandomNetwork network =
            RandomNetwork.draw(
                blas,
                arena,
                Representation.CONDITIONED,
                PRECISION,
                setting.shape(),
                RandomNetwork.HE,
                setting.products(),
                setting.key());
        Trajectory states =
            new Trajectory(blas, arena, network.recurrent(), network.input(), 1, length)) {
      for (double[] token : tokens) {
        states.step(new double[][] {token});
      }
      SparseRankOne.aim(states, setting.support(), setting.size(), setting.rows(), y, z);
      try (LowRankSum sum = LowRankSum.of(blas, arena, network.recurrent(), y, z);
          Trajectory changed = new Trajectory(blas, arena, sum, network.input(), 1, length)) {
        for (double[] token : tokens) {
          changed.step(new double[][] {token});
        }
        context.progress(0.1);
        context.checkCancelled();
        return setting.asksProducts()
            ? products(setting, blas, context, network, sum, states, changed)
            : coordinates(arena, network, sum, states, changed, y, z);
      }
    } finally {
      arena.release(z);
      arena.release(y);
    }
  }

  private static Map<String, Double> coordinates(
      Arena arena,
      RandomNetwork network,
      LowRankSum sum,
      Trajectory states,
      Trajectory changed,
      OffHeapMatrix y,
      OffHeapMatrix z) {
    SparseRankOne found =
        SparseRankOne.measure(
            arena, network.recurrent(), sum, network.output(), states, changed, y, z);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("forward_coordinate", found.forward());
    metrics.put("sign_changes", (double) found.signs());
    metrics.put("back_signs", found.backSigns());
    metrics.put("back_weights", found.backWeights());
    return metrics;
  }

  private static Map<String, Double> products(
      Setting setting,
      Blas blas,
      JobContext context,
      RandomNetwork network,
      LowRankSum sum,
      Trajectory states,
      Trajectory changed)
      throws InterruptedException {
    Arena arena = context.arena();
    int length = setting.length();
    Map<String, Double> metrics = new LinkedHashMap<>();
    try (MaskedChain before =
            new MaskedChain(
                arena, network.recurrent(), states, 0, 2, length, MaskedChain.Front.PATTERN, 1);
        MaskedChain after =
            new MaskedChain(arena, sum, changed, 0, 2, length, MaskedChain.Front.PATTERN, 1);
        Difference difference = new Difference(arena, after, before, setting.width())) {
      metrics.put("product_norm", norm(setting, blas, context, after, 0.1));
      metrics.put("product_change", norm(setting, blas, context, difference, 0.4));
    }
    return metrics;
  }

  private static double norm(
      Setting setting, Blas blas, JobContext context, LargestSingularValue.Map map, double done)
      throws InterruptedException {
    try (LargestSingularValue lanczos =
        new LargestSingularValue(
            blas,
            context.arena(),
            map,
            setting.width(),
            PRECISION,
            setting.iterations(),
            setting.key().name("start"))) {
      while (lanczos.iterate()) {
        context.progress(done + 0.3 * lanczos.iterations() / setting.iterations());
        context.checkCancelled();
      }
      return lanczos.value();
    }
  }

  /** One map minus another. */
  private static final class Difference implements LargestSingularValue.Map, AutoCloseable {
    private final Arena arena;
    private final LargestSingularValue.Map first;
    private final LargestSingularValue.Map second;
    private final OffHeapMatrix other;

    Difference(
        Arena arena, LargestSingularValue.Map first, LargestSingularValue.Map second, long width) {
      this.arena = arena;
      this.first = first;
      this.second = second;
      other = arena.matrix(1, width, PRECISION);
    }

    @Override
    public void apply(OffHeapMatrix x, OffHeapMatrix y) {
      second.apply(x, other);
      first.apply(x, y);
      subtract(y);
    }

    @Override
    public void applyTranspose(OffHeapMatrix y, OffHeapMatrix x) {
      second.applyTranspose(y, other);
      first.applyTranspose(y, x);
      subtract(x);
    }

    private void subtract(OffHeapMatrix target) {
      RowMeasures.add(target, 0, -1, other, 0);
    }

    @Override
    public void close() {
      arena.release(other);
    }
  }

  /** A trial in numbers. */
  private record Setting(Trial trial) implements NetworkTrial {

    int support() {
      return configuration().smallInteger("support");
    }

    int iterations() {
      return configuration().smallInteger("iterations");
    }

    boolean asksProducts() {
      return configuration().choice("questions").equals(PRODUCTS);
    }

    double size() {
      return configuration().real("tau") / Math.sqrt(width());
    }

    SparseRankOne.Rows rows() {
      return configuration().choice("rows").equals(SparseRankOne.Rows.FIRST.label())
          ? SparseRankOne.Rows.FIRST
          : SparseRankOne.Rows.NEAREST;
    }

    RandomNetwork.Shape shape() {
      return new RandomNetwork.Shape(width(), configuration().smallInteger("dimension"), 1);
    }

    /** One fixed sequence for all seeds, as the statements have it. */
    double[][] tokens() {
      return TokenFamily.ofLabel(configuration().choice("inputs"))
          .draw(
              StreamKey.of(trial.rootSeed()).name("input"),
              1,
              shape().inputDimension(),
              1,
              length())[0];
    }

    Products products() {
      int steps = length() - 1;
      // of products: the changed one alone, then both for the difference, each way
      int asked = asksProducts() ? 3 * iterations() * steps : 0;
      return new Products(2 * steps + asked, asksProducts() ? asked : 3 * steps);
    }

    long memoryBytes() {
      long m = width();
      long vector = m * PRECISION.bytes();
      long asked =
          asksProducts()
              ? (2 * 2 + 1) * vector + LargestSingularValue.memoryBytes(m, iterations(), PRECISION)
              : SparseRankOne.VECTORS * vector;
      return RandomNetwork.memoryBytes(Representation.CONDITIONED, PRECISION, shape(), products())
          + 2 * vector
          + 2 * Trajectory.memoryBytes(m, shape().inputDimension(), 1, length(), PRECISION)
          + LowRankSum.memoryBytes(m, m, 1, 1, PRECISION)
          + asked;
    }

    double flops() {
      double more = asksProducts() ? 4.0 * iterations() * iterations() : 0;
      return Representation.CONDITIONED.costFlops(width(), width(), products())
          + width()
              * (NetworkSetting.FLOPS_OF_A_COORDINATE * (2.0 * length() + products().total())
                  + more);
    }
  }
}
