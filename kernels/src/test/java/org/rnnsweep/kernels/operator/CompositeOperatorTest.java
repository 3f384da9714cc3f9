package org.rnnsweep.kernels.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.rnn.ElmanNetwork;
import org.rnnsweep.kernels.rnn.Initialization;

/** What is built on an operator, on both representations, against the explicit matrices. */
class CompositeOperatorTest {
  private static final Blas BLAS = Interrogation.BLAS;
  private static final int M = 9;
  private static final StreamKey SEED = StreamKey.of(23).seed(0);
  // Rounding of sums of a few dozen numbers of order 1 to 10.
  private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

  private final Arena arena = Arena.ofBytes(1 << 22);

  @AfterEach
  void release() {
    arena.close();
  }

  private GaussianOperator draw(Representation representation, int rows, String name) {
    return representation.draw(
        BLAS, arena, Precision.DOUBLE, rows, M, 0.5, new Products(200, 200), SEED.name(name));
  }

  private OffHeapMatrix normals(int rows, String name) {
    OffHeapMatrix x = arena.matrix(rows, M, Precision.DOUBLE);
    GaussianMatrix.fill(x, SEED.name(name), 1);
    return x;
  }

  private Interrogation talk(GaussianOperator w) {
    return new Interrogation(arena, w, NormalStream.of(SEED.name("choices")), 0.5);
  }

  @ParameterizedTest
  @EnumSource(Representation.class)
  void lowRankTermIsAdded(Representation representation) {
    try (GaussianOperator w = draw(representation, M, "W")) {
      Interrogation plain = talk(w).askAround();
      OffHeapMatrix p = arena.matrix(2, M, Precision.DOUBLE);
      p.putRow(0, plain.said.get(0).answer());
      p.putRow(1, plain.said.get(0).question());
      OffHeapMatrix q = normals(2, "q");
      try (LowRankSum sum = LowRankSum.of(BLAS, arena, w, p, q)) {
        Interrogation perturbed = talk(sum).askAround();
        plain.askAround();
        GaussianOperator fork = sum.fork(arena, Interrogation.products(M));
        Interrogation forked = talk(fork).askAround();
        double[][] ofFork = forked.complete();
        assertThat(forked.worstReplay(ofFork)).isLessThan(1e-12);
        assertThat(perturbed.worstReplay(ofFork)).isLessThan(1e-12);
        fork.close();
        double[][] with = perturbed.complete();
        double[][] without = plain.complete();
        assertThat(perturbed.worstReplay(with)).isLessThan(1e-12);
        assertThat(plain.worstReplay(without)).isLessThan(1e-12);
        for (int i = 0; i < M; i++) {
          for (int j = 0; j < M; j++) {
            double term = p.get(0, i) * q.get(0, j) + p.get(1, i) * q.get(1, j);
            assertThat(with[i][j]).isCloseTo(without[i][j] + term, ROUNDING);
          }
        }
      }
    }
  }

  /** Columns that come one by one, or more than a block at a time, are those that came at once. */
  @ParameterizedTest
  @EnumSource(Representation.class)
  void lowRankTermGrows(Representation representation) {
    int rank = 70;
    OffHeapMatrix p = normals(rank, "p");
    OffHeapMatrix q = normals(rank, "q");
    try (GaussianOperator w = draw(representation, M, "W");
        LowRankSum grown = LowRankSum.growing(BLAS, arena, w, rank + 1)) {
      assertThat(grown.frobenius()).isZero();
      double[][] without = talk(w).complete();
      assertThat(talk(grown).complete()).isDeepEqualTo(without);
      grown.add(-0.5, p.rowRange(0, 2), q.rowRange(0, 2));
      assertThat(grown.frobenius()).isCloseTo(0.5 * frobenius(p, q, 2), ROUNDING);
      LowRankSum fork = grown.fork(arena, Interrogation.products(M));
      grown.add(-0.5, p.rowRange(2, rank), q.rowRange(2, rank));
      assertThat(grown.frobenius()).isCloseTo(0.5 * frobenius(p, q, rank), ROUNDING);
      assertThat(fork.frobenius()).isCloseTo(0.5 * frobenius(p, q, 2), ROUNDING);
      double[][] with = talk(grown).complete();
      double[][] ofFork = talk(fork).complete();
      for (int i = 0; i < M; i++) {
        for (int j = 0; j < M; j++) {
          double term = entry(p, q, 2, i, j);
          assertThat(ofFork[i][j]).isCloseTo(without[i][j] - 0.5 * term, ROUNDING);
          term = entry(p, q, rank, i, j);
          assertThat(with[i][j]).isCloseTo(without[i][j] - 0.5 * term, ROUNDING);
        }
      }
      assertThatThrownBy(() -> grown.add(1, p.rowRange(0, 2), q.rowRange(0, 2)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("there is room for 71 columns, 70 are taken, found 2 more");
      assertThatThrownBy(() -> fork.add(1, p.rowRange(0, 1), q.rowRange(0, 1)))
          .isInstanceOf(IllegalStateException.class);
      fork.close();
    }
  }

  private static double entry(OffHeapMatrix p, OffHeapMatrix q, int rank, int i, int j) {
    double sum = 0;
    for (int k = 0; k < rank; k++) {
      sum += p.get(k, i) * q.get(k, j);
    }
    return sum;
  }

  private static double frobenius(OffHeapMatrix p, OffHeapMatrix q, int rank) {
    double square = 0;
    for (int i = 0; i < M; i++) {
      for (int j = 0; j < M; j++) {
        square += entry(p, q, rank, i, j) * entry(p, q, rank, i, j);
      }
    }
    return Math.sqrt(square);
  }

  @ParameterizedTest
  @EnumSource(Representation.class)
  void rowsAreReplaced(Representation representation) {
    try (GaussianOperator w = draw(representation, M, "W");
        GaussianOperator rows = draw(representation, 3, "rows");
        ReplacedRows changed = ReplacedRows.of(arena, w, new long[] {0, 4, 8}, rows)) {
      Interrogation plain = talk(w).askAround();
      Interrogation other = talk(changed).askAround();
      plain.askAround();
      ReplacedRows fork = changed.fork(arena, Interrogation.products(M));
      Interrogation forked = talk(fork).askAround();
      assertThat(other.worstReplay(forked.complete())).isLessThan(1e-12);
      fork.close();
      double[][] before = plain.complete();
      double[][] after = other.complete();
      assertThat(other.worstReplay(after)).isLessThan(1e-12);
      assertThat(other.worstInvariant).isLessThan(1e-12);
      for (int i = 0; i < M; i++) {
        for (int j = 0; j < M; j++) {
          if (i % 4 == 0) {
            assertThat(after[i][j]).isNotCloseTo(before[i][j], Offset.offset(1e-4));
          } else {
            assertThat(after[i][j]).isCloseTo(before[i][j], ROUNDING);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Representation.class)
  void rowsAreMasked(Representation representation) {
    try (GaussianOperator w = draw(representation, M, "W")) {
      OffHeapMatrix pattern = arena.matrix(1, M, Precision.DOUBLE);
      for (int k = 0; k < M; k++) {
        pattern.set(0, k, k % 3 == 0 ? -0.0 : k % 3 == 1 ? 0.0 : 2);
      }
      OffHeapMatrix u = normals(2, "u");
      OffHeapMatrix v = normals(2, "v");
      OffHeapMatrix masked = arena.matrix(2, M, Precision.DOUBLE);
      OffHeapMatrix back = arena.matrix(2, M, Precision.DOUBLE);
      w.rightMasked(u, pattern, masked);
      w.leftMasked(v, pattern, back);
      double[][] matrix = talk(w).complete();
      for (int s = 0; s < 2; s++) {
        for (int i = 0; i < M; i++) {
          double sum = 0;
          double transposed = 0;
          for (int j = 0; j < M; j++) {
            sum += matrix[i][j] * u.get(s, j);
            transposed += j % 3 == 0 ? 0 : matrix[j][i] * v.get(s, j);
          }
          assertThat(masked.get(s, i)).isCloseTo(i % 3 == 0 ? 0 : sum, ROUNDING);
          assertThat(back.get(s, i)).isCloseTo(transposed, ROUNDING);
          assertThat(v.get(s, i) == 0).isEqualTo(i % 3 == 0);
        }
      }
    }
  }

  @Test
  void formedMatrixIsTheNetworksOwn() {
    ElmanNetwork net = ElmanNetwork.draw(arena, Precision.DOUBLE, M, 2, Initialization.HE, SEED);
    GaussianOperator w =
        Representation.DENSE.draw(
            BLAS,
            arena,
            Precision.DOUBLE,
            M,
            M,
            Initialization.HE.standardDeviation(M),
            new Products(0, 0),
            SEED.name("W").with("width", M));
    double[][] rows = talk(w).complete();
    for (int i = 0; i < M; i++) {
      for (int j = 0; j < M; j++) {
        assertThat(rows[i][j]).isEqualTo(net.recurrent().get(i, j));
      }
    }
  }

  @Test
  void autoFormsSmallMatricesAndThoseWithManyProducts() {
    assertThat(Representation.choose(1 << 20, 1 << 20, new Products(14, 56)))
        .isEqualTo(Representation.CONDITIONED);
    assertThat(Representation.choose(4096, 4096, new Products(14, 56)))
        .isEqualTo(Representation.CONDITIONED);
    assertThat(Representation.choose(64, 64, new Products(14, 56))).isEqualTo(Representation.DENSE);
    assertThat(Representation.choose(1000, 1000, new Products(1001, 0)))
        .isEqualTo(Representation.DENSE);
    assertThat(Representation.of("auto", 4096, 4096, new Products(14, 56)))
        .isEqualTo(Representation.CONDITIONED);
    assertThat(Representation.of("dense", 4096, 4096, new Products(14, 56)))
        .isEqualTo(Representation.DENSE);
    assertThat(Representation.ofLabel("dense")).isEqualTo(Representation.DENSE);
    assertThatThrownBy(() -> Representation.ofLabel("lazy"))
        .hasMessage("no representation is called 'lazy', the names are dense, conditioned");
  }

  @Test
  void refusesShapesThatDoNotFit() {
    GaussianOperator w = draw(Representation.CONDITIONED, M, "W");
    GaussianOperator rows = draw(Representation.CONDITIONED, 2, "rows");
    assertThatThrownBy(() -> ReplacedRows.of(arena, w, new long[] {1}, rows))
        .hasMessage("1 rows are replaced by a 1 x 9 double operator, found a 2 x 9 double one");
    assertThatThrownBy(() -> ReplacedRows.of(arena, w, new long[] {1, 9}, rows))
        .hasMessage("replaced rows are strictly increasing, from 0 to 8, found [1, 9]");
    assertThatThrownBy(() -> ReplacedRows.of(arena, w, new long[] {1, 1}, rows))
        .hasMessageContaining("found [1, 1]");
    assertThatThrownBy(() -> LowRankSum.of(BLAS, arena, w, normals(1, "p"), normals(2, "q")))
        .hasMessageContaining("P is rank x 9 and Q rank x 9, both double, found 1 x 9");
    assertThatThrownBy(() -> SignPattern.apply(normals(2, "a"), normals(3, "b")))
        .hasMessageContaining("found 2 x 9 double matrix for 3 x 9 double matrix");
  }
}
