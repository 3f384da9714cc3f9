package org.rnnsweep.jobs.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;

class NtkComplexityJobTest extends JobContract {
  private static final Job JOB = new NtkComplexityJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        NtkTrials.trial(JOB, "measure", "link-radius", "link", "arctan"),
        NtkTrials.trial(JOB, "measure", "link-radius", "link", "exp", "variables", 2),
        NtkTrials.trial(JOB, "measure", "one-position", "link", "power", "length", 8, "degree", 2),
        NtkTrials.trial(JOB, "measure", "all-positions", "link", "sine", "length", 8),
        NtkTrials.trial(JOB, "measure", "by-variables", "link", "exp", "length", 8, "variables", 3),
        NtkTrials.trial(
            JOB, "measure", "by-distance", "link", "arctan", "length", 8, "distance", 2),
        NtkTrials.trial(JOB, "measure", "at-accuracy", "link", "sine", "log_accuracy", 20.0));
  }

  @Test
  void hasTheClosedForms() throws InterruptedException {
    assertThat(NtkTrials.metrics(JOB, "measure", "link-radius", "link", "arctan").get("complexity"))
        .isCloseTo(5.0 / 3, within(1e-14));
    for (String link : List.of("power", "exp", "sine", "arctan")) {
      assertThat(
              NtkTrials.metrics(JOB, "measure", "link-radius", "link", link, "radius", 1.9)
                  .get("closed_form_error"))
          .as(link)
          .isLessThan(1e-13);
    }
    // C_(2,20) = 184756, not 20.
    assertThat(
            NtkTrials.metrics(JOB, "measure", "link-radius", "link", "exp")
                .get("multinomial_excess"))
        .isCloseTo(184756 / 20.0 - 1, within(1e-9));
  }

  @Test
  void theInfiniteIsSaidToBeSo() throws InterruptedException {
    assertThat(NtkTrials.metrics(JOB, "measure", "one-position", "link", "arctan", "length", 4))
        .containsEntry("infinite", 1.0)
        .doesNotContainKey("complexity");
    assertThat(NtkTrials.metrics(JOB, "measure", "one-position", "link", "arctan", "length", 3))
        .containsEntry("infinite", 0.0)
        .containsKey("complexity")
        .doesNotContainKey("local_slope");
  }

  /** The catalogue's octave slopes of exp at all positions: 5.9, 7.0, 9.0, 13.0. */
  @Test
  void theLocalSlopeOfExpGrowsLikeTheRootOfTheLength() throws InterruptedException {
    double before = 0;
    for (int length : new int[] {16, 64, 256, 1024}) {
      double slope =
          NtkTrials.metrics(JOB, "measure", "all-positions", "link", "exp", "length", length)
              .get("local_slope");
      // 4.5 + 1/2 + (sqrt(2L) - sqrt(L)) / log 2, but for the 1 beside R e^R
      double expected = 5 + (Math.sqrt(2) - 1) * Math.sqrt(length) / Math.log(2);
      assertThat(slope).isCloseTo(expected, within(0.02));
      assertThat(slope).isGreaterThan(before);
      before = slope;
    }
  }

  /** For z, C_s <= C_eps says sqrt(ln(1/eps)) >= 2^1.75 - 1, whatever R and C* are. */
  @Test
  void sampleComplexityIsNotAlwaysTheSmaller() throws InterruptedException {
    double edge = Math.pow(Math.pow(2, 1.75) - 1, 2);
    for (double constant : new double[] {1, 10}) {
      for (double factor : new double[] {0.99, 1.01}) {
        double below =
            NtkTrials.metrics(
                    JOB,
                    "measure",
                    "at-accuracy",
                    "link",
                    "power",
                    "radius",
                    3.0,
                    "constant",
                    constant,
                    "log_accuracy",
                    factor * edge)
                .get("log_below_sample");
        double expected = Math.max(0, 1.75 * Math.log(2) - Math.log1p(Math.sqrt(factor * edge)));
        assertThat(below).isCloseTo(expected, within(1e-14));
        assertThat(below > 0).isEqualTo(factor < 1);
      }
    }
  }
}
