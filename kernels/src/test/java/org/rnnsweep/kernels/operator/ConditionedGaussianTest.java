package org.rnnsweep.kernels.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;

class ConditionedGaussianTest {
  private static final Blas BLAS = Interrogation.BLAS;
  private static final StreamKey KEY = StreamKey.of(21).name("W");

  /** Two chunks and a part of one. */
  private static final int WIDE = 2 * Panel.CHUNK + 777;

  private final Arena arena = Arena.ofBytes(1L << 28);

  @AfterEach
  void release() {
    arena.close();
  }

  private ConditionedGaussian square(Precision precision, long m, Products products) {
    return ConditionedGaussian.of(BLAS, arena, precision, m, m, 1 / Math.sqrt(m), products, KEY);
  }

  private OffHeapMatrix normals(Precision precision, int rows, long columns, String name) {
    OffHeapMatrix x = arena.matrix(rows, columns, precision);
    GaussianMatrix.fill(x, StreamKey.of(22).name(name), 1);
    return x;
  }

  private OffHeapMatrix right(GaussianOperator w, OffHeapMatrix x) {
    OffHeapMatrix y = arena.matrix(x.rows(), w.rows(), w.precision());
    w.right(x, y);
    return y;
  }

  private OffHeapMatrix left(GaussianOperator w, OffHeapMatrix x) {
    OffHeapMatrix y = arena.matrix(x.rows(), w.columns(), w.precision());
    w.left(x, y);
    return y;
  }

  private static double dot(OffHeapMatrix a, int i, OffHeapMatrix b, int j) {
    double[] x = new double[(int) a.columns()];
    double[] y = new double[x.length];
    a.getRow(i, x);
    b.getRow(j, y);
    return Interrogation.dot(x, y);
  }

  private static double[][] values(OffHeapMatrix matrix) {
    double[][] rows = new double[(int) matrix.rows()][(int) matrix.columns()];
    for (int i = 0; i < rows.length; i++) {
      matrix.getRow(i, rows[i]);
    }
    return rows;
  }

  /** What is asked of a wide matrix, chained, in blocks of 3, with both sides interleaved. */
  private List<OffHeapMatrix> chain(GaussianOperator w, Precision precision) {
    List<OffHeapMatrix> all = new ArrayList<>();
    OffHeapMatrix u = normals(precision, 3, w.columns(), "u");
    for (int step = 0; step < 3; step++) {
      OffHeapMatrix v = right(w, u);
      all.add(u);
      all.add(v);
      SignPattern.apply(v, v);
      OffHeapMatrix z = left(w, v);
      all.add(v);
      all.add(z);
      u = z;
    }
    return all;
  }

  /** Rounding: 1e-16 (6e-8 in single) times a few from every one of a dozen products. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void wideMatrixKeepsTheInvariantAcrossChunks(Precision precision) {
    GaussianOperator w = square(precision, WIDE, new Products(9, 9));
    List<OffHeapMatrix> u = new ArrayList<>();
    List<OffHeapMatrix> v = new ArrayList<>();
    OffHeapMatrix question = normals(precision, 3, WIDE, "u");
    for (int step = 0; step < 3; step++) {
      OffHeapMatrix answer = right(w, question);
      OffHeapMatrix masked = arena.matrix(3, WIDE, precision);
      masked.copyFrom(answer);
      SignPattern.apply(masked, masked);
      u.add(question);
      u.add(answer);
      question = left(w, masked);
      v.add(masked);
      v.add(question);
    }
    double tolerance = precision == Precision.SINGLE ? 1e-6 : 1e-14;
    for (int a = 0; a < u.size(); a += 2) {
      for (int b = 0; b < v.size(); b += 2) {
        for (int i = 0; i < 9; i++) {
          double size =
              Math.sqrt(dot(u.get(a), i / 3, u.get(a), i / 3))
                  * Math.sqrt(dot(v.get(b), i % 3, v.get(b), i % 3));
          double gap =
              dot(v.get(b), i % 3, u.get(a + 1), i / 3) - dot(v.get(b + 1), i % 3, u.get(a), i / 3);
          assertThat(Math.abs(gap) / size).isLessThan(tolerance);
        }
      }
    }
  }

  /** Same draws, so the answers differ by what single precision loses: a few units of 6e-8. */
  @Test
  void singleIsTheDoubleAnswerRounded() {
    List<OffHeapMatrix> exact =
        chain(square(Precision.DOUBLE, WIDE, new Products(9, 9)), Precision.DOUBLE);
    List<OffHeapMatrix> rounded =
        chain(square(Precision.SINGLE, WIDE, new Products(9, 9)), Precision.SINGLE);
    double[] truth = values(exact.get(exact.size() - 1))[2];
    double[] found = values(rounded.get(exact.size() - 1))[2];
    double gap = 0;
    for (int k = 0; k < truth.length; k++) {
      gap += (truth[k] - found[k]) * (truth[k] - found[k]);
    }
    assertThat(Math.sqrt(gap) / Interrogation.norm(truth)).isBetween(1e-9, 5e-6);
  }

  /** One forward pass to 16 serves L = 4 with the bits of a pass that ends there. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void forkAnswersAsIfNothingElseHadBeenAsked(Precision precision) {
    OffHeapMatrix h = normals(precision, 2, WIDE, "h");
    OffHeapMatrix b = normals(precision, 3, WIDE, "b");
    ConditionedGaussian whole = square(precision, WIDE, new Products(32, 0));
    OffHeapMatrix state = h;
    GaussianOperator fork = null;
    OffHeapMatrix atFour = null;
    for (int l = 1; l <= 16; l++) {
      state = right(whole, state);
      SignPattern.apply(state, state);
      if (l == 4) {
        fork = whole.fork(arena, new Products(2, 9));
        atFour = state;
      }
      if (l == 9) {
        left(whole.fork(arena, new Products(0, 3)), b);
      }
    }
    ConditionedGaussian alone = square(precision, WIDE, new Products(10, 9));
    OffHeapMatrix same = h;
    for (int l = 1; l <= 4; l++) {
      same = right(alone, same);
      SignPattern.apply(same, same);
    }
    assertThat(values(atFour)).isDeepEqualTo(values(same));
    OffHeapMatrix back = b;
    OffHeapMatrix backAlone = b;
    for (int step = 0; step < 3; step++) {
      back = left(fork, back);
      backAlone = left(alone, backAlone);
      assertThat(values(back)).isDeepEqualTo(values(backAlone));
      if (step == 1) {
        OffHeapMatrix both = arena.matrix(2, WIDE, precision);
        both.copyFrom(back.rowRange(0, 2));
        assertThat(values(right(fork, both))).isDeepEqualTo(values(right(alone, both)));
      }
    }
    // And the pass that went on is one that was never forked.
    ConditionedGaussian plain = square(precision, WIDE, new Products(32, 0));
    OffHeapMatrix last = h;
    for (int l = 1; l <= 16; l++) {
      last = right(plain, last);
      SignPattern.apply(last, last);
    }
    assertThat(values(state)).isDeepEqualTo(values(last));
    // Another length draws other numbers, as keys say that count what was asked.
    assertThat(whole.drawKey("left", 0, 4)).isNotEqualTo(whole.drawKey("left", 0, 16));
    assertThat(whole.drawKey("left", 0, 4)).isNotEqualTo(whole.drawKey("left", 4, 0));
  }

  @Test
  void dependentVectorsAreNoDirections() {
    GaussianOperator w = square(Precision.DOUBLE, 50, new Products(200, 200));
    OffHeapMatrix x = arena.matrix(70, 50, Precision.DOUBLE);
    double[] first = new double[50];
    double[] second = new double[50];
    first[3] = 1;
    second[3] = 1;
    second[7] = 1e-9;
    for (int i = 0; i < 70; i++) {
      double[] row = new double[50];
      for (int k = 0; k < 50; k++) {
        row[k] = i % 5 == 4 ? 0 : i * first[k] + (i % 3) * second[k];
      }
      x.putRow(i, row);
    }
    OffHeapMatrix y = right(w, x);
    assertThat(((ConditionedGaussian) w).ranks()).isEqualTo(new Products(2, 0));
    double[][] answers = values(y);
    // Row 3 is 3 e_3; rows 4 and 69 are zero; row 66 is 66 e_3.
    assertThat(answers[4]).containsOnly(0.0);
    for (int k = 0; k < 50; k++) {
      assertThat(answers[66][k]).isCloseTo(22 * answers[3][k], within(1e-12));
    }
  }

  private static Offset<Double> within(double tolerance) {
    return Offset.offset(tolerance);
  }

  /** When every direction is known, questions cost nothing new and W is what it was. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 40, 130})
  void moreQuestionsThanDimensions(int m) {
    ConditionedGaussian w = square(Precision.DOUBLE, m, new Products(3 * m, 3 * m));
    OffHeapMatrix x = normals(Precision.DOUBLE, m, m, "x");
    OffHeapMatrix y = right(w, x);
    OffHeapMatrix z = left(w, y);
    left(w, normals(Precision.DOUBLE, m, m, "v"));
    right(w, z);
    assertThat(w.ranks()).isEqualTo(new Products(m, m));
    // A random square matrix's condition, about 10 m, is what rounding grows by.
    double[][] first = values(y);
    double[][] again = values(right(w, x));
    for (int i = 0; i < m; i++) {
      for (int k = 0; k < m; k++) {
        assertThat(again[i][k]).isCloseTo(first[i][k], within(1e-12 * Math.sqrt(m)));
      }
    }
    assertThat(dot(z, 0, x, m - 1)).isCloseTo(dot(y, 0, y, m - 1), within(1e-10 * m));
  }

  /**
   * Power iteration asks questions ever closer to earlier ones. W's norm is about 1 here (0.5 sqrt
   * m times 2 sd), so no answer is much longer than its question, and both sides agree. With the
   * second sweep taken on trust, the states of this very run were 10^8 times too long at step 208.
   */
  @Test
  void questionsCloseToEarlierOnesStayStable() {
    int m = 4096;
    int steps = 215;
    GaussianOperator w =
        ConditionedGaussian.of(
            BLAS,
            arena,
            Precision.SINGLE,
            m,
            m,
            0.5 / Math.sqrt(m),
            new Products(2 * steps, 2 * steps),
            StreamKey.of(2));
    OffHeapMatrix x = arena.matrix(2, m, Precision.SINGLE);
    OffHeapMatrix y = arena.matrix(2, m, Precision.SINGLE);
    OffHeapMatrix z = arena.matrix(2, m, Precision.SINGLE);
    x.set(0, 0, 1);
    x.set(1, 1, 1);
    for (int k = 0; k < steps; k++) {
      w.right(x, y);
      w.left(y, z);
      for (int i = 0; i < 2; i++) {
        double in = dot(x, i, x, i);
        double out = dot(y, i, y, i);
        assertThat(Math.sqrt(out / in)).as("step %d", k).isLessThan(1.05);
        // |W x|^2 = x' (W' W x)
        assertThat(dot(z, i, x, i) / out).as("step %d", k).isCloseTo(1, within(2e-5));
      }
      x.copyFrom(z);
    }
  }

  /** The whole of what was declared is enough, and is taken when a side is first asked. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void memoryIsWhatWasDeclared(Precision precision) {
    for (int m : new int[] {5, 300, WIDE}) {
      for (Products products : List.of(new Products(6, 8), new Products(90, 0))) {
        long bytes = ConditionedGaussian.memoryBytes(m, m, products, precision);
        try (Arena own = Arena.ofBytes(bytes)) {
          GaussianOperator w = ConditionedGaussian.of(BLAS, own, precision, m, m, 1, products, KEY);
          assertThat(own.used()).isZero();
          w.right(
              normals(precision, products.right(), m, "a"),
              arena.matrix(products.right(), m, precision));
          if (products.left() > 0) {
            w.left(
                normals(precision, products.left(), m, "b"),
                arena.matrix(products.left(), m, precision));
          }
          assertThat(own.used()).isEqualTo(2L * m * products.total() * precision.bytes());
          assertThat(own.peak()).isLessThanOrEqualTo(bytes);
          Products more = new Products(3, 4);
          long forkBytes = ConditionedGaussian.forkBytes(m, m, products, more, precision);
          try (Arena second = Arena.ofBytes(forkBytes)) {
            GaussianOperator fork = w.fork(second, more);
            fork.right(normals(precision, 3, m, "c"), arena.matrix(3, m, precision));
            fork.left(normals(precision, 4, m, "d"), arena.matrix(4, m, precision));
            fork.close();
            assertThat(second.used()).isZero();
          }
          w.close();
          w.close();
          assertThat(own.used()).isZero();
        }
      }
    }
  }

  @Test
  void refusesWhatItCannotAnswer() {
    ConditionedGaussian w = square(Precision.DOUBLE, 8, new Products(3, 0));
    OffHeapMatrix x = normals(Precision.DOUBLE, 2, 8, "x");
    right(w, x);
    assertThatThrownBy(() -> right(w, x))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("3 right products were declared and 2 asked, found 2 more");
    assertThatThrownBy(() -> left(w, x))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("0 left products were declared and 0 asked, found 2 more");
    OffHeapMatrix bad = normals(Precision.DOUBLE, 1, 8, "y");
    bad.set(0, 3, Double.NaN);
    assertThatThrownBy(() -> right(w, bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a right query has a finite norm, found that of row 0 squared = NaN");
    assertThatThrownBy(() -> right(w, normals(Precision.DOUBLE, 1, 9, "z")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a query is batch x 8 and its answer batch x 8, both double");
    assertThatThrownBy(
            () ->
                ConditionedGaussian.of(
                    BLAS, arena, Precision.DOUBLE, 0, 3, 1, new Products(1, 1), KEY))
        .hasMessage("a Gaussian matrix has at least 1 row and 1 column, found 0 x 3");
    assertThatThrownBy(
            () ->
                ConditionedGaussian.of(
                    BLAS, arena, Precision.DOUBLE, 3, 3, Double.NaN, new Products(1, 1), KEY))
        .hasMessage("a standard deviation is finite and not negative, found NaN");
    assertThatThrownBy(() -> new Products(-1, 2))
        .hasMessage("numbers of products are not negative, found -1 right and 2 left");
  }

  /** The pure Java products differ from the library's by rounding, and in nothing else. */
  @Test
  void librariesAgree() {
    Blas java = Blas.of(new NumericsProfile(Library.JAVA, Precision.DOUBLE));
    GaussianOperator other =
        ConditionedGaussian.of(
            java, arena, Precision.DOUBLE, 500, 500, 1 / Math.sqrt(500), new Products(9, 9), KEY);
    List<OffHeapMatrix> a =
        chain(square(Precision.DOUBLE, 500, new Products(9, 9)), Precision.DOUBLE);
    List<OffHeapMatrix> b = chain(other, Precision.DOUBLE);
    for (int i = 0; i < 3; i++) {
      double[] x = values(a.get(a.size() - 1))[i];
      double[] y = values(b.get(a.size() - 1))[i];
      for (int k = 0; k < 500; k++) {
        assertThat(y[k]).isCloseTo(x[k], within(1e-12));
      }
    }
  }
}
