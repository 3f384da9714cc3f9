package org.rnnsweep.jobs.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;

class NtkLabelJobTest extends JobContract {
  private static final Job JOB = new NtkLabelJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        NtkTrials.trial(JOB, "samples", 60, "length", 3, "target", "one-position", "degree", 2),
        NtkTrials.trial(JOB, "samples", 60, "length", 3, "target", "all-positions"),
        NtkTrials.trial(JOB, "samples", 60, "length", 3, "target", "product"),
        NtkTrials.trial(JOB, "samples", 60, "length", 3, "target", "product", "places", "ends"),
        NtkTrials.trial(JOB, "samples", 60, "length", 3, "target", "random"));
  }

  @Override
  protected List<Configuration> refused() {
    return NtkTrials.configurations(
        NtkTrials.trial(JOB, "samples", 9, "length", 1, "target", "product"));
  }

  /** An independent NumPy program, other draws: 155 and 3591 at n = 400, within a tenth. */
  @Test
  void isWhatAnIndependentProgramFound() throws InterruptedException {
    Map<String, Double> linear =
        NtkTrials.metrics(JOB, "samples", 400, "length", 4, "target", "one-position");
    assertThat(linear.get("label_norm")).isCloseTo(155, within(15.0));
    assertThat(linear.get("jitter")).isZero();
    assertThat(linear.get("condition")).isBetween(1e2, 1e12);
    assertThat(linear.get("bound_ratio")).isBetween(0.3, 1.0);
    double product =
        NtkTrials.metrics(JOB, "samples", 200, "length", 4, "target", "product", "margin", 0.5)
            .get("label_norm");
    assertThat(product).isCloseTo(3591, within(700.0));
  }

  /** Labels without meaning cost more and more; the promise does not hold for them. */
  @Test
  void randomLabelsAreFarAboveATarget() throws InterruptedException {
    double meaning =
        NtkTrials.metrics(JOB, "samples", 400, "length", 4, "target", "one-position")
            .get("label_norm");
    double none =
        NtkTrials.metrics(JOB, "samples", 400, "length", 4, "target", "random").get("label_norm");
    assertThat(none).isGreaterThan(5 * meaning);
  }
}
