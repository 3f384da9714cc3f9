package org.rnnsweep.kernels.stability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;

/** Fixed vectors, backward correlations and the Gram matrix of states, against explicit loops. */
class InitialMeasuresTest {
  private static final int M = 64;
  private static final int LENGTH = 4;
  private static final int OUTPUTS = 3;
  private static final StreamKey KEY = StreamKey.of(53).seed(0);

  @ParameterizedTest
  @EnumSource(Representation.class)
  void agreeWithTheExplicitMatrices(Representation representation) {
    NormalizedInput x = NormalizedInput.of(NormalizedInput.Law.SPREAD, KEY.name("x"), 4, 0.25);
    Products products =
        new Products(
            LENGTH + FixedVectors.products(LENGTH) + InputColumns.products(4, LENGTH) + M,
            BackwardVectors.products(1, OUTPUTS, 2, LENGTH));
    try (Arena arena = Arena.ofBytes(1L << 26);
        RandomNetwork net =
            RandomNetwork.draw(
                Explicit.BLAS,
                arena,
                representation,
                Precision.DOUBLE,
                new RandomNetwork.Shape(M, 4, OUTPUTS),
                RandomNetwork.HE,
                products,
                KEY);
        Trajectory states =
            Trajectory.of(Explicit.BLAS, arena, net.recurrent(), net.input(), LENGTH, x);
        BackwardVectors back =
            BackwardVectors.ask(arena, net.recurrent(), net.output(), states, 2, LENGTH)) {
      FixedVectors fixed = FixedVectors.measure(arena, net.recurrent(), states, KEY.name("u"));
      InputColumns columns = InputColumns.measure(Explicit.BLAS, arena, net.recurrent(), states);
      BackwardCorrelations found = BackwardCorrelations.of(Explicit.BLAS, arena, back, 0);
      Explicit oracle =
          new Explicit(
              Explicit.complete(arena, net.recurrent()),
              Explicit.entries(net.input()),
              Explicit.entries(net.output()));
      oracle.run(x.tokens(LENGTH));

      OffHeapMatrix u = arena.matrix(1, M, Precision.DOUBLE);
      GaussianMatrix.fill(u, KEY.name("u").with("width", M), Math.sqrt(1.0 / M));
      double[][] units = {new double[M], Explicit.entries(u)[0]};
      units[0][0] = 1;
      double deviation = 0;
      double growth = Double.NEGATIVE_INFINITY;
      double decay = Double.POSITIVE_INFINITY;
      for (int i = 1; i <= LENGTH; i++) {
        for (int j = i; j <= LENGTH; j++) {
          for (double[] unit : units) {
            double norm = 0;
            double size = 0;
            for (double v : unit) {
              size += v * v;
            }
            for (double[] row : oracle.chain(i, j)) {
              double sum = 0;
              for (int k = 0; k < M; k++) {
                sum += row[k] * unit[k];
              }
              norm += sum * sum / size;
            }
            deviation = Math.max(deviation, Math.abs(Math.sqrt(norm) - 1));
            growth = Math.max(growth, Math.log(norm) / 2 / (j - i + 1));
            decay = Math.min(decay, Math.log(norm) / 2 / (j - i + 1));
          }
        }
      }
      assertThat(fixed.worstDeviation()).isCloseTo(deviation, within(1e-11));
      assertThat(fixed.fastestGrowth()).isCloseTo(growth, within(1e-11));
      assertThat(fixed.fastestDecay()).isCloseTo(decay, within(1e-11));
      agreeWithTheExplicitColumns(columns, oracle);

      double sameStart = 0;
      double otherDepth = 0;
      double sameEnd = 0;
      for (int j = 1; j <= LENGTH; j++) {
        for (int i = 1; i <= j; i++) {
          for (int k = 1; k <= LENGTH; k++) {
            for (int h = 1; h <= k; h++) {
              double norm =
                  SymmetricEigen.spectralNorm(
                      Explicit.product(oracle.back(i, j), Explicit.transpose(oracle.back(h, k))));
              if (h == i && j < k) {
                sameStart = Math.max(sameStart, norm);
              }
              if (j - i != k - h) {
                otherDepth = Math.max(otherDepth, norm);
              }
              if (h == i && j == k && i < j) {
                sameEnd = Math.max(sameEnd, norm);
              }
            }
          }
        }
      }
      assertThat(found.sameStart()).isCloseTo(sameStart, within(1e-9)); // of order 10
      assertThat(found.otherDepth()).isCloseTo(otherDepth, within(1e-9));
      assertThat(found.sameEnd()).isCloseTo(sameEnd, within(1e-9));
    }
  }

  /** P = D_j W .. D_i A column by column; its singular values are those of P^T P, formed here. */
  private static void agreeWithTheExplicitColumns(InputColumns found, Explicit oracle) {
    double deviation = 0;
    double growth = Double.NEGATIVE_INFINITY;
    double decay = Double.POSITIVE_INFINITY;
    double entry = 0;
    for (int i = 1; i <= LENGTH; i++) {
      double[][] first = new double[M][];
      for (int k = 0; k < M; k++) {
        first[k] = oracle.g[i - 1][k] >= 0 ? oracle.a[k] : new double[oracle.a[k].length];
      }
      for (int j = i; j <= LENGTH; j++) {
        double[][] p = j == i ? first : Explicit.product(oracle.chain(i + 1, j), first);
        double[][] gram = Explicit.product(Explicit.transpose(p), p);
        for (SymmetricEigen pair : SymmetricEigen.all(gram)) {
          deviation = Math.max(deviation, Math.abs(Math.sqrt(pair.value()) - 1));
          growth = Math.max(growth, Math.log(pair.value()) / 2 / (j - i + 1));
          decay = Math.min(decay, Math.log(pair.value()) / 2 / (j - i + 1));
        }
        for (double[] row : Explicit.product(oracle.w, p)) {
          for (double value : row) {
            entry = Math.max(entry, Math.abs(value));
          }
        }
      }
    }
    assertThat(found.worstDeviation()).isCloseTo(deviation, within(1e-11));
    assertThat(found.fastestGrowth()).isCloseTo(growth, within(1e-11));
    assertThat(found.fastestDecay()).isCloseTo(decay, within(1e-11));
    assertThat(found.largestEntry()).isCloseTo(entry, within(1e-11));
  }

  /** Three vectors whose QR decomposition is known by hand. */
  @Test
  void newPartsAreThePivots() {
    double[][] h = {{2, 0, 0}, {1, 3, 0}, {4, 6, 0.5}};
    StateGram gram = StateGram.of(Explicit.product(h, Explicit.transpose(h)));
    assertThat(gram.newPart(1)).isEqualTo(2);
    assertThat(gram.newPart(2)).isCloseTo(3, within(1e-14));
    assertThat(gram.newPart(3)).isCloseTo(0.5, within(1e-12));
    assertThat(gram.leastNewPart()).isEqualTo(gram.newPart(3));
    assertThat(gram.leastDistance()).isCloseTo(Math.sqrt(10), within(1e-14));
    assertThat(gram.lastAngle()).isCloseTo(Math.acos(22 / Math.sqrt(10 * 52.25)), within(1e-12));
    double[][] dependent = {{1, 1}, {2, 2}};
    assertThat(StateGram.of(Explicit.product(dependent, dependent)).leastNewPart()).isZero();
  }

  /**
   * Pivots of the infinite-width Gram matrix without inputs: sqrt(1 - 1/pi^2) at l = 2, then by an
   * independent NumPy program.
   */
  @Test
  void newPartsOfTheLimitAreKnown() {
    double[][] tokens = NormalizedInput.of(NormalizedInput.Law.NULL, KEY, 3, 0).tokens(32);
    InfiniteWidth limit = InfiniteWidth.of(tokens);
    double[][] gram = new double[32][32];
    for (int a = 1; a <= 32; a++) {
      for (int b = 1; b <= 32; b++) {
        gram[a - 1][b - 1] = limit.inner(a, b);
      }
    }
    StateGram states = StateGram.of(gram);
    assertThat(states.newPart(2)).isCloseTo(Math.sqrt(1 - 1 / Math.PI / Math.PI), within(1e-14));
    assertThat(states.newPart(4)).isCloseTo(0.759, within(0.0005));
    assertThat(states.newPart(8)).isCloseTo(0.515, within(0.0005));
    assertThat(states.newPart(16)).isCloseTo(0.317, within(0.0005));
    assertThat(states.newPart(32)).isCloseTo(0.181, within(0.0005));
    assertThat(states.lastAngle()).isCloseTo(limit.stateAngle(31, 32), within(1e-9));
  }
}
