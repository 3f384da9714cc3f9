package org.rnnsweep.jobs.descent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.descent.Loss;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.descent.TangentMatrix;
import org.rnnsweep.kernels.descent.TangentModes;
import org.rnnsweep.kernels.descent.WideDescent;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.TokenFamily;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * Full-batch gradient descent on the squared error of a few sequences (Allen-Zhu, Li and Song,
 * Theorem 1) at widths where W cannot be formed: {@link DescentJob}'s task for a given number of
 * steps, with W kept as W_0 and the outer products learnt. The networks, tokens, labels and step
 * size are those of that job where W is formed.
 */
public final class WideDescentJob implements TrialJob {
  /** Of the first loss; beyond it descent has exploded. */
  private static final double MOST = 1e6;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("width", "m", 2, 1L << 26, "neurons"),
          Parameter.integer("length", "L", 2, 64, "tokens of a sequence"),
          Parameter.integer("sequences", "n", 1, 64, "sequences of the training set"),
          SequenceTrial.OUTPUTS.withDefault(2),
          SequenceTrial.DIMENSION,
          SequenceTrial.DELTA,
          SequenceTrial.INPUTS.withDefault(TokenFamily.UNRELATED.label()),
          Parameter.real(
                  "share",
                  "c",
                  1e-6,
                  1e3,
                  "step size over the inverse of the first curvature; 2 is the edge of stability")
              .withDefault(0.5),
          Parameter.integer(
              "steps",
              "T",
              2,
              100_000,
              "steps, all of which are kept; fewer where the loss is rounding before"),
          Parameter.choice(
                  "representation",
                  "whether W_0 is formed, or never formed and exact in law; auto takes the cheaper",
                  Representation.AUTO,
                  Representation.CONDITIONED.label(),
                  Representation.DENSE.label())
              .withDefault(Representation.AUTO));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("initial_loss", "first loss", "1", "f(W_0)"),
          Metric.scalar("reached_loss", "loss reached", "1", "f(W_T) / f(W_0)"),
          Metric.scalar("overshoot", "largest loss", "1", "max over t of f(W_t) / f(W_0)"),
          Metric.scalar(
              "rate", "rate", "1", "how much ln f falls in a step, mean of the second half"),
          Metric.scalar(
              "rate_ratio",
              "rate of the second half",
              "1",
              "over that of the first half: 1 on a straight line"),
          Metric.scalar(
              "slowest_step", "slowest step", "1", "least fall of ln f in a step, over all steps"),
          Metric.scalar(
              "slowest_share",
              "slowest step over curvature",
              "1",
              "slowest step over -2 ln(1 - eta lambda_min), lambda_min the least eigenvalue of the"
                  + " first tangent matrix"),
          Metric.scalar(
              "radius", "distance from the start", "1", "|W_t - W_0|_F, the largest found"),
          Metric.scalar("scaled_radius", "distance times sqrt(m)", "1", "sqrt(m) times that"),
          Metric.scalar(
              "linear_radius",
              "distance over that of the linearised network",
              "1",
              "|W_T - W_0|_F over what the first tangent matrix says of it"),
          Metric.scalar(
                  "linear_gap",
                  "loss beside that of the linearised network",
                  "1",
                  "max over t of |ln f(W_t) - ln f_t|, f_t by the first tangent matrix")
              .withRoundingFloor(1e-9),
          Metric.scalar(
              "gradient_ratio",
              "squared gradient over loss",
              "1",
              "|grad f|_F^2 / (m f) at the last step over that at the first"),
          Metric.scalar(
              "condition", "condition", "1", "lambda_max / lambda_min of the first tangent matrix"),
          Metric.scalar("formed", "W was formed", "1", "1 if W_0 was formed, 0 if not"),
          Metric.series("curve_step", "step", "1", "steps t of the curves"),
          Metric.series("curve_loss", "loss", "1", "f(W_t) / f(W_0)"),
          Metric.series("curve_radius", "distance", "1", "|W_t - W_0|_F"));

  /** For the service loader. */
  public WideDescentJob() {}

  @Override
  public String id() {
    return "wide-descent";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "gradient descent on a few sequences with a W that is never formed: rates and distances";
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
    Setting s = new Setting(trial);
    Representation representation = s.representation();
    NetworkShape shape = s.shape();
    int n = s.sequences();
    int length = s.length();
    long m = shape.width();
    double small = (double) m * (shape.dimension() + shape.outputs());
    double flops =
        representation.costFlops(m, m, s.products())
            + Cost.FLOPS_OF_A_NORMAL * small
            + WideDescent.flops(shape, n, length, s.steps())
            + TangentMatrix.flops(m, n, shape.outputs(), length)
            - 2.0 * m * m * s.backs(); // counted with the operator
    long memory =
        RandomNetwork.memoryBytes(representation, s.precision(), s.drawnShape(), s.products())
            + WideDescent.memoryBytes(shape, s.precision(), n, length, s.steps())
            + Trajectory.memoryBytes(m, shape.dimension(), n, length, s.precision())
            + TangentMatrix.memoryBytes(m, n, shape.outputs(), length, s.precision());
    return new Cost(flops, memory);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    Setting setting = new Setting(trial);
    Arena arena = context.arena();
    Blas blas = setting.blas();
    try (RandomNetwork net =
        RandomNetwork.draw(
            blas,
            arena,
            setting.representation(),
            setting.precision(),
            setting.drawnShape(),
            RandomNetwork.HE,
            setting.products(),
            setting.key())) {
      return new Training(setting, new Progress(context, setting.steps()), arena, blas, net).all();
    }
  }

  /** One trial. */
  private static final class Training {
    private final Setting setting;
    private final Progress progress;
    private final Arena arena;
    private final Blas blas;
    private final RandomNetwork net;
    private final double[][][] x;
    private final double[] losses;
    private final TrainingCurve curve = new TrainingCurve();
    private double firstGradient;
    private double lastGradient;
    private int taken;

    Training(Setting setting, Progress progress, Arena arena, Blas blas, RandomNetwork net) {
      this.setting = setting;
      this.progress = progress;
      this.arena = arena;
      this.blas = blas;
      this.net = net;
      x = setting.tokens();
      losses = new double[setting.steps() + 1];
    }

    TrialResult all() throws InterruptedException {
      double[][] kernel = kernel();
      try (WideDescent descent =
          new WideDescent(
              blas,
              arena,
              setting.shape(),
              net.recurrent(),
              net.input(),
              net.output(),
              Loss.SQUARED,
              x,
              setting.labels(),
              setting.steps())) {
        TangentModes modes = TangentModes.of(kernel, descent.errors());
        double rate = setting.share() / modes.largest();
        descend(descent, rate);
        if (!(losses[taken] < MOST * losses[0])) {
          return TrialResult.diverged(
              "the loss is " + losses[taken] / losses[0] + " of the first after step " + taken);
        }
        double distance = descent.distance();
        return TrialResult.of(
            metrics(modes, rate, distance),
            curve.series(taken, losses[taken] / losses[0], distance));
      }
    }

    private double[][] kernel() {
      GaussianOperator w = net.recurrent();
      try (Trajectory states = Trajectory.of(blas, arena, w, net.input(), x)) {
        return TangentMatrix.of(blas, arena, w, net.output(), states);
      }
    }

    /** Until the steps are taken, the loss is rounding, or it has exploded. */
    private void descend(WideDescent descent, double rate) throws InterruptedException {
      losses[0] = descent.loss();
      curve.add(0, 1, 0);
      double rounding = setting.precision() == Precision.SINGLE ? 1e-9 : 1e-24;
      while (taken < setting.steps()
          && losses[taken] > rounding * losses[0]
          && losses[taken] < MOST * losses[0]) {
        lastGradient = descent.step(rate);
        firstGradient = taken == 0 ? lastGradient : firstGradient;
        taken++;
        losses[taken] = descent.loss();
        if (curve.isDue(taken)) {
          curve.add(taken, losses[taken] / losses[0], descent.distance());
        }
        progress.worked(1);
      }
    }

    private Map<String, Double> metrics(TangentModes modes, double rate, double distance) {
      int steps = taken;
      double highest = 0;
      double radius = Math.max(curve.radius(), distance);
      double slowest = Double.POSITIVE_INFINITY;
      double gap = 0;
      for (int t = 0; t <= steps; t++) {
        highest = Math.max(highest, losses[t] / losses[0]);
        gap = Math.max(gap, Math.abs(StrictMath.log(losses[t] / modes.loss(rate, t))));
        if (t > 0) {
          slowest = Math.min(slowest, fall(t - 1, t));
        }
      }
      double early = fall(0, steps / 2);
      double late = fall(steps / 2, steps);
      double least = modes.least();
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("initial_loss", losses[0]);
      metrics.put("reached_loss", losses[steps] / losses[0]);
      metrics.put("overshoot", highest);
      metrics.put("rate", late);
      metrics.put("rate_ratio", late / early);
      metrics.put("slowest_step", slowest);
      metrics.put(
          "slowest_share", slowest / (-2 * StrictMath.log1p(-Math.min(rate * least, 0.999999))));
      metrics.put("radius", radius);
      metrics.put("scaled_radius", Math.sqrt(net.width()) * radius);
      metrics.put("linear_radius", distance / modes.distance(rate, steps));
      metrics.put("linear_gap", gap);
      double gradient = lastGradient / firstGradient;
      metrics.put("gradient_ratio", gradient * gradient * losses[0] / losses[steps - 1]);
      metrics.put("condition", modes.largest() / least);
      boolean formed = setting.representation() == Representation.DENSE;
      metrics.put("formed", formed ? 1.0 : 0.0);
      return metrics;
    }

    /** How much ln f falls in a step, mean. */
    private double fall(int from, int to) {
      return StrictMath.log(losses[from] / losses[to]) / (to - from);
    }
  }

  /** A trial in numbers. */
  private record Setting(Trial trial) implements SequenceTrial {
    int steps() {
      return configuration().smallInteger("steps");
    }

    double share() {
      return configuration().real("share");
    }

    Precision precision() {
      return trial.numerics().precision();
    }

    /** Left products of the tangent matrix. */
    int backs() {
      return BackwardVectors.products(sequences(), outputs(), 2, length());
    }

    /** Of W_0: the first tangent matrix, and the training. */
    Products products() {
      Products training = WideDescent.products(sequences(), length(), steps());
      return new Products(
          Trajectory.products(sequences(), length()) + training.right(), backs() + training.left());
    }

    Representation representation() {
      return representation(products());
    }
  }
}
