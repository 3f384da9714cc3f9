package org.rnnsweep.jobs.existence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.stability.Trials;

class BackwardExistenceJobTest extends JobContract {
  private static final Job JOB = new BackwardExistenceJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial(400, "power", "window", 1),
        trial(300, "exp", "minimum-norm", 2),
        trial(200, "sine", "minimum-norm", 1));
  }

  private static Trial trial(int width, String link, String weight, int outputs) {
    return Trials.of(
        JOB,
        Trials.DOUBLE,
        0,
        "width",
        width,
        "length",
        4,
        "eps_x",
        0.1,
        "window",
        0.2,
        "link",
        link,
        "weight",
        weight,
        "outputs",
        outputs);
  }

  /** Most of the target is there at 30,000 neurons, and C is near 1/d. */
  @Test
  void theTargetIsComputed() throws InterruptedException {
    Map<String, Double> wide = Trials.run(JOB, trial(30_000, "power", "minimum-norm", 2));
    assertThat(wide.get("relative_error")).isLessThan(0.7);
    assertThat(wide.get("least_constant")).isCloseTo(1, within(0.1));
    assertThat(wide.get("largest_constant")).isCloseTo(1, within(0.1));
  }
}
