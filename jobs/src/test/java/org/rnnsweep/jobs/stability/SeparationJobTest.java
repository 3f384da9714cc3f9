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

class SeparationJobTest extends JobContract {
  private static final Job JOB = new SeparationJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    List<Trial> samples = new ArrayList<>();
    for (int length : new int[] {2, 5}) {
      samples.add(trial(length, "inputs", "silent", "losses", "random", "outputs", 2));
      samples.add(trial(length, "inputs", "repeated", "losses", "equal"));
      samples.add(trial(length, "inputs", "unrelated", "losses", "alternating"));
      samples.add(trial(length, "inputs", "common", "losses", "single"));
    }
    samples.add(trial(3, "sequences", 1));
    return samples;
  }

  private static Trial trial(int length, Object... more) {
    Object[] all = new Object[8 + more.length];
    System.arraycopy(
        new Object[] {"width", 1000, "length", length, "near", 0.5, "delta", 0.8}, 0, all, 0, 8);
    System.arraycopy(more, 0, all, 8, more.length);
    return Trials.of(JOB, Trials.DOUBLE, 3, all);
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(Trials.of(JOB, Trials.DOUBLE, 0, "width", 20, "length", 30).configuration());
  }

  /** 60 networks of 8192 neurons; 4.5 standard errors and a bias of 30 / m, 8 statistics. */
  @Test
  void agreesWithTheLimits() throws InterruptedException {
    for (String inputs : new String[] {"silent", "repeated", "unrelated", "common"}) {
      for (String metric : new String[] {"new_part_ratio", "separation_ratio"}) {
        double[] found =
            Trials.mean(
                JOB, metric, 60, "width", 8192, "length", 6, "inputs", inputs, "delta", 0.5);
        assertThat(found[0])
            .as("%s %s", inputs, metric)
            .isCloseTo(1, within(4.5 * found[1] + 30.0 / 8192));
      }
    }
  }

  /**
   * Near 0: density 1 / sqrt(pi) of |g| sqrt(m) at 0 for |h|^2 + |x|^2 = 1, a minimum over one step
   * only. A backward coordinate of a single loss is N(0, 1/d): 2 Phi(1/(6 n L)) - 1 of them small.
   */
  @Test
  void sharesHaveTheirSizes() throws InterruptedException {
    Object[] setting = {"width", 8192, "length", 2, "near", 0.4, "losses", "single"};
    double[] near = Trials.mean(JOB, "near_share", 60, setting);
    assertThat(near[0]).isCloseTo(1 / Math.sqrt(Math.PI), within(4.5 * near[1] + 0.01));
    double[] small = Trials.mean(JOB, "small_back", 60, setting);
    double expected = 2 / Math.sqrt(2 * Math.PI) / (6 * 2 * 2);
    assertThat(small[0]).isCloseTo(expected, within(4.5 * small[1] + 1e-4));
    Map<String, Double> one = Trials.run(JOB, Trials.of(JOB, Trials.DOUBLE, 0, setting));
    assertThat(one.get("alone_share")).isBetween(0.1, one.get("near_share"));
    assertThat(one.get("second_failure")).isBetween(0.2, 1.2);
    assertThat(one.get("norm_excess")).isBetween(0.2, 0.3); // 1 / 4 at the first step
  }
}
