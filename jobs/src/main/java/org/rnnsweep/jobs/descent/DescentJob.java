package org.rnnsweep.jobs.descent;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.descent.Descent;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.descent.OuterSum;
import org.rnnsweep.kernels.descent.Pass;
import org.rnnsweep.kernels.descent.TangentMatrix;
import org.rnnsweep.kernels.stability.TokenFamily;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * Gradient descent, full-batch or stochastic, on the squared error of a few sequences (Allen-Zhu,
 * Li and Song, Theorems 1 and 2): only W is trained,
 *
 * <pre>f(W) = sum over i and l = 2..L of |B h_(i,l) - y_(i,l)|^2 / 2.</pre>
 *
 * <p>The step sizes of the theorems are beyond any computer (eta = delta / (rho^44 m)); here the
 * step is a given share of what the curvature at initialisation allows, which is their 1/m, and
 * their factor delta where asked for. Time stops when the loss has fallen to epsilon times the
 * first one; one run serves every epsilon. Double whatever the profile says: small losses are
 * differences.
 */
public final class DescentJob implements Job {
  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("width", "m", 2, 1 << 16, "neurons"),
          SequenceTrial.LENGTH,
          SequenceTrial.SEQUENCES,
          SequenceTrial.OUTPUTS.withDefault(2),
          SequenceTrial.DIMENSION,
          SequenceTrial.DELTA,
          SequenceTrial.INPUTS.withDefault(TokenFamily.UNRELATED.label()),
          Parameter.integer(
                  "prefix", "p", 0, 256, "first tokens that the second sequence has of the first")
              .withDefault(0),
          Parameter.choice(
                  "labels",
                  "targets: random unit vectors, random signs, or the first outputs changed by 1e-3"
                      + " along the mode that learns slowest",
                  DescentSetting.UNIT,
                  DescentSetting.SIGNS,
                  DescentSetting.SLOW)
              .withDefault(DescentSetting.UNIT),
          Parameter.choice(
                  "step",
                  "what the step size is a share of: the largest one that a quadratic loss of the"
                      + " first curvature bears, or delta times that",
                  DescentSetting.CURVATURE,
                  DescentSetting.CURVATURE_DELTA)
              .withDefault(DescentSetting.CURVATURE),
          Parameter.real("share", "c", 1e-6, 10, "the share; 2 is the edge of stability")
              .withDefault(0.5),
          Parameter.integer("batch", "b", 0, 256, "sequences of a stochastic step; 0 takes all")
              .withDefault(0),
          Parameter.integer("steps", "T_max", 1, 10_000_000, "the most steps").withDefault(10_000),
          Parameter.real("epsilon", "epsilon", 1e-28, 1, "loss to reach, over the first one"));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("initial_loss", "first loss", "1", "f(W_0), less the floor"),
          Metric.scalar(
              "hitting_time",
              "steps",
              "1",
              "steps until the loss is epsilon f_0, between steps by ln f"),
          Metric.scalar(
              "rate",
              "rate",
              "1",
              "how much ln f falls in a step, over the last factor of 10; where epsilon is at most 0.1"),
          Metric.scalar(
              "rate_ratio",
              "rate over curvature",
              "1",
              "rate over -2 ln(1 - eta lambda_min), lambda_min the least eigenvalue of the tangent"
                  + " matrix at the end; full batches without equal prefixes only"),
          Metric.scalar("reached_loss", "loss reached", "1", "last loss over the first one"),
          Metric.scalar("overshoot", "largest loss", "1", "max over t of f(W_t) / f(W_0)"),
          Metric.scalar(
              "radius", "distance from the start", "1", "|W_t - W_0|_F, the largest found"),
          Metric.scalar("spectral_radius", "spectral distance", "1", "|W_T - W_0|_2"),
          Metric.scalar(
              "state_ratio",
              "change of the states' norms",
              "1",
              "largest of |h_(i,l)| over its first value, or the inverse, along the training"),
          Metric.scalar(
              "chain_ratio",
              "change of the backward norm",
              "1",
              "|D_L W .. D_2 W|_2 of the first sequence at the end over that at the start"),
          Metric.scalar(
              "gradient_ratio",
              "squared gradient over loss",
              "1",
              "|grad f|_F^2 / (m f) at the end over that at the start"),
          Metric.scalar(
              "curvature_ratio",
              "change of the least curvature",
              "1",
              "lambda_min of the tangent matrix at the end over that at the start"),
          Metric.scalar(
              "condition", "condition", "1", "lambda_max / lambda_min of the first tangent matrix"),
          Metric.scalar(
              "floor", "least loss", "1", "what equal prefixes leave: sum |y_1 - y_2|^2 / 4"),
          Metric.series("curve_step", "step", "1", "steps t of the curves"),
          Metric.series("curve_loss", "loss", "1", "(f(W_t) - floor) / (f(W_0) - floor)"),
          Metric.series("curve_radius", "distance", "1", "|W_t - W_0|_F"));

  /** For the service loader. */
  public DescentJob() {}

  @Override
  public String id() {
    return "descent";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "gradient descent on a few sequences: steps, rates, distances and norms on the way";
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
    return Set.of("epsilon");
  }

  @Override
  public List<String> check(Configuration configuration) {
    List<String> problems = new ArrayList<>();
    long n = configuration.integer("sequences");
    if (configuration.integer("batch") > n) {
      problems.add(
          "batch must be at most sequences, " + n + ", found " + configuration.integer("batch"));
    }
    long prefix = configuration.integer("prefix");
    if (prefix > configuration.integer("length") || (prefix > 0 && n < 2)) {
      problems.add("prefix must be at most length and needs 2 sequences, found " + prefix);
    }
    if (prefix > 0 && configuration.choice("labels").equals(DescentSetting.SLOW)) {
      problems.add("labels = slow makes no sense with a prefix: equal outputs learn nothing");
    }
    return problems;
  }

  @Override
  public Cost cost(TrialGroup group) {
    DescentSetting setting = new DescentSetting(group.first());
    NetworkShape shape = setting.shape();
    int n = setting.sequences();
    int length = setting.length();
    long m = shape.width();
    int terms = n * (length - 1);
    double evaluations = (double) setting.steps() / setting.stepsBetween();
    double descent =
        setting.stochastic()
            ? setting.steps() * Pass.stepFlops(shape, setting.batch(), length)
                + evaluations * Pass.forwardFlops(shape, n, length)
            : setting.steps() * Pass.stepFlops(shape, n, length);
    double snapshot =
        TangentMatrix.flops(m, n, shape.outputs(), length)
            + 4.0 * DescentRun.LANCZOS * m * m * (length + 1)
            + 2.0 * m * terms * terms;
    double drawing = 2 * Cost.FLOPS_OF_A_NORMAL * m * m;
    long memory =
        2 * Network.memoryBytes(shape, Precision.DOUBLE)
            + Descent.memoryBytes(shape, Precision.DOUBLE, n, length, 0, false)
            + Trajectory.memoryBytes(m, shape.dimension(), n, length, Precision.DOUBLE)
            + 2 * m * Double.BYTES // of a chain
            + Math.max(
                OuterSum.memoryBytes(m, terms),
                Math.max(
                    TangentMatrix.memoryBytes(m, n, shape.outputs(), length, Precision.DOUBLE),
                    Network.spectralBytes(shape, Precision.DOUBLE, DescentRun.LANCZOS)));
    return new Cost(drawing + descent + (group.trials().size() + 1) * snapshot, memory);
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    DescentSetting setting = new DescentSetting(group.first());
    Progress progress = new Progress(context, setting.steps());
    try (DescentRun run = new DescentRun(setting, context.arena(), progress)) {
      List<TrialResult> results = group.fromLargest("epsilon", run::to);
      context.progress(1);
      return results;
    }
  }
}
