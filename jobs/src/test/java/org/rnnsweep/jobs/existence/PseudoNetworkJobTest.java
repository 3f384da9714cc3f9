package org.rnnsweep.jobs.existence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.stability.Trials;

class PseudoNetworkJobTest extends JobContract {
  private static final Job JOB = new PseudoNetworkJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial(400, "inputs", "state", "power", "minimum-norm", 2, 2),
        trial(300, "base-state", "printed", "exp", "window", 1, 1),
        trial(200, "flat", "state", "sine", "minimum-norm", 1, 1));
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(trial(200, "flat", "state", "sine", "window", 1, 2).configuration());
  }

  private static Trial trial(
      int width,
      String target,
      String radius,
      String link,
      String weight,
      int outputs,
      int functions) {
    return Trials.of(
        JOB,
        Trials.DOUBLE,
        0,
        "width",
        width,
        "length",
        5,
        "eps_x",
        0.3,
        "target",
        target,
        "radius",
        radius,
        "link",
        link,
        "weight",
        weight,
        "outputs",
        outputs,
        "functions",
        functions);
  }

  /**
   * A function of the state is represented up to the scatter of the neurons, 3/2 E H^2 / m less the
   * target's square for the last step and 1/2 E H^2 / m for the first; H made for another norm
   * misses by a quarter.
   */
  @Test
  void aFunctionOfTheState() throws InterruptedException {
    Map<String, Double> right =
        Trials.run(JOB, trial(100_000, "base-state", "state", "power", "minimum-norm", 1, 1));
    double scatter = Math.sqrt(2 * 16 / 1e5); // E H^2 is about 16 at this radius
    assertThat(right.get("error")).isLessThan(4 * scatter);
    assertThat(right.get("target_size")).isCloseTo(0.93, within(0.05));
    assertThat(right.get("norm_ratio")).isCloseTo(1, within(0.05));
    Map<String, Double> wrong =
        Trials.run(JOB, trial(100_000, "base-state", "printed", "power", "minimum-norm", 1, 1));
    assertThat(wrong.get("relative_error")).isGreaterThan(0.15);
  }

  @Test
  void aFunctionOfTheInputs() throws InterruptedException {
    Map<String, Double> inputs =
        Trials.run(JOB, trial(100_000, "inputs", "state", "power", "minimum-norm", 1, 1));
    assertThat(inputs.get("error")).isLessThan(0.6 * inputs.get("target_size") + 0.15);
    assertThat(inputs.get("readout_error")).isLessThan(0.3);
    assertThat(inputs.get("norm_ratio")).isCloseTo(1, within(0.05));
  }
}
