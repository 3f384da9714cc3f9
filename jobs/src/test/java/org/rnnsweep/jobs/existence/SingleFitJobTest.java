package org.rnnsweep.jobs.existence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.stability.Trials;

class SingleFitJobTest extends JobContract {
  private static final Job JOB = new SingleFitJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial("power", "window", "states", 4, 3),
        trial("sine", "minimum-norm", "printed", 3, 5),
        trial("exp", "minimum-norm", "states", 2, 4));
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(
        trial("sine", "window", "states", 3, 3).configuration(),
        trial("sine", "window", "states", 3, 6).configuration());
  }

  private static Trial trial(String link, String weight, String noise, int position, int other) {
    return Trials.of(
        JOB,
        Trials.DOUBLE,
        0,
        "link",
        link,
        "weight",
        weight,
        "noise",
        noise,
        "length",
        6,
        "position",
        position,
        "other",
        other,
        "eps_x",
        0.01,
        "window",
        0.1);
  }

  /** The printed noise leaves a bias, that of the states does not. */
  @Test
  void theNoiseCounts() throws InterruptedException {
    Map<String, Double> right = Trials.run(JOB, trial("power", "window", "states", 5, 3));
    Map<String, Double> printed = Trials.run(JOB, trial("power", "window", "printed", 5, 3));
    assertThat(right.get("on_target")).isLessThan(1e-3);
    assertThat(printed.get("on_target")).isGreaterThan(0.05);
  }
}
