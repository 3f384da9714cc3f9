package org.rnnsweep.jobs.stability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;

class DroppedInputJobTest extends JobContract {
  private static final Job JOB = new DroppedInputJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial("width", 200, "length", 4, "eps_x", 0.05, "outputs", 2),
        trial("width", 150, "length", 3, "eps_x", 0.1, "representation", "dense"),
        trial("width", 150, "length", 4, "eps_x", 0.1, "inputs", "normalised"),
        trial(
            "width",
            300,
            "length",
            5,
            "eps_x",
            0.02,
            "inputs",
            "tokens",
            "representation",
            "conditioned"));
  }

  private static Trial trial(Object... namesAndValues) {
    return Trials.of(JOB, Trials.DOUBLE, 0, namesAndValues);
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(trial("width", 50, "length", 3, "eps_x", 0.0).configuration());
  }

  /**
   * 2 (l - 1) eps^2, not (l - 1) eps^2: of one network of 2^16, relative sd about l sqrt(5 / m).
   */
  @Test
  void truthIsTwiceThePrintedRecursion() throws InterruptedException {
    Map<String, Double> found =
        Trials.run(JOB, trial("width", 65536, "length", 5, "eps_x", 0.01, "outputs", 2));
    assertThat(found.get("hidden_ratio")).isCloseTo(2, within(5 * 4 * Math.sqrt(5.0 / 65536)));
    assertThat(found.get("recursion_ratio")).isCloseTo(2, within(5 * 4 * Math.sqrt(5.0 / 65536)));
    // The angle over pi at l = 4: sqrt(6) 0.01 / pi = 0.0078, 511 of 65536 neurons.
    assertThat(found.get("sign_share"))
        .isCloseTo(Math.sqrt(6) * 0.01 / Math.PI, within(0.0078 * 5 / Math.sqrt(500)));
    assertThat(found.get("back_change")).isBetween(0.1, 0.5);
    assertThat(found.get("formed")).isZero();
  }

  /**
   * Entries of W (h - h0) are normals of variance 2 |h - h0|^2 / m, those of A (x - x0) of 4 eps^2
   * / m; the largest of 2^16, in three steps, is 4.3 to 5.6 standard deviations but for 1e-3.
   */
  @Test
  void entriesAreThoseOfNormals() throws InterruptedException {
    int m = 65536;
    Map<String, Double> found =
        Trials.run(JOB, trial("width", m, "length", 5, "eps_x", 0.01, "inputs", "normalised"));
    double change = found.get("hidden_change");
    assertThat(change).isCloseTo(0.01 * Math.sqrt(6), within(0.0245 * 0.1));
    assertThat(found.get("recurrent_change") / (change * Math.sqrt(2.0 / m))).isBetween(4.0, 5.6);
    assertThat(found.get("input_change") / (0.02 / Math.sqrt(m))).isBetween(4.0, 5.6);
  }
}
