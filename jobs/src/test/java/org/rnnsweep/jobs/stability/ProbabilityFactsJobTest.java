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

class ProbabilityFactsJobTest extends JobContract {
  private static final Job JOB = new ProbabilityFactsJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    List<Trial> samples = new ArrayList<>();
    for (String fact : JOB.parameters().get(0).choices()) {
      samples.add(trial("fact", fact, "terms", 9));
    }
    return samples;
  }

  private static Trial trial(Object... namesAndValues) {
    return Trials.of(JOB, Trials.DOUBLE, 0, namesAndValues);
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(
        trial("fact", "rademacher", "terms", 21).configuration(),
        trial("fact", "splitting", "terms", 65).configuration(),
        trial("fact", "chi-square-upper", "terms", 0).configuration(),
        trial("fact", "decomposition", "terms", 50, "level", 1.0).configuration());
  }

  /** P[X >= 2 + 2 sqrt(2t) + 2t] of two degrees is exp of minus half of it. */
  @Test
  void roomIsTheLogarithmOfARatio() throws InterruptedException {
    Map<String, Double> found =
        Trials.run(JOB, trial("fact", "chi-square-upper", "terms", 2, "level", 3.0));
    assertThat(found.get("excess")).isZero();
    assertThat(found.get("room")).isCloseTo(1 + Math.sqrt(6), within(1e-12));
  }

  /** Of 2^18 entries; the 99.99% point of sqrt(m) times Kolmogorov's distance is 2.23. */
  @Test
  void theSplitIsExactAndKeepsTheLaw() throws InterruptedException {
    int m = 1 << 18;
    Map<String, Double> found =
        Trials.run(JOB, trial("fact", "decomposition", "terms", m, "level", 0.05));
    assertThat(found.get("sum_gap")).isLessThan(1e-12);
    assertThat(found.get("law_distance")).isBetween(0.0005, 2.23 / 512);
    assertThat(found.get("dependence")).isLessThan(5.0 / 512);
    // P[g >= 1/(2 sqrt m)] of N(0, 2/m) is that of 0.3536 standard deviations, 0.3618.
    assertThat(found.get("least_share")).isCloseTo(0.3618, within(6 * 0.48 / 512));
    assertThat(found.get("largest_ratio")).isBetween(0.5, 1.0);
  }
}
