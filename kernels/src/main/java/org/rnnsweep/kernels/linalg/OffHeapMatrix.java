package org.rnnsweep.kernels.linalg;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.rnnsweep.kernels.Precision;

/**
 * A dense matrix off the heap: row-major, rows next to each other, 64-bit indices. Made by {@link
 * Arena#matrix} and gone with it; a view shares its memory.
 *
 * <p>Single elements are checked and slow. Loops over many elements copy a row, or a part of one,
 * into a small Java array, work there, and copy it back: that runs at the speed of memory.
 *
 * <p>Several threads may read at once; a writer must be alone.
 */
public final class OffHeapMatrix {
  private static final long ALIGNMENT_BYTES = 64;
  // A byte buffer holds less than 2 GiB: the matrix is seen through several, each of whole rows.
  private static final long CHUNK_BYTES = 1L << 30;
  // Conversions go through an array of this many elements, which stays in the first cache.
  private static final int PIECE = 1024;

  static {
    JavaCpp.configure();
  }

  /** One piece of memory and its buffers; shared by a matrix and its views. */
  private static final class Block {
    final Pointer raw;
    final BytePointer aligned;
    final long columns;
    final long rowsPerChunk;
    final FloatBuffer[] floats;
    final DoubleBuffer[] doubles;
    final IntBuffer[] singleBits;
    final LongBuffer[] doubleBits;
    boolean freed;

    Block(long rows, long columns, Precision precision) {
      this.columns = columns;
      long rowBytes = Math.max(1, columns * precision.bytes());
      if (rowBytes > CHUNK_BYTES) {
        throw new IllegalArgumentException(
            "a row may have at most 1 GiB, found " + rowBytes + " bytes");
      }
      long bytes = rows * columns * precision.bytes();
      raw = Pointer.calloc(1, bytes + ALIGNMENT_BYTES);
      if (raw == null || raw.isNull()) {
        throw new ArenaExhaustedException(
            "the machine refused " + bytes + " bytes for a " + rows + " x " + columns + " matrix");
      }
      long shift = -raw.address() & (ALIGNMENT_BYTES - 1);
      aligned = new BytePointer(raw).getPointer(shift);
      rowsPerChunk = CHUNK_BYTES / rowBytes;
      int chunks = Math.toIntExact((rows + rowsPerChunk - 1) / rowsPerChunk);
      floats = precision == Precision.SINGLE ? new FloatBuffer[chunks] : null;
      doubles = precision == Precision.DOUBLE ? new DoubleBuffer[chunks] : null;
      singleBits = precision == Precision.SINGLE ? new IntBuffer[chunks] : null;
      doubleBits = precision == Precision.DOUBLE ? new LongBuffer[chunks] : null;
      for (int c = 0; c < chunks; c++) {
        long first = c * rowsPerChunk;
        long length = Math.min(rowsPerChunk, rows - first) * columns * precision.bytes();
        ByteBuffer buffer =
            aligned
                .getPointer(first * columns * precision.bytes())
                .<Pointer>capacity(length)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
        if (floats != null) {
          floats[c] = buffer.asFloatBuffer();
          singleBits[c] = buffer.asIntBuffer();
        } else {
          doubles[c] = buffer.asDoubleBuffer();
          doubleBits[c] = buffer.asLongBuffer();
        }
      }
    }
  }

  private final Block block;
  private final Precision precision;
  private final long firstRow;
  private final long rows;
  private final long columns;

  private OffHeapMatrix(Block block, Precision precision, long firstRow, long rows, long columns) {
    this.block = block;
    this.precision = precision;
    this.firstRow = firstRow;
    this.rows = rows;
    this.columns = columns;
  }

  static OffHeapMatrix allocate(long rows, long columns, Precision precision) {
    return new OffHeapMatrix(new Block(rows, columns, precision), precision, 0, rows, columns);
  }

  void free() {
    if (!block.freed) {
      block.freed = true;
      Pointer.free(block.raw);
    }
  }

  public long rows() {
    return rows;
  }

  public long columns() {
    return columns;
  }

  public Precision precision() {
    return precision;
  }

  /** The element in row {@code i}, column {@code j}; a single one is widened exactly. */
  public double get(long i, long j) {
    checkElement(i, j);
    int chunk = chunkOf(i);
    int index = indexOf(i, j);
    return precision == Precision.SINGLE
        ? block.floats[chunk].get(index)
        : block.doubles[chunk].get(index);
  }

  /** Sets one element; rounded to nearest where the matrix is single. */
  public void set(long i, long j, double value) {
    checkElement(i, j);
    int chunk = chunkOf(i);
    int index = indexOf(i, j);
    if (precision == Precision.SINGLE) {
      block.floats[chunk].put(index, (float) value);
    } else {
      block.doubles[chunk].put(index, value);
    }
  }

  /** Sets every element; rounded to nearest where the matrix is single. */
  public void fill(double value) {
    if (rows == 0 || columns == 0) {
      return;
    }
    int width = (int) columns;
    if (precision == Precision.SINGLE) {
      float[] row = new float[width];
      Arrays.fill(row, (float) value);
      for (long i = 0; i < rows; i++) {
        putRow(i, row);
      }
    } else {
      double[] row = new double[width];
      Arrays.fill(row, value);
      for (long i = 0; i < rows; i++) {
        putRow(i, row);
      }
    }
  }

  /** Copies {@code target.length} elements of row {@code i} from column 0 on. */
  public void getRow(long i, float[] target) {
    getRow(i, 0, target, 0, target.length);
  }

  /** Copies {@code target.length} elements of row {@code i} from column 0 on. */
  public void getRow(long i, double[] target) {
    getRow(i, 0, target, 0, target.length);
  }

  /** Copies {@code length} elements of row {@code i}, from column {@code j} on, of a single one. */
  public void getRow(long i, long j, float[] target, int offset, int length) {
    requirePrecision(Precision.SINGLE);
    checkRow(i, j, length);
    block.floats[chunkOf(i)].get(indexOf(i, j), target, offset, length);
  }

  /** Copies {@code length} elements of row {@code i}, from column {@code j} on, widened exactly. */
  public void getRow(long i, long j, double[] target, int offset, int length) {
    checkRow(i, j, length);
    if (precision == Precision.DOUBLE) {
      block.doubles[chunkOf(i)].get(indexOf(i, j), target, offset, length);
    } else {
      float[] piece = new float[Math.min(length, PIECE)];
      for (int k = 0; k < length; k += PIECE) {
        int count = Math.min(PIECE, length - k);
        getRow(i, j + k, piece, 0, count);
        for (int p = 0; p < count; p++) {
          target[offset + k + p] = piece[p];
        }
      }
    }
  }

  /** Sets the first {@code source.length} elements of row {@code i}. */
  public void putRow(long i, float[] source) {
    putRow(i, 0, source, 0, source.length);
  }

  /** Sets the first {@code source.length} elements of row {@code i}. */
  public void putRow(long i, double[] source) {
    putRow(i, 0, source, 0, source.length);
  }

  /** Sets {@code length} elements of row {@code i}, from column {@code j} on, of a single one. */
  public void putRow(long i, long j, float[] source, int offset, int length) {
    requirePrecision(Precision.SINGLE);
    checkRow(i, j, length);
    block.floats[chunkOf(i)].put(indexOf(i, j), source, offset, length);
  }

  /**
   * Sets {@code length} elements of row {@code i}, from column {@code j} on; rounded to nearest
   * where the matrix is single.
   */
  public void putRow(long i, long j, double[] source, int offset, int length) {
    checkRow(i, j, length);
    if (precision == Precision.DOUBLE) {
      block.doubles[chunkOf(i)].put(indexOf(i, j), source, offset, length);
    } else {
      float[] piece = new float[Math.min(length, PIECE)];
      for (int k = 0; k < length; k += PIECE) {
        int count = Math.min(PIECE, length - k);
        for (int p = 0; p < count; p++) {
          piece[p] = (float) source[offset + k + p];
        }
        putRow(i, j + k, piece, 0, count);
      }
    }
  }

  /**
   * The bits of {@code length} elements of row {@code i}, from column {@code j} on, of a single
   * matrix: loops over bits are widened where those over floating-point choices are not.
   */
  public void getBits(long i, long j, int[] target, int length) {
    requirePrecision(Precision.SINGLE);
    checkRow(i, j, length);
    block.singleBits[chunkOf(i)].get(indexOf(i, j), target, 0, length);
  }

  /**
   * The bits of {@code length} elements of row {@code i}, from column {@code j} on, of a double.
   */
  public void getBits(long i, long j, long[] target, int length) {
    requirePrecision(Precision.DOUBLE);
    checkRow(i, j, length);
    block.doubleBits[chunkOf(i)].get(indexOf(i, j), target, 0, length);
  }

  /** Sets {@code length} elements of row {@code i}, from column {@code j} on, of a single one. */
  public void putBits(long i, long j, int[] source, int length) {
    requirePrecision(Precision.SINGLE);
    checkRow(i, j, length);
    block.singleBits[chunkOf(i)].put(indexOf(i, j), source, 0, length);
  }

  /** Sets {@code length} elements of row {@code i}, from column {@code j} on, of a double one. */
  public void putBits(long i, long j, long[] source, int length) {
    requirePrecision(Precision.DOUBLE);
    checkRow(i, j, length);
    block.doubleBits[chunkOf(i)].put(indexOf(i, j), source, 0, length);
  }

  /** Copies whole rows from {@code from} up to, not including, {@code to}, one after another. */
  public void getRows(long from, long to, float[] target, int offset) {
    requirePrecision(Precision.SINGLE);
    int at = offset;
    for (long i = from; i < to; ) {
      int count = elementsTogether(i, to);
      block.floats[chunkOf(i)].get(indexOf(i, 0), target, at, count);
      at += count;
      i += count / columns;
    }
  }

  /** Copies whole rows from {@code from} up to, not including, {@code to}, one after another. */
  public void getRows(long from, long to, double[] target, int offset) {
    requirePrecision(Precision.DOUBLE);
    int at = offset;
    for (long i = from; i < to; ) {
      int count = elementsTogether(i, to);
      block.doubles[chunkOf(i)].get(indexOf(i, 0), target, at, count);
      at += count;
      i += count / columns;
    }
  }

  /** Sets whole rows from {@code from} up to, not including, {@code to}. */
  public void putRows(long from, long to, float[] source, int offset) {
    requirePrecision(Precision.SINGLE);
    int at = offset;
    for (long i = from; i < to; ) {
      int count = elementsTogether(i, to);
      block.floats[chunkOf(i)].put(indexOf(i, 0), source, at, count);
      at += count;
      i += count / columns;
    }
  }

  /** Sets whole rows from {@code from} up to, not including, {@code to}. */
  public void putRows(long from, long to, double[] source, int offset) {
    requirePrecision(Precision.DOUBLE);
    int at = offset;
    for (long i = from; i < to; ) {
      int count = elementsTogether(i, to);
      block.doubles[chunkOf(i)].put(indexOf(i, 0), source, at, count);
      at += count;
      i += count / columns;
    }
  }

  /** Elements of the rows from i on, up to the end of the range or of row i's chunk. */
  private int elementsTogether(long i, long to) {
    checkLive();
    Objects.checkFromToIndex(i, to, rows);
    long chunkEnd = ((firstRow + i) / block.rowsPerChunk + 1) * block.rowsPerChunk - firstRow;
    return Math.toIntExact((Math.min(to, chunkEnd) - i) * columns);
  }

  /**
   * Copies another matrix of the same shape into this one, rounding or widening where the
   * precisions differ.
   */
  public void copyFrom(OffHeapMatrix source) {
    if (source.rows != rows || source.columns != columns) {
      throw new IllegalArgumentException("shapes differ: " + source + " into " + this);
    }
    if (precision == Precision.SINGLE && source.precision == Precision.SINGLE) {
      float[] row = new float[(int) columns];
      for (long i = 0; i < rows; i++) {
        source.getRow(i, row);
        putRow(i, row);
      }
    } else {
      double[] row = new double[(int) columns];
      for (long i = 0; i < rows; i++) {
        source.getRow(i, row);
        putRow(i, row);
      }
    }
  }

  /** A view of the rows from {@code from} up to, not including, {@code to}. */
  public OffHeapMatrix rowRange(long from, long to) {
    if (!(0 <= from && from <= to && to <= rows)) {
      throw new IndexOutOfBoundsException(
          String.format(Locale.ROOT, "rows %d to %d of %s", from, to, this));
    }
    return new OffHeapMatrix(block, precision, firstRow + from, to - from, columns);
  }

  /** The address of the first element, for native code. */
  public FloatPointer floats() {
    requirePrecision(Precision.SINGLE);
    return new FloatPointer(start());
  }

  /** The address of the first element, for native code. */
  public DoublePointer doubles() {
    requirePrecision(Precision.DOUBLE);
    return new DoublePointer(start());
  }

  private Pointer start() {
    checkLive();
    return block.aligned.getPointer(firstRow * columns * precision.bytes());
  }

  private int chunkOf(long i) {
    return (int) ((firstRow + i) / block.rowsPerChunk);
  }

  private int indexOf(long i, long j) {
    return (int) ((firstRow + i) % block.rowsPerChunk * block.columns + j);
  }

  private void checkElement(long i, long j) {
    checkLive();
    Objects.checkIndex(i, rows);
    Objects.checkIndex(j, columns);
  }

  private void checkRow(long i, long j, long length) {
    checkLive();
    Objects.checkIndex(i, rows);
    Objects.checkFromIndexSize(j, length, columns);
  }

  private void checkLive() {
    if (block.freed) {
      throw new IllegalStateException("the memory of this matrix was released: " + this);
    }
  }

  private void requirePrecision(Precision wanted) {
    if (precision != wanted) {
      throw new IllegalArgumentException("wanted a " + wanted.label() + " matrix, found " + this);
    }
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d x %d %s matrix", rows, columns, precision.label());
  }
}
