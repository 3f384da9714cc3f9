package org.rnnsweep.jobs.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.jobs.stability.Trials;

class WideDescentJobTest extends JobContract {
  private static final Job JOB = new WideDescentJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial(200, 3, 2, 5),
        trial(150, 2, 2, 4, "inputs", "silent", "representation", "dense"),
        trial(5000, 4, 1, 3, "inputs", "repeated", "representation", "conditioned"),
        Trials.of(
            JOB,
            Trials.SINGLE,
            0,
            "width",
            300,
            "length",
            4,
            "sequences",
            2,
            "steps",
            4,
            "inputs",
            "common"));
  }

  private static Trial trial(int m, int length, int sequences, int steps, Object... rest) {
    Object[] all = new Object[8 + rest.length];
    System.arraycopy(
        new Object[] {"width", m, "length", length, "sequences", sequences, "steps", steps},
        0,
        all,
        0,
        8);
    System.arraycopy(rest, 0, all, 8, rest.length);
    return Trials.of(JOB, Trials.DOUBLE, 0, all);
  }

  /** With a formed W_0 the training is the other job's, on the same draws. */
  @Test
  void formedNetworkTrainsAsInTheOtherJob() throws InterruptedException {
    TrialResult wide = Trials.result(JOB, trial(100, 4, 3, 30, "representation", "dense"));
    Job other = new DescentJob();
    TrialResult dense =
        Trials.result(
            other,
            Trials.of(
                other,
                Trials.DOUBLE,
                0,
                "width",
                100,
                "length",
                4,
                "sequences",
                3,
                "steps",
                30,
                "epsilon",
                1e-20));
    assertThat(dense.outcome()).isEqualTo(Outcome.DIVERGED); // its steps end before
    for (String same : List.of("initial_loss", "reached_loss", "condition", "overshoot")) {
      assertThat(wide.metrics().get(same))
          .as(same)
          .isCloseTo(dense.metrics().get(same), withinPercentage(1e-8));
    }
    double[] radii = dense.series().get("curve_radius");
    double[] wideRadii = wide.series().get("curve_radius");
    assertThat(wideRadii[wideRadii.length - 1])
        .isCloseTo(radii[radii.length - 1], withinPercentage(1e-8));
  }

  /** Wide enough, descent is that of the linearised network; single precision sees the same. */
  @Test
  void wideNetworkIsNearlyLinear() throws InterruptedException {
    Object[] small = {"representation", "conditioned", "outputs", 1};
    Trial trial = trial(1 << 15, 3, 2, 12, small);
    Map<String, Double> wide = Trials.run(JOB, trial);
    Map<String, Double> narrow = Trials.run(JOB, trial(1 << 7, 3, 2, 12, small));
    assertThat(wide.get("linear_radius")).isCloseTo(1, withinPercentage(1));
    assertThat(wide.get("linear_gap")).isLessThan(narrow.get("linear_gap") / 4);
    assertThat(wide.get("scaled_radius") / narrow.get("scaled_radius")).isBetween(0.3, 3.0);
    assertThat(wide.get("formed")).isZero();
    Map<String, Double> single =
        Trials.run(
            JOB,
            new Trial(
                trial.job(),
                trial.jobVersion(),
                Trials.SINGLE,
                trial.rootSeed(),
                trial.seedIndex(),
                trial.configuration()));
    for (String metric : List.of("slowest_step", "radius", "reached_loss")) {
      assertThat(single.get(metric)).isCloseTo(wide.get(metric), withinPercentage(0.01));
    }
  }

  /** Beyond the edge of stability descent diverges, which is a result. */
  @Test
  void tooLargeStepsDiverge() throws InterruptedException {
    TrialResult result = Trials.result(JOB, trial(200, 4, 2, 10, "share", 1000.0));
    assertThat(result.outcome()).isEqualTo(Outcome.DIVERGED);
    assertThat(result.message()).contains("of the first after step");
  }

  /** Where nothing but rounding is left, rates are not measured: the course ends before. */
  @Test
  void endsWhereTheLossIsRounding() throws InterruptedException {
    TrialResult result = Trials.result(JOB, trial(200, 2, 2, 200, "share", 1.5));
    double[] losses = result.series().get("curve_loss");
    double[] steps = result.series().get("curve_step");
    assertThat(steps[steps.length - 1]).isLessThan(150);
    assertThat(losses[losses.length - 1]).isBetween(1e-30, 1e-24);
    assertThat(result.metrics().get("slowest_step")).isPositive();
  }
}
