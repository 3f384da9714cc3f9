package org.rnnsweep.kernels.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.concepts.TokenLaw;
import org.rnnsweep.kernels.descent.Descent;
import org.rnnsweep.kernels.descent.Loss;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

class KernelDescentTest {

  /** The weights themselves, the gradient of the sum of a sample's losses written out. */
  @Test
  void isDescentOnTheWeightsOfALinearModel() {
    int samples = 15;
    int outputs = 3;
    int features = 7;
    double rate = 0.4;
    NormalStream normals = NormalStream.of(StreamKey.of(5));
    double[][] phi = new double[samples * outputs][features];
    double[] start = new double[phi.length];
    normals.fill(start, 0, start.length);
    double[] labels = new double[phi.length];
    for (int r = 0; r < phi.length; r++) {
      normals.fill(phi[r], 0, features);
      labels[r] = normals.nextUniform() < 0.5 ? 1 : -1;
    }
    double[][] gram = new double[phi.length][phi.length];
    for (int r = 0; r < phi.length; r++) {
      for (int q = 0; q < phi.length; q++) {
        gram[r][q] = dot(phi[r], phi[q]);
      }
    }
    KernelDescent found = new KernelDescent(gram, start, labels, outputs, rate);

    double[] weights = new double[features];
    for (int i = 0; i < samples; i++) {
      double[] next = weights.clone();
      for (int r = i * outputs; r < (i + 1) * outputs; r++) {
        double margin = labels[r] * (start[r] + dot(phi[r], weights));
        assertThat(found.margins()[r]).isCloseTo(margin, within(1e-10));
        for (int k = 0; k < features; k++) {
          next[k] += rate * labels[r] * phi[r][k] / (1 + Math.exp(margin));
        }
      }
      weights = next;
      assertThat(found.norm(i + 1)).isCloseTo(Math.sqrt(dot(weights, weights)), within(1e-10));
    }
  }

  /** A network that is linear in W, trained by backpropagation, and its tangent kernel's matrix. */
  @Test
  void isDescentOfALinearisedNetwork() {
    int samples = 12;
    int width = 20;
    int length = 3;
    double rate = 0.7;
    Blas blas = Blas.of(new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE));
    NetworkShape shape = new NetworkShape(width, 2, 1, Trained.RECURRENT, Output.LAST, 1, 1);
    NetworkLaw law = new NetworkLaw(Activation.RELU, 2, 0.5, InputScale.ONE, 0, 2, 1);
    TokenLaw tokens = TokenLaw.unit(2);
    StreamKey key = StreamKey.of(8);
    try (Arena arena = Arena.ofBytes(1 << 20)) {
      Network network = Network.draw(arena, Precision.DOUBLE, shape, law, key);
      Descent descent = Descent.linearised(blas, arena, network, Loss.LOGISTIC, 1, length, 0);
      double[] labels = new double[samples];
      double[] start = new double[samples];
      double[] margins = new double[samples];
      Network[] gradients = new Network[samples];
      for (int i = 0; i < samples; i++) {
        double[][] x = tokens.sequence(key.name("x"), i, length);
        labels[i] = x[1][0] > 0 ? 1 : -1;
        descent.pass().forward(network, x);
        start[i] = descent.pass().outputs(0)[0][0];
        descent.pass().backward(new double[][][] {{{1}}});
        gradients[i] = network.zeros(arena);
        descent.pass().addGradient(1, 0, gradients[i]);
      }
      for (int i = 0; i < samples; i++) {
        double[][] x = tokens.sequence(key.name("x"), i, length);
        descent.step(new double[][][] {x}, new double[][][] {{{labels[i]}}}, rate / width);
        margins[i] = labels[i] * descent.pass().outputs(0)[0][0];
      }
      double[][] gram = new double[samples][samples];
      for (int i = 0; i < samples; i++) {
        for (int j = 0; j < samples; j++) {
          gram[i][j] = gradients[i].dot(gradients[j]) / width;
        }
      }
      KernelDescent found = new KernelDescent(gram, start, labels, 1, rate);
      assertThat(found.margins()).containsExactly(margins, within(1e-10));
      double change = Math.sqrt(descent.trained().dot(descent.trained()));
      assertThat(found.norm(samples)).isCloseTo(Math.sqrt(width) * change, within(1e-10));
    }
  }

  @Test
  void saysWhatDoesNotFit() {
    double[][] gram = {{1, 0}, {0, 1}};
    assertThatThrownBy(() -> new KernelDescent(gram, new double[2], new double[2], 3, 1))
        .hasMessageContaining("3 outputs, found 2 rows");
    assertThatThrownBy(() -> new KernelDescent(gram, new double[2], new double[2], 1, 0))
        .hasMessageContaining("rate 0.0");
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }
}
