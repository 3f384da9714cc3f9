package org.rnnsweep.jobs.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.jobs.stability.Trials;

class DescentJobTest extends JobContract {
  private static final Job JOB = new DescentJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial("width", 60, "length", 3, "sequences", 2, "epsilon", 0.1),
        trial("width", 60, "length", 3, "sequences", 2, "epsilon", 0.03),
        trial(
            "width",
            50,
            "length",
            3,
            "sequences",
            3,
            "epsilon",
            0.5,
            "batch",
            2,
            "inputs",
            "silent",
            "labels",
            "signs",
            "step",
            "curvature-delta"),
        trial(
            "width",
            40,
            "length",
            2,
            "sequences",
            2,
            "epsilon",
            0.01,
            "labels",
            "slow",
            "inputs",
            "common"),
        trial(
            "width",
            40,
            "length",
            3,
            "sequences",
            2,
            "epsilon",
            0.1,
            "prefix",
            2,
            "inputs",
            "repeated",
            "outputs",
            1));
  }

  private static Trial trial(Object... namesAndValues) {
    return Trials.of(JOB, Trials.DOUBLE, 0, namesAndValues);
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(
        trial("width", 40, "length", 3, "sequences", 2, "epsilon", 0.1, "batch", 3).configuration(),
        trial("width", 40, "length", 3, "sequences", 1, "epsilon", 0.1, "prefix", 1)
            .configuration(),
        trial(
                "width",
                40,
                "length",
                3,
                "sequences",
                2,
                "epsilon",
                0.1,
                "prefix",
                1,
                "labels",
                "slow")
            .configuration());
  }

  /**
   * A small error along the slowest mode of a wide network: the loss falls by (1 - c / condition)^2
   * a step, nearly.
   */
  @Test
  void aSmallErrorFollowsTheTangentMatrix() throws InterruptedException {
    Map<String, Double> found =
        Trials.run(
            JOB,
            trial(
                "width",
                1500,
                "length",
                2,
                "sequences",
                2,
                "outputs",
                1,
                "epsilon",
                1e-3,
                "labels",
                "slow",
                "delta",
                1.0));
    double predicted = Math.log(1e-3) / (2 * Math.log1p(-0.5 / found.get("condition")));
    assertThat(found.get("hitting_time")).isCloseTo(predicted, within(0.1 * predicted));
    assertThat(found.get("rate_ratio")).isCloseTo(1, within(0.02));
    assertThat(found.get("initial_loss")).isCloseTo(5e-7, within(1e-15));
    assertThat(found.get("curvature_ratio")).isCloseTo(1, within(0.1));
    assertThat(found.get("state_ratio")).isBetween(1.0, 1.05);
  }

  /** Equal prefixes with different targets: what is left is their distance, to 8 digits. */
  @Test
  void equalPrefixesLeaveTheFloor() throws InterruptedException {
    for (int batch : new int[] {0, 1}) {
      Map<String, Double> found =
          Trials.run(
              JOB,
              trial(
                  "width",
                  300,
                  "length",
                  3,
                  "sequences",
                  2,
                  "epsilon",
                  1e-6,
                  "prefix",
                  2 - batch,
                  "batch",
                  batch));
      assertThat(found.get("reached_loss")).isBetween(-1e-9, 1e-6);
      assertThat(found.get("floor")).isBetween(batch == 0 ? 1e-3 : 0.0, batch == 0 ? 1.0 : 0.0);
    }
  }

  @Test
  void stepsThatDoNotSufficeAreAResult() throws InterruptedException {
    Trial slow = trial("width", 60, "length", 3, "sequences", 2, "epsilon", 1e-9, "steps", 5);
    TrialResult result = Trials.result(JOB, slow);
    assertThat(result.outcome()).isEqualTo(Outcome.DIVERGED);
    assertThat(result.message()).contains("after 5 steps");
    assertThat(result.series().get("curve_step")).startsWith(0).endsWith(5);
    Trial unstable =
        trial("width", 60, "length", 3, "sequences", 2, "epsilon", 1e-9, "share", 10.0);
    assertThat(Trials.result(JOB, unstable).message()).contains("of the first after");
  }
}
