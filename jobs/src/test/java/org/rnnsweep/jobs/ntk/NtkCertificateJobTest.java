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

class NtkCertificateJobTest extends JobContract {
  private static final Job JOB = new NtkCertificateJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        NtkTrials.trial(JOB, "length", 8, "degree", 3, "dominated", "power", "position", "first"),
        NtkTrials.trial(JOB, "length", 8, "degree", 2, "dominated", "sum", "position", "middle"),
        NtkTrials.trial(JOB, "length", 8, "degree", 2, "dominated", "sum", "spread", "half"),
        NtkTrials.trial(
            JOB, "length", 8, "degree", 2, "dominated", "sum", "spread", "whole", "variables", 3),
        NtkTrials.trial(
            JOB, "length", 8, "degree", 2, "dominated", "sum", "spread", "distance", "distance", 5),
        NtkTrials.trial(JOB, "length", 8, "degree", 2, "dominated", "window", "distance", 3));
  }

  @Override
  protected List<Configuration> refused() {
    return NtkTrials.configurations(
        NtkTrials.trial(
            JOB, "length", 4, "degree", 2, "dominated", "sum", "spread", "distance", "distance", 4),
        NtkTrials.trial(
            JOB,
            "length",
            4,
            "degree",
            2,
            "dominated",
            "sum",
            "spread",
            "whole",
            "variables",
            3,
            "position",
            "middle"),
        NtkTrials.trial(JOB, "length", 4, "degree", 2, "dominated", "window", "position", "first"));
  }

  /** Digits of an independent NumPy program. */
  @Test
  void hasTheGoldenValues() throws InterruptedException {
    double[] middle = {3.85e-2, 2.58e-4, 2.99e-6, 4.48e-8};
    for (int k = 1; k <= 4; k++) {
      assertThat(
              NtkTrials.metrics(
                      JOB, "length", 64, "degree", k, "dominated", "power", "position", "middle")
                  .get("constant"))
          .isCloseTo(middle[k - 1], within(0.005 * middle[k - 1]));
    }
    double near = ofDistance(1, 64, 3);
    double far = ofDistance(63, 64, 3);
    assertThat(near).isCloseTo(6.88e-6, within(1e-8));
    assertThat(far).isCloseTo(6.69e-6, within(1e-8));
  }

  /** The catalogue's constants of pairs are without the factor N^p. */
  private static double ofDistance(int distance, int length, int power)
      throws InterruptedException {
    Map<String, Double> metrics =
        NtkTrials.metrics(
            JOB,
            "length",
            length,
            "degree",
            2,
            "dominated",
            "sum",
            "spread",
            "distance",
            "distance",
            distance,
            "input_power",
            (double) power);
    assertThat(metrics.get("log_slope_loss")).isBetween(0.0, distance + 1.0);
    return metrics.get("constant") / 4;
  }

  /** A window of one token more is a pair whose cosines are equal: at least the pair's constant. */
  @Test
  void aWindowIsAPairWithOneCosine() throws InterruptedException {
    double window =
        NtkTrials.metrics(JOB, "length", 16, "degree", 2, "dominated", "window", "distance", 1)
            .get("constant");
    double pair =
        NtkTrials.metrics(JOB, "length", 16, "degree", 2, "dominated", "sum").get("constant");
    assertThat(window).isGreaterThanOrEqualTo(pair);
  }
}
