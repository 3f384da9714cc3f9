package org.rnnsweep.kernels.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.random.StreamKey;

/** A forward and a backward pass of all pairs, on either representation. */
class TwoSequencesTest {
  private static final int LENGTH = 8;

  /**
   * Whatever W is, {@code v_(j,i)'h^(i) - v_(j,i-1)'h^(i-1) = v_(j,i)'D_i A x^(i)}: a relation
   * between answers of both sides that holds to rounding, for a vector v by |v| |h|.
   */
  @ParameterizedTest
  @CsvSource({
    "DENSE,DOUBLE,500,1e-13",
    "CONDITIONED,DOUBLE,500,1e-13",
    "CONDITIONED,DOUBLE,16384,1e-13",
    "DENSE,SINGLE,500,1e-5",
    "CONDITIONED,SINGLE,500,1e-5",
    "CONDITIONED,SINGLE,16384,1e-5"
  })
  void backwardVectorsFitTheStates(
      Representation representation, Precision precision, long m, double tolerance) {
    assertThat(worstGap(representation, precision, m)).isLessThan(tolerance);
  }

  @Test
  @Tag("full")
  void millionNeuronsFitInThreeGigabytes() {
    long m = 1 << 20;
    assertThat(
            TwoSequences.memoryBytes(m, LENGTH, Precision.SINGLE)
                + ConditionedGaussian.memoryBytes(
                    m, m, TwoSequences.products(LENGTH), Precision.SINGLE))
        .isLessThan(3L << 30);
    assertThat(worstGap(Representation.CONDITIONED, Precision.SINGLE, m)).isLessThan(1e-5);
  }

  private static double worstGap(Representation representation, Precision precision, long m) {
    Blas blas = Blas.of(new NumericsProfile(Library.NATIVE, precision));
    Products products = TwoSequences.products(LENGTH);
    long bytes =
        TwoSequences.memoryBytes(m, LENGTH, precision)
            + representation.memoryBytes(m, m, products, precision);
    StreamKey key = StreamKey.of(26);
    double[] worst = {0};
    int[] visited = {0};
    try (Arena arena = Arena.ofBytes(bytes);
        GaussianOperator w =
            representation.draw(
                blas, arena, precision, m, m, Math.sqrt(2.0 / m), products, key.name("W"));
        TwoSequences net = new TwoSequences(blas, arena, w, LENGTH, key)) {
      net.forward();
      int sequences = TwoSequences.SEQUENCES;
      double[][] last = new double[sequences * LENGTH][(int) m];
      for (double[] row : last) {
        net.readout.getRow(0, row);
      }
      net.backward(
          (distance, v) -> {
            for (int r = 0; r < v.rows(); r++) {
              int j = distance + 1 + r / sequences;
              int i = j - distance + 1;
              int s = r % sequences;
              double[] after = last[(j - 1) * sequences + s];
              double[] before = row(v, r);
              double[] h = row(net.states, (i - 1) * sequences + s);
              double[] earlier = row(net.states, (i - 2) * sequences + s);
              double input = 0;
              for (int k = 0; k < h.length; k++) {
                if (Double.doubleToRawLongBits(h[k]) >= 0) {
                  for (int d = 0; d < TwoSequences.DIMENSION; d++) {
                    input +=
                        after[k]
                            * net.weights.get(k, d)
                            * net.inputs.get((long) (i - 1) * sequences + s, d);
                  }
                }
              }
              double gap = Interrogation.dot(after, h) - Interrogation.dot(before, earlier) - input;
              double size = Interrogation.norm(after) * Interrogation.norm(h);
              worst[0] = Math.max(worst[0], Math.abs(gap) / size);
              last[(j - 1) * sequences + s] = before;
              visited[0]++;
            }
          });
      assertThat(arena.peak()).isLessThanOrEqualTo(bytes);
    }
    assertThat(visited[0]).isEqualTo(products.left());
    assertThat(worst[0]).isNotNaN().isGreaterThan(0);
    return worst[0];
  }

  /** Widths at which E|h^(l)|^2 = sum of |x|^2 up to O(1/m): five standard errors of one draw. */
  @Test
  void normOfTheStateIsThatOfTheInputs() {
    long m = 1 << 16;
    Blas blas = Blas.of(new NumericsProfile(Library.NATIVE, Precision.SINGLE));
    Products products = TwoSequences.products(LENGTH);
    try (Arena arena = Arena.ofBytes(1L << 28);
        GaussianOperator w =
            ConditionedGaussian.of(
                blas,
                arena,
                Precision.SINGLE,
                m,
                m,
                Math.sqrt(2.0 / m),
                products,
                StreamKey.of(27).name("W"));
        TwoSequences net = new TwoSequences(blas, arena, w, LENGTH, StreamKey.of(27))) {
      net.forward();
      double expected = 0;
      for (int l = 0; l < LENGTH; l++) {
        double[] x = row(net.inputs, l * TwoSequences.SEQUENCES);
        expected += Interrogation.dot(x, x);
        double[] h = row(net.states, l * TwoSequences.SEQUENCES);
        // Var |relu(z)|^2 = 5/m |z|^4 at each of at most l steps that share their variance.
        double tolerance = 5 * expected * (l + 1) * Math.sqrt(5.0 / m);
        assertThat(Interrogation.dot(h, h)).isCloseTo(expected, Offset.offset(tolerance));
      }
    }
  }

  private static double[] row(OffHeapMatrix matrix, int i) {
    double[] row = new double[(int) matrix.columns()];
    matrix.getRow(i, row);
    return row;
  }
}
