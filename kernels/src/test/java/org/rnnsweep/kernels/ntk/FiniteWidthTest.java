package org.rnnsweep.kernels.ntk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Monte Carlo: the gradients of networks of width 400 by backpropagation, against the kernels. Each
 * mean of {@value #SEEDS} networks is held to 5 standard errors (a false alarm in 2e6) and 1% of
 * the value for the bias of order L/m; the twins, kernels that forget what the test is about, must
 * be outside of that.
 */
class FiniteWidthTest {
  private static final int WIDTH = 400;
  private static final int SEEDS = 300;

  private static final double[][] X = {{1, 0.2}, {-0.5, 0.9}, {0.4, 0.6}};
  private static final double[][] Y = {{-1, -0.2}, {0.6, -0.9}, {1, 0.3}, {-0.5, 1}, {0.5, 0.7}};

  @ParameterizedTest
  @EnumSource(Activation.class)
  void gradientsOfWideNetworksHaveTheKernels(Activation activation) {
    NetworkLaw law = new NetworkLaw(activation, 1.9, 1.4, InputScale.ONE, 0.1, 0.5, 1.2);
    // NNGP, then last and average of all parameters, then last of W alone.
    double[] sum = new double[4];
    double[] squares = new double[4];
    for (int seed = 0; seed < SEEDS; seed++) {
      Network network = new Network(law, StreamKey.of(404).seed(seed));
      Pass x = new Pass(network, X);
      Pass y = new Pass(network, Y);
      double[] drawn = {
        law.readoutVariance() * PlainMoments.dot(x.h[3], y.h[5]) / WIDTH,
        product(x, y, x.back(Output.LAST), y.back(Output.LAST), true)
            + PlainMoments.dot(x.h[3], y.h[5]) / WIDTH,
        product(x, y, x.back(Output.AVERAGE), y.back(Output.AVERAGE), true)
            + PlainMoments.dot(x.meanState(), y.meanState()) / WIDTH,
        product(x, y, x.back(Output.LAST), y.back(Output.LAST), false),
      };
      for (int i = 0; i < 4; i++) {
        sum[i] += drawn[i];
        squares[i] += drawn[i] * drawn[i];
      }
    }
    RecurrentKernel all = RecurrentKernel.ntk(law, Trained.ALL, Parametrization.ENTRIES);
    RecurrentKernel recurrent =
        RecurrentKernel.ntk(law, Trained.RECURRENT, Parametrization.ENTRIES);
    double[] limit = {
      RecurrentKernel.nngp(law).between(X, Y, Output.LAST)[0][0],
      all.between(X, Y, Output.LAST)[0][0],
      all.between(X, Y, Output.AVERAGE)[0][0],
      recurrent.between(X, Y, Output.LAST)[0][0]
    };
    double[][] firstThree = {Y[0], Y[1], Y[2]};
    for (int i = 0; i < 4; i++) {
      double mean = sum[i] / SEEDS;
      double error = Math.sqrt((squares[i] / SEEDS - mean * mean) / SEEDS);
      double allowed = 5 * error + 0.01 * Math.abs(mean);
      assertThat(Math.abs(mean - limit[i]))
          .as("%s %d: %s +- %s, limit %s", activation, i, mean, error, limit[i])
          .isLessThan(allowed);
      if (i == 1) {
        // Twins: equal times from the start in place of equal depths; W alone.
        double equalTimes = all.between(X, firstThree, Output.LAST)[0][0];
        assertThat(Math.abs(mean - equalTimes)).isGreaterThan(allowed);
        assertThat(Math.abs(mean - limit[3])).isGreaterThan(allowed);
      }
    }
  }

  /** The gradients by W and, with all, by A and b: sums over pairs of steps of products. */
  private static double product(Pass x, Pass y, double[][] u, double[][] v, boolean all) {
    double sum = 0;
    for (int s = 1; s < u.length; s++) {
      for (int t = 1; t < v.length; t++) {
        double direct = PlainMoments.dot(x.h[s - 1], y.h[t - 1]) / WIDTH;
        if (all) {
          direct += PlainMoments.dot(x.tokens[s - 1], y.tokens[t - 1]) + 1;
        }
        sum += direct * PlainMoments.dot(u[s], v[t]);
      }
    }
    return sum;
  }

  private static final class Network {
    final Activation activation;
    final double[] w = new double[WIDTH * WIDTH];
    final double[] a = new double[WIDTH * 2];
    final double[] bias = new double[WIDTH];
    final double[] initial = new double[WIDTH];
    final double[] readout = new double[WIDTH];

    Network(NetworkLaw law, StreamKey key) {
      activation = law.activation();
      NormalStream stream = NormalStream.of(key);
      draw(stream, w, law.weightVariance() / WIDTH);
      draw(stream, a, law.inputVariance());
      draw(stream, bias, law.biasVariance());
      draw(stream, initial, law.initialVariance());
      draw(stream, readout, law.readoutVariance() / WIDTH);
    }

    private static void draw(NormalStream stream, double[] target, double variance) {
      stream.fill(target, 0, target.length);
      for (int i = 0; i < target.length; i++) {
        target[i] *= Math.sqrt(variance);
      }
    }

    double phi(double z) {
      return activation == Activation.RELU ? Math.max(z, 0) : erf(z);
    }

    double slope(double z) {
      return activation == Activation.RELU
          ? z > 0 ? 1 : 0
          : 2 / Math.sqrt(Math.PI) * Math.exp(-z * z);
    }

    /** Abramowitz and Stegun 7.1.26, absolute error 1.5e-7: far below the standard errors. */
    private static double erf(double z) {
      double t = 1 / (1 + 0.3275911 * Math.abs(z));
      double p =
          t
              * (0.254829592
                  + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
      return Math.signum(z) * (1 - p * Math.exp(-z * z));
    }
  }

  private static final class Pass {
    final Network network;
    final double[][] tokens;
    final double[][] h;
    final double[][] slopes;

    Pass(Network network, double[][] tokens) {
      this.network = network;
      this.tokens = tokens;
      h = new double[tokens.length + 1][WIDTH];
      slopes = new double[tokens.length + 1][WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        h[0][i] = network.phi(network.initial[i]);
      }
      for (int t = 1; t < h.length; t++) {
        for (int i = 0; i < WIDTH; i++) {
          double z = network.bias[i];
          for (int j = 0; j < WIDTH; j++) {
            z += network.w[i * WIDTH + j] * h[t - 1][j];
          }
          z += network.a[2 * i] * tokens[t - 1][0] + network.a[2 * i + 1] * tokens[t - 1][1];
          h[t][i] = network.phi(z);
          slopes[t][i] = network.slope(z);
        }
      }
    }

    /** The output's gradients by z_1, .., z_L (index 0 is not used). */
    double[][] back(Output output) {
      int length = tokens.length;
      double[][] gradients = new double[length + 1][WIDTH];
      double[] state = new double[WIDTH];
      for (int t = length; t >= 1; t--) {
        double weight = output == Output.AVERAGE ? 1.0 / length : t == length ? 1 : 0;
        for (int i = 0; i < WIDTH; i++) {
          gradients[t][i] = slopes[t][i] * (state[i] + weight * network.readout[i]);
        }
        Arrays.fill(state, 0);
        for (int i = 0; i < WIDTH; i++) {
          for (int j = 0; j < WIDTH; j++) {
            state[j] += network.w[i * WIDTH + j] * gradients[t][i];
          }
        }
      }
      return gradients;
    }

    double[] meanState() {
      double[] mean = new double[WIDTH];
      for (int t = 1; t < h.length; t++) {
        for (int i = 0; i < WIDTH; i++) {
          mean[i] += h[t][i] / tokens.length;
        }
      }
      return mean;
    }
  }
}
