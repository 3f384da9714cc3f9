package org.rnnsweep.jobs.languages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.languages.DataPlan;
import org.rnnsweep.kernels.languages.Dfa;
import org.rnnsweep.kernels.languages.LabelKind;
import org.rnnsweep.kernels.languages.Language;
import org.rnnsweep.kernels.languages.LanguageCatalog;
import org.rnnsweep.kernels.languages.LanguageData;
import org.rnnsweep.kernels.languages.MemberCounts;
import org.rnnsweep.kernels.languages.Sampling;
import org.rnnsweep.kernels.languages.TrivialScores;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.training.Activation;
import org.rnnsweep.kernels.training.InitialWeights;
import org.rnnsweep.kernels.training.LanguageTraining;
import org.rnnsweep.kernels.training.LearningCurves;
import org.rnnsweep.kernels.training.Loss;
import org.rnnsweep.kernels.training.Optimiser;
import org.rnnsweep.kernels.training.TrainingPlan;

/**
 * How far a network that was trained on words of at most N symbols is right on longer ones, which
 * Panigrahi and Goyal leave open (Section 6). Words are uniform at each length and the training is
 * the benchmark's, but it stops by words of the lengths trained on alone, and what is scored are
 * the weights that it stopped with: a longer word decides nothing. One training serves every reach.
 */
public final class LanguageLengthJob implements Job {
  private static final String REACH = "reach";

  /** What the table's acceptance asks for. */
  private static final double SOLVED = 0.99;

  private static final int BATCH = 32;
  private static final int SHORTEST = 2;

  /** A quarter of a gigabyte in single. */
  private static final double LARGEST_BATCH = 0x1p26;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.choice(
                  "language",
                  "which language; `rnnsweep show language` tells about each",
                  LanguageCatalog.names().toArray(String[]::new))
              .withOthers(
                  "contains-PATTERN, regex:ALPHABET:EXPRESSION, dfa:ALPHABET:ROWS",
                  LanguageCatalog::knows),
          Parameter.choice("activation", "of the hidden units", "relu", "tanh"),
          Parameter.integer("width", "m", 1, 1024, "neurons"),
          Parameter.real("learning_rate", "lr", 0, 1000, "of rmsprop"),
          Parameter.integer("length", "L", 2, 500, "longest word of training, from 2 on"),
          Parameter.integer(
              REACH, REACH, 1, 8, "tested are words of (reach - 1) L + 1 to reach L symbols"),
          Parameter.integer("train_strings", "train_strings", 1, 10_000_000, "words of training")
              .withDefault(10_000),
          Parameter.integer("test_strings", "test_strings", 1, 10_000_000, "words of each reach")
              .withDefault(1000),
          Parameter.integer("epochs", "epochs", 1, 100_000, "passes over the words, at most")
              .withDefault(100),
          Parameter.real("stop_at", "stop_at", 0, 2, "accuracy at reach 1 at which training ends")
              .withDefault(0.999));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "accuracy",
              "accuracy",
              "1",
              "share of test words with every bit right at every position, when training ended"),
          Metric.scalar("solved", "solved", "1", "1 if accuracy is at least 0.99, otherwise 0"),
          Metric.scalar(
              "trained_accuracy",
              "accuracy at reach 1",
              "1",
              "on words as long as those trained on"),
          Metric.scalar(
              "kept",
              "accuracy kept",
              "1",
              "accuracy over trained_accuracy; absent if the latter is below 0.99"),
          Metric.scalar(
              "trivial_constant",
              "best constant answer",
              "1",
              "accuracy of the best answer that is the same everywhere, on these test words"),
          Metric.scalar("epochs_run", "epochs run", "1", "epochs until it stopped"));

  /** For the service loader. */
  public LanguageLengthJob() {}

  @Override
  public String id() {
    return "language-lengths";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public String summary() {
    return "how far a network trained on short words of a language is right on longer ones";
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public List<Metric> metrics() {
    return METRICS;
  }

  @Override
  public Set<String> sharedAxes() {
    return Set.of(REACH);
  }

  /** Also that there are words to test at every reach up to this one, for a group draws all. */
  @Override
  public List<String> check(Configuration configuration) {
    int length = configuration.smallInteger("length");
    int reach = configuration.smallInteger(REACH);
    double numbers = (double) BATCH * length * reach * configuration.integer("width");
    if (numbers > LARGEST_BATCH) {
      return List.of(
          String.format(
              Locale.ROOT,
              "a batch has %.3g states of a neuron, allowed is at most %.3g",
              numbers,
              LARGEST_BATCH));
    }
    try {
      Dfa dfa = LanguageCatalog.of(configuration.choice("language")).dfa();
      MemberCounts counts = MemberCounts.upTo(dfa, length * reach);
      for (int bin = 0; bin < reach; bin++) {
        int from = Math.max(SHORTEST, bin * length + 1);
        int to = (bin + 1) * length;
        if (counts.members(from, to).signum() == 0) {
          return List.of(
              String.format(Locale.ROOT, "no member has from %d to %d symbols", from, to));
        }
      }
      return List.of();
    } catch (IllegalArgumentException e) {
      return List.of(e.getMessage());
    }
  }

  /** Of all epochs: nobody knows beforehand when a run stops. */
  @Override
  public Cost cost(TrialGroup group) {
    Setting setting = Setting.of(group);
    return new Cost(
        RegularLanguageJob.flops(
            setting.language, setting.labels(), setting.data, setting.training, setting.precision),
        LanguageTraining.memoryBytes(
            setting.training,
            setting.data,
            setting.language.dfa(),
            setting.labels(),
            setting.precision));
  }

  /** What the trials of a group share. */
  private record Setting(
      Language language, DataPlan data, TrainingPlan training, Precision precision) {

    static Setting of(TrialGroup group) {
      Configuration c = group.first().configuration();
      int furthest = 1;
      for (Trial trial : group.trials()) {
        furthest = Math.max(furthest, trial.configuration().smallInteger(REACH));
      }
      int length = c.smallInteger("length");
      DataPlan data =
          new DataPlan(
              c.smallInteger("train_strings"),
              c.smallInteger("test_strings"),
              SHORTEST,
              length,
              Sampling.UNIFORM,
              furthest - 1,
              length);
      TrainingPlan training =
          new TrainingPlan(
              c.smallInteger("width"),
              Activation.ofLabel(c.choice("activation")),
              InitialWeights.UNIFORM,
              Loss.SQUARED,
              Optimiser.RmsProp.of(c.real("learning_rate")),
              Double.POSITIVE_INFINITY,
              BATCH,
              c.smallInteger("epochs"),
              c.real("stop_at"));
      return new Setting(
          LanguageCatalog.of(c.choice("language")),
          data,
          training,
          group.first().numerics().precision());
    }

    LabelKind labels() {
      return language.labels();
    }
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    context.checkCancelled();
    Setting setting = Setting.of(group);
    Trial first = group.first();
    StreamKey key = first.key();
    LanguageData data = LanguageData.draw(setting.language, setting.data, key.name("data"));
    double total =
        LanguageTraining.flops(
            setting.training, setting.data, setting.language.dfa(), setting.labels());
    LearningCurves curves =
        LanguageTraining.run(
            Blas.of(first.numerics()),
            context.arena(),
            setting.precision,
            data,
            setting.labels(),
            setting.training,
            1,
            key.name("weights"),
            new Progress(context, total));
    if (curves.divergedAt() > 0) {
      String message = "the loss or a weight was not finite in epoch " + curves.divergedAt();
      return group.trials().stream().map(trial -> TrialResult.diverged(message)).toList();
    }
    List<TrialResult> results = new ArrayList<>();
    for (Trial trial : group.trials()) {
      results.add(result(curves, data, setting, trial.configuration().smallInteger(REACH) - 1));
    }
    return results;
  }

  private static TrialResult result(
      LearningCurves curves, LanguageData data, Setting setting, int bin) {
    int last = curves.epochs() - 1;
    double accuracy = curves.accuracy()[bin][last];
    double trained = curves.accuracy()[0][last];
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("accuracy", accuracy);
    metrics.put("solved", accuracy >= SOLVED ? 1.0 : 0.0);
    metrics.put("trained_accuracy", trained);
    if (trained >= SOLVED) {
      metrics.put("kept", accuracy / trained);
    }
    metrics.put(
        "trivial_constant",
        TrivialScores.of(setting.language.dfa(), setting.labels(), data.bins().get(bin).words())
            .constant());
    metrics.put("epochs_run", (double) curves.epochs());
    return TrialResult.of(metrics, Map.of());
  }
}
