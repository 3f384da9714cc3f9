package org.rnnsweep.kernels.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

class FiniteNetworkTest {
  private static final Blas BLAS = Blas.of(new NumericsProfile(Library.NATIVE, Precision.DOUBLE));

  private static List<double[][]> sequences(int count, int length, int dimension) {
    NormalStream stream = NormalStream.of(StreamKey.of(13));
    List<double[][]> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sequences.add(PlainMoments.sequence(stream, length, dimension));
    }
    return sequences;
  }

  private static NetworkLaw law(double inputVariance, double readoutVariance) {
    return new NetworkLaw(Activation.RELU, 2, inputVariance, InputScale.ONE, 0, 2, readoutVariance);
  }

  /** What one network gave. */
  private record Found(double[][] gram, double[][][] states, double[][][] backs, long peak) {}

  private static Found run(
      Representation representation,
      long m,
      double inputVariance,
      double readoutVariance,
      Trained trained,
      List<double[][]> sequences,
      StreamKey key) {
    int n = sequences.size();
    int length = sequences.get(0).length;
    int d = sequences.get(0)[0].length;
    Products products = FiniteNetwork.products(n, length);
    long bytes =
        FiniteNetwork.memoryBytes(m, d, n, length, Precision.DOUBLE)
            + representation.memoryBytes(m, m, products, Precision.DOUBLE);
    try (Arena arena = Arena.ofBytes(bytes);
        GaussianOperator w =
            representation.draw(
                BLAS,
                arena,
                Precision.DOUBLE,
                m,
                m,
                Math.sqrt(2.0 / m),
                products,
                key.name("W").with("width", m));
        FiniteNetwork network =
            new FiniteNetwork(BLAS, arena, w, inputVariance, readoutVariance, sequences, key)) {
      int steps = 1;
      while (network.advance()) {
        steps++;
      }
      assertThat(steps).isEqualTo(FiniteNetwork.steps(length));
      double[][][] states = new double[length + 1][][];
      double[][][] backs = new double[length + 1][][];
      TangentGram gram = new TangentGram(trained, sequences);
      for (int l = 1; l <= length; l++) {
        states[l - 1] = network.stateProducts(l - 1);
        backs[l] = network.backProducts(l);
        gram.add(l, backs[l], states[l - 1]);
      }
      states[length] = network.stateProducts(length);
      gram.addReadout(states[length]);
      return new Found(gram.values(), states, backs, arena.peak());
    }
  }

  /** A network in plain arrays, of the same draws; f(W, A, b, B) for finite differences. */
  private static final class Plain {
    final int m;
    final double[] parameters; // W, A, b, B, one after the other
    final double[] first;
    final int d;

    Plain(int m, int d, double inputVariance, double readoutVariance, StreamKey key) {
      this.m = m;
      this.d = d;
      parameters = new double[m * m + m * d + 2 * m];
      first = new double[m];
      fill(m, m, 2.0 / m, key.name("W"), parameters, 0);
      fill(m, d, inputVariance / m, key.name("A"), parameters, m * m);
      fill(1, m, readoutVariance, key.name("B"), parameters, m * m + m * d + m);
      fill(1, m, 2.0 / m, key.name("M"), first, 0);
      for (int k = 0; k < m; k++) {
        first[k] = Math.max(first[k], 0);
      }
    }

    private void fill(int rows, int columns, double variance, StreamKey key, double[] to, int at) {
      try (Arena arena = Arena.ofBytes(8L * rows * columns)) {
        OffHeapMatrix drawn = arena.matrix(rows, columns, Precision.DOUBLE);
        GaussianMatrix.fill(drawn, key.with("width", m), Math.sqrt(variance));
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            to[at + i * columns + j] = drawn.get(i, j);
          }
        }
      }
    }

    double output(double[][] x) {
      double[] h = first;
      for (double[] token : x) {
        double[] next = new double[m];
        for (int i = 0; i < m; i++) {
          double z = parameters[m * m + m * d + i];
          for (int j = 0; j < m; j++) {
            z += parameters[i * m + j] * h[j];
          }
          for (int k = 0; k < d; k++) {
            z += parameters[m * m + i * d + k] * token[k];
          }
          next[i] = Math.max(z, 0);
        }
        h = next;
      }
      double sum = 0;
      for (int i = 0; i < m; i++) {
        sum += parameters[m * m + m * d + m + i] * h[i];
      }
      return sum;
    }

    /**
     * Central differences: f is piecewise a polynomial of degree L in each entry, so the error is
     * 1e-10 of f by rounding and 1e-10 by the third derivative.
     */
    double[] gradient(double[][] x) {
      double step = 1e-5;
      double[] gradient = new double[parameters.length];
      for (int p = 0; p < gradient.length; p++) {
        double value = parameters[p];
        parameters[p] = value + step;
        double above = output(x);
        parameters[p] = value - step;
        gradient[p] = (above - output(x)) / (2 * step);
        parameters[p] = value;
      }
      return gradient;
    }
  }

  /** Brute force: every entry of every gradient, m = 30. */
  @ParameterizedTest
  @EnumSource(Trained.class)
  void theGramMatrixIsThatOfTheGradients(Trained trained) {
    int m = 30;
    int d = 3;
    double inputVariance = 0.7;
    double readoutVariance = 1.3;
    List<double[][]> sequences = sequences(3, 4, d);
    StreamKey key = StreamKey.of(5).seed(1);
    Found found =
        run(Representation.DENSE, m, inputVariance, readoutVariance, trained, sequences, key);
    Plain plain = new Plain(m, d, inputVariance, readoutVariance, key);
    double[][] gradients = new double[3][];
    for (int i = 0; i < 3; i++) {
      gradients[i] = plain.gradient(sequences.get(i));
    }
    int used =
        switch (trained) {
          case RECURRENT -> m * m;
          case RECURRENT_AND_INPUT -> m * m + m * d;
          case ALL -> m * m + m * d + m;
        };
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double expected = 0;
        for (int p = 0; p < used; p++) {
          expected += gradients[i][p] * gradients[j][p] / m;
        }
        if (trained == Trained.ALL) {
          for (int p = used; p < gradients[i].length; p++) {
            expected += gradients[i][p] * gradients[j][p];
          }
        }
        assertThat(found.gram()[i][j]).isCloseTo(expected, within(1e-7 * Math.abs(expected)));
        assertThat(found.gram()[i][j]).isCloseTo(found.gram()[j][i], within(1e-13));
      }
    }
  }

  /** With the state after the step in place of the one before it: as (23) is printed. */
  @Test
  void thePrintedPairOfLayersIsNotTheGradient() {
    int m = 30;
    List<double[][]> sequences = sequences(2, 3, 2);
    StreamKey key = StreamKey.of(5).seed(2);
    Found found = run(Representation.DENSE, m, 0.5, 1, Trained.RECURRENT, sequences, key);
    TangentGram printed = new TangentGram(Trained.RECURRENT, sequences);
    for (int l = 1; l <= 3; l++) {
      printed.add(l, found.backs()[l], found.states()[l]);
    }
    double[] gradient = new Plain(m, 2, 0.5, 1, key).gradient(sequences.get(0));
    double expected = 0;
    for (int p = 0; p < m * m; p++) {
      expected += gradient[p] * gradient[p] / m;
    }
    assertThat(found.gram()[0][0]).isCloseTo(expected, within(1e-7 * expected));
    assertThat(printed.values()[0][0]).isNotCloseTo(expected, within(1e-2 * expected));
  }

  /**
   * Means over 60 networks of width 3000 against the limits: 5 standard errors (a false alarm in
   * 1.7e6 each, a few hundred numbers: 1e-4 in all) and 10/m of bias. The twin is the limit of an
   * untied network, which has no correlation of unequal times but the means'.
   */
  @ParameterizedTest
  @EnumSource(Representation.class)
  void allProductsHaveTheirLimits(Representation representation) {
    int length = 4;
    int seeds = 60;
    long m = representation == Representation.DENSE ? 700 : 3000;
    List<double[][]> sequences = sequences(2, length, 2);
    NetworkLaw law = law(0.8, 1);
    LimitCorrelations limits = LimitCorrelations.of(law, sequences);
    double[][] tangent =
        RecurrentKernel.ntk(law, Trained.RECURRENT, Parametrization.ENTRIES)
            .gram(sequences, Output.LAST, 1);
    Moments moments = new Moments();
    for (int seed = 0; seed < seeds; seed++) {
      Found found =
          run(representation, m, 0.8, 1, Trained.RECURRENT, sequences, StreamKey.of(17).seed(seed));
      moments.begin();
      for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
          for (int a = 0; a <= length; a++) {
            for (int b = a; b <= length; b++) {
              moments.add(found.states()[a][i][(b - a) * 2 + j], limits.states(i, a, j, b));
              if (a > 0) {
                moments.add(
                    found.backs()[a][i][(b - a) * 2 + j], a == b ? limits.backs(i, j, a) : 0);
              }
            }
          }
          moments.add(found.gram()[i][j], tangent[i][j]);
        }
      }
    }
    for (int k = 0; k < moments.limits.size(); k++) {
      double allowed = 5 * moments.standardError(k, seeds) + 10.0 / m;
      assertThat(moments.mean(k, seeds))
          .as("product %d", k)
          .isCloseTo(moments.limits.get(k), within(allowed));
    }
    // The twin: states of steps 1 and 2 of one sequence.
    double untied = Math.sqrt(limits.states(0, 1, 0, 1) * limits.states(0, 2, 0, 2)) / Math.PI;
    assertThat(Math.abs(limits.states(0, 1, 0, 2) - untied)).isGreaterThan(0.1);
  }

  private static final class Moments {
    final List<Double> limits = new ArrayList<>();
    private final List<Double> sums = new ArrayList<>();
    private final List<Double> squares = new ArrayList<>();
    private int at;

    void begin() {
      at = 0;
    }

    void add(double value, double limit) {
      if (at == limits.size()) {
        limits.add(limit);
        sums.add(0.0);
        squares.add(0.0);
      }
      sums.set(at, sums.get(at) + value);
      squares.set(at, squares.get(at) + value * value);
      at++;
    }

    double mean(int k, int seeds) {
      return sums.get(k) / seeds;
    }

    double standardError(int k, int seeds) {
      double mean = mean(k, seeds);
      return Math.sqrt(Math.max(0, squares.get(k) / seeds - mean * mean) / (seeds - 1));
    }
  }

  /** B ~ N(0, 1/m) as printed: the kernel of B ~ N(0, 1) over m, draw by draw. */
  @Test
  void theLiteralReadoutDividesTheKernelByTheWidth() {
    List<double[][]> sequences = sequences(2, 3, 2);
    StreamKey key = StreamKey.of(5).seed(3);
    double repaired =
        run(Representation.DENSE, 64, 0.5, 1, Trained.RECURRENT, sequences, key).gram()[0][1];
    double literal =
        run(Representation.DENSE, 64, 0.5, 1.0 / 64, Trained.RECURRENT, sequences, key)
            .gram()[0][1];
    assertThat(64 * literal).isCloseTo(repaired, within(1e-13 * Math.abs(repaired)));
  }

  @Test
  void declaresItsMemory() {
    List<double[][]> sequences = sequences(5, 6, 3);
    for (Representation representation : Representation.values()) {
      Found found = run(representation, 500, 1, 1, Trained.RECURRENT, sequences, StreamKey.of(1));
      long declared =
          FiniteNetwork.memoryBytes(500, 3, 5, 6, Precision.DOUBLE)
              + representation.memoryBytes(
                  500, 500, FiniteNetwork.products(5, 6), Precision.DOUBLE);
      assertThat(found.peak()).isLessThanOrEqualTo(declared).isGreaterThan(declared / 2);
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    List<double[][]> uneven = new ArrayList<>(sequences(1, 3, 2));
    uneven.add(sequences(1, 4, 2).get(0));
    assertThatThrownBy(
            () -> run(Representation.DENSE, 8, 1, 1, Trained.RECURRENT, uneven, StreamKey.of(1)))
        .hasMessageContaining("4 x 2 beside 3 x 2");
    try (Arena arena = Arena.ofBytes(1 << 20);
        GaussianOperator w =
            Representation.DENSE.draw(
                BLAS, arena, Precision.DOUBLE, 8, 8, 0.5, new Products(0, 0), StreamKey.of(1));
        FiniteNetwork network =
            new FiniteNetwork(BLAS, arena, w, 1, 1, sequences(1, 2, 2), StreamKey.of(1))) {
      assertThatThrownBy(() -> network.stateProducts(0)).hasMessageContaining("0 of 4 steps");
    }
  }

  /** f(x) is what the plain network says. */
  @Test
  void outputsAreTheNetworks() {
    int m = 20;
    StreamKey key = StreamKey.of(9).seed(0);
    List<double[][]> sequences = sequences(3, 2, 2);
    try (Arena arena = Arena.ofBytes(1 << 20);
        GaussianOperator w =
            Representation.DENSE.draw(
                BLAS,
                arena,
                Precision.DOUBLE,
                m,
                m,
                Math.sqrt(2.0 / m),
                new Products(0, 0),
                key.name("W").with("width", m));
        FiniteNetwork network = new FiniteNetwork(BLAS, arena, w, 0.3, 1, sequences, key)) {
      for (int step = 0; step < FiniteNetwork.steps(2); step++) {
        network.advance();
      }
      Plain plain = new Plain(m, 2, 0.3, 1, key);
      for (int i = 0; i < 3; i++) {
        assertThat(network.outputs()[i]).isCloseTo(plain.output(sequences.get(i)), within(1e-13));
      }
    }
  }
}
