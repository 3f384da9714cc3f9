package org.rnnsweep.jobs.existence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.stability.Trials;

class BackwardSignalsJobTest extends JobContract {
  private static final Job JOB = new BackwardSignalsJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(trial(300, 5, 2), trial(90, 4, 1));
  }

  private static Trial trial(int width, int length, int outputs) {
    return Trials.of(
        JOB, Trials.DOUBLE, 0, "width", width, "length", length, "eps_x", 0.1, "outputs", outputs);
  }

  /** With one output kappa - 1 has mean 0 and L + 1 terms of variance 1/m: |b|^2/m counts twice. */
  @Test
  void theSignalIsOne() throws InterruptedException {
    double[] mean = Trials.mean(JOB, "signal_error", 100, "width", 400, "length", 5, "eps_x", 0.1);
    double expected = Math.sqrt(2 / Math.PI * 6 / 400.0); // of |N(0, 6/400)|
    assertThat(Math.abs(mean[0] - expected)).isLessThan(4 * mean[1] + 0.01);
  }
}
