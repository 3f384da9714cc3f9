package org.rnnsweep.kernels.operator;

import java.util.Arrays;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;

/**
 * Vectors of one length, stored by chunks of their coordinates: the first chunk of all vectors,
 * then the second, ... Everything is done a chunk at a time, which then stays in the cache. Inner
 * products are summed inside a chunk by BLAS, over the chunks in double and in order.
 *
 * <p>No product has a shape that depends on anything but the numbers of vectors and their length.
 */
final class Panel {
  /** Coordinates of a chunk. A constant, for bits and draws depend on it. */
  static final int CHUNK = 4096;

  private final Blas blas;
  private final Arena arena;
  private final long length;
  private final int capacity;
  private final OffHeapMatrix whole;
  private final OffHeapMatrix tail;

  Panel(Blas blas, Arena arena, Precision precision, int capacity, long length) {
    this.blas = blas;
    this.arena = arena;
    this.length = length;
    this.capacity = capacity;
    this.whole = arena.matrix(length / CHUNK * capacity, CHUNK, precision);
    this.tail = arena.matrix(capacity, length % CHUNK, precision);
  }

  static long memoryBytes(long capacity, long length, Precision precision) {
    return Math.multiplyExact(Math.multiplyExact(capacity, length), precision.bytes());
  }

  /** What the methods below take for a while with at most {@code rows} vectors each side. */
  static long scratchBytes(long rows, long others, long length, Precision precision) {
    long chunk = (length >= CHUNK ? CHUNK : 0) + length % CHUNK;
    return rows * (Math.max(rows, others) + chunk) * precision.bytes();
  }

  void release() {
    arena.release(whole);
    arena.release(tail);
  }

  static long chunks(long length) {
    return (length + CHUNK - 1) / CHUNK;
  }

  /** Chunk c of the vectors from..to-1, one a row. */
  OffHeapMatrix chunk(long c, int from, int to) {
    return c < length / CHUNK
        ? whole.rowRange(c * capacity + from, c * capacity + to)
        : tail.rowRange(from, to);
  }

  /** Sets the vectors from {@code to} on to {@code count} rows of a matrix, each times a factor. */
  void load(int to, OffHeapMatrix source, int first, int count, double[] factor) {
    for (long c = 0; c < chunks(length); c++) {
      loadChunk(chunk(c, to, to + count), c, source, first, factor);
    }
  }

  /** Sets the first {@code count} vectors to those of another panel. */
  void copy(Panel source, int count) {
    for (long c = 0; c < chunks(length); c++) {
      chunk(c, 0, count).copyFrom(source.chunk(c, 0, count));
    }
  }

  /** Inner products of this panel's vectors from..to-1 (rows) and the other's (columns). */
  double[][] products(int from, int to, Panel other, int otherFrom, int otherTo) {
    double[][] sum = new double[to - from][otherTo - otherFrom];
    if (from == to || otherFrom == otherTo) {
      return sum;
    }
    OffHeapMatrix part = arena.matrix(to - from, otherTo - otherFrom, whole.precision());
    for (long c = 0; c < chunks(length); c++) {
      blas.gemm(
          Transpose.NO,
          Transpose.YES,
          1,
          chunk(c, from, to),
          other.chunk(c, otherFrom, otherTo),
          0,
          part);
      accumulate(part, sum);
    }
    arena.release(part);
    return sum;
  }

  /** Inner products of rows of a matrix, each times a factor, and vectors from..to-1. */
  double[][] products(
      OffHeapMatrix source, int first, int count, double[] factor, int from, int to) {
    double[][] sum = new double[count][to - from];
    if (count == 0 || from == to) {
      return sum;
    }
    OffHeapMatrix part = arena.matrix(count, to - from, whole.precision());
    OffHeapMatrix wholeChunk = chunkScratch(count, whole);
    OffHeapMatrix tailChunk = arena.matrix(count, tail.columns(), whole.precision());
    for (long c = 0; c < chunks(length); c++) {
      OffHeapMatrix rows = c < length / CHUNK ? wholeChunk : tailChunk;
      loadChunk(rows, c, source, first, factor);
      blas.gemm(Transpose.NO, Transpose.YES, 1, rows, chunk(c, from, to), 0, part);
      accumulate(part, sum);
    }
    arena.release(tailChunk);
    arena.release(wholeChunk);
    arena.release(part);
    return sum;
  }

  /** Adds {@code sum_k weight[i][k] source_k}, k from 0 on, to this panel's vector from + i. */
  void add(double[][] weight, Panel source, int from) {
    if (weight.length == 0 || weight[0].length == 0) {
      return;
    }
    OffHeapMatrix factor = matrixOf(weight);
    for (long c = 0; c < chunks(length); c++) {
      blas.gemm(
          Transpose.NO,
          Transpose.NO,
          1,
          factor,
          source.chunk(c, 0, weight[0].length),
          1,
          chunk(c, from, from + weight.length));
    }
    arena.release(factor);
  }

  /** The vectors from {@code from} on become {@code sum_k weight[i][k] vector_(from + k)}. */
  void combine(double[][] weight, int from) {
    if (weight.length == 0) {
      return;
    }
    int inputs = weight[0].length;
    OffHeapMatrix factor = matrixOf(weight);
    OffHeapMatrix wholeChunk = chunkScratch(weight.length, whole);
    OffHeapMatrix tailChunk = arena.matrix(weight.length, tail.columns(), whole.precision());
    for (long c = 0; c < chunks(length); c++) {
      OffHeapMatrix rows = c < length / CHUNK ? wholeChunk : tailChunk;
      blas.gemm(Transpose.NO, Transpose.NO, 1, factor, chunk(c, from, from + inputs), 0, rows);
      chunk(c, from, from + weight.length).copyFrom(rows);
    }
    arena.release(tailChunk);
    arena.release(wholeChunk);
    arena.release(factor);
  }

  /**
   * Row first + i of target becomes {@code beta target + sum_k weight[i][k] vector_k}, k from 0 on.
   */
  void store(double[][] weight, double beta, OffHeapMatrix target, int first) {
    int count = weight.length;
    if (count == 0) {
      return;
    }
    if (weight[0].length == 0) {
      if (beta == 0) {
        target.rowRange(first, first + count).fill(0);
      }
      return;
    }
    OffHeapMatrix factor = matrixOf(weight);
    OffHeapMatrix wholeChunk = chunkScratch(count, whole);
    OffHeapMatrix tailChunk = arena.matrix(count, tail.columns(), whole.precision());
    double[] one = new double[count];
    Arrays.fill(one, 1);
    for (long c = 0; c < chunks(length); c++) {
      OffHeapMatrix rows = c < length / CHUNK ? wholeChunk : tailChunk;
      if (beta != 0) {
        loadChunk(rows, c, target, first, one);
      }
      blas.gemm(Transpose.NO, Transpose.NO, 1, factor, chunk(c, 0, weight[0].length), beta, rows);
      storeChunk(rows, c, target, first);
    }
    arena.release(tailChunk);
    arena.release(wholeChunk);
    arena.release(factor);
  }

  /** Adds a matrix to another of the same shape, entry by entry. */
  static void addTo(OffHeapMatrix target, OffHeapMatrix term) {
    double[] sum = new double[(int) Math.min(CHUNK, target.columns())];
    double[] piece = new double[sum.length];
    for (long i = 0; i < target.rows(); i++) {
      for (long j = 0; j < target.columns(); j += sum.length) {
        int length = (int) Math.min(sum.length, target.columns() - j);
        target.getRow(i, j, sum, 0, length);
        term.getRow(i, j, piece, 0, length);
        for (int k = 0; k < length; k++) {
          sum[k] += piece[k];
        }
        target.putRow(i, j, sum, 0, length);
      }
    }
  }

  private OffHeapMatrix chunkScratch(int rows, OffHeapMatrix like) {
    return arena.matrix(length >= CHUNK ? rows : 0, CHUNK, like.precision());
  }

  private OffHeapMatrix matrixOf(double[][] values) {
    OffHeapMatrix matrix = arena.matrix(values.length, values[0].length, whole.precision());
    for (int i = 0; i < values.length; i++) {
      matrix.putRow(i, values[i]);
    }
    return matrix;
  }

  private static void accumulate(OffHeapMatrix part, double[][] sum) {
    double[] row = new double[sum[0].length];
    for (int i = 0; i < sum.length; i++) {
      part.getRow(i, row);
      for (int j = 0; j < row.length; j++) {
        sum[i][j] += row[j];
      }
    }
  }

  private static void loadChunk(
      OffHeapMatrix rows, long c, OffHeapMatrix source, int first, double[] factor) {
    int width = (int) rows.columns();
    if (rows.precision() == Precision.SINGLE) {
      float[] piece = new float[width];
      for (int i = 0; i < rows.rows(); i++) {
        source.getRow(first + i, c * CHUNK, piece, 0, width);
        for (int j = 0; j < width; j++) {
          piece[j] = (float) (piece[j] * factor[i]);
        }
        rows.putRow(i, piece);
      }
    } else {
      double[] piece = new double[width];
      for (int i = 0; i < rows.rows(); i++) {
        source.getRow(first + i, c * CHUNK, piece, 0, width);
        for (int j = 0; j < width; j++) {
          piece[j] *= factor[i];
        }
        rows.putRow(i, piece);
      }
    }
  }

  private static void storeChunk(OffHeapMatrix rows, long c, OffHeapMatrix target, int first) {
    int width = (int) rows.columns();
    if (rows.precision() == Precision.SINGLE) {
      float[] piece = new float[width];
      for (int i = 0; i < rows.rows(); i++) {
        rows.getRow(i, piece);
        target.putRow(first + i, c * CHUNK, piece, 0, width);
      }
    } else {
      double[] piece = new double[width];
      for (int i = 0; i < rows.rows(); i++) {
        rows.getRow(i, piece);
        target.putRow(first + i, c * CHUNK, piece, 0, width);
      }
    }
  }
}
