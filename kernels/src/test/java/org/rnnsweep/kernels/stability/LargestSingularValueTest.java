package org.rnnsweep.kernels.stability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;

class LargestSingularValueTest {
  private static final StreamKey KEY = StreamKey.of(47).seed(0);

  /** A diagonal matrix. */
  private record Diagonal(double[] entries) implements LargestSingularValue.Map {
    @Override
    public void apply(OffHeapMatrix x, OffHeapMatrix y) {
      for (int k = 0; k < entries.length; k++) {
        y.set(0, k, entries[k] * x.get(0, k));
      }
    }

    @Override
    public void applyTranspose(OffHeapMatrix y, OffHeapMatrix x) {
      apply(y, x);
    }
  }

  private static double[] run(Diagonal map, int iterations) {
    int m = map.entries.length;
    try (Arena arena =
            Arena.ofBytes(LargestSingularValue.memoryBytes(m, iterations, Precision.DOUBLE));
        LargestSingularValue lanczos =
            new LargestSingularValue(
                Explicit.BLAS, arena, map, m, Precision.DOUBLE, iterations, KEY)) {
      double before = 0;
      while (lanczos.iterate()) {
        assertThat(lanczos.value()).isGreaterThanOrEqualTo(before - 1e-14);
        before = lanczos.value();
      }
      return new double[] {lanczos.value(), lanczos.residual(), lanczos.iterations()};
    }
  }

  /** Two different values: exact after two iterations, and no third one. */
  @Test
  void stopsWhereNothingIsLeft() {
    double[] entries = new double[50];
    for (int k = 0; k < entries.length; k++) {
      entries[k] = k % 2 == 0 ? 3 : -1;
    }
    double[] found = run(new Diagonal(entries), 10);
    assertThat(found[0]).isCloseTo(3, within(1e-14));
    assertThat(found[1]).isLessThan(1e-12);
    assertThat(found[2]).isEqualTo(2);
    assertThat(run(new Diagonal(new double[20]), 5)[0]).isZero();
  }

  /** Some singular value lies within the residual, and none above is claimed. */
  @Test
  void residualBoundsTheError() {
    double[] entries = new double[400];
    for (int k = 0; k < entries.length; k++) {
      entries[k] = Math.sqrt(k + 1); // from 1 to 20
    }
    double last = Double.POSITIVE_INFINITY;
    for (int iterations : new int[] {5, 15, 40, 80}) {
      double[] found = run(new Diagonal(entries), iterations);
      assertThat(found[0]).isLessThanOrEqualTo(20 + 1e-12);
      double nearest = 1e9;
      for (double entry : entries) {
        nearest = Math.min(nearest, Math.abs(entry - found[0]));
      }
      assertThat(nearest).isLessThanOrEqualTo(found[1] + 1e-12);
      assertThat(found[1]).isLessThan(last);
      last = found[1];
    }
    assertThat(run(new Diagonal(entries), 80)[0]).isCloseTo(20, within(1e-6));
  }

  /** D_4 W D_3 W D_2 W of 64 neurons against all its singular values. */
  @ParameterizedTest
  @EnumSource(Representation.class)
  void normOfAChainIsThatOfTheExplicitProduct(Representation representation) {
    int m = 64;
    int iterations = 40;
    NormalizedInput x = NormalizedInput.of(NormalizedInput.Law.SPREAD, KEY.name("x"), 5, 0.2);
    Products products = new Products(3 + 3 * iterations + m, 3 * iterations);
    // A conditioned W of 64 x 64 knows all of itself after 64 directions.
    try (Arena arena = Arena.ofBytes(1L << 26);
        RandomNetwork net =
            RandomNetwork.draw(
                Explicit.BLAS,
                arena,
                representation,
                Precision.DOUBLE,
                new RandomNetwork.Shape(m, 5, 1),
                RandomNetwork.HE,
                products,
                KEY);
        Trajectory states =
            Trajectory.of(Explicit.BLAS, arena, net.recurrent(), net.input(), 4, x);
        MaskedChain chain =
            new MaskedChain(arena, net.recurrent(), states, 0, 2, 4, MaskedChain.Front.PATTERN, 1);
        LargestSingularValue lanczos =
            new LargestSingularValue(
                Explicit.BLAS, arena, chain, m, Precision.DOUBLE, iterations, KEY)) {
      while (lanczos.iterate() && lanczos.residual() > 1e-9) {
        // until it is known
      }
      assertThat(chain.factors()).isEqualTo(3);
      Explicit oracle =
          new Explicit(
              Explicit.complete(arena, net.recurrent()), Explicit.entries(net.input()), null);
      oracle.run(x.tokens(4));
      assertThat(lanczos.value())
          .isCloseTo(SymmetricEigen.spectralNorm(oracle.chain(2, 4)), within(1e-8));
    }
  }

  /** (1 + sqrt 2) for one factor, the norm sqrt(2 e k) for many; between, found by a search. */
  @Test
  void limitOfTheNormIsTheEdgeOfTheFreeProduct() {
    assertThat(ChainNorm.limit(1)).isCloseTo(1 + Math.sqrt(2), within(1e-14));
    assertThat(ChainNorm.limit(1000) / Math.sqrt(2 * Math.E * 1000)).isCloseTo(1, within(1e-6));
    for (int k = 1; k <= 16; k++) {
      double least = Double.POSITIVE_INFINITY;
      for (double z = 1e-3; z < 2; z += 1e-5) {
        least = Math.min(least, (1 + z) * Math.pow(1 + 2 * z, k) / z);
      }
      assertThat(ChainNorm.limit(k)).isCloseTo(Math.sqrt(least), within(1e-6));
    }
  }

  @Test
  void smallEigenproblemsAreSolved() {
    SymmetricEigen two = SymmetricEigen.largest(new double[][] {{2, 1}, {1, 2}});
    assertThat(two.value()).isCloseTo(3, within(1e-15));
    assertThat(Math.abs(two.vector()[0])).isCloseTo(Math.sqrt(0.5), within(1e-15));
    // The path's Laplacian-like matrix: 2 cos(pi / (n + 1)) is the largest eigenvalue.
    int n = 30;
    double[][] path = new double[n][n];
    for (int k = 1; k < n; k++) {
      path[k][k - 1] = 1;
      path[k - 1][k] = 1;
    }
    SymmetricEigen eigen = SymmetricEigen.largest(path);
    assertThat(eigen.value()).isCloseTo(2 * Math.cos(Math.PI / (n + 1)), within(1e-13));
    double first = Math.abs(eigen.vector()[0]);
    double expected = Math.sqrt(2.0 / (n + 1)) * Math.sin(Math.PI / (n + 1));
    assertThat(first).isCloseTo(expected, within(1e-12));
    assertThat(SymmetricEigen.spectralNorm(new double[][] {{0, 5, 0}, {3, 0, 4}}))
        .isCloseTo(5, within(1e-14));
    assertThatThrownBy(() -> SymmetricEigen.largest(new double[][] {{Double.NaN}}))
        .hasMessageContaining("NaN");
  }

  @Test
  void measuresOfRows() {
    try (Arena arena = Arena.ofBytes(1L << 22)) {
      OffHeapMatrix x = arena.matrix(3, 5000, Precision.SINGLE);
      for (int k = 0; k < 5000; k++) {
        x.set(0, k, k % 2 == 0 ? 1 : -2);
        x.set(1, k, k < 4999 ? 1 : -7);
      }
      assertThat(RowMeasures.norm(x, 0)).isCloseTo(Math.sqrt(2500 * 5), within(1e-12));
      assertThat(RowMeasures.dot(x, 0, x, 1)).isEqualTo(2500 - 2 * 2499 + 14);
      assertThat(RowMeasures.maxAbs(x, 1)).isEqualTo(7);
      assertThat(RowMeasures.maxDistance(x, 0, x, 1)).isEqualTo(5);
      assertThat(RowMeasures.distance(x, 0, x, 1))
          .isCloseTo(Math.sqrt(9 * 2499 + 25), within(1e-12));
      assertThat(RowMeasures.countWithin(x, 0, 1)).isEqualTo(2500);
      assertThat(RowMeasures.signChanges(x, 0, x, 1)).isEqualTo(2499);
      double[][] gram = RowMeasures.gram(Explicit.BLAS, arena, x);
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
          assertThat(gram[i][j]).isEqualTo(RowMeasures.dot(x, i, x, j)); // integers: exact
        }
      }
    }
    assertThat(RowMeasures.gramBytes(3, 5000)).isEqualTo(3 * (3 + 4096) * 8);
  }
}
