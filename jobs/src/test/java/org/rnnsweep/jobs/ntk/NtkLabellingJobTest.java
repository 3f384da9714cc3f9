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

class NtkLabellingJobTest extends JobContract {
  private static final Job JOB = new NtkLabellingJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    List<Trial> trials = new ArrayList<>();
    for (int n : List.of(8, 20)) {
      trials.add(NtkTrials.trial(JOB, "samples", n, "length", 3, "tier", "limit", "lag", 1));
      trials.add(NtkTrials.trial(JOB, "samples", n, "length", 3, "tier", "network", "width", 20));
    }
    return trials;
  }

  /** With one output there is nothing to be joined. */
  @Test
  void oneOutputIsTheTargetOfOnePosition() throws InterruptedException {
    Map<String, Double> one = NtkTrials.metrics(JOB, "samples", 100, "length", 1, "tier", "limit");
    assertThat(one.get("joint_ratio")).isCloseTo(1, within(1e-12));
    assertThat(one.get("worst_error")).isEqualTo(one.get("error"));
    // The same class of problem with other draws, whose norm varies by per cents.
    Map<String, Double> label =
        NtkTrials.metrics(new NtkLabelJob(), "samples", 100, "length", 1, "target", "one-position");
    assertThat(one.get("joint_norm") / label.get("label_norm")).isCloseTo(1, within(0.1));
  }

  /** Every output learns, in the limit and in a network; by chance there would be 300 more. */
  @Test
  void allOutputsAreLearned() throws InterruptedException {
    for (String tier : List.of("limit", "network")) {
      double early = mistakes(tier, 100);
      double late = mistakes(tier, 400);
      assertThat(early).as(tier).isGreaterThan(10);
      assertThat(late - early).as(tier).isLessThan(100);
    }
  }

  private static double mistakes(String tier, int samples) throws InterruptedException {
    List<Object> values = new ArrayList<>(List.of("samples", samples, "length", 2, "tier", tier));
    if (tier.equals("network")) {
      values.addAll(List.of("width", 128));
    }
    return NtkTrials.metrics(JOB, values.toArray()).get("mistakes");
  }
}
