package org.rnnsweep.kernels.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.concepts.Link;
import org.rnnsweep.kernels.descent.Loss;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.learning.ConceptData.Sample;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.ntk.Activation;
import org.rnnsweep.kernels.ntk.InputScale;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Parametrization;
import org.rnnsweep.kernels.ntk.RecurrentKernel;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.NormalizedInput;

class ConceptTrainingTest {
  private static final Blas BLAS =
      Blas.of(new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE));
  private static final Blas SINGLE =
      Blas.of(new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.SINGLE));
  private static final NetworkLaw LAW =
      new NetworkLaw(Activation.RELU, 2, 2, InputScale.ONE, 0, 0, 1);
  private static final StreamKey KEY = StreamKey.of(9).seed(0);
  private static final int WIDTH = 64;
  private static final ConceptData DATA =
      new ConceptData(
          new SequenceLaw(NormalizedInput.Law.SPREAD, 5, 0.4, SequenceLaw.End.SMALL),
          5,
          Concept.ADDITIVE.target(new Concept.Shape(3, 4, 1, 0), Link.power(1), KEY),
          0.1,
          Loss.HUBER);

  private final Arena arena = Arena.ofBytes(1L << 26);

  @AfterEach
  void close() {
    assertThat(arena.used()).isZero();
    arena.close();
  }

  private Network network() {
    return Network.draw(arena, Precision.DOUBLE, TangentFactors.shape(WIDTH, 5), LAW, KEY);
  }

  /** The oracle of the gradient's norm and of the displacement is the step itself. */
  @Test
  void aStepGoesByTheRateTimesTheGradient() {
    try (Network network = network();
        ConceptTraining training =
            new ConceptTraining(BLAS, arena, network, DATA, 0, 1e-3, false, KEY)) {
      Sample first = DATA.sample(KEY.name("fresh"), 0);
      double z = training.outputs(Collections.singletonList(first.tokens()))[0];
      training.step();
      assertThat(training.averageLoss()).isCloseTo(DATA.loss(z, first.label()), within(1e-12));
      double gradient = training.largestGradient() * Math.abs(DATA.slope(z, first.label()));
      assertThat(training.displacement())
          .isCloseTo(1e-3 * Math.sqrt(WIDTH) * gradient, within(1e-10));
      assertThat(training.inputDisplacement()).isPositive();
    }
  }

  @Test
  void withTinyStepsTheLinearisedNetworkIsTheNetwork() {
    List<double[][]> test =
        DATA.samples(KEY.name("test"), 40).stream().map(Sample::tokens).toList();
    double small = distance(2e-6, test);
    double large = distance(8e-6, test);
    // Rates four times as large move four times as far: the difference is of second order.
    assertThat(large / small).isBetween(6.0, 40.0);
    assertThat(small).isLessThan(1e-3);
  }

  /** With one sequence the gradient at W_0 is the first step's: the oracle needs no W_0. */
  @Test
  void theGradientGrowsFromWhatItWasAtTheStart() {
    ConceptData large = // the states grow to reach it
        new ConceptData(DATA.law(), DATA.length(), tokens -> 5, 0, DATA.loss());
    try (Network network = network();
        ConceptTraining training =
            new ConceptTraining(BLAS, arena, network, large, 1, 0.1 / WIDTH, true, KEY)) {
      training.step();
      double first = training.largestGradient();
      assertThat(training.gradientGrowth()).isCloseTo(1, within(1e-12));
      for (int t = 1; t < 32; t++) {
        training.step();
      }
      assertThat(training.gradientGrowth())
          .isCloseTo(training.largestGradient() / first, within(1e-9));
      assertThat(training.gradientGrowth()).isGreaterThan(1.01);
    }
  }

  private double distance(double rate, List<double[][]> test) {
    try (Network network = network();
        ConceptTraining training =
            new ConceptTraining(BLAS, arena, network, DATA, 4, rate, true, KEY)) {
      for (int t = 0; t < 50; t++) {
        training.step();
      }
      double[] z = training.outputs(test);
      double[] linear = training.linearOutputs(test);
      double square = 0;
      for (int q = 0; q < z.length; q++) {
        square += (z[q] - linear[q]) * (z[q] - linear[q]);
      }
      return Math.sqrt(square / z.length);
    }
  }

  @Test
  void fewSequencesAreFittedTheirNoiseIncluded() {
    try (Network network = network();
        ConceptTraining training =
            new ConceptTraining(BLAS, arena, network, DATA, 3, 0.1 / WIDTH, false, KEY)) {
      double before = training.trainingRisk();
      for (int t = 0; t < 1500; t++) {
        training.step();
      }
      assertThat(before).isGreaterThan(0.01);
      assertThat(training.trainingRisk()).isLessThan(1e-4);
      assertThat(training.training()).hasSize(3);
    }
  }

  /** Oracle: the same training through the library, which differs by roundings of single. */
  @Test
  void smallNetworksTrainSideBySideAsTheyWouldAlone() {
    List<Network> networks = new ArrayList<>();
    List<ConceptTraining> trainings = new ArrayList<>();
    for (int seed = 0; seed < 6; seed++) {
      StreamKey key = StreamKey.of(9).seed(seed / 2); // each twice
      Network network =
          Network.draw(arena, Precision.SINGLE, TangentFactors.shape(16, 5), LAW, key);
      networks.add(network);
      trainings.add(new ConceptTraining(SINGLE, arena, network, DATA, 8, 0.02, false, key));
    }
    List<ConceptTraining> first = List.of(trainings.get(0), trainings.get(2), trainings.get(4));
    TrainingsTogether together = new TrainingsTogether(first, false);
    for (int t = 0; t < 100; t++) {
      together.step();
    }
    together.settle();
    List<double[][]> test =
        DATA.samples(KEY.name("test"), 10).stream().map(Sample::tokens).toList();
    for (int k = 0; k < first.size(); k++) {
      ConceptTraining lane = first.get(k);
      ConceptTraining alone = trainings.get(2 * k + 1);
      for (int t = 0; t < 100; t++) {
        alone.step();
      }
      assertThat(lane.steps()).isEqualTo(alone.steps());
      assertThat(lane.averageLoss()).isCloseTo(alone.averageLoss(), within(1e-5));
      assertThat(lane.displacement())
          .isCloseTo(alone.displacement(), within(1e-3))
          .isGreaterThan(0.1);
      assertThat(lane.inputDisplacement()).isCloseTo(alone.inputDisplacement(), within(1e-3));
      assertThat(lane.largestGradient()).isCloseTo(alone.largestGradient(), within(1e-3));
      assertThat(lane.outputs(test)).containsExactly(alone.outputs(test), within(1e-4));
    }
    trainings.forEach(ConceptTraining::close);
    networks.forEach(Network::close);
  }

  @Test
  void theKernelInterpolates() {
    List<Sample> samples = DATA.samples(KEY.name("training"), 12);
    List<double[][]> sequences = new ArrayList<>();
    samples.forEach(sample -> sequences.add(sample.tokens()));
    double[] labels = samples.stream().mapToDouble(Sample::label).toArray();
    double[] found =
        KernelPredictor.predict(
            BLAS,
            arena,
            RecurrentKernel.ntk(LAW, Trained.RECURRENT, Parametrization.ENTRIES),
            sequences,
            labels,
            sequences,
            1e-10);
    assertThat(found).containsExactly(labels, within(1e-5));
  }
}
