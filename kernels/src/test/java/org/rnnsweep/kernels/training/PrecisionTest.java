package org.rnnsweep.kernels.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Tag;
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

/**
 * Trajectories of training are chaotic, so single and double are compared as distributions: the
 * losses after training of 40 seeds in single and of 40 others in double, by Kolmogorov and
 * Smirnov's test. Two checks (an activation each) at alpha = 0.001: a false alarm in 500.
 */
@Tag("full")
class PrecisionTest {
  private static final int SEEDS = 40;
  private static final double ALPHA = 0.001;

  @Test
  void singleTrainsAsDoubleDoes() throws InterruptedException {
    for (Activation activation : Activation.values()) {
      double[] single = losses(activation, Precision.SINGLE, 1e-2, 0);
      double[] twice = losses(activation, Precision.DOUBLE, 1e-2, SEEDS);
      assertThat(p(single, twice)).as("%s", activation).isGreaterThan(ALPHA);
    }
  }

  /** The twin: a rate of half the size is seen with these seeds. */
  @Test
  void anotherRateIsSeen() throws InterruptedException {
    double[] single = losses(Activation.TANH, Precision.SINGLE, 5e-3, 0);
    double[] twice = losses(Activation.TANH, Precision.DOUBLE, 1e-2, SEEDS);
    assertThat(p(single, twice)).isLessThan(ALPHA);
  }

  private static double p(double[] a, double[] b) {
    return KolmogorovSmirnovTest.withDefaults().test(a, b).getPValue();
  }

  private static double[] losses(
      Activation activation, Precision precision, double rate, int firstSeed)
      throws InterruptedException {
    Language language = LanguageCatalog.of("tomita-5");
    DataPlan data = language.plan().withStrings(500, 50).withLengths(2, 20);
    TrainingPlan plan =
        new TrainingPlan(
            8,
            activation,
            InitialWeights.UNIFORM,
            Loss.SQUARED,
            Optimiser.RmsProp.of(rate),
            Double.POSITIVE_INFINITY,
            32,
            20,
            2);
    Blas blas = Blas.of(new NumericsProfile(Library.NATIVE, precision));
    long bytes =
        LanguageTraining.memoryBytes(plan, data, language.dfa(), language.labels(), precision);
    double[] losses = new double[SEEDS];
    for (int i = 0; i < SEEDS; i++) {
      StreamKey key = StreamKey.of(20210521).seed(firstSeed + i);
      try (Arena arena = Arena.ofBytes(bytes)) {
        LearningCurves curves =
            LanguageTraining.run(
                blas,
                arena,
                precision,
                LanguageData.draw(language, data, key.name("data")),
                language.labels(),
                plan,
                data.extraBins() + 1,
                key.name("weights"),
                Checkpoint.NONE);
        losses[i] = curves.loss()[curves.epochs() - 1];
      }
    }
    return losses;
  }
}
