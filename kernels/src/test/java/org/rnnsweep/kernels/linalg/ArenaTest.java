package org.rnnsweep.kernels.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.Precision;

class ArenaTest {

  @Test
  void countsExactlyTheElementsItHandedOut() {
    try (Arena arena = Arena.ofBytes(1000)) {
      OffHeapMatrix first = arena.matrix(10, 5, Precision.DOUBLE);
      OffHeapMatrix second = arena.matrix(10, 15, Precision.SINGLE);
      assertThat(arena.used()).isEqualTo(1000);
      assertThatThrownBy(() -> arena.matrix(1, 1, Precision.SINGLE))
          .isInstanceOf(ArenaExhaustedException.class)
          .hasMessage(
              "a 1 x 1 single matrix needs 4 bytes, but only 0 of the 1000 declared are free");
      arena.release(first);
      assertThat(arena.used()).isEqualTo(600);
      arena.matrix(50, 1, Precision.DOUBLE);
      arena.release(second);
      assertThat(arena.used()).isEqualTo(400);
      assertThat(arena.peak()).isEqualTo(1000);
      assertThat(arena.limit()).isEqualTo(1000);
    }
  }

  @Test
  void freedMemoryIsRefusedNotRead() {
    Arena arena = Arena.ofBytes(1000);
    OffHeapMatrix released = arena.matrix(2, 2, Precision.DOUBLE);
    OffHeapMatrix view = released.rowRange(1, 2);
    OffHeapMatrix closed = arena.matrix(2, 2, Precision.DOUBLE);
    assertThatThrownBy(() -> arena.release(view)).isInstanceOf(IllegalArgumentException.class);
    arena.release(released);
    assertThatThrownBy(() -> arena.release(released)).isInstanceOf(IllegalArgumentException.class);
    arena.close();
    arena.close();
    for (OffHeapMatrix gone : new OffHeapMatrix[] {released, view, closed}) {
      assertThatThrownBy(() -> gone.get(0, 0)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> gone.getRow(0, new double[2]))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(gone::doubles).isInstanceOf(IllegalStateException.class);
    }
    assertThat(arena.used()).isZero();
  }

  @Test
  void impossibleRequestsAreRefused() {
    assertThatThrownBy(() -> Arena.ofBytes(-1)).isInstanceOf(IllegalArgumentException.class);
    try (Arena arena = Arena.ofBytes(Long.MAX_VALUE)) {
      assertThatThrownBy(() -> arena.matrix(-1, 2, Precision.DOUBLE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("-1 x 2");
      assertThatThrownBy(() -> arena.matrix(Long.MAX_VALUE, 2, Precision.DOUBLE))
          .isInstanceOf(ArithmeticException.class);
      assertThatThrownBy(() -> arena.matrix(1L << 27, 1L << 27, Precision.SINGLE))
          .isInstanceOf(ArenaExhaustedException.class)
          .hasMessageContaining("the machine refused");
      assertThat(arena.used()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void matricesAreZeroedAlignedAndRowMajor(Precision precision) {
    try (Arena arena = Arena.ofBytes(1 << 22)) {
      for (int round = 0; round < 5; round++) {
        OffHeapMatrix matrix = arena.matrix(37, 2053, precision);
        long address =
            precision == Precision.SINGLE ? matrix.floats().address() : matrix.doubles().address();
        assertThat(address % 64).isZero();
        double[] row = new double[2053];
        for (int i = 0; i < 37; i++) {
          matrix.getRow(i, row);
          assertThat(row).containsOnly(0);
        }
        for (int i = 0; i < 37; i++) {
          for (int j = 0; j < 2053; j++) {
            row[j] = i + j * 1e-4;
          }
          matrix.putRow(i, row);
        }
        for (int i = 0; i < 37; i += 4) {
          for (int j = 0; j < 2053; j += 11) {
            double value = i + j * 1e-4;
            double expected = precision == Precision.SINGLE ? (float) value : value;
            assertThat(matrix.get(i, j)).isEqualTo(expected);
            assertThat(matrix.rowRange(i, 37).get(0, j)).isEqualTo(expected);
            double raw =
                precision == Precision.SINGLE
                    ? matrix.floats().get(i * 2053L + j)
                    : matrix.doubles().get(i * 2053L + j);
            assertThat(raw).isEqualTo(expected);
          }
        }
        double[] middle = new double[4];
        matrix.getRow(3, 1023, middle, 1, 3);
        assertThat(middle[0]).isZero();
        assertThat(middle[3]).isEqualTo(matrix.get(3, 1025));
        assertThatThrownBy(() -> matrix.get(37, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> matrix.set(0, 2053, 1))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> matrix.getRow(0, 2052, middle, 0, 2))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> matrix.rowRange(3, 38))
            .isInstanceOf(IndexOutOfBoundsException.class);
        arena.release(matrix);
      }
    }
  }

  @Test
  void matricesBeyondOneBufferKeepTheirRows() {
    // 2.1 GiB of address space, of which four pages are touched: zeroed memory is not real yet.
    try (Arena arena = Arena.ofBytes(3L << 30)) {
      OffHeapMatrix matrix = arena.matrix(70_001, 8009, Precision.SINGLE);
      long[] rows = {0, 33_515, 33_516, 33_517, 67_032, 70_000};
      for (long row : rows) {
        matrix.set(row, 8008, row);
        matrix.putRow(row, new float[] {-row});
      }
      for (long row : rows) {
        assertThat(matrix.floats().get(row * 8009 + 8008)).isEqualTo((float) row);
        assertThat(matrix.floats().get(row * 8009)).isEqualTo((float) -row);
        assertThat(matrix.rowRange(row, 70_001).get(0, 8008)).isEqualTo((double) row);
      }
      float[] several = new float[1 + 3 * 8009]; // a buffer ends after row 33,515
      matrix.getRows(33_515, 33_518, several, 1);
      assertThat(several[1]).isEqualTo(-33_515f);
      assertThat(several[2 * 8009]).isEqualTo(33_516f);
      assertThat(several[3 * 8009]).isEqualTo(33_517f);
      several[8009] = 7;
      several[8010] = 8;
      matrix.rowRange(33_000, 33_600).putRows(515, 518, several, 1);
      assertThat(matrix.get(33_515, 8008)).isEqualTo(7);
      assertThat(matrix.get(33_516, 0)).isEqualTo(8);
      assertThatThrownBy(() -> matrix.getRows(70_000, 70_002, several, 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void copiesBetweenPrecisionsRoundOnce() {
    try (Arena arena = Arena.ofBytes(1 << 20)) {
      OffHeapMatrix wide = arena.matrix(3, 1500, Precision.DOUBLE);
      wide.fill(0.1);
      OffHeapMatrix narrow = arena.matrix(3, 1500, Precision.SINGLE);
      narrow.copyFrom(wide);
      assertThat(narrow.get(2, 1499)).isEqualTo((double) 0.1f);
      wide.copyFrom(narrow);
      assertThat(wide.get(2, 1499)).isEqualTo((double) 0.1f);
      double[] two = new double[3000];
      wide.getRows(1, 3, two, 0);
      assertThat(two).containsOnly(0.1f);
      two[1500] = 5;
      wide.putRows(0, 2, two, 0);
      assertThat(wide.get(1, 0)).isEqualTo(5);
      assertThatThrownBy(() -> narrow.getRows(0, 1, two, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("wanted a double matrix");
      assertThatThrownBy(() -> wide.copyFrom(narrow.rowRange(0, 2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("shapes differ: 2 x 1500 single matrix into 3 x 1500 double matrix");
      assertThatThrownBy(wide::floats)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("wanted a single matrix");
    }
  }
}
