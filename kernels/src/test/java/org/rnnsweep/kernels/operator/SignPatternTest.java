package org.rnnsweep.kernels.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;

class SignPatternTest {
  private static final double[] EDGES = {
    0.0, -0.0, 1e-44, -1e-44, 1, -1, 1e38, -1e38, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };
  private static final int ROWS = 3;
  private static final int COLUMNS = 10_007; // more than two of the pieces that are worked on

  /** The definition, element by element, compared with the sign of zero. */
  @ParameterizedTest
  @EnumSource
  void aPatternIsTheSignBitOfItsEntries(Precision precision) {
    try (Arena arena = arena(precision)) {
      OffHeapMatrix pattern = random(arena, precision, 1);
      for (OffHeapMatrix signs : new OffHeapMatrix[] {pattern, pattern.rowRange(1, 2)}) {
        OffHeapMatrix masked = random(arena, precision, 2);
        OffHeapMatrix before = arena.matrix(ROWS, COLUMNS, precision);
        before.copyFrom(masked);
        SignPattern.apply(signs, masked);
        for (int i = 0; i < ROWS; i++) {
          for (int j = 0; j < COLUMNS; j++) {
            double sign = signs.get(signs.rows() == 1 ? 0 : i, j);
            boolean off = sign < 0 || Double.compare(sign, -0.0) == 0;
            double kept = off ? 0.0 : before.get(i, j);
            assertThat(Double.compare(masked.get(i, j), kept)).isZero();
          }
        }
        arena.release(before);
        arena.release(masked);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRectifiedStateIsItsOwnPattern(Precision precision) {
    try (Arena arena = arena(precision)) {
      OffHeapMatrix state = random(arena, precision, 3);
      OffHeapMatrix before = arena.matrix(ROWS, COLUMNS, precision);
      before.copyFrom(state);
      SignPattern.rectify(state);
      for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < COLUMNS; j++) {
          double z = before.get(i, j);
          double rectified = z > 0 ? z : z < 0 ? -0.0 : 0.0; // either zero counts as on
          assertThat(Double.compare(state.get(i, j), rectified)).isZero();
        }
      }
      OffHeapMatrix ones = arena.matrix(ROWS, COLUMNS, precision);
      ones.fill(1);
      SignPattern.apply(state, ones);
      for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < COLUMNS; j++) {
          assertThat(ones.get(i, j)).isEqualTo(before.get(i, j) >= 0 ? 1 : 0);
        }
      }
    }
  }

  private static Arena arena(Precision precision) {
    return Arena.ofBytes(3L * ROWS * COLUMNS * precision.bytes());
  }

  private static OffHeapMatrix random(Arena arena, Precision precision, long seed) {
    Random random = new Random(seed);
    OffHeapMatrix matrix = arena.matrix(ROWS, COLUMNS, precision);
    double[] row = new double[COLUMNS];
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        row[j] =
            random.nextInt(4) == 0 ? EDGES[random.nextInt(EDGES.length)] : random.nextGaussian();
      }
      matrix.putRow(i, row);
    }
    return matrix;
  }
}
