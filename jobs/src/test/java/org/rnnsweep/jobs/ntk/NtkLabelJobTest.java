package org.rnnsweep.jobs.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

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
        NtkTrials.trial(
            JOB, "samples", 60, "length", 5, "target", "product", "factors", 3, "window", 4),
        NtkTrials.trial(JOB, "samples", 60, "length", 3, "target", "parity"),
        NtkTrials.trial(JOB, "samples", 60, "length", 3, "target", "random"),
        NtkTrials.trial(
            JOB, "samples", 40, "length", 3, "target", "random", "kernel", "finite", "width", 128));
  }

  @Override
  protected List<Configuration> refused() {
    return NtkTrials.configurations(
        NtkTrials.trial(JOB, "samples", 9, "length", 1, "target", "product"),
        NtkTrials.trial(JOB, "samples", 9, "length", 5, "target", "product", "factors", 4));
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

  /** A product of one token is the linear target, at another scale; as a series and as labels. */
  @Test
  void aProductOfOneTokenIsLinear() throws InterruptedException {
    Map<String, Double> linear =
        NtkTrials.metrics(
            JOB, "samples", 50, "length", 1, "target", "one-position", "margin", 0.25);
    Map<String, Double> product =
        NtkTrials.metrics(
            JOB, "samples", 50, "length", 1, "target", "product", "factors", 1, "window", 0,
            "margin", 0.5); // d^(1/2) = 2
    for (String metric : List.of("label_norm", "certificate", "acceptance")) {
      assertThat(product.get(metric)).isCloseTo(linear.get(metric), withinPercentage(1e-6));
    }
  }

  /** An independent NumPy program with other draws, n = 800: 2037 at m = 256, 726 at 1024. */
  @Test
  void aFiniteWidthCostsMoreAndLessSoWhenWider() throws InterruptedException {
    double narrow = 0;
    double wide = 0;
    for (int seed = 0; seed < 3; seed++) {
      narrow += excess(seed, 64) / 3;
      wide += excess(seed, 1024) / 3;
    }
    assertThat(narrow).isGreaterThan(2 * wide);
    assertThat(wide).isBetween(0.1, 2.0);
  }

  private static double excess(int seed, int width) throws InterruptedException {
    Trial trial =
        NtkTrials.seeded(
            JOB,
            seed,
            "samples",
            100,
            "length",
            4,
            "target",
            "one-position",
            "kernel",
            "finite",
            "width",
            width);
    return NtkTrials.run(JOB, trial).metrics().get("width_excess");
  }
}
