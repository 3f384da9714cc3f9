package org.rnnsweep.jobs.descent;

import static org.assertj.core.api.Assertions.assertThat;

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

class LeastWidthJobTest extends JobContract {
  private static final Job JOB = new LeastWidthJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial("length", 3, "sequences", 2, "epsilon", 0.1, "largest", 32),
        trial("length", 2, "sequences", 3, "epsilon", 0.05, "largest", 32, "inputs", "silent"),
        trial("length", 2, "sequences", 2, "epsilon", 0.1, "largest", 32, "inputs", "common"),
        trial("length", 3, "sequences", 4, "epsilon", 0.1, "largest", 16, "effort", 0.01),
        trial("length", 2, "sequences", 2, "epsilon", 0.1, "largest", 32, "inputs", "repeated"));
  }

  private static Trial trial(Object... parameters) {
    return Trials.of(JOB, Trials.DOUBLE, 0, parameters);
  }

  @Override
  protected List<Configuration> refused() {
    return List.of();
  }

  /** The descent of its own at the width and the two after it converges, not at the one before. */
  @Test
  void descentConvergesFromThere() throws InterruptedException {
    Map<String, Double> found =
        Trials.run(
            JOB, trial("length", 3, "sequences", 4, "epsilon", 0.05, "largest", 256, "outputs", 3));
    double[] widths = {4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128, 181, 256};
    int at = 0;
    while (widths[at] != found.get("least_width")) {
      at++;
    }
    assertThat(at).isBetween(1, widths.length - 3);
    for (int k = at - 1; k < at + 3; k++) {
      TrialResult alone = descent((int) widths[k]);
      assertThat(alone.outcome() == Outcome.COMPLETED).isEqualTo(k >= at);
      if (k == at) {
        assertThat(found.get("hitting_time")).isEqualTo(alone.metrics().get("hitting_time"));
      }
    }
  }

  private static TrialResult descent(int width) throws InterruptedException {
    Job job = new DescentJob();
    return Trials.result(
        job,
        Trials.of(
            job,
            Trials.DOUBLE,
            0,
            "width",
            width,
            "length",
            3,
            "sequences",
            4,
            "outputs",
            3,
            "epsilon",
            0.05,
            "steps",
            225)); // 4 n L^2 / delta^2 at delta = 0.8
  }

  /** m^2 weights and more for n d (L - 1) targets. */
  @Test
  void moreTargetsNeedMoreWidth() throws InterruptedException {
    double[] few = mean(2);
    double[] many = mean(16);
    assertThat(many[0]).isGreaterThan(1.3 * few[0]);
    assertThat(many[0]).isGreaterThan(Math.sqrt(16 * 2));
  }

  private static double[] mean(int sequences) throws InterruptedException {
    Object[] parameters = {
      "length", 3, "sequences", sequences, "outputs", 1, "epsilon", 0.01, "largest", 128
    };
    return Trials.mean(JOB, "least_width", 6, parameters);
  }
}
