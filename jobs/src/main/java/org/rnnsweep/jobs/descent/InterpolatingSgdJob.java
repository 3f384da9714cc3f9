package org.rnnsweep.jobs.descent;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.descent.InterpolatingSgd;

/**
 * Stochastic steps on a strongly convex mean of losses with one common minimiser (Allen-Zhu, Li and
 * Song, footnote 3): how many until f is epsilon of its first value. One run serves every epsilon.
 */
public final class InterpolatingSgdJob implements Job {
  private static final String CAREFUL = "sigma-over-smoothness-squared";
  private static final String LARGE = "one-over-smoothness";
  private static final int BETWEEN = 16;
  private static final double MOST_STEPS = 1e9;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.real("kappa", "kappa", 33, 1e5, "smoothness over strong convexity"),
          Parameter.choice("step", "the step size", CAREFUL, LARGE),
          Parameter.real("epsilon", "epsilon", 1e-20, 0.1, "loss to reach, over the first one"));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "hitting_time", "steps", "1", "steps until f <= epsilon f_0, looked at every 16"));

  /** For the service loader. */
  public InterpolatingSgdJob() {}

  @Override
  public String id() {
    return "interpolating-sgd";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "stochastic steps on least squares where all samples can be fitted at once";
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
  public Cost cost(TrialGroup group) {
    double kappa = kappa(group);
    // The mean of the slowest coordinate's square falls by about 2 / kappa^2 or 1 / kappa a step.
    double steps = -StrictMath.log(least(group)) * (careful(group) ? kappa * kappa / 2 : kappa);
    return new Cost(steps * InterpolatingSgd.DIMENSION * 100.0, 0); // 100: scalar code
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    Run run = new Run(group, context);
    List<TrialResult> results = group.fromLargest("epsilon", run::to);
    context.progress(1);
    return results;
  }

  private static double least(TrialGroup group) {
    return group.trials().stream()
        .mapToDouble(trial -> trial.configuration().real("epsilon"))
        .min()
        .orElseThrow();
  }

  private static boolean careful(TrialGroup group) {
    return group.first().configuration().choice("step").equals(CAREFUL);
  }

  private static double kappa(TrialGroup group) {
    return group.first().configuration().real("kappa");
  }

  /** One descent, going on from one epsilon to the next. */
  private static final class Run {
    private final JobContext context;
    private final InterpolatingSgd sgd;
    private final double start;
    private final double logOfLeast;
    private double now = 1;
    private long step;

    Run(TrialGroup group, JobContext context) {
      this.context = context;
      sgd = new InterpolatingSgd(kappa(group), careful(group), group.first().key());
      start = sgd.loss();
      logOfLeast = StrictMath.log(least(group));
    }

    TrialResult to(double epsilon) throws InterruptedException {
      while (now > epsilon && step < MOST_STEPS) {
        sgd.advance(BETWEEN);
        step += BETWEEN;
        now = sgd.loss() / start;
        if (step % (BETWEEN << 12) == BETWEEN) {
          context.progress(Math.max(0, Math.min(1, StrictMath.log(now) / logOfLeast)));
          context.checkCancelled();
        }
      }
      return now > epsilon
          ? TrialResult.diverged("the loss is still " + now + " after " + step + " steps")
          : TrialResult.of(Map.of("hitting_time", (double) step), Map.of());
    }
  }
}
