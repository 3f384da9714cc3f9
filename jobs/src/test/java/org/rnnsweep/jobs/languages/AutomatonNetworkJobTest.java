package org.rnnsweep.jobs.languages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.kernels.languages.LanguageCatalog;

class AutomatonNetworkJobTest extends JobContract {
  private static final Job JOB = new AutomatonNetworkJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    List<Trial> samples = new ArrayList<>();
    for (String name : LanguageCatalog.names()) {
      samples.add(LanguageTrials.trial(JOB, "language", name, "activation", "relu", "length", 5));
    }
    samples.add(
        LanguageTrials.trial(
            JOB, "language", "regex:abc:(ab|c)*", "activation", "square", "length", 4));
    samples.add(
        LanguageTrials.trial(JOB, "language", "tomita-1", "activation", "chebyshev", "length", 3));
    return samples;
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(
        LanguageTrials.trial(JOB, "language", "regex:abc:c*", "activation", "relu", "length", 20)
            .configuration());
  }

  @Test
  void aDegreeThatIsNotFoundIsAbsent() throws InterruptedException {
    assertThat(
            LanguageTrials.metrics(
                JOB, "language", "0101-star", "activation", "chebyshev", "length", 7))
        .containsOnlyKeys("units");
    assertThat(
            LanguageTrials.metrics(
                JOB, "language", "parity-odd", "activation", "chebyshev", "length", 7))
        .containsEntry("least_degree", 6.0)
        .containsEntry("units", 4.0)
        .containsEntry("words", 255.0)
        .containsEntry("wrong", 0.0);
  }
}
