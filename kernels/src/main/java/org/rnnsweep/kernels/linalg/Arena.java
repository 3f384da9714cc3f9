package org.rnnsweep.kernels.linalg;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.rnnsweep.kernels.Precision;

/**
 * Off-heap memory of one group of trials, limited to what the group declared.
 *
 * <p>Matrices are zeroed and start at a multiple of 64 bytes. What is counted is exactly {@code
 * rows * columns * bytes of an element}, so that a declared cost can be computed beforehand; the at
 * most 64 bytes of alignment and the allocator's own header are not. Not safe for use by several
 * threads at once.
 */
public final class Arena implements AutoCloseable {
  private final long limitBytes;
  private final List<OffHeapMatrix> live = new ArrayList<>();
  private long usedBytes;
  private long peakBytes;

  private Arena(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /**
   * An arena that hands out at most this many bytes at a time.
   *
   * @throws IllegalArgumentException if the limit is negative
   */
  public static Arena ofBytes(long limitBytes) {
    if (limitBytes < 0) {
      throw new IllegalArgumentException(
          "an arena's limit must not be negative, found " + limitBytes + " bytes");
    }
    return new Arena(limitBytes);
  }

  /**
   * A new matrix of zeros.
   *
   * @throws IllegalArgumentException if a dimension is negative
   * @throws ArenaExhaustedException if it does not fit under the limit, or the machine refuses
   */
  public OffHeapMatrix matrix(long rows, long columns, Precision precision) {
    Objects.requireNonNull(precision);
    if (rows < 0 || columns < 0) {
      throw new IllegalArgumentException(
          "a matrix has no negative dimension, found " + rows + " x " + columns);
    }
    long bytes = Math.multiplyExact(Math.multiplyExact(rows, columns), precision.bytes());
    if (bytes > limitBytes - usedBytes) {
      throw new ArenaExhaustedException(
          String.format(
              Locale.ROOT,
              "a %d x %d %s matrix needs %d bytes, but only %d of the %d declared are free",
              rows,
              columns,
              precision.label(),
              bytes,
              limitBytes - usedBytes,
              limitBytes));
    }
    OffHeapMatrix matrix = OffHeapMatrix.allocate(rows, columns, precision);
    live.add(matrix);
    usedBytes += bytes;
    peakBytes = Math.max(peakBytes, usedBytes);
    return matrix;
  }

  /**
   * Gives a matrix's memory back; it and every view of it must not be used again (and say so).
   *
   * @throws IllegalArgumentException if it is a view, of another arena, or released already
   */
  public void release(OffHeapMatrix matrix) {
    for (int i = live.size() - 1; i >= 0; i--) {
      if (live.get(i) == matrix) {
        live.remove(i);
        usedBytes -= matrix.rows() * matrix.columns() * matrix.precision().bytes();
        matrix.free();
        return;
      }
    }
    throw new IllegalArgumentException("not a live matrix of this arena: " + matrix);
  }

  /** Bytes handed out now. */
  public long used() {
    return usedBytes;
  }

  /** The most bytes that were ever handed out at once. */
  public long peak() {
    return peakBytes;
  }

  /** Bytes this arena may hand out. */
  public long limit() {
    return limitBytes;
  }

  /** Frees every matrix. Idempotent. */
  @Override
  public void close() {
    for (OffHeapMatrix matrix : live) {
      matrix.free();
    }
    live.clear();
    usedBytes = 0;
  }
}
