package org.rnnsweep.kernels.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/**
 * The streams as this project cuts them: many short blocks, read across as well as along. Every
 * statistical check rejects at {@code ALPHA}; there are 11 of them, so by chance alone a new root
 * seed would fail somewhere once in 900. The seed was fixed before the first run.
 */
class NormalStreamTest {
  private static final double ALPHA = 1e-4;
  private static final long ROOT = 20250101;
  private static final int BLOCKS = 20_000;
  private static final int LENGTH = 50;

  @Test
  void normalsHaveTheNormalLaw() {
    double[] draws = draws(StreamKey.of(ROOT).name("law"), 1);
    assertThat(pOfNormalCells(draws)).isGreaterThan(ALPHA);
    assertThat(pOfMoments(draws)).isGreaterThan(ALPHA);
    // The twins: half a percent too wide; a uniform of the same mean and variance.
    assertThat(pOfNormalCells(draws(StreamKey.of(ROOT).name("law"), 1.005))).isLessThan(ALPHA);
    double[] uniform = new double[draws.length];
    NormalStream source = NormalStream.of(StreamKey.of(ROOT).name("uniform"));
    Arrays.setAll(uniform, i -> (source.nextUniform() - 0.5) * Math.sqrt(12));
    assertThat(pOfNormalCells(uniform)).isLessThan(ALPHA);
    assertThat(pOfMoments(uniform)).isLessThan(ALPHA);
  }

  @Test
  void uniformsFillTheirCellsEvenly() {
    StreamKey key = StreamKey.of(ROOT).name("uniform");
    IntToDoubleFunction first = block -> NormalStream.of(key.block(block)).nextUniform();
    assertThat(pOfUniformCells(first)).isGreaterThan(ALPHA);
    // The twin: one block in a hundred repeats block 0.
    assertThat(pOfUniformCells(block -> first.applyAsDouble(block % 100 == 0 ? 0 : block)))
        .isLessThan(ALPHA);
  }

  @Test
  void streamsThatDifferInOneComponentAreUncorrelated() {
    StreamKey key = StreamKey.of(ROOT);
    double[] base = draws(key.seed(0).name("W").with("width", 100), 1);
    double[][] others = {
      draws(key.seed(1).name("W").with("width", 100), 1),
      draws(key.seed(0).name("A").with("width", 100), 1),
      draws(key.seed(0).name("W").with("width", 101), 1),
      draws(StreamKey.of(ROOT + 1).seed(0).name("W").with("width", 100), 1),
      draws(key.seed(0).name("W").with("width", 100.0), 1)
    };
    for (double[] other : others) {
      assertThat(pOfCorrelation(base, other, 0)).isGreaterThan(ALPHA);
    }
    // Neighbouring blocks (lag of one block) and neighbouring numbers (lag of one).
    assertThat(pOfCorrelation(base, base, LENGTH)).isGreaterThan(ALPHA);
    assertThat(pOfCorrelation(base, base, 1)).isGreaterThan(ALPHA);
    // The size of a number, too: squares of neighbouring blocks.
    double[] squares = Arrays.stream(base).map(x -> (x * x - 1) / Math.sqrt(2)).toArray();
    assertThat(pOfCorrelation(squares, squares, LENGTH)).isGreaterThan(ALPHA);
    // The twin: another stream with a hundredth of this one in it (10 standard errors).
    double[] leaking = others[0].clone();
    for (int i = 0; i < leaking.length; i++) {
      leaking[i] += 0.01 * base[i];
    }
    assertThat(pOfCorrelation(base, leaking, 0)).isLessThan(ALPHA);
  }

  /** Stored results depend on these bits: a change needs a new version of every job. */
  @Test
  void firstNumbersAreSealed() {
    NormalStream stream = NormalStream.of(StreamKey.of(ROOT).seed(0).name("W").block(3));
    assertThat(Double.toHexString(stream.next())).isEqualTo("-0x1.5ab990f9abfe5p0");
    assertThat(Double.toHexString(stream.next())).isEqualTo("0x1.44a279a44563ap-1");
    assertThat(Double.toHexString(stream.nextUniform())).isEqualTo("0x1.0c34c4f4da6b7p-1");
  }

  @Test
  void piecesOfABlockAreItsPieces() {
    StreamKey key = StreamKey.of(ROOT).name("pieces");
    double[] whole = new double[100];
    NormalStream.of(key).fill(whole, 0, 100);
    double[] pieces = new double[100];
    NormalStream stream = NormalStream.of(key);
    stream.fill(pieces, 0, 37);
    pieces[37] = stream.next();
    stream.fill(pieces, 38, 100);
    assertThat(pieces).isEqualTo(whole);
    float[] single = new float[100];
    NormalStream.of(key).fill(single, 0, 100);
    for (int i = 0; i < 100; i++) {
      assertThat(single[i]).isEqualTo((float) whole[i]);
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void rowsOfAMatrixAreItsBlocks(Precision precision) {
    StreamKey key = StreamKey.of(ROOT).name("matrix");
    try (Arena arena = Arena.ofBytes(1 << 20)) {
      OffHeapMatrix matrix = arena.matrix(7, 1100, precision);
      GaussianMatrix.fill(matrix, key, 0.3);
      double[] row = new double[1100];
      for (int i = 0; i < 7; i++) {
        NormalStream.of(key.block(i)).fill(row, 0, 1100);
        for (int j = 0; j < 1100; j++) {
          double expected = 0.3 * row[j];
          assertThat(matrix.get(i, j))
              .isEqualTo(precision == Precision.SINGLE ? (float) expected : expected);
        }
      }
    }
  }

  private static double[] draws(StreamKey key, double scale) {
    double[] all = new double[BLOCKS * LENGTH];
    for (int block = 0; block < BLOCKS; block++) {
      NormalStream.of(key.block(block)).fill(all, block * LENGTH, (block + 1) * LENGTH);
    }
    return Arrays.stream(all).map(x -> scale * x).toArray();
  }

  /**
   * Two hundred cells of equal probability; the inverse cdf and the test are Commons Statistics'.
   */
  private static double pOfNormalCells(double[] draws) {
    int cells = 200;
    NormalDistribution law = NormalDistribution.of(0, 1);
    double[] edges = new double[cells - 1];
    Arrays.setAll(edges, i -> law.inverseCumulativeProbability((i + 1.0) / cells));
    long[] counts = new long[cells];
    for (double x : draws) {
      int at = Arrays.binarySearch(edges, x);
      counts[at < 0 ? -at - 1 : at]++;
    }
    return ChiSquareTest.withDefaults().test(counts).getPValue();
  }

  private static double pOfUniformCells(IntToDoubleFunction uniform) {
    long[] counts = new long[100];
    for (int block = 0; block < BLOCKS; block++) {
      counts[(int) (100 * uniform.applyAsDouble(block))]++;
    }
    return ChiSquareTest.withDefaults().test(counts).getPValue();
  }

  /**
   * The means of the Hermite polynomials He_1 to He_4 of N(0, 1) are uncorrelated with variances k!
   * / n: the sum of their squared z is chi-square with 4 degrees of freedom.
   */
  private static double pOfMoments(double[] draws) {
    double[] sums = new double[4];
    for (double x : draws) {
      double square = x * x;
      sums[0] += x;
      sums[1] += square - 1;
      sums[2] += x * (square - 3);
      sums[3] += square * square - 6 * square + 3;
    }
    double[] factorials = {1, 2, 6, 24};
    double statistic = 0;
    for (int k = 0; k < 4; k++) {
      statistic += sums[k] * sums[k] / (factorials[k] * draws.length);
    }
    return ChiSquaredDistribution.of(4).survivalProbability(statistic);
  }

  /** For independent standardised numbers sum x_i y_i / sqrt(n) is standard normal. */
  private static double pOfCorrelation(double[] x, double[] y, int lag) {
    double sum = 0;
    for (int i = lag; i < x.length; i++) {
      sum += x[i] * y[i - lag];
    }
    double z = sum / Math.sqrt(x.length - lag);
    return 2 * NormalDistribution.of(0, 1).survivalProbability(Math.abs(z));
  }
}
