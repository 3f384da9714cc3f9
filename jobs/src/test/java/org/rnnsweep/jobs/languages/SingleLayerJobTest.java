package org.rnnsweep.jobs.languages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;

class SingleLayerJobTest extends JobContract {
  private static final Job JOB = new SingleLayerJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        LanguageTrials.trial(JOB, "layer", "quadratic", "length", 5, "shift", 0.5),
        LanguageTrials.trial(JOB, "layer", "cosine", "length", 5),
        LanguageTrials.trial(JOB, "layer", "cosine", "length", 6),
        LanguageTrials.trial(JOB, "layer", "cosine", "length", 501),
        LanguageTrials.trial(JOB, "layer", "exponential", "length", 5, "pattern", "1"),
        LanguageTrials.trial(JOB, "layer", "exponential", "length", 5, "pattern", "01"),
        LanguageTrials.trial(JOB, "layer", "exponential", "length", 5, "pattern", "110"),
        LanguageTrials.trial(JOB, "layer", "exponential", "length", 5, "pattern", "0110"),
        LanguageTrials.trial(JOB, "layer", "exponential", "length", 5, "pattern", "10101"));
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(
        LanguageTrials.trial(JOB, "layer", "exponential", "length", 2, "pattern", "110")
            .configuration());
  }

  /** pi sqrt(L/3) and a little: not bounded in L. */
  @Test
  void theComplexityOfTheCosineGrowsLikeTheExponentialOfARoot() throws InterruptedException {
    double before = 0;
    for (int length : new int[] {101, 401, 1601}) {
      double log =
          LanguageTrials.metrics(JOB, "layer", "cosine", "length", length).get("log_complexity");
      double omega = Math.PI * Math.sqrt(length / 3.0);
      // sum (i + 1)^1.75 omega^i / i! over odd i: half of exp(omega) omega^1.75
      assertThat(log).isCloseTo(omega + 1.75 * Math.log(omega) - Math.log(2), within(0.3));
      assertThat(log).isGreaterThan(before);
      before = log;
    }
  }

  @Test
  void longWordsAreNotTried() throws InterruptedException {
    assertThat(LanguageTrials.metrics(JOB, "layer", "quadratic", "length", 20))
        .containsKey("wrong");
    assertThat(LanguageTrials.metrics(JOB, "layer", "quadratic", "length", 21))
        .containsOnlyKeys("complexity", "log_complexity");
  }
}
