package org.rnnsweep.kernels.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ludovic.netlib.lapack.LAPACK;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.netlib.util.intW;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.Pass;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.ntk.Activation;
import org.rnnsweep.kernels.ntk.InputScale;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Parametrization;
import org.rnnsweep.kernels.ntk.RecurrentKernel;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.NormalizedInput;

/** Against gradients by finite differences, and LAPACK's singular values of the formed sum. */
class RademacherTest {
  private static final Blas BLAS =
      Blas.of(new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE));
  private static final NetworkLaw LAW =
      new NetworkLaw(Activation.RELU, 2, 2, InputScale.ONE, 0, 0, 1);
  private static final SequenceLaw DATA =
      new SequenceLaw(NormalizedInput.Law.SPREAD, 4, 0.7, SequenceLaw.End.SMALL);
  private static final int WIDTH = 8;
  private static final int COUNT = 3;

  private final Arena arena = Arena.ofBytes(1L << 28);
  private Network network;
  private List<double[][]> sequences;

  @BeforeEach
  void draw() {
    network = network(WIDTH);
    sequences = new ArrayList<>();
    for (int q = 0; q < COUNT; q++) {
      sequences.add(DATA.sequence(StreamKey.of(5).name("data"), q, 4));
    }
  }

  private Network network(int width) {
    return Network.draw(
        arena, Precision.DOUBLE, TangentFactors.shape(width, 4), LAW, StreamKey.of(3).seed(1));
  }

  @AfterEach
  void release() {
    network.close();
    assertThat(arena.used()).isZero();
    arena.close();
  }

  @Test
  void gramIsThatOfDifferences() {
    try (TangentFactors factors = new TangentFactors(BLAS, arena, network, sequences)) {
      double[][] w = differences(network.recurrent());
      double[][] a = differences(network.input());
      double[][] recurrent = factors.recurrentGram();
      double[][] input = factors.inputGram();
      for (int q = 0; q < COUNT; q++) {
        for (int r = 0; r < COUNT; r++) {
          assertThat(recurrent[q][r]).isCloseTo(dot(w[q], w[r]) / WIDTH, within(1e-7));
          assertThat(input[q][r]).isCloseTo(dot(a[q], a[r]) / WIDTH, within(1e-7));
        }
      }
    }
  }

  @Test
  void bothBallsHaveTheDualNormsOfTheSum() {
    StreamKey key = StreamKey.of(11);
    double[][] w = differences(network.recurrent());
    double frobenius = 0;
    double nuclear = 0;
    int draws = 5;
    for (int k = 0; k < draws; k++) {
      double[] signs = LinearComplexity.signs(key, k, COUNT);
      double[] sum = new double[WIDTH * WIDTH];
      for (int q = 0; q < COUNT; q++) {
        for (int e = 0; e < sum.length; e++) {
          sum[e] += signs[q] * w[q][e];
        }
      }
      frobenius += Math.sqrt(dot(sum, sum)) / draws;
      nuclear += nuclear(sum) / draws;
    }
    double scale = 2.5 / (COUNT * Math.sqrt(WIDTH));
    try (TangentFactors factors = new TangentFactors(BLAS, arena, network, sequences)) {
      assertThat(LinearComplexity.frobenius(factors.recurrentGram(), 2.5, key, draws))
          .isCloseTo(scale * frobenius, within(1e-7));
      assertThat(LinearComplexity.spectral(BLAS, arena, factors, 2.5, key, draws))
          .isCloseTo(scale * nuclear, within(1e-6))
          .isGreaterThan(1.05 * scale * frobenius);
    }
  }

  @Test
  void aSmallBallIsLinearAndAscentNeverLoses() {
    double[] signs = {1, -1, 1};
    double small = 1e-4;
    try (TangentFactors factors = new TangentFactors(BLAS, arena, network, sequences)) {
      double linear =
          LinearComplexity.norm(factors.recurrentGram(), signs)
              + LinearComplexity.norm(factors.inputGram(), signs);
      NetworkComplexity found =
          NetworkComplexity.climb(BLAS, arena, network, sequences, signs, small, 1);
      assertThat(found.first() / small).isCloseTo(linear / COUNT, within(1e-3));
      NetworkComplexity further =
          NetworkComplexity.climb(BLAS, arena, network, sequences, signs, 4, 5);
      assertThat(further.best()).isGreaterThanOrEqualTo(further.first());
    }
  }

  @Test
  void wideGramIsTheInfiniteOne() {
    double[][] limit =
        RecurrentKernel.ntk(LAW, Trained.RECURRENT, Parametrization.ENTRIES)
            .gram(sequences, Output.LAST, 1);
    try (Network wide = network(1024);
        TangentFactors factors = new TangentFactors(BLAS, arena, wide, sequences)) {
      double[][] gram = factors.recurrentGram();
      for (int q = 0; q < COUNT; q++) {
        // Deviations are some 3/sqrt(m) of the value: 0.1 is more than their fourfold.
        assertThat(gram[q][0] / limit[q][0]).isCloseTo(1, within(0.4));
      }
    }
  }

  /** Central differences of F(x_q) by every entry, a row a sequence. */
  private double[][] differences(OffHeapMatrix matrix) {
    int columns = Math.toIntExact(matrix.columns());
    double[][] found = new double[COUNT][Math.toIntExact(matrix.rows()) * columns];
    double step = 1e-6;
    for (int e = 0; e < found[0].length; e++) {
      double entry = matrix.get(e / columns, e % columns);
      matrix.set(e / columns, e % columns, entry + step);
      double[] above = outputs();
      matrix.set(e / columns, e % columns, entry - step);
      double[] below = outputs();
      matrix.set(e / columns, e % columns, entry);
      for (int q = 0; q < COUNT; q++) {
        found[q][e] = (above[q] - below[q]) / (2 * step);
      }
    }
    return found;
  }

  private double[] outputs() {
    try (Pass pass = new Pass(BLAS, arena, network.shape(), Precision.DOUBLE, COUNT, 4, false)) {
      pass.forward(network, sequences.toArray(double[][][]::new));
      return new double[] {pass.outputs(0)[0][0], pass.outputs(1)[0][0], pass.outputs(2)[0][0]};
    }
  }

  private static double nuclear(double[] matrix) {
    double[] values = new double[WIDTH];
    double[] work = new double[1024];
    intW info = new intW(0);
    LAPACK
        .getInstance()
        .dgesvd(
            "N",
            "N",
            WIDTH,
            WIDTH,
            matrix.clone(),
            WIDTH,
            values,
            new double[1],
            1,
            new double[1],
            1,
            work,
            work.length,
            info);
    assertThat(info.val).isZero();
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }
}
