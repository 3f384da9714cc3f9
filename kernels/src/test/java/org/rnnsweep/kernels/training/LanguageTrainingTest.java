package org.rnnsweep.kernels.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.languages.DataPlan;
import org.rnnsweep.kernels.languages.Language;
import org.rnnsweep.kernels.languages.LanguageCatalog;
import org.rnnsweep.kernels.languages.LanguageData;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.random.StreamKey;

class LanguageTrainingTest {
  private static final TrainingPlan PLAN =
      new TrainingPlan(
          16,
          Activation.TANH,
          InitialWeights.UNIFORM,
          Loss.SQUARED,
          Optimiser.RmsProp.of(1e-2),
          Double.POSITIVE_INFINITY,
          32,
          30,
          0.999);

  private static TrainingPlan with(Activation activation, Optimiser optimiser, int epochs) {
    return new TrainingPlan(
        PLAN.width(),
        activation,
        PLAN.initial(),
        PLAN.loss(),
        optimiser,
        PLAN.clip(),
        PLAN.batch(),
        epochs,
        PLAN.stopAt());
  }

  private static LearningCurves train(
      String name, DataPlan data, TrainingPlan plan, Library library, Precision precision)
      throws InterruptedException {
    Language language = LanguageCatalog.of(name);
    Blas blas = Blas.of(new NumericsProfile(library, precision));
    long bytes =
        LanguageTraining.memoryBytes(plan, data, language.dfa(), language.labels(), precision);
    StreamKey key = StreamKey.of(3);
    try (Arena arena = Arena.ofBytes(bytes)) {
      return LanguageTraining.run(
          blas,
          arena,
          precision,
          LanguageData.draw(language, data, key),
          language.labels(),
          plan,
          data.extraBins() + 1,
          key.name("weights"),
          Checkpoint.NONE);
    }
  }

  /** All that a training returns, as bits. */
  private static String bits(LearningCurves curves) {
    return Arrays.hashCode(curves.loss())
        + " "
        + Arrays.deepHashCode(curves.accuracy())
        + " "
        + Arrays.hashCode(curves.positions())
        + " "
        + curves.divergedAt();
  }

  @Test
  void learnsALanguageThatNoConstantAnswersAndStops() throws InterruptedException {
    DataPlan data = LanguageCatalog.of("tomita-4").plan().withStrings(1000, 200);
    TrainingPlan plan = with(Activation.TANH, Optimiser.RmsProp.of(1e-3), PLAN.epochs());
    LearningCurves curves = train("tomita-4", data, plan, Library.NATIVE, Precision.SINGLE);
    assertThat(curves.divergedAt()).isZero();
    assertThat(curves.best(0)).isGreaterThanOrEqualTo(0.999);
    assertThat(curves.epochs()).isLessThan(PLAN.epochs());
    assertThat(curves.bestEpoch(0)).isEqualTo(curves.epochs());
    assertThat(curves.accuracy()[0][curves.epochs() - 1]).isGreaterThanOrEqualTo(0.999);
    assertThat(curves.loss()[0]).isGreaterThan(curves.loss()[curves.epochs() - 1]);
  }

  /** Parity of up to 50 symbols is not learnt in an epoch: nothing is right by chance. */
  @Test
  void doesNotLearnWhatItCannot() throws InterruptedException {
    DataPlan data = LanguageCatalog.of("parity-even").plan().withStrings(500, 300);
    TrainingPlan plan = with(Activation.RELU, Optimiser.RmsProp.of(1e-3), 1);
    LearningCurves curves = train("parity-even", data, plan, Library.NATIVE, Precision.SINGLE);
    assertThat(curves.epochs()).isEqualTo(1);
    assertThat(curves.best(0)).isLessThan(0.2);
    assertThat(curves.positions()[0]).isBetween(0.3, 0.7);
  }

  @Test
  void longerWordsAreScoredInBinsOfTheirOwn() throws InterruptedException {
    DataPlan data = LanguageCatalog.of("tomita-4").plan().withStrings(300, 100).withBins(2, 20);
    LearningCurves curves = train("tomita-4", data, PLAN, Library.NATIVE, Precision.SINGLE);
    assertThat(curves.accuracy().length).isEqualTo(3);
    assertThat(curves.best(0)).isGreaterThan(0.9);
    for (double[] curve : curves.accuracy()) {
      assertThat(curve).hasSize(curves.epochs());
    }
  }

  @Test
  void divergenceIsAResult() throws InterruptedException {
    DataPlan data = LanguageCatalog.of("tomita-4").plan().withStrings(200, 100);
    TrainingPlan plan = with(Activation.RELU, new Optimiser.Momentum(1e6, 0.9), 20);
    LearningCurves curves = train("tomita-4", data, plan, Library.NATIVE, Precision.SINGLE);
    assertThat(curves.divergedAt()).isPositive().isLessThanOrEqualTo(20);
    assertThat(curves.epochs()).isEqualTo(curves.divergedAt() - 1);
  }

  @Test
  void givesTheSameBitsBesideOthers() throws Exception {
    String alone = small();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<String>> beside =
          threads.invokeAll(
              List.of(
                  LanguageTrainingTest::small,
                  LanguageTrainingTest::small,
                  LanguageTrainingTest::small));
      for (Future<String> one : beside) {
        assertThat(one.get()).isEqualTo(alone);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Another JVM that never compiles gives the bits of this one, which has compiled by now. */
  @Test
  void givesTheSameBitsInterpreted() throws Exception {
    for (int warmUp = 0; warmUp < 5; warmUp++) {
      small();
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xint",
                "-Djava.library.path=",
                "-cp",
                System.getProperty("java.class.path"),
                LanguageTrainingTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String found = lastLine(process);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(found).isEqualTo(small());
  }

  private static String lastLine(Process process) throws IOException {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return out.strip().lines().reduce("", (last, line) -> line);
  }

  /** Prints what {@link #small} gives here. */
  public static void main(String[] args) throws InterruptedException {
    System.out.println(small());
  }

  private static String small() throws InterruptedException {
    DataPlan data = LanguageCatalog.of("tomita-7").plan().withStrings(64, 32);
    StringBuilder found = new StringBuilder();
    for (Activation activation : Activation.values()) {
      TrainingPlan plan = with(activation, Optimiser.RmsProp.of(1e-2), 2);
      found.append(bits(train("tomita-7", data, plan, Library.NATIVE, Precision.SINGLE)));
    }
    return found.toString();
  }

  @Test
  void refusesAPlanOutOfRange() {
    assertThatThrownBy(() -> with(Activation.TANH, Optimiser.RmsProp.of(1), 0))
        .hasMessageContaining("epochs is out of its range");
  }
}
