package org.rnnsweep.kernels.rnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import breeze.linalg.DenseMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;

class ForwardPassTest {
  private static final StreamKey ROOT = StreamKey.of(20250101);
  private static final int WIDTH = 150;
  private static final int DIMENSION = 3;
  private static final int BATCH = 21;

  /** The second method: loops over Breeze matrices, h = D (W h + A x) with the sum in the open. */
  @ParameterizedTest
  @EnumSource(
      value = Library.class,
      names = {"NATIVE", "JAVA"})
  void statesAgreeWithPlainLoops(Library library) {
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      ElmanNetwork network = network(arena, Precision.DOUBLE, 0);
      ForwardPass pass = new ForwardPass(blas(library), arena, network, BATCH);
      DenseMatrix<Object> w = breeze(network.recurrent());
      DenseMatrix<Object> a = breeze(network.input());
      double[][] h = new double[BATCH][WIDTH];
      double[] pattern = new double[WIDTH];
      double[] state = new double[WIDTH];
      pass.reset();
      for (int step = 1; step <= 5; step++) {
        OffHeapMatrix x = input(arena, step, Precision.DOUBLE);
        pass.step(x);
        for (int s = 0; s < BATCH; s++) {
          double[] next = new double[WIDTH];
          pass.hidden().getRow(s, state);
          pass.signPattern(s, pattern);
          for (int i = 0; i < WIDTH; i++) {
            double z = 0;
            double size = 0;
            for (int j = 0; j < WIDTH; j++) {
              z += (double) w.apply(i, j) * h[s][j];
              size += Math.abs((double) w.apply(i, j) * h[s][j]);
            }
            for (int j = 0; j < DIMENSION; j++) {
              z += (double) a.apply(i, j) * x.get(s, j);
              size += Math.abs((double) a.apply(i, j) * x.get(s, j));
            }
            next[i] = Math.max(z, 0);
            // Both sums round each of m + d terms; each earlier step's error is carried on once.
            double bound = 2.0 * step * (WIDTH + DIMENSION) * 0x1p-53 * (size + 1);
            assertThat(Math.abs(state[i] - next[i])).isLessThanOrEqualTo(bound);
            if (Math.abs(z) > bound) {
              assertThat(pattern[i]).isEqualTo(z > 0 ? 1 : 0);
            }
          }
          h[s] = next;
        }
      }
    }
  }

  @Test
  void aPreactivationOfZeroCountsAsPositive() {
    try (Arena arena = Arena.ofBytes(1 << 20)) {
      OffHeapMatrix w = arena.matrix(4, 4, Precision.DOUBLE);
      OffHeapMatrix a = arena.matrix(4, 1, Precision.DOUBLE);
      double[] weights = {1, -1, 0, -0.0};
      for (int i = 0; i < 4; i++) {
        a.set(i, 0, weights[i]);
      }
      ForwardPass pass = new ForwardPass(blas(Library.JAVA), arena, new ElmanNetwork(w, a), 2);
      OffHeapMatrix x = arena.matrix(2, 1, Precision.DOUBLE);
      x.set(0, 0, 2);
      x.set(1, 0, -2);
      pass.reset();
      double[] pattern = new double[4];
      pass.signPattern(0, pattern);
      assertThat(pattern).containsExactly(1, 1, 1, 1);
      pass.step(x);
      pass.signPattern(0, pattern);
      assertThat(pattern).containsExactly(1, 0, 1, 1);
      pass.signPattern(1, pattern);
      assertThat(pattern).containsExactly(0, 1, 1, 1);
      assertThat(pass.hidden().get(0, 0)).isEqualTo(2);
      assertThat(pass.hidden().get(1, 0)).isZero();
      x.set(0, 0, Double.NaN);
      pass.step(x);
      assertThat(pass.hidden().get(0, 0)).as("NaN is never made a number").isNaN();
      assertThatThrownBy(() -> pass.signPattern(0, new double[3]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a sign pattern has 4 entries, found room for 3");
    }
  }

  /** The sum in full, W h^(0) added to A x, against the step that leaves the zeros out. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void theFirstStepHasTheBitsOfTheWholeSum(Precision precision) {
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      ElmanNetwork network = network(arena, precision, 0);
      OffHeapMatrix x = input(arena, 1, precision);
      Blas blas = Blas.of(new NumericsProfile(Library.NATIVE, precision));
      ForwardPass pass = new ForwardPass(blas, arena, network, BATCH);
      pass.reset();
      pass.step(x);
      OffHeapMatrix whole = arena.matrix(BATCH, WIDTH, precision);
      OffHeapMatrix zero = arena.matrix(BATCH, WIDTH, precision);
      blas.gemm(Transpose.NO, Transpose.YES, 1, x, network.input(), 0, whole);
      blas.gemm(Transpose.NO, Transpose.YES, 1, zero, network.recurrent(), 1, whole);
      for (int i = 0; i < BATCH; i++) {
        for (int j = 0; j < WIDTH; j++) {
          double z = whole.get(i, j);
          double h = z >= 0 ? z + 0.0 : -0.0;
          assertThat(Double.doubleToRawLongBits(pass.hidden().get(i, j)))
              .isEqualTo(Double.doubleToRawLongBits(h));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void bitsAreThoseOfAnyOtherPass(Precision precision) {
    List<double[][]> states = states(precision, 6, 0);
    for (int length = 1; length < 6; length++) {
      List<double[][]> shorter = states(precision, length, 0);
      assertThat(shorter.get(length - 1)).isDeepEqualTo(states.get(length - 1));
    }
    List<double[][]> elsewhere =
        CompletableFuture.supplyAsync(() -> states(precision, 6, 24)).join();
    for (int step = 0; step < 6; step++) {
      assertThat(elsewhere.get(step)).isDeepEqualTo(states.get(step));
    }
  }

  @Test
  void resettingForgetsEverything() {
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      ElmanNetwork network = network(arena, Precision.DOUBLE, 0);
      ForwardPass pass = new ForwardPass(blas(Library.NATIVE), arena, network, BATCH);
      OffHeapMatrix x = input(arena, 1, Precision.DOUBLE);
      pass.step(x);
      double[][] first = dense(pass.hidden());
      pass.step(x);
      pass.reset();
      pass.step(x);
      assertThat(dense(pass.hidden())).isDeepEqualTo(first);
    }
  }

  @Test
  void singleStatesAreTheDoubleOnesToSinglePrecision() {
    List<double[][]> exact = states(Precision.DOUBLE, 4, 0);
    List<double[][]> rounded = states(Precision.SINGLE, 4, 0);
    for (int step = 0; step < 4; step++) {
      double error = 0;
      double norm = 0;
      for (int s = 0; s < BATCH; s++) {
        for (int i = 0; i < WIDTH; i++) {
          error += Math.pow(exact.get(step)[s][i] - rounded.get(step)[s][i], 2);
          norm += Math.pow(exact.get(step)[s][i], 2);
        }
      }
      // A step rounds W, A, x and each of m + d partial sums, independently: sqrt(m) units of
      // error.
      double bound = (step + 1) * Math.sqrt(WIDTH) * 0x1p-24;
      assertThat(Math.sqrt(error / norm)).isLessThan(bound).isGreaterThan(0x1p-26);
    }
  }

  /**
   * For he, z^(1) = A x^(1) and, where x^(2) is orthogonal to x^(1), z^(2) given h^(1) are N(0,
   * (2/m)(||h||^2 + ||x||^2)), and half of the square survives: E ||h^(1)||^2 = ||x^(1)||^2 and E
   * ||h^(2)||^2 = ||x^(1)||^2 + ||x^(2)||^2 exactly, for every m. (From the third step on W has
   * been used before: the law holds up to O(1/m) only, and at m = 60 that is seen.) 4,000 networks;
   * the tolerance is 4 standard errors of their mean: two checks, 6e-5 each. The twin is 5% too
   * wide.
   */
  @Test
  void squaredNormsFollowTheirExactMean() {
    for (double value : zOfNorms(1)) {
      assertThat(Math.abs(value)).isLessThan(4);
    }
    for (double value : zOfNorms(Math.sqrt(1.05))) {
      assertThat(value).isGreaterThan(4);
    }
  }

  private static double[] zOfNorms(double scale) {
    int width = 30;
    int networks = 4000;
    double[][] inputs = {{0.6, -0.8}, {1.6, 1.2}};
    double[] expected = {1, 1 + 4};
    double[] sum = new double[2];
    double[] squares = new double[2];
    try (Arena arena = Arena.ofBytes(1 << 20)) {
      OffHeapMatrix x = arena.matrix(1, 2, Precision.DOUBLE);
      OffHeapMatrix w = arena.matrix(width, width, Precision.DOUBLE);
      OffHeapMatrix a = arena.matrix(width, 2, Precision.DOUBLE);
      ForwardPass pass = new ForwardPass(blas(Library.NATIVE), arena, new ElmanNetwork(w, a), 1);
      double[] h = new double[width];
      double sd = scale * Initialization.HE.standardDeviation(width);
      for (int seed = 0; seed < networks; seed++) {
        GaussianMatrix.fill(w, ROOT.seed(seed).name("norm-W"), sd);
        GaussianMatrix.fill(a, ROOT.seed(seed).name("norm-A"), sd);
        pass.reset();
        for (int step = 0; step < 2; step++) {
          x.putRow(0, inputs[step]);
          pass.step(x);
          pass.hidden().getRow(0, h);
          double norm = 0;
          for (double value : h) {
            norm += value * value;
          }
          sum[step] += norm;
          squares[step] += norm * norm;
        }
      }
    }
    double[] z = new double[2];
    for (int step = 0; step < 2; step++) {
      double mean = sum[step] / networks;
      double variance = squares[step] / networks - mean * mean;
      z[step] = (mean - expected[step]) / Math.sqrt(variance / networks);
    }
    return z;
  }

  @Test
  void networksShareWhatTheirKeysSayTheyShare() {
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      ElmanNetwork base = network(arena, Precision.DOUBLE, 0);
      ElmanNetwork seed = network(arena, Precision.DOUBLE, 1);
      ElmanNetwork wider =
          ElmanNetwork.draw(arena, Precision.DOUBLE, WIDTH, 5, Initialization.HE, ROOT.seed(0));
      assertThat(dense(wider.recurrent())).isDeepEqualTo(dense(base.recurrent()));
      assertThat(wider.input().get(0, 0)).isNotEqualTo(base.input().get(0, 0));
      assertThat(seed.recurrent().get(0, 0)).isNotEqualTo(base.recurrent().get(0, 0));
      ElmanNetwork unit =
          ElmanNetwork.draw(arena, Precision.DOUBLE, WIDTH, 3, Initialization.UNIT, ROOT.seed(0));
      assertThat(unit.recurrent().get(4, 5) * Math.sqrt(2.0 / WIDTH))
          .isEqualTo(base.recurrent().get(4, 5));
      long before = arena.used();
      network(arena, Precision.SINGLE, 0);
      assertThat(arena.used() - before)
          .isEqualTo(ElmanNetwork.memoryBytes(WIDTH, DIMENSION, Precision.SINGLE));
      before = arena.used();
      ForwardPass pass = new ForwardPass(blas(Library.JAVA), arena, base, BATCH);
      assertThat(arena.used() - before)
          .isEqualTo(ForwardPass.memoryBytes(WIDTH, BATCH, Precision.DOUBLE));
      double counted = 0;
      pass.reset();
      for (int step = 1; step <= 3; step++) {
        pass.step(input(arena, step, Precision.DOUBLE));
        counted += pass.lastStepFlops();
      }
      assertThat(counted)
          .isEqualTo(2.0 * WIDTH * (3 * DIMENSION + 2 * WIDTH) * BATCH)
          .isEqualTo(ForwardPass.flops(WIDTH, DIMENSION, 3, BATCH));
    }
  }

  @Test
  void lawsAreFoundByName() {
    assertThat(Initialization.ofLabel("he").standardDeviation(50)).isEqualTo(0.2);
    assertThat(Initialization.ofLabel("unit").standardDeviation(50)).isEqualTo(1);
    assertThatThrownBy(() -> Initialization.ofLabel("xavier"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no initialization is called 'xavier', the names are he, unit");
    assertThatThrownBy(() -> Initialization.HE.standardDeviation(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a width is at least 1, found 0");
  }

  private static List<double[][]> states(Precision precision, int steps, int bytesBefore) {
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      arena.matrix(1, bytesBefore, Precision.SINGLE);
      ElmanNetwork network = network(arena, precision, 0);
      ForwardPass pass = new ForwardPass(blas(Library.NATIVE), arena, network, BATCH);
      pass.reset();
      List<double[][]> states = new ArrayList<>();
      for (int step = 1; step <= steps; step++) {
        pass.step(input(arena, step, precision));
        states.add(dense(pass.hidden()));
      }
      return states;
    }
  }

  private static Blas blas(Library library) {
    return Blas.of(new NumericsProfile(library, Precision.DOUBLE));
  }

  private static ElmanNetwork network(Arena arena, Precision precision, int seed) {
    return ElmanNetwork.draw(
        arena, precision, WIDTH, DIMENSION, Initialization.HE, ROOT.seed(seed));
  }

  private static OffHeapMatrix input(Arena arena, int step, Precision precision) {
    OffHeapMatrix x = arena.matrix(BATCH, DIMENSION, precision);
    GaussianMatrix.fill(x, ROOT.name("x").with("step", step), 1);
    return x;
  }

  private static double[][] dense(OffHeapMatrix matrix) {
    double[][] values = new double[(int) matrix.rows()][(int) matrix.columns()];
    for (int i = 0; i < values.length; i++) {
      matrix.getRow(i, values[i]);
    }
    return values;
  }

  private static DenseMatrix<Object> breeze(OffHeapMatrix matrix) {
    int rows = (int) matrix.rows();
    int columns = (int) matrix.columns();
    double[] values = new double[rows * columns];
    for (int j = 0; j < columns; j++) {
      for (int i = 0; i < rows; i++) {
        values[j * rows + i] = matrix.get(i, j);
      }
    }
    return new DenseMatrix<>(rows, columns, values);
  }
}
