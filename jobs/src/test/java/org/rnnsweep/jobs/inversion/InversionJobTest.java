package org.rnnsweep.jobs.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.TestJobContext;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;

class InversionJobTest extends JobContract {
  private static final NumericsProfile DOUBLE =
      new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE);
  private static final NumericsProfile SINGLE =
      new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.SINGLE);
  private static final NumericsProfile JAVA =
      new NumericsProfile(NumericsProfile.Library.JAVA, Precision.SINGLE);
  private static final Job JOB = new InversionJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    List<Trial> samples = new ArrayList<>();
    for (int length : new int[] {1, 2, 5}) {
      samples.add(trial(SINGLE, "width", 70, "length", length, "estimator", "least-squares"));
      samples.add(trial(DOUBLE, "width", 33, "length", length, "estimator", "sgd"));
    }
    for (int length : new int[] {3, 6}) {
      samples.add(
          trial(
              DOUBLE,
              "width",
              40,
              "length",
              length,
              "estimator",
              "least-squares",
              "inputs",
              "normalized",
              "initialization",
              "unit"));
      samples.add(
          trial(
              SINGLE,
              "width",
              40,
              "length",
              length,
              "estimator",
              "sgd",
              "inputs",
              "normalized",
              "loss",
              "sum",
              "features",
              "unit-rms"));
      samples.add(
          trial(
              DOUBLE,
              "width",
              65,
              "length",
              length,
              "estimator",
              "constructive",
              "inputs",
              "normalized",
              "draws",
              "shared"));
      samples.add(
          trial(
              SINGLE,
              "width",
              65,
              "length",
              length,
              "estimator",
              "naive",
              "inputs",
              "normalized",
              "sequences",
              70));
    }
    samples.add(trial(SINGLE, "width", 20, "length", 4, "estimator", "naive"));
    samples.add(trial(JAVA, "width", 20, "length", 3, "estimator", "least-squares"));
    return samples;
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(
        trial(DOUBLE, "estimator", "constructive").configuration(),
        trial(DOUBLE, "estimator", "naive", "inputs", "normalized", "dimension", 2).configuration(),
        trial(DOUBLE, "estimator", "naive", "inputs", "normalized", "length", 2).configuration());
  }

  @Test
  void theContractWasCheckedOnThisMuch() {
    assertThat(samples()).hasSize(16);
    assertThat(groups()).hasSize(8);
  }

  /** With one sequence of one number x, ||r - x||_inf over ||r - x|| / ||x|| is |x|. */
  @Test
  void sharedDrawsLeaveTheSeedOut() throws InterruptedException {
    assertThat(sizeOfTheSequence("shared", 0))
        .isCloseTo(sizeOfTheSequence("shared", 1), within(1e-14)); // three roundings
    assertThat(sizeOfTheSequence("per-seed", 0))
        .isNotCloseTo(sizeOfTheSequence("per-seed", 1), within(1e-6));
  }

  private static double sizeOfTheSequence(String draws, int seed) throws InterruptedException {
    Trial trial =
        trial(
            DOUBLE,
            "width",
            9,
            "length",
            1,
            "dimension",
            1,
            "estimator",
            "naive",
            "sequences",
            1,
            "draws",
            draws);
    Trial ofSeed =
        new Trial(
            trial.job(),
            trial.jobVersion(),
            trial.numerics(),
            trial.rootSeed(),
            seed,
            trial.configuration());
    Map<String, Double> metrics = run(List.of(ofSeed)).get(0).metrics();
    return metrics.get("linf") / metrics.get("relative_l2");
  }

  @Test
  void divergenceIsAResultAndNamesTheStep() throws InterruptedException {
    Trial trial =
        trial(
            DOUBLE,
            "width",
            20,
            "length",
            3,
            "estimator",
            "sgd",
            "initialization",
            "unit",
            "steps",
            2000);
    TrialResult result = run(List.of(trial)).get(0);
    assertThat(result.outcome()).isEqualTo(Outcome.DIVERGED);
    assertThat(result.message()).matches("the loss is not finite at step \\d+");
    assertThat(result.metrics()).isEmpty();
  }

  @Test
  void aTrialAtTenThousandNeuronsFitsInSixGibibytes() {
    List<Trial> lengths = new ArrayList<>();
    for (int length : new int[] {2, 4, 6}) {
      lengths.add(
          trial(
              SINGLE,
              "width",
              10_000,
              "length",
              length,
              "dimension",
              8,
              "estimator",
              "least-squares"));
    }
    Cost cost = JOB.cost(new TrialGroup(lengths));
    // 1 GiB stays for the heap, the class path and the BLAS' own buffers.
    assertThat(cost.memoryBytes()).isLessThan(5L << 30);
  }

  @Test
  void theBiasSlotOfTheSecondTokenIsOneOfTheEpsTerms() throws InterruptedException {
    for (int length : new int[] {3, 4, 7}) {
      TrialResult result =
          run(List.of(
                  trial(
                      DOUBLE,
                      "width",
                      64,
                      "length",
                      length,
                      "dimension",
                      4,
                      "estimator",
                      "constructive",
                      "inputs",
                      "normalized")))
              .get(0);
      double[] terms = result.series().get("eps_term");
      assertThat(terms).hasSize(4 * length);
      assertThat(result.metrics().get("eps_bias")).isEqualTo(terms[7]).isNotZero();
      assertThat(result.metrics().get("eps_linf"))
          .isGreaterThanOrEqualTo(Arrays.stream(terms).map(Math::abs).max().orElseThrow());
    }
  }

  private static List<TrialResult> run(List<Trial> trials) throws InterruptedException {
    TrialGroup group = new TrialGroup(trials);
    try (TestJobContext context = TestJobContext.of(JOB.cost(group))) {
      return JOB.run(group, context);
    }
  }

  /** Small defaults, these values, and the job's own defaults where they are relevant. */
  private static Trial trial(NumericsProfile numerics, Object... namesAndValues) {
    Map<String, Object> values =
        new HashMap<>(
            Map.of("length", 3, "width", 16, "dimension", 3, "steps", 40, "test_sequences", 100));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    for (Parameter parameter : JOB.parameters()) {
      if (parameter.defaultValue() != null) {
        values.putIfAbsent(parameter.name(), parameter.defaultValue());
      }
    }
    for (Parameter parameter : JOB.parameters()) {
      String decides = parameter.relevantParameter();
      if (decides != null && !parameter.relevantChoices().contains(values.get(decides))) {
        values.remove(parameter.name());
      }
    }
    return new Trial(JOB.id(), JOB.version(), numerics, 2026, 3, Configuration.of(values));
  }
}
