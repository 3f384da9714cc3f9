package org.rnnsweep.jobs.languages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;

class AdditiveFunctionJobTest extends JobContract {
  private static final Job JOB = new AdditiveFunctionJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        LanguageTrials.trial(JOB, "words", "blips", "length", 4),
        LanguageTrials.trial(JOB, "words", "blip-set", "length", 4),
        LanguageTrials.trial(JOB, "words", "parity", "length", 3),
        LanguageTrials.trial(JOB, "words", "parity", "length", 8));
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(LanguageTrials.trial(JOB, "words", "parity", "length", 23).configuration());
  }

  @Test
  void aQuarterHoldsForTheMultisetAndNotForTheSet() throws InterruptedException {
    for (int length : new int[] {4, 16}) {
      assertThat(LanguageTrials.metrics(JOB, "words", "blips", "length", length))
          .containsEntry("quarter_lack", 0.0)
          .containsEntry("error_gap", 0.0)
          .containsEntry("least_error", 0.25);
      assertThat(LanguageTrials.metrics(JOB, "words", "blip-set", "length", length))
          .containsEntry("least_error", 0.5 / length)
          .containsEntry("error_gap", 0.0);
    }
  }

  @Test
  void parityIsUncorrelated() throws InterruptedException {
    assertThat(LanguageTrials.metrics(JOB, "words", "parity", "length", 10))
        .containsEntry("correlation", 0.0)
        .containsEntry("witness_error", 0.5 - 126 / 1024.0)
        .containsEntry("error_gap", 0.0)
        .doesNotContainKey("minimax");
  }
}
