package org.rnnsweep.jobs.languages;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.languages.DataPlan;
import org.rnnsweep.kernels.languages.LabelKind;
import org.rnnsweep.kernels.languages.Language;
import org.rnnsweep.kernels.languages.LanguageCatalog;
import org.rnnsweep.kernels.languages.LanguageData;
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
 * How well an Elman network learns a regular language (Panigrahi and Goyal, Appendix I, Table 1) by
 * the protocol of the benchmark that the table's data and code are from (Bhattamishra, Ahuja and
 * Goyal, EMNLP 2020); its package tells where ours departs.
 *
 * <p>A seed draws words and first weights of its own; runs that differ in learning rate, optimiser
 * or loss alone start from the same weights on the same words. Nothing is shared between trials.
 */
public final class RegularLanguageJob implements TrialJob {
  private static final String BENCHMARK = "benchmark";
  private static final String RMSPROP = "rmsprop";
  private static final String SGD = "sgd";

  /** What the table's acceptance asks for. */
  private static final double SOLVED = 0.99;

  /** A plateau is met to this: the sampling error of 2000 test words is about 0.01. */
  private static final double PLATEAU = 0.01;

  /** Numbers that a batch's states may have: a gigabyte in single. */
  private static final double LARGEST_BATCH = 0x1p28;

  // Small products run at about two thirds of the rate of large ones; beside them a symbol takes
  // about 55 ns and 1.6 ns a neuron, in which a core does so many operations (measured, rough).
  private static final double OF_A_PRODUCT = 1.5;
  private static final double OF_A_SYMBOL = 7700;
  private static final double OF_A_NEURON = 224;

  /** The library's tanh in double, in operations in double. */
  private static final double OF_A_DOUBLE_TANH = 2500;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.choice(
                  "language",
                  "which language; `rnnsweep show language` tells about each",
                  LanguageCatalog.names().toArray(String[]::new))
              .withOthers(
                  "contains-PATTERN, regex:ALPHABET:EXPRESSION, dfa:ALPHABET:ROWS",
                  LanguageCatalog::knows),
          Parameter.choice(
                  "labels",
                  "what is asked after each symbol: which symbols are legal next, which make a"
                      + " member, whether the prefix is a member, or what the benchmark asks of this"
                      + " language",
                  BENCHMARK,
                  LabelKind.VIABLE.label(),
                  LabelKind.ACCEPT.label(),
                  LabelKind.MEMBERSHIP.label())
              .withDefault(BENCHMARK),
          Parameter.choice(
                  "sampling",
                  "the law of the words; uniform also where the benchmark's sampler has too few",
                  Sampling.BENCHMARK.label(),
                  Sampling.UNIFORM.label())
              .withDefault(Sampling.BENCHMARK.label()),
          Parameter.integer(
                  "train_strings", "train_strings", 0, 10_000_000, "words; 0: the benchmark's")
              .withDefault(0),
          Parameter.integer(
                  "test_strings", "test_strings", 0, 10_000_000, "words; 0: the benchmark's")
              .withDefault(0),
          Parameter.integer(
                  "max_length",
                  "max_length",
                  0,
                  DataPlan.MAX_LENGTH,
                  "longest word of training; 0: the benchmark's")
              .withDefault(0),
          Parameter.integer(
                  "extra_bins", "extra_bins", 0, 100, "further test sets, each of longer words")
              .withDefault(0),
          Parameter.choice("activation", "of the hidden units", "relu", "tanh"),
          Parameter.integer("width", "m", 1, 1024, "neurons"),
          Parameter.choice(
                  "initialization",
                  "first weights: all U(-1/sqrt m, 1/sqrt m) as the benchmark's library has it, or"
                      + " N(0, 2/m), or N(0, 1/m), these with biases 0",
                  InitialWeights.UNIFORM.label(),
                  InitialWeights.HE.label(),
                  InitialWeights.XAVIER.label())
              .withDefault(InitialWeights.UNIFORM.label()),
          Parameter.choice("loss", "of an answer", Loss.SQUARED.label(), Loss.CROSS_ENTROPY.label())
              .withDefault(Loss.SQUARED.label()),
          Parameter.choice("optimiser", "what moves the weights", RMSPROP, SGD)
              .withDefault(RMSPROP),
          Parameter.real("learning_rate", "lr", 0, 1000, "of either optimiser"),
          Parameter.real("alpha", "alpha", 0, 0.999999, "how much rmsprop keeps of its mean square")
              .withDefault(0.99)
              .withRelevance("optimiser", RMSPROP),
          Parameter.real("momentum", "momentum", 0, 0.9999, "v = momentum v + gradient")
              .withDefault(0.9)
              .withRelevance("optimiser", SGD),
          Parameter.real("clip", "clip", 0, 1e9, "largest norm of a gradient; 0: not clipped")
              .withDefault(0.0),
          Parameter.integer("batch", "batch", 1, 4096, "words an update").withDefault(32),
          Parameter.integer("epochs", "epochs", 1, 100_000, "passes over the words, at most")
              .withDefault(100),
          Parameter.real(
                  "stop_at",
                  "stop_at",
                  0,
                  2,
                  "mean accuracy over all test sets at which training ends; above 1: never")
              .withDefault(0.999));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "accuracy",
              "accuracy, best epoch",
              "1",
              "share of test words with every bit right at every position, largest over epochs: the"
                  + " benchmark's score"),
          Metric.scalar(
              "last_accuracy", "accuracy, last epoch", "1", "the same after the last epoch"),
          Metric.scalar(
              "position_accuracy",
              "positions right, last epoch",
              "1",
              "share of test positions with every bit right after the last epoch"),
          Metric.scalar("solved", "solved", "1", "1 if accuracy is at least 0.99, otherwise 0"),
          Metric.scalar(
              "stuck",
              "stuck at the constant answer",
              "1",
              "1 if accuracy is below 0.99 and within 0.01 of trivial_constant, otherwise 0"),
          Metric.scalar(
              "trivial_constant",
              "best constant answer",
              "1",
              "accuracy of the best answer that is the same everywhere, on these test words"),
          Metric.scalar(
              "trivial_last_symbol",
              "best answer by the last symbol",
              "1",
              "accuracy of the best answer that looks at the last symbol alone"),
          Metric.scalar(
              "seen", "test words seen", "1", "share of the test words that were trained on"),
          Metric.scalar("train_loss", "training loss", "1", "mean over the last epoch's updates"),
          Metric.scalar("epochs_run", "epochs run", "1", "epochs until it stopped"),
          Metric.scalar("best_epoch", "best epoch", "1", "the first epoch of the best accuracy"),
          Metric.scalar(
              "longest_accuracy",
              "accuracy on the longest words",
              "1",
              "accuracy (largest over epochs) on the last of the extra bins"),
          Metric.series("accuracy_curve", "accuracy", "1", "by epoch"),
          Metric.series("loss_curve", "training loss", "1", "by epoch"),
          Metric.series(
              "bin_accuracy", "accuracy", "1", "largest over epochs, by test set, shortest first"));

  /** For the service loader. */
  public RegularLanguageJob() {}

  @Override
  public String id() {
    return "languages";
  }

  @Override
  public int version() {
    return 3;
  }

  @Override
  public String summary() {
    return "how well a recurrent network learns a regular language by gradient descent";
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
  public List<String> check(Configuration configuration) {
    try {
      Language language = LanguageCatalog.of(configuration.choice("language"));
      double numbers =
          (double) configuration.integer("batch")
              * dataPlan(configuration, language).lastLength()
              * (configuration.integer("width") + language.dfa().alphabet().length());
      return numbers <= LARGEST_BATCH
          ? List.of()
          : List.of(
              String.format(
                  Locale.ROOT,
                  "batch times longest word times width is %.3g, allowed is at most %.3g",
                  numbers,
                  LARGEST_BATCH));
    } catch (IllegalArgumentException e) {
      return List.of(e.getMessage());
    }
  }

  /** Of all epochs: nobody knows beforehand when a run stops. */
  @Override
  public Cost cost(Trial trial) {
    Configuration configuration = trial.configuration();
    Language language = LanguageCatalog.of(configuration.choice("language"));
    LabelKind labels = labels(configuration, language);
    DataPlan data = dataPlan(configuration, language);
    TrainingPlan plan = trainingPlan(configuration);
    Precision precision = trial.numerics().precision();
    return new Cost(
        flops(language, labels, data, plan, precision),
        LanguageTraining.memoryBytes(plan, data, language.dfa(), labels, precision));
  }

  /** Operations of a training that never stops early, everything counted as plain products. */
  static double flops(
      Language language, LabelKind labels, DataPlan data, TrainingPlan plan, Precision precision) {
    double ofANeuron = OF_A_NEURON;
    if (precision == Precision.DOUBLE && plan.activation() == Activation.TANH) {
      ofANeuron += OF_A_DOUBLE_TANH;
    }
    // Scoring is about a third of training.
    double symbols = plan.epochs() * (data.trainSymbols() + data.testSymbols() / 3);
    double ofEvenLengths =
        OF_A_PRODUCT * LanguageTraining.flops(plan, data, language.dfa(), labels)
            + symbols * (OF_A_SYMBOL + ofANeuron * plan.width());
    return ofEvenLengths * lengthOverEven(language, data);
  }

  /** The mean length of a word over what it is if lengths are even; 1 where there is no word. */
  private static double lengthOverEven(Language language, DataPlan data) {
    try {
      return 2 * LanguageData.meanLength(language, data) / (data.minLength() + data.maxLength());
    } catch (IllegalArgumentException e) {
      return 1;
    }
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    Configuration configuration = trial.configuration();
    Language language = LanguageCatalog.of(configuration.choice("language"));
    LabelKind labels = labels(configuration, language);
    DataPlan plan = dataPlan(configuration, language);
    TrainingPlan training = trainingPlan(configuration);
    StreamKey key = trial.key();
    LanguageData data;
    try {
      data = LanguageData.draw(language, plan, key.name("data"));
    } catch (IllegalArgumentException e) { // no member has such a length
      return new TrialResult(Outcome.REJECTED, Map.of(), Map.of(), e.getMessage());
    }
    double total = LanguageTraining.flops(training, plan, language.dfa(), labels);
    LearningCurves curves =
        LanguageTraining.run(
            Blas.of(trial.numerics()),
            context.arena(),
            trial.numerics().precision(),
            data,
            labels,
            training,
            data.bins().size(),
            key.name("weights"),
            new Progress(context, total));
    return curves.divergedAt() > 0
        ? TrialResult.diverged(
            "the loss or a weight was not finite in epoch " + curves.divergedAt())
        : result(curves, data, TrivialScores.of(language.dfa(), labels, data.test()));
  }

  private static TrialResult result(
      LearningCurves curves, LanguageData data, TrivialScores trivial) {
    int last = curves.epochs() - 1;
    double best = curves.best(0);
    boolean plateau = Math.abs(best - trivial.constant()) <= PLATEAU;
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("accuracy", best);
    metrics.put("last_accuracy", curves.accuracy()[0][last]);
    metrics.put("position_accuracy", curves.positions()[last]);
    metrics.put("solved", best >= SOLVED ? 1.0 : 0.0);
    metrics.put("stuck", best < SOLVED && plateau ? 1.0 : 0.0);
    metrics.put("trivial_constant", trivial.constant());
    metrics.put("trivial_last_symbol", trivial.lastSymbol());
    metrics.put("seen", (double) data.seen() / data.test().size());
    metrics.put("train_loss", curves.loss()[last]);
    metrics.put("epochs_run", (double) curves.epochs());
    metrics.put("best_epoch", (double) curves.bestEpoch(0));
    int bins = data.bins().size();
    if (bins > 1) {
      metrics.put("longest_accuracy", curves.best(bins - 1));
    }
    double[] byBin = new double[bins];
    Arrays.setAll(byBin, curves::best);
    return TrialResult.of(
        metrics,
        Map.of(
            "accuracy_curve",
            curves.accuracy()[0],
            "loss_curve",
            curves.loss(),
            "bin_accuracy",
            byBin));
  }

  private static LabelKind labels(Configuration configuration, Language language) {
    String asked = configuration.choice("labels");
    return asked.equals(BENCHMARK) ? language.labels() : LabelKind.ofLabel(asked);
  }

  private static DataPlan dataPlan(Configuration configuration, Language language) {
    DataPlan plan = language.plan();
    int train = configuration.smallInteger("train_strings");
    int test = configuration.smallInteger("test_strings");
    int longest = configuration.smallInteger("max_length");
    String law = configuration.choice("sampling");
    Sampling sampling =
        Stream.of(Sampling.values()).filter(s -> s.label().equals(law)).findFirst().orElseThrow();
    return plan.withStrings(
            train == 0 ? plan.trainStrings() : train, test == 0 ? plan.testStrings() : test)
        .withLengths(plan.minLength(), longest == 0 ? plan.maxLength() : longest)
        .withSampling(sampling)
        .withBins(configuration.smallInteger("extra_bins"), plan.binWidth());
  }

  private static TrainingPlan trainingPlan(Configuration configuration) {
    double rate = configuration.real("learning_rate");
    double clip = configuration.real("clip");
    return new TrainingPlan(
        configuration.smallInteger("width"),
        Activation.ofLabel(configuration.choice("activation")),
        InitialWeights.ofLabel(configuration.choice("initialization")),
        Loss.ofLabel(configuration.choice("loss")),
        configuration.choice("optimiser").equals(RMSPROP)
            ? new Optimiser.RmsProp(
                rate, configuration.real("alpha"), Optimiser.RmsProp.of(rate).epsilon())
            : new Optimiser.Momentum(rate, configuration.real("momentum")),
        clip == 0 ? Double.POSITIVE_INFINITY : clip,
        configuration.smallInteger("batch"),
        configuration.smallInteger("epochs"),
        configuration.real("stop_at"));
  }
}
