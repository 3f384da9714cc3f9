package org.rnnsweep.jobs.descent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.stability.TokenFamily;

/**
 * The least width from which gradient descent learns random labels (Allen-Zhu, Li and Song, Theorem
 * 1: {@code m >= poly(n, L, 1/delta)}): of half-octaves, the first of three in a row at all of
 * which the loss falls to epsilon of the first one within {@code S n L^2 / delta^2} steps. A wide
 * network takes about {@code n L^2 / delta} of the step size of {@link DescentJob}. Widths have
 * networks of their own, the sequences and labels are the same.
 */
public final class LeastWidthJob implements TrialJob {
  private static final int IN_A_ROW = 3;
  private static final double MOST_STEPS = 1e7;
  private static final DescentJob DESCENT = new DescentJob();

  private static final List<Parameter> PARAMETERS =
      List.of(
          SequenceTrial.LENGTH,
          SequenceTrial.SEQUENCES,
          SequenceTrial.OUTPUTS.withDefault(2),
          SequenceTrial.DIMENSION,
          SequenceTrial.DELTA,
          SequenceTrial.INPUTS.withDefault(TokenFamily.UNRELATED.label()),
          Parameter.real("share", "c", 1e-6, 2, "share of the curvature's step size; 2 is the edge")
              .withDefault(0.5),
          Parameter.real("effort", "S", 1e-3, 1e6, "most steps, over n L^2 / delta^2")
              .withDefault(4.0),
          Parameter.real("epsilon", "epsilon", 1e-28, 0.5, "loss to reach, over the first one"),
          Parameter.integer("largest", "m_max", 16, 1 << 14, "no width beyond is tried"));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("least_width", "least width", "1", "m*, from which descent converges"),
          Metric.scalar("hitting_time", "steps", "1", "steps until the loss is epsilon f_0 at m*"));

  /** For the service loader. */
  public LeastWidthJob() {}

  @Override
  public String id() {
    return "least-width";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "the least width from which gradient descent learns a few sequences";
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public List<Metric> metrics() {
    return METRICS;
  }

  /** Of all widths, each with all its steps: how early one stops is what is asked. */
  @Override
  public Cost cost(Trial trial) {
    double flops = 0;
    long bytes = 0;
    for (int width : widths(trial)) {
      Cost cost = DESCENT.cost(TrialGroup.of(at(trial, width)));
      flops += cost.flops();
      bytes = Math.max(bytes, cost.memoryBytes());
    }
    return new Cost(flops, bytes);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    List<Integer> widths = widths(trial);
    Progress progress =
        new Progress(context, (double) widths.size() * new DescentSetting(at(trial, 4)).steps());
    int inARow = 0;
    double[] times = new double[widths.size()];
    for (int k = 0; k < times.length; k++) {
      TrialResult result = at(trial, widths.get(k), context, progress);
      boolean converges = result.outcome() == Outcome.COMPLETED;
      inARow = converges ? inARow + 1 : 0;
      times[k] = converges ? result.metrics().get("hitting_time") : 0;
      if (inARow == IN_A_ROW) {
        int first = k - IN_A_ROW + 1;
        context.progress(1);
        return TrialResult.of(
            Map.of("least_width", (double) widths.get(first), "hitting_time", times[first]),
            Map.of());
      }
    }
    return TrialResult.diverged(
        "at no "
            + IN_A_ROW
            + " half-octaves in a row up to "
            + widths.get(times.length - 1)
            + " the loss fell to epsilon");
  }

  private static TrialResult at(Trial trial, int width, JobContext context, Progress progress)
      throws InterruptedException {
    DescentSetting setting = new DescentSetting(at(trial, width));
    try (DescentRun run = new DescentRun(setting, context.arena(), progress)) {
      return run.to(trial.configuration().real("epsilon"));
    }
  }

  /** The widths 4, 6, 8, 11, ...: 2^(k/2), rounded. */
  private static List<Integer> widths(Trial trial) {
    List<Integer> widths = new ArrayList<>();
    int k = 4;
    while (width(k) <= trial.configuration().integer("largest")) {
      widths.add(width(k++));
    }
    return widths;
  }

  private static int width(int halfOctaves) {
    return (int) Math.rint(Math.sqrt(StrictMath.pow(2, halfOctaves)));
  }

  /** The descent of one width. */
  private static Trial at(Trial trial, int width) {
    Configuration c = trial.configuration();
    double length = c.integer("length");
    double delta = c.real("delta");
    double steps =
        Math.ceil(c.real("effort") * c.integer("sequences") * length * length / (delta * delta));
    Configuration descent =
        c.without(List.of("effort", "largest"))
            .with("width", width)
            .with("prefix", 0)
            .with("labels", DescentSetting.UNIT)
            .with("step", DescentSetting.CURVATURE)
            .with("batch", 0)
            .with("steps", (long) Math.min(MOST_STEPS, steps));
    return new Trial(
        DESCENT.id(),
        DESCENT.version(),
        trial.numerics(),
        trial.rootSeed(),
        trial.seedIndex(),
        descent);
  }
}
