package org.rnnsweep.jobs.existence;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.NetworkTrial;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.existence.BackwardConstruction;
import org.rnnsweep.kernels.existence.SingleFit;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.InfiniteWidth;
import org.rnnsweep.kernels.stability.NormalizedInput;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * The weights W* through backward maps, what their pseudo-network computes and how large they are
 * (Allen-Zhu and Li, Definition 5.3, Lemma 5.4, Claim G.1). Double whatever the profile says.
 */
public final class BackwardExistenceJob implements TrialJob {
  /** Passes over a vector of m coordinates: a product with another, H of the few in the window. */
  private static final double FLOPS_OF_A_COORDINATE = 300;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("width", "m", 2, 1L << 26, "neurons"),
          Parameter.integer("length", "L", 3, 64, "tokens of the sequence"),
          Parameter.real("eps_x", "eps_x", 1e-9, 1, "norm of every token but the first"),
          Parameter.real("window", "eps_c", 1e-9, 1, "sqrt(m) times the half-width of the window"),
          Parameter.integer("dimension", "d_in", 3, 64, "coordinates of a token, d_x + 1")
              .withDefault(5),
          Parameter.integer("outputs", "d", 1, 16, "rows of the output matrix B").withDefault(1),
          Parameter.integer("functions", "p", 1, 64, "functions Phi a position and output")
              .withDefault(1),
          Links.LINK,
          Links.DEGREE,
          Links.WEIGHT,
          Parameter.real("accuracy", "eps_e", 1e-12, 0.5, "what left-out degrees add up to")
              .withDefault(1e-2));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("target_size", "rms of the target", "1", "rms of F*_(j,s)"),
          Metric.scalar("error", "rms error", "1", "rms over j, s of f_(j,s) - F*_(j,s)"),
          Metric.scalar("relative_error", "relative error", "1", "error over target_size"),
          Metric.scalar(
              "own_error",
              "rms error of each function's own term",
              "1",
              "the same of the terms of equal position, end and output alone"),
          Metric.scalar(
              "off_layer", "terms of other positions", "1", "rms of the sum of terms with k != i"),
          Metric.scalar(
              "off_output", "terms of other ends", "1", "rms of the sum with k = i, another j"),
          Metric.scalar(
              "off_component",
              "terms of other outputs",
              "1",
              "rms of the sum with k = i, the same j, another s; with one output there is none"),
          Metric.scalar("norm", "Frobenius norm of W*", "1", "|W*|_F"),
          Metric.scalar("row_norm", "largest row of W*", "1", "max_k |w*_k|"),
          Metric.scalar("least_constant", "least C times d", "1", "d min C_(i->j,s)"),
          Metric.scalar("largest_constant", "largest C times d", "1", "d max C_(i->j,s)"));

  /** For the service loader. */
  public BackwardExistenceJob() {}

  @Override
  public String id() {
    return "backward-existence";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "weights built from backward maps whose linearised network computes a target";
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
    Setting setting = new Setting(trial);
    return new Cost(setting.flops(), setting.memoryBytes());
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    Progress progress = new Progress(context, 4);
    return TrialResult.of(measure(new Setting(trial), context.arena(), progress), Map.of());
  }

  private static Map<String, Double> measure(Setting setting, Arena arena, Progress progress)
      throws InterruptedException {
    progress.worked(0);
    int length = setting.length();
    Blas blas = setting.blas();
    NormalizedInput nothing = setting.input(NormalizedInput.Law.NULL);
    NormalizedInput actual = setting.input(NormalizedInput.Law.SPREAD);
    try (RandomNetwork net =
            RandomNetwork.draw(
                blas,
                arena,
                setting.representation(),
                Precision.DOUBLE,
                setting.drawnShape(),
                RandomNetwork.HE,
                setting.products(),
                setting.key());
        Trajectory nullStates =
            Trajectory.of(blas, arena, net.recurrent(), net.input(), length, nothing);
        Trajectory states =
            Trajectory.of(blas, arena, net.recurrent(), net.input(), length, actual)) {
      progress.worked(1);
      try (BackwardVectors nullBack =
              BackwardVectors.ask(arena, net.recurrent(), net.output(), nullStates, 3, length);
          BackwardVectors back =
              BackwardVectors.ask(arena, net.recurrent(), net.output(), states, 3, length)) {
        progress.worked(1);
        try (BackwardConstruction weights =
            new BackwardConstruction(
                arena,
                net,
                nothing,
                nullStates,
                nullBack,
                setting.target(actual, nothing),
                setting.key().name("directions"))) {
          progress.worked(1);
          Map<String, Double> metrics = metrics(setting, weights, actual, states, back);
          progress.worked(1);
          return metrics;
        }
      }
    }
  }

  private static Map<String, Double> metrics(
      Setting setting,
      BackwardConstruction weights,
      NormalizedInput actual,
      Trajectory states,
      BackwardVectors back) {
    BackwardConstruction.Errors errors = weights.errors(actual, states, back);
    double[] norms = weights.norms();
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("target_size", errors.size());
    metrics.put("error", errors.error());
    metrics.put("relative_error", errors.error() / errors.size());
    metrics.put("own_error", errors.ownError());
    metrics.put("off_layer", errors.offLayer());
    metrics.put("off_output", errors.offOutput());
    if (setting.outputs() > 1) {
      metrics.put("off_component", errors.offComponent());
    }
    metrics.put("norm", norms[0]);
    metrics.put("row_norm", norms[1]);
    metrics.put("least_constant", setting.outputs() * weights.leastConstant());
    metrics.put("largest_constant", setting.outputs() * weights.largestConstant());
    return metrics;
  }

  /** A trial in numbers. */
  private record Setting(Trial trial) implements NetworkTrial {

    /** A sequence of this seed: F* is one draw of it and of the directions. */
    NormalizedInput input(NormalizedInput.Law law) {
      return NormalizedInput.of(law, key().name("input"), dimension(), epsX());
    }

    BackwardConstruction.Target target(NormalizedInput actual, NormalizedInput nothing) {
      InfiniteWidth limit = InfiniteWidth.of(actual.tokens(length()), nothing.tokens(length()));
      double[] noises = new double[length()];
      for (int i = 2; i < length(); i++) {
        noises[i] = SingleFit.noise(limit, i, epsX());
      }
      return new BackwardConstruction.Target(
          Links.link(configuration()),
          configuration().smallInteger("functions"),
          Links.weight(configuration()),
          epsX(),
          configuration().real("window"),
          noises,
          configuration().real("accuracy"));
    }

    /** Two passes and their backward vectors. */
    Products products() {
      return new Products(
          2 * Trajectory.products(1, length()),
          2 * BackwardVectors.products(1, outputs(), 3, length()));
    }

    Representation representation() {
      return Representation.choose(width(), width(), products());
    }

    double flops() {
      double places = outputs() * length() * length() / 2.0;
      return representation().costFlops(width(), width(), products())
          + FLOPS_OF_A_COORDINATE
              * width()
              * (products().total() + places * configuration().smallInteger("functions"))
          + 10 * width() * places * places * length();
    }

    long memoryBytes() {
      return RandomNetwork.memoryBytes(representation(), Precision.DOUBLE, drawnShape(), products())
          + 2 * Trajectory.memoryBytes(width(), dimension(), 1, length(), Precision.DOUBLE)
          + 2 * BackwardVectors.memoryBytes(width(), 1, outputs(), 3, length(), Precision.DOUBLE)
          + BackwardConstruction.memoryBytes(width(), length(), outputs());
    }
  }
}
