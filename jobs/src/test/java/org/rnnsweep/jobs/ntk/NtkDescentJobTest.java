package org.rnnsweep.jobs.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;

class NtkDescentJobTest extends JobContract {
  private static final Job JOB = new NtkDescentJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    List<Trial> trials = new ArrayList<>();
    for (int n : List.of(20, 40)) {
      trials.add(trial(n, "one-position", "limit", 0));
      trials.add(trial(n, "all-positions", "linearised", 16));
      trials.add(trial(n, "product", "network", 16));
    }
    trials.add(trial(12, "parity", "limit", 0));
    trials.add(trial(12, "random", "limit", 0));
    return trials;
  }

  private static Trial trial(int samples, String target, String tier, int width) {
    return NtkTrials.trial(JOB, named(samples, target, tier, width));
  }

  private static Object[] named(int samples, String target, String tier, int width) {
    List<Object> values =
        new ArrayList<>(List.of("samples", samples, "length", 3, "target", target, "tier", tier));
    if (width > 0) {
      values.addAll(List.of("width", width));
    }
    return values.toArray();
  }

  private static Map<String, Double> metrics(int samples, String target, String tier, int width)
      throws InterruptedException {
    return NtkTrials.metrics(JOB, named(samples, target, tier, width));
  }

  /** Independent NumPy programs, L = 4: 48 or 34 mistakes of the limit, flat from 256 steps on. */
  @Test
  void theLimitStopsMakingMistakes() throws InterruptedException {
    Map<String, Double> early =
        NtkTrials.metrics(
            JOB, "samples", 300, "length", 4, "target", "one-position", "tier", "limit");
    Map<String, Double> late =
        NtkTrials.metrics(
            JOB, "samples", 1000, "length", 4, "target", "one-position", "tier", "limit");
    assertThat(late.get("mistakes")).isBetween(25.0, 75.0);
    assertThat(late.get("mistakes") - early.get("mistakes")).isLessThan(15);
    assertThat(late.get("late_error")).isLessThan(0.02);
    assertThat(late.get("error")).isCloseTo(late.get("mistakes") / 1000, within(1e-15));
  }

  /** Half of the labels are met by chance; six standard errors. */
  @Test
  void aParityIsNotLearned() throws InterruptedException {
    assertThat(metrics(400, "parity", "limit", 0).get("error")).isCloseTo(0.5, within(0.15));
  }

  /** One network and one sample: the first step of the linear network is that of the network. */
  @Test
  void theTiersBeginAsOne() throws InterruptedException {
    Map<String, Double> linear = metrics(4, "one-position", "linearised", 2048);
    Map<String, Double> network = metrics(4, "one-position", "network", 2048);
    for (String metric : List.of("loss", "distance")) {
      assertThat(network.get(metric)).isCloseTo(linear.get(metric), within(0.1));
    }
    Map<String, Double> longer = metrics(200, "one-position", "network", 64);
    assertThat(longer.get("distance")).isGreaterThan(1);
    assertThat(longer.get("excess")).isGreaterThanOrEqualTo(0.5);
  }
}
