package org.rnnsweep.jobs.languages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.languages.LanguageCatalog;

class RegularLanguageJobTest extends JobContract {
  private static final Job JOB = new RegularLanguageJob();

  @Override
  protected Job job() {
    return JOB;
  }

  /** Every language once, in turn with the other choices. */
  @Override
  protected List<Trial> samples() {
    List<Trial> samples = new ArrayList<>();
    String[] activations = {"relu", "tanh"};
    String[] labels = {"benchmark", "viable", "accept", "membership"};
    String[] initializations = {"uniform", "he", "xavier"};
    List<String> languages = new ArrayList<>(LanguageCatalog.names());
    languages.addAll(List.of("contains-010", "regex:ab:(ab|ba)*", "dfa:01:*0,1;1,0"));
    for (int i = 0; i < languages.size(); i++) {
      Precision precision = i % 5 == 4 ? Precision.DOUBLE : Precision.SINGLE;
      samples.add(
          trial(
              precision,
              "language",
              languages.get(i),
              "activation",
              activations[i % 2],
              "labels",
              labels[i % 4],
              "initialization",
              initializations[i % 3],
              "loss",
              i % 4 == 1 ? "cross-entropy" : "squared",
              "optimiser",
              i % 4 == 2 ? "sgd" : "rmsprop",
              "sampling",
              i % 7 == 3 ? "uniform" : "benchmark",
              "extra_bins",
              i % 6 == 5 ? 1 : 0,
              "clip",
              i % 3 == 0 ? 1.0 : 0.0));
    }
    return samples;
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(
        trial("max_length", 1).configuration(),
        trial("language", "regex:01:(01").configuration(),
        trial("max_length", 10_000, "width", 1024, "batch", 4096).configuration());
  }

  private static Trial trial(Object... namesAndValues) {
    return trial(Precision.SINGLE, namesAndValues);
  }

  /** Small where nothing else is said: 20 words, 2 epochs, 4 neurons. */
  private static Trial trial(Precision precision, Object... namesAndValues) {
    return LanguageTrials.trial(
        JOB,
        precision,
        Map.of(
            "language",
            "tomita-7",
            "activation",
            "relu",
            "width",
            4,
            "learning_rate",
            0.01,
            "train_strings",
            20,
            "test_strings",
            10,
            "epochs",
            2),
        namesAndValues);
  }

  private static TrialResult run(Trial trial) throws InterruptedException {
    return LanguageTrials.run(JOB, trial);
  }

  /** All of 1* is right by one answer; nothing else is meant by solved. */
  @Test
  void solvesWhatAConstantSolves() throws InterruptedException {
    Map<String, Double> metrics =
        run(trial("language", "tomita-1", "train_strings", 50, "epochs", 50)).metrics();
    assertThat(metrics.get("trivial_constant")).isEqualTo(1);
    assertThat(metrics.get("accuracy")).isEqualTo(1);
    assertThat(metrics.get("solved")).isEqualTo(1);
    assertThat(metrics.get("stuck")).isZero();
    assertThat(metrics.get("seen")).isPositive();
  }

  /** Few neurons of ReLU on Tomita 7 say that both symbols are legal, and stay there. */
  @Test
  void saysWhenARunIsStuckAtTheConstantAnswer() throws InterruptedException {
    TrialResult result =
        run(trial("width", 3, "train_strings", 1000, "test_strings", 500, "epochs", 10));
    Map<String, Double> metrics = result.metrics();
    assertThat(metrics.get("trivial_constant")).isBetween(0.2, 0.5);
    assertThat(metrics.get("accuracy")).isCloseTo(metrics.get("trivial_constant"), within(0.01));
    assertThat(metrics.get("stuck")).isEqualTo(1);
    assertThat(metrics.get("solved")).isZero();
    assertThat(metrics.get("epochs_run")).isEqualTo(10);
    assertThat(result.series().get("accuracy_curve")).hasSize(10);
    assertThat(result.series().get("bin_accuracy")).containsExactly(metrics.get("accuracy"));
  }

  @Test
  void ratesAreComparedOnTheSameWordsAndWeights() throws InterruptedException {
    TrialResult slow = run(trial("learning_rate", 0.0));
    TrialResult fast = run(trial("learning_rate", 0.01));
    assertThat(slow.metrics().get("trivial_constant"))
        .isEqualTo(fast.metrics().get("trivial_constant"));
    double[] still = slow.series().get("loss_curve");
    assertThat(still[0]).isEqualTo(still[1]); // at rate 0 an epoch is like the other
    // One update to an epoch of 20 words: its loss is that of the first weights.
    assertThat(fast.series().get("loss_curve")[0]).isEqualTo(still[0]);
    assertThat(fast.series().get("loss_curve")[1]).isNotEqualTo(still[0]);
  }

  @Test
  void divergenceIsAnOutcome() throws InterruptedException {
    TrialResult result =
        run(trial("optimiser", "sgd", "learning_rate", 1000.0, "epochs", 100, "width", 8));
    assertThat(result.outcome()).isEqualTo(Outcome.DIVERGED);
    assertThat(result.message()).contains("not finite in epoch");
  }

  @Test
  void aLanguageWithoutMembersOfTheLengthsIsRejected() throws InterruptedException {
    TrialResult result = run(trial("language", "regex:01:0"));
    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.message()).contains("has no member of 2 to 50 symbols");
  }
}
