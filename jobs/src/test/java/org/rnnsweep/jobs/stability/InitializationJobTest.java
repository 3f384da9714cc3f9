package org.rnnsweep.jobs.stability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;

class InitializationJobTest extends JobContract {
  private static final Job JOB = new InitializationJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    List<Trial> samples = new ArrayList<>();
    for (int length : new int[] {3, 5}) {
      for (double threshold : new double[] {0.1, 0.5}) {
        samples.add(
            trial(
                length,
                "questions",
                "backward",
                "outputs",
                2,
                "threshold",
                threshold,
                "inputs",
                "null"));
        samples.add(
            trial(
                length, "questions", "fixed-vectors", "threshold", threshold, "inputs", "tokens"));
      }
      samples.add(trial(length, "questions", "backward", "representation", "dense"));
      samples.add(trial(length, "questions", "fixed-vectors", "representation", "dense"));
      samples.add(trial(length, "questions", "isometry", "inputs", "normalised"));
      samples.add(
          Trials.of(
              JOB,
              Trials.SINGLE,
              1,
              "width",
              300,
              "length",
              length,
              "eps_x",
              0.1,
              "inputs",
              "repeated"));
    }
    return samples;
  }

  private static Trial trial(int length, Object... more) {
    Object[] all = new Object[6 + more.length];
    System.arraycopy(new Object[] {"width", 200, "length", length, "eps_x", 0.2}, 0, all, 0, 6);
    System.arraycopy(more, 0, all, 6, more.length);
    return Trials.of(JOB, Trials.DOUBLE, 3, all);
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(
        Trials.of(
                JOB,
                Trials.DOUBLE,
                0,
                "width",
                20,
                "length",
                9,
                "eps_x",
                0.1,
                "questions",
                "fixed-vectors")
            .configuration());
  }

  /** Of 60 networks of 4096 neurons; 4.5 standard errors each, 6 statistics: below 1e-4. */
  @Test
  void agreesWithTheLimits() throws InterruptedException {
    Object[] setting = {"width", 4096, "length", 4, "eps_x", 0.2, "threshold", 0.1};
    near(Trials.mean(JOB, "square_ratio", 60, setting), 1, 10.0 / 4096);
    // E max over four nearly equal counts is above each count: one-sided slack of 3 / sqrt(s m).
    double[] small = Trials.mean(JOB, "small_coordinates", 60, setting);
    assertThat(small[0])
        .isBetween(
            0.1 / Math.sqrt(Math.PI) * 0.93, 0.1 / Math.sqrt(Math.PI) * (1 + 3 / Math.sqrt(231)));
    // The last token is of norm 1 again: the printed centre is right for the last state alone.
    Object[] again = {"width", 4096, "length", 4, "eps_x", 0.2, "inputs", "normalised"};
    near(Trials.mean(JOB, "square_ratio", 60, again), 1, 10.0 / 4096);
    double most = Math.sqrt(2 + 0.04) - Math.sqrt(1 + 2 * 0.04);
    assertThat(Trials.mean(JOB, "norm_printed", 20, again)[0]).isBetween(most - 0.03, most + 0.05);
    Object[] silent = {"width", 4096, "length", 3, "eps_x", 0.0, "variance", 1.0};
    near(Trials.mean(JOB, "norm_last", 60, silent), Math.pow(0.5, 1.5), 10.0 / 4096);
  }

  private static void near(double[] meanAndError, double expected, double bias) {
    assertThat(meanAndError[0]).isCloseTo(expected, within(4.5 * meanAndError[1] + bias));
  }

  /** Known orders: the row norms of Back, the control and what should vanish beside it. */
  @Test
  void backwardNumbersHaveTheirSizes() throws InterruptedException {
    Map<String, Double> found =
        Trials.run(
            JOB,
            Trials.of(
                JOB,
                Trials.DOUBLE,
                0,
                "width",
                16384,
                "length",
                4,
                "eps_x",
                0.1,
                "outputs",
                2,
                "questions",
                "backward"));
    // Relative deviations of order L sqrt(5 / m) = 0.07, and sqrt(d / m) for the control.
    assertThat(found.get("back_least")).isBetween(0.8, 1.0);
    assertThat(found.get("back_most")).isBetween(1.0, 1.25);
    assertThat(found.get("back_square") * 2 / 16384).isBetween(0.9, 1.3);
    assertThat(found.get("back_correlation") * 2 / 16384).isBetween(0.005, 0.1);
    assertThat(found.get("back_correlation_any"))
        .isGreaterThanOrEqualTo(found.get("back_correlation"));
    assertThat(found.get("back_entry")).isBetween(3.5, 6.5); // sqrt(2 ln(m L^2)) = 5
  }
}
