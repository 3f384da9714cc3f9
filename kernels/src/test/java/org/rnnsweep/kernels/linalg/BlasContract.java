package org.rnnsweep.kernels.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.Precision;

/** What every {@link Blas} promises. The oracle is the definition, summed in double. */
abstract class BlasContract {
  private static final long LIMIT = 1L << 28;

  // Empty, one element, thinner and wider than any kernel's tile, and longer than its blocks.
  private static final int[][] SHAPES = {
    {0, 3, 2}, {3, 2, 0}, {1, 1, 1}, {5, 1, 300}, {33, 65, 17}, {70, 513, 129}, {129, 31, 1031}
  };

  abstract Blas blas();

  @ParameterizedTest
  @EnumSource(Precision.class)
  final void productsAgreeWithTheDefinition(Precision precision) {
    int checked = 0;
    for (int[] shape : SHAPES) {
      for (Transpose ta : Transpose.values()) {
        for (Transpose tb : Transpose.values()) {
          for (double beta : new double[] {0, -0.5}) {
            try (Arena arena = Arena.ofBytes(LIMIT)) {
              double[][] a = random(shape[0], shape[2], 1, precision);
              double[][] b = random(shape[2], shape[1], 2, precision);
              double[][] c = random(shape[0], shape[1], 3, precision);
              OffHeapMatrix left = stored(arena, a, shape[0], shape[2], ta, precision);
              OffHeapMatrix right = stored(arena, b, shape[2], shape[1], tb, precision);
              OffHeapMatrix out = stored(arena, c, shape[0], shape[1], Transpose.NO, precision);
              if (beta == 0) {
                out.fill(Double.NaN);
              }
              blas().gemm(ta, tb, 0.75, left, right, beta, out);
              for (int i = 0; i < shape[0]; i++) {
                for (int j = 0; j < shape[1]; j++) {
                  double sum = 0;
                  double size = Math.abs(beta * c[i][j]);
                  for (int k = 0; k < shape[2]; k++) {
                    sum += a[i][k] * b[k][j];
                    size += Math.abs(a[i][k] * b[k][j]);
                  }
                  double expected = 0.75 * sum + (beta == 0 ? 0 : beta * c[i][j]);
                  assertThat(Math.abs(out.get(i, j) - expected))
                      .as("%s %s %s %s at %d, %d", Arrays.toString(shape), ta, tb, beta, i, j)
                      .isLessThanOrEqualTo(bound(precision, shape[2], size));
                  checked++;
                }
              }
            }
          }
        }
      }
    }
    assertThat(checked).isEqualTo(8 * (1 + 5 + 33 * 65 + 70 * 513 + 129 * 31 + 3 * 2));
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  final void productsWithAVectorAgreeWithThoseOfMatricesWhereverTheVectorLies(Precision precision) {
    for (int[] shape : new int[][] {{1, 1}, {3, 0}, {65, 17}, {129, 1031}, {1031, 129}}) {
      for (Transpose transpose : Transpose.values()) {
        for (double beta : new double[] {0, -0.5}) {
          try (Arena arena = Arena.ofBytes(LIMIT)) {
            double[][] a = random(shape[0], shape[1], 1, precision);
            OffHeapMatrix matrix = stored(arena, a, shape[0], shape[1], transpose, precision);
            double[][] x = random(1, shape[1], 2, precision);
            double[][] y = random(1, shape[0], 3, precision);
            OffHeapMatrix first = null;
            for (int row = 0; row < 3; row++) { // of odd lengths: no two are aligned alike
              OffHeapMatrix in = arena.matrix(3, shape[1], precision).rowRange(row, row + 1);
              OffHeapMatrix out = arena.matrix(3, shape[0], precision).rowRange(row, row + 1);
              in.putRow(0, x[0]);
              out.putRow(0, y[0]);
              if (beta == 0) {
                out.fill(Double.NaN);
              }
              blas().gemv(transpose, 0.75, matrix, in, beta, out);
              for (int i = 0; i < shape[0]; i++) {
                double sum = 0;
                double size = Math.abs(beta * y[0][i]);
                for (int k = 0; k < shape[1]; k++) {
                  sum += a[i][k] * x[0][k];
                  size += Math.abs(a[i][k] * x[0][k]);
                }
                double expected = 0.75 * sum + (beta == 0 ? 0 : beta * y[0][i]);
                assertThat(Math.abs(out.get(0, i) - expected))
                    .as("%s %s %s at %d", Arrays.toString(shape), transpose, beta, i)
                    .isLessThanOrEqualTo(bound(precision, shape[1], size));
                if (first != null) {
                  assertThat(out.get(0, i)).isEqualTo(first.get(0, i));
                }
              }
              first = out;
            }
          }
        }
      }
    }
    try (Arena arena = Arena.ofBytes(LIMIT)) {
      OffHeapMatrix matrix = arena.matrix(3, 4, precision);
      OffHeapMatrix row = arena.matrix(1, 3, precision);
      assertThatThrownBy(() -> blas().gemv(Transpose.NO, 1, matrix, row, 0, row))
          .hasMessageContaining("gemv");
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  final void symmetricProductFillsTheUpperTriangleAlone(Precision precision) {
    for (Transpose transpose : Transpose.values()) {
      for (double beta : new double[] {0, 1}) {
        try (Arena arena = Arena.ofBytes(LIMIT)) {
          int n = 131;
          int inner = 517;
          double[][] a = random(n, inner, 4, precision);
          OffHeapMatrix factor = stored(arena, a, n, inner, transpose, precision);
          OffHeapMatrix gram = arena.matrix(n, n, precision);
          gram.fill(7);
          blas().syrk(transpose, 2, factor, beta, gram);
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
              double expected = beta * 7;
              double size = 7;
              for (int k = 0; k < inner; k++) {
                expected += 2 * a[i][k] * a[j][k];
                size += 2 * Math.abs(a[i][k] * a[j][k]);
              }
              if (j < i) {
                assertThat(gram.get(i, j)).isEqualTo(7);
              } else {
                assertThat(Math.abs(gram.get(i, j) - expected))
                    .isLessThanOrEqualTo(bound(precision, inner, size));
              }
            }
          }
        }
      }
    }
  }

  /** The orders lie on both sides of a diagonal block, of a panel, and of several panels. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  final void factorMultipliesBackAndSolves(Precision precision) {
    for (int n : new int[] {0, 1, 2, 63, 64, 65, 129, 300, 517}) {
      try (Arena arena = Arena.ofBytes(LIMIT)) {
        double[][] a = random(n, n, 5, precision);
        OffHeapMatrix m = stored(arena, a, n, n, Transpose.NO, precision);
        OffHeapMatrix gram = arena.matrix(n, n, precision);
        blas().syrk(Transpose.YES, 1, m, 0, gram);
        for (int i = 0; i < n; i++) {
          gram.set(i, i, gram.get(i, i) + n);
          for (int j = 0; j < i; j++) {
            gram.set(i, j, Double.NaN);
          }
        }
        double[][] before = dense(gram);
        OffHeapMatrix x =
            stored(arena, random(70, n, 6, precision), 70, n, Transpose.NO, precision);
        double[][] b = dense(x);
        assertThat(blas().cholesky(gram)).isTrue();
        double[][] r = dense(gram);
        double[][] full = new double[n][n];
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < i; j++) {
            assertThat(r[i][j]).as("below the diagonal").isNaN();
            full[i][j] = before[j][i];
          }
          for (int j = i; j < n; j++) {
            full[i][j] = before[i][j];
            double sum = 0;
            for (int k = 0; k <= i; k++) {
              sum += r[k][i] * r[k][j];
            }
            // |A - R^T R| <= (n+1) u |R^T| |R| (Higham, Thm 10.3), and |R^T||R| <= sqrt(a_ii a_jj).
            double size = Math.sqrt(before[i][i] * before[j][j]);
            assertThat(Math.abs(sum - before[i][j])).isLessThanOrEqualTo(bound(precision, n, size));
          }
        }
        blas().choleskySolve(gram, x);
        double[][] solution = dense(x);
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < 70; j++) {
            double residual = -b[j][i];
            double size = 0;
            for (int k = 0; k < n; k++) {
              residual += full[i][k] * solution[j][k];
              size += Math.sqrt(full[i][i] * full[k][k]) * Math.abs(solution[j][k]);
            }
            // (3n+1) u |R^T||R||x| (Higham, Thm 10.4).
            assertThat(Math.abs(residual))
                .isLessThanOrEqualTo(3 * bound(precision, n, size + Math.abs(b[j][i])));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  final void matricesThatAreNotPositiveDefiniteAreRefused(Precision precision) {
    for (int n : new int[] {1, 40, 200, 400}) {
      for (int at : new int[] {0, n / 2, n - 1}) {
        for (double bad : new double[] {-1, 0, Double.NaN}) {
          try (Arena arena = Arena.ofBytes(LIMIT)) {
            OffHeapMatrix a = arena.matrix(n, n, precision);
            for (int i = 0; i < n; i++) {
              a.set(i, i, 2);
            }
            a.set(at, at, bad);
            assertThat(blas().cholesky(a)).as("%d: %s at %d", n, bad, at).isFalse();
          }
        }
      }
      try (Arena arena = Arena.ofBytes(LIMIT)) {
        OffHeapMatrix a = arena.matrix(n, n, precision);
        for (int i = 0; i < n; i++) {
          a.set(i, i, 2);
        }
        a.set(0, n - 1, Double.NaN);
        assertThat(blas().cholesky(a)).as("%d: NaN in the corner", n).isFalse();
      }
    }
  }

  /** Other calls, another thread and another alignment must not move a bit. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  final void bitsDependOnTheCallAlone(Precision precision) {
    try (Arena arena = Arena.ofBytes(LIMIT)) {
      int n = 157;
      double[][] first = product(arena, n, 0, precision);
      OffHeapMatrix noise = arena.matrix(61, 61, precision);
      noise.fill(3);
      OffHeapMatrix target = arena.matrix(61, 61, precision);
      blas().gemm(Transpose.YES, Transpose.NO, 1, noise, noise, 0, target);
      assertThat(product(arena, n, 0, precision)).isDeepEqualTo(first);
      assertThat(product(arena, n, 1, precision)).as("alignment").isDeepEqualTo(first);
      assertThat(product(arena, n, 3, precision)).as("alignment").isDeepEqualTo(first);
      double[][] elsewhere =
          CompletableFuture.supplyAsync(
                  () -> {
                    try (Arena own = Arena.ofBytes(LIMIT)) {
                      return product(own, n, 0, precision);
                    }
                  })
              .join();
      assertThat(elsewhere).as("thread").isDeepEqualTo(first);
    }
  }

  @Test
  final void shapesAndPrecisionsThatDoNotFitAreNamed() {
    try (Arena arena = Arena.ofBytes(LIMIT)) {
      OffHeapMatrix a = arena.matrix(2, 3, Precision.DOUBLE);
      OffHeapMatrix c = arena.matrix(2, 2, Precision.DOUBLE);
      OffHeapMatrix single = arena.matrix(2, 2, Precision.SINGLE);
      assertThatThrownBy(() -> blas().gemm(Transpose.NO, Transpose.NO, 1, a, a, 0, c))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a (2 x 3 double matrix, transposed: NO)");
      assertThatThrownBy(() -> blas().gemm(Transpose.NO, Transpose.YES, 1, a, a, 0, single))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("c (2 x 2 single matrix)");
      assertThatThrownBy(() -> blas().syrk(Transpose.YES, 1, a, 0, c))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("syrk");
      assertThatThrownBy(() -> blas().cholesky(a))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be square, found 2 x 3");
      assertThatThrownBy(() -> blas().choleskySolve(c, single))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("does not fit");
    }
  }

  /** The product of two fixed matrices that start {@code offset} rows of one element late. */
  private double[][] product(Arena arena, int n, int offset, Precision precision) {
    OffHeapMatrix shifted = arena.matrix(n + offset, n, precision);
    OffHeapMatrix a = shifted.rowRange(offset, n + offset);
    double[][] values = random(n, n, 9, precision);
    for (int i = 0; i < n; i++) {
      a.putRow(i, values[i]);
    }
    OffHeapMatrix c = arena.matrix(n, n, precision);
    blas().gemm(Transpose.NO, Transpose.YES, 1, a, a, 0, c);
    return dense(c);
  }

  /** The rounding error of a sum of k products of this total size, ours and the oracle's. */
  private static double bound(Precision precision, int k, double size) {
    double unit = precision == Precision.SINGLE ? 0x1p-24 : 0x1p-53;
    return 2 * (k + 3) * unit * size;
  }

  private static double[][] random(int rows, int columns, long seed, Precision precision) {
    SplittableRandom source = new SplittableRandom(seed);
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      for (int j = 0; j < columns; j++) {
        double value = source.nextDouble() - 0.5;
        row[j] = precision == Precision.SINGLE ? (float) value : value;
      }
    }
    return values;
  }

  private static OffHeapMatrix stored(
      Arena arena,
      double[][] values,
      int rows,
      int columns,
      Transpose transpose,
      Precision precision) {
    boolean plain = transpose == Transpose.NO;
    OffHeapMatrix matrix = arena.matrix(plain ? rows : columns, plain ? columns : rows, precision);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        matrix.set(plain ? i : j, plain ? j : i, values[i][j]);
      }
    }
    return matrix;
  }

  private static double[][] dense(OffHeapMatrix matrix) {
    double[][] values = new double[(int) matrix.rows()][(int) matrix.columns()];
    for (int i = 0; i < values.length; i++) {
      matrix.getRow(i, values[i]);
    }
    return values;
  }
}
