package org.rnnsweep.kernels.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Preset;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.operator.DenseGaussian;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.SymmetricEigen;
import org.rnnsweep.kernels.stability.TokenFamily;
import org.rnnsweep.kernels.stability.Trajectory;

class TangentMatrixTest {
  private static final Blas BLAS =
      Blas.of(new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE));
  private static final StreamKey KEY = StreamKey.of(43).seed(1);
  private static final int M = 40;
  private static final int LENGTH = 4;
  private static final NetworkShape SHAPE =
      new NetworkShape(M, 4, 2, Trained.RECURRENT, Output.EVERY_STEP, 2, 1);

  /** Two sequences: the gradients of all twelve outputs, formed, against factored forms of them. */
  @Test
  void factoredFormsAgreeWithFormedGradients() {
    double[][][] x = TokenFamily.UNRELATED.draw(KEY.name("x"), 2, 4, 0.5, LENGTH);
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      Network network =
          Network.draw(
              arena,
              Precision.DOUBLE,
              SHAPE,
              Network.law(Preset.ALLEN_ZHU_LI_SONG, LENGTH, M),
              KEY);
      DenseGaussian w = DenseGaussian.of(BLAS, network.recurrent());
      Trajectory states = new Trajectory(BLAS, arena, w, network.input(), 2, LENGTH);
      for (int l = 0; l < LENGTH; l++) {
        states.step(new double[][] {x[0][l], x[1][l]});
      }
      double[][] kernel = TangentMatrix.of(BLAS, arena, w, network.readout(), states);
      Pass pass = new Pass(BLAS, arena, SHAPE, Precision.DOUBLE, 2, LENGTH, false);
      pass.forward(network, x);
      Network[] gradients = new Network[12];
      for (int o = 0; o < 12; o++) {
        double[][][] unit = new double[2][3][2];
        unit[o / 6][o / 2 % 3][o % 2] = 1;
        pass.backward(unit);
        gradients[o] = network.zeros(arena);
        pass.addGradient(1, 0, gradients[o]);
        for (int p = 0; p <= o; p++) {
          double expected = gradients[o].dot(gradients[p]);
          assertThat(kernel[o][p]).isCloseTo(expected, within(1e-11));
          assertThat(kernel[p][o]).isCloseTo(expected, within(1e-11));
        }
      }
      List<SymmetricEigen> spectrum = TangentMatrix.spectrum(kernel);
      double trace = 0;
      for (int o = 0; o < 12; o++) {
        trace += kernel[o][o] - spectrum.get(o).value();
      }
      assertThat(trace).isCloseTo(0, within(1e-10));
      assertThat(spectrum.get(0).value()).isBetween(0.0, spectrum.get(11).value());
      compareOuterSum(arena, pass, gradients[11]);
    }
  }

  /** Descent of the linearised network, step by step, against its closed form in modes. */
  @Test
  void modesSayHowTheLinearisedNetworkDescends() {
    double[][][] x = TokenFamily.UNRELATED.draw(KEY.name("x"), 2, 4, 0.5, LENGTH);
    double[][][] y = new double[2][LENGTH - 1][2];
    y[0][1][0] = 1;
    try (Arena arena = Arena.ofBytes(1 << 20)) {
      NetworkLaw law = Network.law(Preset.ALLEN_ZHU_LI_SONG, LENGTH, M);
      Network network = Network.draw(arena, Precision.DOUBLE, SHAPE, law, KEY);
      DenseGaussian w = DenseGaussian.of(BLAS, network.recurrent());
      Trajectory states = new Trajectory(BLAS, arena, w, network.input(), 2, LENGTH);
      for (int l = 0; l < LENGTH; l++) {
        states.step(new double[][] {x[0][l], x[1][l]});
      }
      Descent descent = Descent.linearised(BLAS, arena, network, Loss.SQUARED, 2, LENGTH, 0);
      descent.forward(x);
      double[][][] errors = {descent.pass().outputs(0), descent.pass().outputs(1)};
      errors[0][1][0] -= 1;
      double[][] kernel = TangentMatrix.of(BLAS, arena, w, network.readout(), states);
      TangentModes modes = TangentModes.of(kernel, errors);
      double rate = 1 / modes.largest();
      Network zero = network.zeros(arena);
      for (int t = 0; t < 20; t++) {
        assertThat(modes.distance(rate, t))
            .isCloseTo(descent.trained().distance(zero), within(1e-11));
        assertThat(modes.loss(rate, t)).isCloseTo(descent.step(x, y, rate), within(1e-11));
      }
      assertThat(modes.distance(rate, 1)).isCloseTo(rate * modes.gradient(), within(1e-12));
      assertThat(modes.least()).isBetween(0.0, modes.largest() / 2);
    }
  }

  /** The last gradient, and its difference from the one at twice the errors. */
  private static void compareOuterSum(Arena arena, Pass pass, Network gradient) {
    OffHeapMatrix g = gradient.recurrent();
    try (OuterSum sum = new OuterSum(BLAS, arena, M, 12);
        Network zero = gradient.zeros(arena)) {
      sum.add(1, pass.signals(2, LENGTH), pass.states(1, LENGTH - 1));
      double norm = Network.frobeniusDistance(g, zero.recurrent());
      assertThat(sum.frobenius()).isCloseTo(norm, within(1e-12));
      double[] rows = sum.rowNorms();
      double[] row = new double[M];
      for (int k = 0; k < M; k++) {
        g.getRow(k, row);
        double square = 0;
        for (double entry : row) {
          square += entry * entry;
        }
        assertThat(rows[k]).isCloseTo(Math.sqrt(square), within(1e-7));
      }
      assertThat(sum.spectral(KEY))
          .isCloseTo(gradient.spectralDistance(BLAS, arena, zero, M, KEY), within(1e-9));
      // <G, p q^T> = p^T G q with the first two unit vectors.
      OffHeapMatrix p = arena.matrix(1, M, Precision.DOUBLE);
      OffHeapMatrix q = arena.matrix(1, M, Precision.DOUBLE);
      p.set(0, 0, 1);
      q.set(0, 1, 1);
      assertThat(sum.dot(p, q)).isCloseTo(g.get(0, 1), within(1e-14));
      sum.add(-2, pass.signals(2, LENGTH), pass.states(1, LENGTH - 1));
      assertThat(sum.frobenius()).isCloseTo(norm, within(1e-7));
    }
  }
}
