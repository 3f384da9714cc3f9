package org.rnnsweep.kernels.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.concepts.TokenLaw;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.ntk.Activation;
import org.rnnsweep.kernels.ntk.InputScale;
import org.rnnsweep.kernels.ntk.KernelDescent;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.random.StreamKey;

/** Two methods for one thing: descent on the weights, and in the tangent kernel's space. */
class LinearisedInItsKernelTest {

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
}
