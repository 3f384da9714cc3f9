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

class NtkLemmasJobTest extends JobContract {
  private static final Job JOB = new NtkLemmasJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        NtkTrials.trial(JOB, "quantity", "rectified"),
        NtkTrials.trial(JOB, "quantity", "gated"),
        NtkTrials.trial(JOB, "quantity", "masked"),
        NtkTrials.trial(JOB, "quantity", "spectral", "width", 128),
        NtkTrials.trial(JOB, "quantity", "series"),
        NtkTrials.trial(JOB, "quantity", "proposition", "power", 2),
        NtkTrials.trial(JOB, "quantity", "gradient", "width", 12));
  }

  @Override
  protected List<Configuration> refused() {
    return NtkTrials.configurations(
        NtkTrials.trial(JOB, "quantity", "spectral", "width", 8193),
        NtkTrials.trial(JOB, "quantity", "gradient", "width", 65));
  }

  @Test
  void theSpectralNormIsTwoRootsOfTwo() throws InterruptedException {
    // Fluctuations and the edge's shift are of the order m^(-2/3): 0.03 at m = 512.
    assertThat(NtkTrials.metrics(JOB, "quantity", "spectral", "width", 512).get("norm"))
        .isCloseTo(2 * Math.sqrt(2), within(0.1));
  }

  @Test
  void theSeriesHoldAndThePrintedOneDoesNot() throws InterruptedException {
    Map<String, Double> metrics = NtkTrials.metrics(JOB, "quantity", "series");
    assertThat(metrics.get("series_error")).isLessThan(1e-9);
    assertThat(metrics.get("lack")).isZero();
    assertThat(metrics.get("printed_sum")).isBetween(0.2, 0.22);
  }

  /**
   * The output is piecewise a polynomial of degree 4 in an entry: steps of 1e-5 err by 1e-10, and
   * rounding by 1e-16 / 1e-5.
   */
  @Test
  void gradientsPairWithTheStateBefore() throws InterruptedException {
    Map<String, Double> metrics = NtkTrials.metrics(JOB, "quantity", "gradient", "width", 24);
    assertThat(metrics.get("gradient_error")).isLessThan(1e-8);
    assertThat(metrics.get("printed_gradient_error")).isGreaterThan(0.01);
  }

  /** 0.7152 and .6716 are the catalogue's for other norms; here the two limits are 0.08 apart. */
  @Test
  void thePrintedGateIsAnother() throws InterruptedException {
    Map<String, Double> metrics = NtkTrials.metrics(JOB, "quantity", "gated", "width", 1 << 20);
    assertThat(metrics.get("deviation")).isLessThan(0.01);
    assertThat(metrics.get("printed_deviation")).isGreaterThan(0.02);
  }
}
