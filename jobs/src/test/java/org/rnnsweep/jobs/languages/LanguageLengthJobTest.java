package org.rnnsweep.jobs.languages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.languages.LanguageCatalog;

class LanguageLengthJobTest extends JobContract {
  private static final Job JOB = new LanguageLengthJob();

  /** 40 words of up to 8 symbols, 2 epochs, 4 neurons. */
  private static final Map<String, Object> SMALL =
      Map.of(
          "language", "tomita-7",
          "activation", "relu",
          "width", 4,
          "learning_rate", 0.01,
          "length", 8,
          "reach", 1,
          "train_strings", 40,
          "test_strings", 10,
          "epochs", 2);

  private static Trial trial(Object... namesAndValues) {
    return LanguageTrials.trial(JOB, Precision.SINGLE, SMALL, namesAndValues);
  }

  private static Map<String, Double> metrics(Object... namesAndValues) throws InterruptedException {
    return LanguageTrials.run(JOB, trial(namesAndValues)).metrics();
  }

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    List<Trial> samples = new ArrayList<>();
    for (String language : LanguageCatalog.names()) {
      samples.add(trial("language", language));
    }
    for (int reach = 1; reach <= 3; reach++) {
      samples.add(trial("activation", "tanh", "reach", reach));
    }
    samples.add(trial("language", "tomita-1", "reach", 2, "epochs", 30));
    samples.add(trial("language", "contains-01"));
    return samples;
  }

  @Override
  protected List<Configuration> refused() {
    // No word of 0?1? has more than two symbols.
    return List.of(
        trial("language", "regex:01:(").configuration(),
        trial("language", "regex:01:0?1?", "length", 2, "reach", 2).configuration(),
        trial("length", 500, "reach", 8, "width", 1024, "language", "tomita-1").configuration());
  }

  /** After 1 only 1 is legal, at any length: what a bias says is right everywhere. */
  @Test
  void whatAConstantSolvesIsSolvedAtEveryLength() throws InterruptedException {
    assertThat(metrics("language", "tomita-1", "reach", 4, "epochs", 50))
        .containsEntry("accuracy", 1.0)
        .containsEntry("kept", 1.0)
        .containsEntry("trivial_constant", 1.0);
  }

  /** Longer words decide nothing: the training is the same whatever is asked of it. */
  @Test
  void trainingDoesNotDependOnTheReach() throws InterruptedException {
    Map<String, Double> one = metrics("language", "tomita-4", "epochs", 30, "train_strings", 200);
    Map<String, Double> four =
        metrics("language", "tomita-4", "epochs", 30, "train_strings", 200, "reach", 4);
    assertThat(four.get("trained_accuracy")).isEqualTo(one.get("accuracy"));
    assertThat(four.get("epochs_run")).isEqualTo(one.get("epochs_run")).isGreaterThan(1);
    assertThat(four.get("accuracy")).isLessThanOrEqualTo(one.get("accuracy"));
  }
}
