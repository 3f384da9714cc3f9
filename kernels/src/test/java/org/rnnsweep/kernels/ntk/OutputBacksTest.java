package org.rnnsweep.kernels.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

class OutputBacksTest {
  private static final Blas BLAS = Blas.of(new NumericsProfile(Library.NATIVE, Precision.DOUBLE));
  private static final int LENGTH = 4;

  private static List<double[][]> sequences(int length) {
    NormalStream stream = NormalStream.of(StreamKey.of(14));
    return List.of(
        PlainMoments.sequence(stream, length, 2), PlainMoments.sequence(stream, length, 2));
  }

  private interface Use {
    void with(FiniteNetwork network, OutputBacks backs);
  }

  private static void draw(int m, List<double[][]> sequences, Use use) {
    int length = sequences.get(0).length;
    StreamKey key = StreamKey.of(6).seed(1);
    try (Arena arena = Arena.ofBytes(1 << 24);
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
        FiniteNetwork network = new FiniteNetwork(BLAS, arena, w, 0.5, 1, sequences, key)) {
      for (int l = 1; l <= length; l++) {
        network.advance();
      }
      long before = arena.used();
      try (OutputBacks backs = new OutputBacks(BLAS, arena, w, network)) {
        assertThatThrownBy(backs::products).hasMessageContaining("0 of");
        int depths = 1;
        while (backs.advance()) {
          depths++;
        }
        assertThat(depths).isEqualTo(length);
        use.with(network, backs);
        assertThat(arena.peak() - before)
            .isEqualTo(OutputBacks.memoryBytes(m, 2, length, Precision.DOUBLE));
      }
    }
  }

  /**
   * An output after a steps is the last one of the sequence cut there, with its own backward pass.
   */
  @Test
  void outputsAreThoseOfPrefixes() {
    List<double[][]> sequences = sequences(LENGTH);
    draw(
        40,
        sequences,
        (network, backs) -> {
          double[][] products = backs.products();
          for (int a = 1; a <= LENGTH; a++) {
            int last = a;
            List<double[][]> cut = sequences.stream().map(x -> Arrays.copyOf(x, last)).toList();
            double[][][] expected = prefix(40, cut);
            for (int l = 1; l <= a; l++) {
              for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 2; j++) {
                  for (int k = l; k <= a; k++) {
                    assertThat(products[backs.row(a, l, i)][backs.row(a, k, j)])
                        .isCloseTo(expected[l][i][(k - l) * 2 + j], within(1e-13));
                  }
                }
              }
            }
          }
        });
  }

  private static double[][][] prefix(int m, List<double[][]> sequences) {
    int length = sequences.get(0).length;
    StreamKey key = StreamKey.of(6).seed(1);
    try (Arena arena = Arena.ofBytes(1 << 24);
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
        FiniteNetwork network = new FiniteNetwork(BLAS, arena, w, 0.5, 1, sequences, key)) {
      for (int step = 0; step < FiniteNetwork.steps(length); step++) {
        network.advance();
      }
      double[][][] products = new double[length + 1][][];
      for (int l = 1; l <= length; l++) {
        products[l] = network.backProducts(l);
      }
      return products;
    }
  }

  /** Gradients of unequal outputs: equal depths tend to products of gates, unequal ones to 0. */
  @Test
  void equalDepthsDoNotVanish() {
    List<double[][]> sequences = sequences(3);
    NetworkLaw law = new NetworkLaw(Activation.RELU, 2, 0.5, InputScale.ONE, 0, 2, 1);
    LimitCorrelations limits = LimitCorrelations.of(law, sequences);
    draw(
        700,
        sequences,
        (network, backs) -> {
          double[][] products = backs.products();
          for (int l = 1; l <= 2; l++) {
            double limit = limits.backs(0, l, 1, l + 1, l);
            assertThat(limit).isGreaterThan(0.25);
            // Standard deviation about 2 / sqrt(m) = 0.08 of one draw; three of them.
            assertThat(products[backs.row(l, l, 0)][backs.row(l + 1, l + 1, 1)])
                .isCloseTo(limit, within(0.24));
          }
          assertThat(products[backs.row(2, 2, 0)][backs.row(3, 1, 1)]).isCloseTo(0, within(0.24));
        });
  }
}
