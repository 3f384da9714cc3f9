package org.rnnsweep.kernels.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

class RecurrentKernelTest {
  private static final double[][] X0 = {{1, 0}, {0, 1}, {.6, .8}};
  private static final double[][] X1 = {{0, 1}, {.6, -.8}, {1, 0}};

  private static NetworkLaw law(Activation activation, InputScale scale) {
    return new NetworkLaw(activation, 1.7, 1.3, scale, 0.2, 0.6, 0.9);
  }

  private static double last(RecurrentKernel kernel, double[][] x, double[][] y) {
    return kernel.between(x, y, Output.LAST)[0][0];
  }

  private static RecurrentKernel ntk(Preset preset, int length) {
    return RecurrentKernel.ntk(preset.law(length), preset.trained(), Parametrization.ENTRIES);
  }

  private static List<double[][]> sequences(int count, int dimension, int... lengths) {
    NormalStream stream = NormalStream.of(StreamKey.of(71));
    List<double[][]> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sequences.add(PlainMoments.sequence(stream, lengths[i % lengths.length], dimension));
    }
    return sequences;
  }

  /** Numbers of an independent NumPy program, to all the digits it printed. */
  @Test
  void wangsKernelHasTheGoldenValues() {
    RecurrentKernel kernel = ntk(Preset.WANG, 3);
    assertThat(last(kernel, X0, X0)).isCloseTo(14.0 / 9, within(1e-15));
    assertThat(last(kernel, X0, X1)).isCloseTo(1.1303003005942256, within(1e-15));
    assertThat(last(ntk(Preset.WANG_ALGORITHM, 3), X0, X0)).isCloseTo(3, within(1e-15));
    assertThat(last(ntk(Preset.WANG_ALGORITHM, 3), X0, X1))
        .isCloseTo(0.7106194546697576, within(1e-15));
    assertThat(last(ntk(Preset.WANG_PRINTED, 3), X0, X1)).isZero();
    double[][] states = RecurrentKernel.nngp(Preset.WANG.law(3)).between(X0, X1, Output.EVERY_STEP);
    assertThat(states[0][0]).isCloseTo(1.002104313304460, within(1e-15));
    assertThat(states[1][1]).isCloseTo(0.981897362501544, within(1e-15));
    assertThat(states[2][2]).isCloseTo(1.014131982172936, within(1e-15));
  }

  /** On the diagonal every gate is 1/2 and |h_t|^2 the sum of |x_s|^2, s up to t. */
  @Test
  void theDiagonalOfThePapersIsASumOfSquares() {
    double[][] x = sequences(1, 3, 7).get(0);
    double both = 0;
    double recurrent = 0;
    double square = 0;
    for (int t = 1; t <= x.length; t++) {
      double norm = PlainMoments.dot(x[t - 1], x[t - 1]);
      both += (x.length - t + 1) * norm;
      recurrent += square;
      square += norm;
    }
    assertThat(last(ntk(Preset.PANIGRAHI_GOYAL_PRINTED, 7), x, x))
        .isCloseTo(both, within(1e-14 * both));
    assertThat(last(ntk(Preset.PANIGRAHI_GOYAL, 7), x, x))
        .isCloseTo(both / 2, within(1e-14 * both));
    assertThat(last(ntk(Preset.ALLEN_ZHU_LI, 7), x, x))
        .isCloseTo(recurrent / 2, within(1e-14 * both));
    assertThat(ntk(Preset.ALLEN_ZHU_LI_SONG, 7).between(x, X3, Output.AVERAGE))
        .isDeepEqualTo(ntk(Preset.ALLEN_ZHU_LI, 7).between(x, X3, Output.AVERAGE));
  }

  private static final double[][] X3 = {{1, 2, 3}, {-1, 0, 1}};

  @ParameterizedTest
  @EnumSource(Activation.class)
  void everyPairOfStepsIsThatOfThePlainFormulas(Activation activation) {
    List<double[][]> sequences = sequences(2, 3, 6, 4);
    double[][] x = sequences.get(0);
    double[][] y = sequences.get(1);
    for (InputScale scale : InputScale.values()) {
      NetworkLaw law = law(activation, scale);
      PlainMoments plain = new PlainMoments(law, x, y);
      double[][] nngp = RecurrentKernel.nngp(law).between(x, y, Output.EVERY_STEP);
      for (Trained trained : Trained.values()) {
        for (Parametrization parametrization : Parametrization.values()) {
          double[] parts = parts(law, trained, parametrization);
          RecurrentKernel kernel = RecurrentKernel.ntk(law, trained, parametrization);
          double[][] every = kernel.between(x, y, Output.EVERY_STEP);
          double sum = 0;
          for (int a = 0; a < x.length; a++) {
            for (int b = 0; b < y.length; b++) {
              // Both lose a few ulps a step; the plain one more where rho is near 1, not so here.
              assertThat(nngp[a][b]).isCloseTo(plain.nngp(a + 1, b + 1), within(1e-13));
              double theta = plain.ntk(a + 1, b + 1, parts);
              assertThat(every[a][b])
                  .as("%s %s %s %d %d", scale, trained, parametrization, a, b)
                  .isCloseTo(theta, within(2e-13 * (1 + Math.abs(theta))));
              sum += every[a][b];
            }
          }
          assertThat(last(kernel, x, y)).isEqualTo(every[x.length - 1][y.length - 1]);
          assertThat(kernel.between(x, y, Output.AVERAGE)[0][0])
              .isCloseTo(sum / (x.length * y.length), within(1e-14 * (1 + Math.abs(sum))));
        }
      }
    }
  }

  private static double[] parts(NetworkLaw law, Trained trained, Parametrization parametrization) {
    double[] parts =
        switch (trained) {
          case RECURRENT -> new double[] {1, 0, 0, 0};
          case RECURRENT_AND_INPUT -> new double[] {1, 1, 0, 0};
          case ALL -> new double[] {1, 1, 1, 1};
        };
    if (parametrization == Parametrization.UNIT_VARIANCE) {
      parts[0] *= law.weightVariance();
      parts[1] *= law.inputVariance();
      parts[2] *= law.biasVariance();
      parts[3] *= law.readoutVariance();
    }
    return parts;
  }

  /**
   * Without recurrent weights the network is one hidden layer on the last token: its covariance and
   * that of the derivatives by numerical integration over the plane.
   */
  @ParameterizedTest
  @EnumSource(Activation.class)
  void oneLayerIsAnIntegralOverThePlane(Activation activation) {
    NetworkLaw law = new NetworkLaw(activation, 0, 0.8, InputScale.ONE, 0.3, 5, 1);
    RecurrentKernel nngp = RecurrentKernel.nngp(law);
    RecurrentKernel ntk = RecurrentKernel.ntk(law, Trained.ALL, Parametrization.ENTRIES);
    for (double[] y : new double[][] {{1, 0.5}, {-0.3, 1}, {-1.1, -0.4}, {2, 1.01}}) {
      double[][] a = {{9, -9}, {1, 0.5}};
      double[][] b = {{7, 7}, {3, 1}, y};
      double inner = PlainMoments.dot(a[1], y);
      double s = 0.8 * PlainMoments.dot(a[1], a[1]) + 0.3;
      double r = 0.8 * PlainMoments.dot(y, y) + 0.3;
      double rho = (0.8 * inner + 0.3) / Math.sqrt(s * r);
      boolean relu = activation == Activation.RELU;
      DoubleUnaryOperator phi = relu ? z -> Math.max(z, 0) : RecurrentKernelTest::erf;
      DoubleUnaryOperator slope =
          relu ? z -> z > 0 ? 1 : 0 : z -> 2 / Math.sqrt(Math.PI) * Math.exp(-z * z);
      double covariance = expectation(phi, s, r, Math.min(rho, 1));
      double gate = expectation(slope, s, r, Math.min(rho, 1));
      // Midpoints of mesh h = 0.017: h^2 / 24 = 1.2e-5 with kinks, h / 8 = 2e-3 with jumps.
      assertThat(last(nngp, a, b)).isCloseTo(covariance, within(relu ? 1.2e-5 : 1e-9));
      // The gradients: by b 1, by A the tokens' product, by W that of the states before.
      double before = last(nngp, new double[][] {a[0]}, new double[][] {b[0], b[1]});
      double found = (last(ntk, a, b) - last(nngp, a, b)) / (1 + inner + before);
      assertThat(found).isCloseTo(gate, within(relu ? 2e-3 : 1e-9));
    }
  }

  /** Midpoint rule for E[f(u) f(v)] on a square of 8.5 standard deviations each way. */
  private static double expectation(DoubleUnaryOperator f, double s, double r, double rho) {
    int n = 1000;
    double step = 17.0 / n;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double g = -8.5 + (i + 0.5) * step;
      double fu = f.applyAsDouble(Math.sqrt(s) * g);
      for (int j = 0; j < n; j++) {
        double k = -8.5 + (j + 0.5) * step;
        double v = Math.sqrt(r) * (rho * g + Math.sqrt(Math.max(0, 1 - rho * rho)) * k);
        sum += fu * f.applyAsDouble(v) * Math.exp(-0.5 * (g * g + k * k));
      }
    }
    return sum * step * step / (2 * Math.PI);
  }

  /** Abramowitz and Stegun 7.1.6, a series without cancellation; |z| above 6 is 1 in double. */
  private static double erf(double z) {
    if (Math.abs(z) > 6) {
      return Math.signum(z);
    }
    double term = z;
    double sum = z;
    for (int k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
      term *= 2 * z * z / (2 * k + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-z * z) * sum;
  }

  /** Price's theorem: the covariance's derivative by S is the covariance of the derivatives. */
  @ParameterizedTest
  @EnumSource(Activation.class)
  void theGateIsTheDerivativeOfTheCovariance(Activation activation) {
    NetworkLaw law = new NetworkLaw(activation, 0, 1, InputScale.ONE, 0, 0, 1);
    RecurrentKernel nngp = RecurrentKernel.nngp(law);
    RecurrentKernel ntk =
        RecurrentKernel.ntk(law, Trained.RECURRENT_AND_INPUT, Parametrization.ENTRIES);
    double[][] x = {{1.3, 0}};
    double h = 1e-4;
    for (double angle = 0.2; angle < 3.1; angle += 0.3) {
      double[][][] y = new double[3][][];
      for (int i = 0; i < 3; i++) {
        y[i] =
            new double[][] {{2 * Math.cos(angle + (i - 1) * h), 2 * Math.sin(angle + (i - 1) * h)}};
      }
      double slope =
          (last(nngp, x, y[2]) - last(nngp, x, y[0]))
              / (2.6 * (Math.cos(angle + h) - Math.cos(angle - h)));
      double gate = last(ntk, x, y[1]) / (2.6 * Math.cos(angle));
      // Central differences: h^2 times a third derivative, and 1e-16 / h of rounding.
      assertThat(slope).isCloseTo(gate, within(3e-7));
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void bitsDependOnTheTwoSequencesAlone(Activation activation) {
    RecurrentKernel kernel =
        RecurrentKernel.ntk(
            law(activation, InputScale.ONE), Trained.ALL, Parametrization.UNIT_VARIANCE);
    List<double[][]> sequences = sequences(301, 2, 5, 5, 5, 3);
    for (Output output : List.of(Output.LAST, Output.AVERAGE)) {
      double[][] gram = kernel.gram(sequences, output, 1);
      assertThat(kernel.gram(sequences, output, 3)).isDeepEqualTo(gram);
      List<double[][]> reversed = new ArrayList<>(sequences);
      Collections.reverse(reversed);
      double[][] other = kernel.gram(reversed, output, 2);
      for (int i = 0; i < 301; i++) {
        for (int j = 0; j < 301; j++) {
          assertThat(gram[j][i]).isEqualTo(gram[i][j]);
          assertThat(other[300 - i][300 - j]).isEqualTo(gram[i][j]);
        }
      }
      for (int i = 0; i < 301; i += 60) {
        for (int j = 0; j < 301; j += 7) {
          assertThat(kernel.between(sequences.get(i), sequences.get(j), output)[0][0])
              .isEqualTo(gram[i][j]);
        }
      }
    }
    double[][] every = kernel.gram(sequences.subList(2, 4), Output.EVERY_STEP, 2);
    assertThat(every.length).isEqualTo(8);
    double[][] corner = kernel.between(sequences.get(2), sequences.get(3), Output.EVERY_STEP);
    for (int a = 0; a < 5; a++) {
      for (int b = 0; b < 3; b++) {
        assertThat(every[a][5 + b]).isEqualTo(corner[a][b]).isEqualTo(every[5 + b][a]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void gramMatricesArePositiveSemidefinite(Activation activation) {
    List<double[][]> sequences = sequences(12, 2, 4, 2, 5);
    sequences.add(sequences.get(0)); // singular
    for (RecurrentKernel kernel :
        List.of(
            RecurrentKernel.nngp(law(activation, InputScale.ONE)),
            RecurrentKernel.ntk(
                law(activation, InputScale.ONE), Trained.ALL, Parametrization.ENTRIES))) {
      for (Output output : Output.values()) {
        double[][] gram = kernel.gram(sequences, output, 2);
        assertThat(factorises(gram, 1e-13)).as("%s", output).isTrue();
        assertThat(factorises(gram, -1e-6)).as("it can fail").isFalse();
      }
    }
  }

  /** Whether Cholesky finds the matrix plus shift times its trace positive definite. */
  private static boolean factorises(double[][] matrix, double shift) {
    int n = matrix.length;
    double trace = 0;
    for (int i = 0; i < n; i++) {
      trace += matrix[i][i];
    }
    double[][] l = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = matrix[i][j] + (i == j ? shift * trace : 0);
        for (int k = 0; k < j; k++) {
          sum -= l[i][k] * l[j][k];
        }
        if (i == j && !(sum > 0)) {
          return false;
        }
        l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
      }
    }
    return true;
  }

  /** Equal sequences: correlation 1 exactly, at any length, also of parallel tokens. */
  @Test
  void equalSequencesKeepAllDigits() {
    double[][] x = sequences(1, 5, 400).get(0);
    NetworkLaw law = new NetworkLaw(Activation.RELU, 2, 1, InputScale.ONE, 0.01, 0, 1);
    assertThat(last(RecurrentKernel.nngp(law), x, x.clone()))
        .isCloseTo(new PlainMoments(law, x, x).nngp(400, 400), within(1e-9));
    double[][] one = {{0.3}};
    double[][] two = {{0.7}};
    NetworkLaw noBias = new NetworkLaw(Activation.RELU, 2, 1, InputScale.ONE, 0, 0, 1);
    RecurrentKernel kernel =
        RecurrentKernel.ntk(noBias, Trained.RECURRENT_AND_INPUT, Parametrization.ENTRIES);
    // Parallel tokens: the gate is 1/2; one ulp of the cosine would make it 1/2 - 2e-9.
    assertThat(last(kernel, one, two)).isCloseTo(0.105, within(1e-16));
  }

  /** Zero tokens before the first one change nothing where h_0 = 0 and there is no bias. */
  @Test
  void leadingZerosAreNothing() {
    double[][] padded = {{0, 0}, {0, 0}, {1, 0}, {0, 1}, {.6, .8}};
    RecurrentKernel kernel = ntk(Preset.PANIGRAHI_GOYAL, 3);
    assertThat(last(kernel, padded, X1)).isEqualTo(last(kernel, X0, X1));
    assertThat(last(kernel, padded, padded)).isCloseTo(last(kernel, X0, X0), within(1e-15));
  }

  @Test
  void wrongSequencesAreNamed() {
    RecurrentKernel kernel = ntk(Preset.PANIGRAHI_GOYAL, 3);
    assertThatThrownBy(() -> kernel.gram(List.of(), Output.LAST, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found none");
    assertThatThrownBy(() -> kernel.between(X0, new double[0][], Output.LAST))
        .hasMessageContaining("sequence 1 is empty");
    assertThatThrownBy(() -> kernel.between(X0, new double[][] {{1, 2, 3}}, Output.LAST))
        .hasMessageContaining("token 0 of sequence 1 has 3 numbers");
    assertThatThrownBy(() -> kernel.between(X0, new double[][] {{1, Double.NaN}}, Output.LAST))
        .hasMessageContaining("NaN, not finite");
    NetworkLaw explosive = new NetworkLaw(Activation.RELU, 8, 1, InputScale.ONE, 0, 0, 1);
    double[][] longOne = sequences(1, 2, 1000).get(0);
    assertThatThrownBy(() -> RecurrentKernel.nngp(explosive).between(longOne, longOne, Output.LAST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at step");
    assertThatThrownBy(() -> kernel.gram(List.of(X0, X1), Output.LAST, 0))
        .hasMessageContaining("allowed is 1 or more");
    assertThatThrownBy(
            () -> new NetworkLaw(Activation.RELU, Double.NaN, 1, InputScale.ONE, 0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weight variance");
    assertThatThrownBy(() -> Preset.ofLabel("wong"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("wang-algorithm");
  }
}
