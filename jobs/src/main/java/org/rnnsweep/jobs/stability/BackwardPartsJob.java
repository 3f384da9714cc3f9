package org.rnnsweep.jobs.stability;

import java.util.Arrays;
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
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.ChunkProjection;
import org.rnnsweep.kernels.stability.NormalizedInput;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * Parts of backward maps: sqrt(m) orthonormal vectors pushed through the layers and what of them
 * lies in the span of earlier ones (Wang, Shen, Hu and Cao, (89)), and backward vectors on the
 * m^(2/3) coordinates where they are largest (Lemma 12(d)).
 *
 * <p>A sequence here is one unit vector at every step after the first, times eps_x. As the first
 * token is orthogonal to it, the network has their law with L one less, h_0 the state after the
 * first step, and eps_x = L^(-3/2).
 */
public final class BackwardPartsJob implements TrialJob {
  private static final Precision PRECISION = Precision.DOUBLE;
  private static final String SPAN = "span";
  private static final String LARGEST = "largest";

  private static final List<Parameter> PARAMETERS =
      List.of(
          NetworkSetting.WIDTH,
          Parameter.integer("length", "L", 4, 256, "tokens, the one that makes h_0 included"),
          NetworkSetting.EPS_X,
          Parameter.choice(
              "quantity",
              "what earlier vectors span of sqrt(m) vectors pushed forward; or the m^(2/3) largest"
                  + " entries of backward vectors",
              SPAN,
              LARGEST));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "inside",
              "part inside the span of earlier vectors",
              "1",
              "max over p and a of |P z_(p,a)|, P onto states and all z, z' of smaller a or p"),
          Metric.scalar(
              "inside_with_twin",
              "the same as printed",
              "1",
              "the same with z'_(p,a), of the same start and a, in the span"),
          Metric.scalar(
              "largest_back",
              "backward vectors on sparse vectors",
              "1",
              "max over i < L of |B Back_(i->L) v|, v unit with floor(m^(2/3)) entries: the norm of"
                  + " the largest ones"));

  /** For the service loader. */
  public BackwardPartsJob() {}

  @Override
  public String id() {
    return "backward-parts";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "spans of vectors pushed through the layers, and the largest entries of backward vectors";
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
    return setting.asksSpan() && setting.span() > setting.width()
        ? List.of(
            "quantity span has 4 + 2 sqrt(m) (length - 2) = "
                + setting.span()
                + " vectors, at most the width, found "
                + setting.width())
        : List.of();
  }

  @Override
  public Cost cost(Trial trial) {
    Setting setting = new Setting(trial.configuration());
    return new Cost(setting.flops(), setting.memoryBytes());
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    Progress progress = new Progress(context, cost(trial).flops());
    return TrialResult.of(measure(trial, context, progress), Map.of());
  }

  private static Map<String, Double> measure(Trial trial, JobContext context, Progress progress)
      throws InterruptedException {
    Setting setting = new Setting(trial.configuration());
    progress.worked(0);
    Arena arena = context.arena();
    Blas blas = Blas.of(trial.numerics());
    int length = setting.length();
    StreamKey key = trial.key();
    try (RandomNetwork network =
            RandomNetwork.draw(
                blas,
                arena,
                setting.representation(),
                PRECISION,
                setting.shape(),
                RandomNetwork.HE,
                setting.products(),
                key);
        Trajectory states =
            Trajectory.of(
                blas,
                arena,
                network.recurrent(),
                network.input(),
                length,
                setting.inputs(StreamKey.of(trial.rootSeed()).name("input")))) {
      int stages = setting.asksSpan() ? length - 2 : 1;
      double share = setting.flops() / (stages + 1);
      progress.worked(share);
      if (setting.asksSpan()) {
        return span(setting, blas, arena, network, states, key.name("zeta"), progress, share);
      }
      double largest = largest(setting, arena, network, states);
      progress.worked(share);
      return Map.of("largest_back", largest);
    }
  }

  private static Map<String, Double> span(
      Setting setting,
      Blas blas,
      Arena arena,
      RandomNetwork network,
      Trajectory states,
      StreamKey key,
      Progress progress,
      double share)
      throws InterruptedException {
    try (ChunkProjection chunks =
        new ChunkProjection(
            blas,
            arena,
            network.recurrent(),
            states,
            setting.chunk(),
            key.with("width", setting.width()))) {
      boolean more = true;
      while (more) {
        more = chunks.advance();
        progress.worked(share);
      }
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("inside", chunks.earlier());
      metrics.put("inside_with_twin", chunks.withTwin());
      return metrics;
    }
  }

  private static double largest(
      Setting setting, Arena arena, RandomNetwork network, Trajectory states) {
    int length = setting.length();
    try (BackwardVectors back =
        BackwardVectors.ask(arena, network.recurrent(), network.output(), states, length, length)) {
      double largest = 0;
      double[] entries = new double[Math.toIntExact(setting.width())];
      for (int i = 1; i < length; i++) {
        OffHeapMatrix row = back.block(i, length, 0);
        row.getRow(0, entries);
        for (int k = 0; k < entries.length; k++) {
          entries[k] *= entries[k];
        }
        Arrays.sort(entries);
        double square = 0;
        for (int k = entries.length - setting.sparsity(); k < entries.length; k++) {
          square += entries[k];
        }
        largest = Math.max(largest, Math.sqrt(square));
      }
      return largest;
    }
  }

  /** A configuration in numbers. */
  private record Setting(Configuration configuration) {
    static final int DIMENSION = 5;

    long width() {
      return configuration.integer("width");
    }

    int length() {
      return configuration.smallInteger("length");
    }

    boolean asksSpan() {
      return configuration.choice("quantity").equals(SPAN);
    }

    /** N. */
    int chunk() {
      return (int) Math.sqrt(width());
    }

    /** The cube root is exact enough: s^3 is compared with m^2. */
    int sparsity() {
      long s = Math.round(Math.cbrt((double) width() * width()));
      return Math.toIntExact(s * s * s > width() * width() ? s - 1 : s);
    }

    int span() {
      return ChunkProjection.span(length(), chunk());
    }

    int batch() {
      return asksSpan() ? 2 : 1;
    }

    RandomNetwork.Shape shape() {
      return new RandomNetwork.Shape(width(), DIMENSION, 1);
    }

    NormalizedInput[] inputs(StreamKey key) {
      NormalizedInput[] inputs = new NormalizedInput[batch()];
      for (int s = 0; s < inputs.length; s++) {
        inputs[s] =
            NormalizedInput.of(
                NormalizedInput.Law.REPEATED,
                key.with("sequence", s),
                DIMENSION,
                configuration.real("eps_x"));
      }
      return inputs;
    }

    Products products() {
      int right = Trajectory.products(batch(), length());
      return asksSpan()
          ? new Products(right + ChunkProjection.products(length(), chunk()), 0)
          : new Products(right, BackwardVectors.products(1, 1, length(), length()));
    }

    Representation representation() {
      return Representation.choose(width(), width(), products());
    }

    double flops() {
      double own =
          asksSpan()
              ? 4.0 * span() * span() * width()
              : NetworkSetting.FLOPS_OF_A_COORDINATE * width() * length();
      return representation().costFlops(width(), width(), products())
          + NetworkSetting.FLOPS_OF_A_COORDINATE * width() * products().total()
          + own;
    }

    long memoryBytes() {
      long own =
          asksSpan()
              ? ChunkProjection.memoryBytes(width(), length(), chunk())
              : BackwardVectors.memoryBytes(width(), 1, 1, length(), length(), PRECISION);
      return RandomNetwork.memoryBytes(representation(), PRECISION, shape(), products())
          + Trajectory.memoryBytes(width(), DIMENSION, batch(), length(), PRECISION)
          + own;
    }
  }
}
