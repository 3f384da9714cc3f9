package org.rnnsweep.kernels.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.ntk.Activation;
import org.rnnsweep.kernels.ntk.InputScale;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Preset;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.operator.DenseGaussian;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.optim.SgdMomentum;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.Trajectory;

class DescentTest {
  private static final Blas BLAS =
      Blas.of(new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE));
  private static final StreamKey KEY = StreamKey.of(41).seed(0);
  private static final NetworkLaw BIASED =
      new NetworkLaw(Activation.RELU, 2, 2, InputScale.ONE, 1, 2, 1);
  private static final int LENGTH = 4;
  private static final int SEQUENCES = 3;

  private static NetworkShape shape(int m, Trained trained, Output output) {
    return new NetworkShape(m, 3, 2, trained, output, 2, 0.7);
  }

  private static double[][][] tokens(int sequences, int length) {
    NormalStream normals = NormalStream.of(KEY.name("tokens"));
    double[][][] x = new double[sequences][length][3];
    for (double[][] sequence : x) {
      for (double[] token : sequence) {
        normals.fill(token, 0, 3);
      }
    }
    return x;
  }

  /** Targets that suit every loss: distributions, or signs. */
  private static double[][][] targets(Loss loss, int sequences, int answers) {
    double[][][] y = new double[sequences][answers][2];
    for (int s = 0; s < sequences; s++) {
      for (int a = 0; a < answers; a++) {
        boolean first = (s + a) % 2 == 0;
        double other = loss == Loss.LOGISTIC ? -1 : 0;
        y[s][a][0] = first ? 1 : other;
        y[s][a][1] = first ? other : 1;
      }
    }
    return y;
  }

  @TestFactory
  Stream<DynamicTest> gradientIsWhatCentralDifferencesSay() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Loss loss : Loss.values()) {
      for (Output output : Output.values()) {
        for (Trained trained : Trained.values()) {
          tests.add(
              DynamicTest.dynamicTest(
                  loss + " " + output + " " + trained,
                  () -> compareWithDifferences(loss, shape(9, trained, output))));
        }
      }
    }
    return tests.stream();
  }

  private static void compareWithDifferences(Loss loss, NetworkShape shape) {
    try (Arena arena = Arena.ofBytes(1 << 20)) {
      Network network = Network.draw(arena, Precision.DOUBLE, shape, BIASED, KEY);
      Descent descent = Descent.of(BLAS, arena, network, loss, SEQUENCES, LENGTH, 0);
      double[][][] x = tokens(SEQUENCES, LENGTH);
      double[][][] y = targets(loss, SEQUENCES, shape.answers(LENGTH));
      Network gradient = network.zeros(arena);
      descent.loss(x, y);
      descent.pass().backward(loss, y);
      descent.pass().addGradient(1, 0, gradient);
      double step = 1e-6;
      List<OffHeapMatrix> weights = network.trained();
      assertThat(weights).hasSize(shape.trainsAll() ? 4 : shape.trainsInput() ? 2 : 1);
      for (int k = 0; k < weights.size(); k++) {
        OffHeapMatrix w = weights.get(k);
        for (long i = 0; i < w.rows(); i++) {
          for (long j = 0; j < w.columns(); j++) {
            double at = w.get(i, j);
            w.set(i, j, at + step);
            double above = descent.loss(x, y);
            w.set(i, j, at - step);
            double below = descent.loss(x, y);
            w.set(i, j, at);
            assertThat(gradient.trained().get(k).get(i, j))
                .as("matrix %d at %d, %d", k, i, j)
                .isCloseTo((above - below) / (2 * step), within(2e-8));
          }
        }
      }
    }
  }

  @Test
  void gradientIsTheSumOfOuterProductsOfBackwardAndForwardVectors() {
    // Allen-Zhu, Li and Song, Fact 2.5, term by term with Back_(i->j) from another method.
    int m = 30;
    NetworkShape shape = new NetworkShape(m, 3, 2, Trained.RECURRENT, Output.EVERY_STEP, 2, 1);
    NetworkLaw law = Network.law(Preset.ALLEN_ZHU_LI_SONG, LENGTH, m);
    double[][][] x = tokens(SEQUENCES, LENGTH);
    double[][][] y = targets(Loss.SQUARED, SEQUENCES, LENGTH - 1);
    try (Arena arena = Arena.ofBytes(1 << 22)) {
      Network network = Network.draw(arena, Precision.DOUBLE, shape, law, KEY);
      DenseGaussian w = DenseGaussian.of(BLAS, network.recurrent());
      Trajectory states = new Trajectory(BLAS, arena, w, network.input(), SEQUENCES, LENGTH);
      for (int l = 0; l < LENGTH; l++) {
        states.step(new double[][] {x[0][l], x[1][l], x[2][l]});
      }
      BackwardVectors back = BackwardVectors.ask(arena, w, network.readout(), states, 2, LENGTH);
      double[][] expected = new double[m][m];
      for (int s = 0; s < SEQUENCES; s++) {
        for (int a = 2; a <= LENGTH; a++) {
          double[] loss = new double[2];
          for (int k = 0; k < 2; k++) {
            for (int j = 0; j < m; j++) {
              loss[k] += network.readout().get(k, j) * states.state(a, s).get(0, j);
            }
            loss[k] -= y[s][a - 2][k];
          }
          for (int l = 2; l <= a; l++) {
            OffHeapMatrix pattern = states.preactivation(l, s);
            for (int i = 0; i < m; i++) {
              double signal = 0;
              for (int k = 0; k < 2; k++) {
                signal += back.block(l, a, s).get(k, i) * loss[k];
              }
              for (int j = 0; j < m && pattern.get(0, i) >= 0; j++) {
                expected[i][j] += signal * states.state(l - 1, s).get(0, j);
              }
            }
          }
        }
      }
      Pass pass = new Pass(BLAS, arena, shape, Precision.DOUBLE, SEQUENCES, LENGTH, false);
      pass.forward(network, x);
      pass.backward(Loss.SQUARED, y);
      Network gradient = network.zeros(arena);
      pass.addGradient(1, 0, gradient);
      assertThat(pass.firstSignal()).isEqualTo(2);
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < m; j++) {
          assertThat(gradient.recurrent().get(i, j)).isCloseTo(expected[i][j], within(1e-12));
        }
      }
    }
  }

  @Test
  void drawsTheNetworkThatOtherExperimentsHave() {
    int m = 20;
    NetworkShape shape = new NetworkShape(m, 3, 2, Trained.RECURRENT, Output.LAST, 1, 1);
    try (Arena arena = Arena.ofBytes(1 << 22)) {
      Network network =
          Network.draw(arena, Precision.DOUBLE, shape, Network.law(Preset.ALLEN_ZHU_LI, 5, m), KEY);
      RandomNetwork other =
          RandomNetwork.draw(
              BLAS,
              arena,
              Representation.DENSE,
              Precision.DOUBLE,
              new RandomNetwork.Shape(m, 3, 2),
              RandomNetwork.HE,
              new Products(9, 9),
              KEY);
      double[][][] x = tokens(1, 5);
      Trajectory states = new Trajectory(BLAS, arena, other.recurrent(), other.input(), 1, 5);
      Pass pass = new Pass(BLAS, arena, shape, Precision.DOUBLE, 1, 5, false);
      pass.forward(network, x);
      for (int l = 1; l <= 5; l++) {
        states.step(new double[][] {x[0][l - 1]});
        for (int j = 0; j < m; j++) {
          assertThat(pass.states(l).get(0, j))
              .isCloseTo(states.state(l, 0).get(0, j), within(1e-13));
        }
      }
      assertThat(Network.frobeniusDistance(network.readout(), other.output())).isZero();
      assertThat(Network.frobeniusDistance(network.input(), other.input())).isZero();
      assertThat(Network.law(Preset.WANG_PRINTED, 5, m).readoutVariance()).isEqualTo(1.0 / m);
    }
  }

  @Test
  void aBatchesStepIsTheSumOfItsSequencesSteps() {
    NetworkShape shape = shape(40, Trained.ALL, Output.EVERY_STEP);
    double[][][] x = tokens(SEQUENCES, LENGTH);
    double[][][] y = targets(Loss.LOGISTIC, SEQUENCES, LENGTH - 1);
    try (Arena arena = Arena.ofBytes(1 << 22)) {
      Network network = Network.draw(arena, Precision.DOUBLE, shape, BIASED, KEY);
      Network initial = network.copy(arena);
      Network sum = network.copy(arena);
      double rate = 0.01;
      Descent descent = Descent.of(BLAS, arena, network, Loss.LOGISTIC, SEQUENCES, LENGTH, 0);
      double before = descent.step(x, y, rate);
      Network together = network.copy(arena);
      double alone = 0;
      for (int s = 0; s < SEQUENCES; s++) {
        network.set(initial);
        alone += descent.step(new double[][][] {x[s]}, new double[][][] {y[s]}, rate);
        sum.add(1, network);
        sum.add(-1, initial);
      }
      assertThat(alone).isCloseTo(before, within(1e-12));
      assertThat(together.distance(sum)).isLessThan(1e-13);
      assertThat(together.distance(initial)).isGreaterThan(1e-3);
      network.set(initial);
      assertThat(descent.step(x, y, rate)).isEqualTo(before);
      assertThat(network.distance(together)).isZero(); // the room of other batches left nothing
    }
  }

  @Test
  void momentumIsThatOfTheCommonFrameworks() {
    NetworkShape shape = shape(12, Trained.RECURRENT, Output.LAST);
    double[][][] x = tokens(SEQUENCES, LENGTH);
    double[][][] y = targets(Loss.SQUARED, SEQUENCES, 1);
    try (Arena arena = Arena.ofBytes(1 << 22)) {
      Network network = Network.draw(arena, Precision.DOUBLE, shape, BIASED, KEY);
      Network other = network.copy(arena);
      Network velocity = network.zeros(arena);
      Network gradient = network.zeros(arena);
      Descent descent = Descent.of(BLAS, arena, network, Loss.SQUARED, SEQUENCES, LENGTH, 0.9);
      Pass pass = new Pass(BLAS, arena, shape, Precision.DOUBLE, SEQUENCES, LENGTH, false);
      SgdMomentum optimiser = new SgdMomentum(0.001, 0.9);
      double first = 0;
      for (int t = 0; t < 4; t++) {
        double before = descent.step(x, y, 0.001);
        first = t == 0 ? before : first;
        pass.forward(other, x);
        pass.backward(Loss.SQUARED, y);
        pass.addGradient(1, 0, gradient);
        optimiser.step(other.recurrent(), velocity.recurrent(), gradient.recurrent());
      }
      assertThat(network.distance(other)).isLessThan(1e-13);
      assertThat(descent.loss(x, y)).isLessThan(first);
    }
  }

  @Test
  void theLinearisedNetworkIsTheTangentOfTheTrueOne() {
    for (Output output : Output.values()) {
      NetworkShape shape = shape(25, Trained.ALL, output);
      double[][][] x = tokens(SEQUENCES, LENGTH);
      try (Arena arena = Arena.ofBytes(1 << 22)) {
        Network network = Network.draw(arena, Precision.DOUBLE, shape, BIASED, KEY);
        Network change = Network.draw(arena, Precision.DOUBLE, shape, BIASED, KEY.name("change"));
        Pass pass = new Pass(BLAS, arena, shape, Precision.DOUBLE, SEQUENCES, LENGTH, true);
        double step = 1e-6;
        network.add(step, change);
        pass.forward(network, x);
        double[][] above = pass.outputs(1);
        network.add(-2 * step, change);
        pass.forward(network, x);
        double[][] below = pass.outputs(1);
        network.add(step, change);
        pass.forward(network, x);
        double[][] here = pass.outputs(1);
        pass.linearised(change);
        double[][] linear = pass.outputs(1);
        Network gradient = network.zeros(arena);
        double[][][] unit = new double[SEQUENCES][here.length][2];
        unit[1][here.length - 1][1] = 1;
        pass.backward(unit);
        pass.addGradient(1, 0, gradient);
        for (int a = 0; a < here.length; a++) {
          for (int k = 0; k < 2; k++) {
            double slope = (above[a][k] - below[a][k]) / (2 * step);
            assertThat(linear[a][k] - here[a][k]).isCloseTo(slope, within(1e-7));
          }
        }
        int last = here.length - 1;
        assertThat(linear[last][1] - here[last][1]).isCloseTo(gradient.dot(change), within(1e-11));
      }
    }
  }

  @Test
  void linearisedTrainingFollowsTheKernel() {
    // Squared loss, one answer a sequence: the errors follow r <- (1 - rate K) r exactly, K the
    // Gram
    // matrix of the gradients at the start.
    NetworkShape shape = new NetworkShape(50, 3, 1, Trained.RECURRENT_AND_INPUT, Output.LAST, 1, 1);
    double[][][] x = tokens(SEQUENCES, LENGTH);
    double[][][] y = {{{1}}, {{-1}}, {{0.5}}};
    try (Arena arena = Arena.ofBytes(1 << 22)) {
      Network network = Network.draw(arena, Precision.DOUBLE, shape, BIASED, KEY);
      Pass pass = new Pass(BLAS, arena, shape, Precision.DOUBLE, SEQUENCES, LENGTH, false);
      Network[] gradients = new Network[SEQUENCES];
      double[] error = new double[SEQUENCES];
      for (int s = 0; s < SEQUENCES; s++) {
        pass.forward(network, x[s]);
        error[s] = pass.outputs(0)[0][0] - y[s][0][0];
        pass.backward(new double[][][] {{{1}}});
        gradients[s] = network.zeros(arena);
        pass.addGradient(1, 0, gradients[s]);
      }
      double rate = 0.0003;
      Descent linear = Descent.linearised(BLAS, arena, network, Loss.SQUARED, SEQUENCES, LENGTH, 0);
      for (int t = 0; t < 5; t++) {
        double[] next = error.clone();
        double sum = 0;
        for (int s = 0; s < SEQUENCES; s++) {
          sum += error[s] * error[s] / 2;
          for (int r = 0; r < SEQUENCES; r++) {
            next[s] -= rate * gradients[s].dot(gradients[r]) * error[r];
          }
        }
        assertThat(linear.step(x, y, rate)).isCloseTo(sum, within(1e-12));
        error = next;
      }
    }
  }

  @Test
  void distancesAreThoseOfTheChange() {
    NetworkShape shape = shape(16, Trained.RECURRENT_AND_INPUT, Output.LAST);
    try (Arena arena = Arena.ofBytes(1 << 22)) {
      Network network = Network.draw(arena, Precision.DOUBLE, shape, BIASED, KEY);
      Network initial = network.copy(arena);
      for (int k = 0; k < 16; k++) { // W' = diag(1, 2, .., 16) / 100
        network.recurrent().set(k, k, network.recurrent().get(k, k) + (k + 1) / 100.0);
      }
      network.input().set(0, 0, network.input().get(0, 0) + 0.3);
      assertThat(network.spectralDistance(BLAS, arena, initial, 16, KEY))
          .isCloseTo(0.16, within(1e-9));
      assertThat(Network.frobeniusDistance(network.recurrent(), initial.recurrent()))
          .isCloseTo(Math.sqrt(16 * 17 * 33 / 6) / 100, within(1e-13));
      assertThat(network.distance(initial))
          .isCloseTo(Math.sqrt(16 * 17 * 33 / 6 * 1e-4 + 0.09), within(1e-13));
    }
  }

  @Test
  void singlePrecisionStaysNearDouble() {
    NetworkShape shape = shape(64, Trained.RECURRENT, Output.EVERY_STEP);
    double[][][] x = tokens(SEQUENCES, LENGTH);
    double[][][] y = targets(Loss.SQUARED, SEQUENCES, LENGTH - 1);
    Blas single = Blas.of(new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.SINGLE));
    try (Arena arena = Arena.ofBytes(1 << 22)) {
      Network network = Network.draw(arena, Precision.DOUBLE, shape, BIASED, KEY);
      Network rounded = Network.draw(arena, Precision.SINGLE, shape, BIASED, KEY);
      Descent descent = Descent.of(BLAS, arena, network, Loss.SQUARED, SEQUENCES, LENGTH, 0);
      Descent other = Descent.of(single, arena, rounded, Loss.SQUARED, SEQUENCES, LENGTH, 0);
      for (int t = 0; t < 10; t++) {
        double before = descent.step(x, y, 0.002);
        assertThat(other.step(x, y, 0.002)).isCloseTo(before, within(1e-5 * before));
      }
    }
  }

  @Test
  void takesTheMemoryItSays() {
    for (boolean linear : new boolean[] {false, true}) {
      NetworkShape shape = shape(16, Trained.ALL, Output.LAST);
      long bytes =
          Network.memoryBytes(shape, Precision.DOUBLE)
              + Descent.memoryBytes(shape, Precision.DOUBLE, SEQUENCES, LENGTH, 0.5, linear);
      try (Arena arena = Arena.ofBytes(bytes)) {
        Network network = Network.draw(arena, Precision.DOUBLE, shape, BIASED, KEY);
        try (Descent descent =
            linear
                ? Descent.linearised(BLAS, arena, network, Loss.HUBER, SEQUENCES, LENGTH, 0.5)
                : Descent.of(BLAS, arena, network, Loss.HUBER, SEQUENCES, LENGTH, 0.5)) {
          descent.step(tokens(SEQUENCES, LENGTH), targets(Loss.HUBER, SEQUENCES, 1), 0.01);
        }
        network.close();
        assertThat(arena.peak()).isEqualTo(bytes);
        assertThat(arena.used()).isZero();
      }
    }
  }

  @Test
  void saysWhatDoesNotFit() {
    NetworkShape shape = shape(4, Trained.RECURRENT, Output.EVERY_STEP);
    try (Arena arena = Arena.ofBytes(1 << 20)) {
      Network network = Network.draw(arena, Precision.DOUBLE, shape, BIASED, KEY);
      Descent descent = Descent.of(BLAS, arena, network, Loss.SQUARED, 2, LENGTH, 0);
      assertThatThrownBy(() -> descent.forward(tokens(3, LENGTH)))
          .hasMessageContaining("1 to 2 sequences, found 3");
      assertThatThrownBy(() -> descent.forward(tokens(1, LENGTH + 1)))
          .hasMessageContaining("at most 4 tokens");
      assertThatThrownBy(() -> descent.step(tokens(2, LENGTH), new double[2][2][2], 1))
          .hasMessageContaining("2 sequences of 3 answers");
      assertThatThrownBy(() -> Descent.of(BLAS, arena, network, Loss.SQUARED, 1, 3, 1))
          .hasMessageContaining("momentum");
      assertThatThrownBy(() -> Loss.ofLabel("hinge")).hasMessageContaining("huber");
      assertThatThrownBy(() -> new NetworkShape(4, 3, 2, Trained.ALL, Output.LAST, 1, Double.NaN))
          .hasMessageContaining("NaN");
    }
  }
}
