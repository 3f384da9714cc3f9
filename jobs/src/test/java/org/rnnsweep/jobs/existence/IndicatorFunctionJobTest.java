package org.rnnsweep.jobs.existence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.stability.Trials;

class IndicatorFunctionJobTest extends JobContract {
  private static final Job JOB = new IndicatorFunctionJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial("link", "power", "weight", "window", "setting", "state"),
        trial("link", "exp", "weight", "minimum-norm", "setting", "noise"),
        trial("link", "sine", "weight", "window", "setting", "noise"));
  }

  private static Trial trial(Object... namesAndValues) {
    return Trials.of(JOB, Trials.DOUBLE, 0, namesAndValues);
  }

  /** A function made for one norm is wrong on another: linear in alpha, by a known factor. */
  @Test
  void theNormOfTheStateCounts() throws InterruptedException {
    Map<String, Double> right =
        Trials.run(JOB, trial("weight", "minimum-norm", "setting", "state"));
    assertThat(right.get("state_error")).isLessThan(1e-12);
    Map<String, Double> wrong =
        Trials.run(
            JOB, trial("weight", "minimum-norm", "setting", "state", "radius", Math.sqrt(2)));
    // E g(b) g(b sqrt 2) / E g(b)^2 is sqrt((1 + 2 tau^2) / (1 + 3 tau^2)), tau^2 = 1/2.
    assertThat(wrong.get("state_error"))
        .isCloseTo(
            Math.sqrt(2) * Math.sqrt(2 / 2.5) - 1, org.assertj.core.api.Assertions.within(1e-9));
  }
}
