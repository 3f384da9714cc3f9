package org.rnnsweep.kernels.stability;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * The norm of the entries of M x that exceed a level, over unit vectors x with at most s entries
 * that are not 0, from below: by ascent from several random starts, {@code x} being made of the s
 * largest entries of {@code M^T y}, y the entries of M x above the level, or the largest one where
 * none is. Allen-Zhu, Li and Song split M x into this part and a remainder with small entries:
 * Lemma A.17 for a fixed support, Claims C.5 and C.6 for all.
 */
public final class HeavyPart implements AutoCloseable {
  private final Arena arena;
  private final MaskedChain map;
  private final int sparsity;
  private final boolean anySupport;
  private final double level;
  private final OffHeapMatrix vectors;

  /**
   * @param map M, made for blocks of {@code starts} vectors
   * @param sparsity s, from 1 to m
   * @param anySupport whether the s coordinates may be any, or are the first ones
   * @param level absolute
   * @param key of the start vectors
   */
  public HeavyPart(
      Arena arena,
      MaskedChain map,
      long width,
      Precision precision,
      int sparsity,
      boolean anySupport,
      double level,
      int starts,
      StreamKey key) {
    this.arena = arena;
    this.map = map;
    this.sparsity = sparsity;
    this.anySupport = anySupport;
    this.level = level;
    long first = anySupport ? width : sparsity;
    vectors = SparseNorm.start(arena, width, precision, sparsity, first, starts, key);
  }

  /**
   * One more round, a product and a transposed one of every vector; the largest norm seen in it.
   */
  public double iterate() {
    map.apply(vectors, vectors);
    double largest = 0;
    for (int start = 0; start < vectors.rows(); start++) {
      largest = Math.max(largest, keepAbove(start));
    }
    map.applyTranspose(vectors, vectors);
    if (anySupport) {
      SparseNorm.truncate(vectors, sparsity);
    } else {
      for (int start = 0; start < vectors.rows(); start++) {
        keepFirst(start);
      }
    }
    return largest;
  }

  private double keepAbove(int start) {
    double[] row = new double[Math.toIntExact(vectors.columns())];
    vectors.getRow(start, row);
    double square = 0;
    double largest = 0;
    for (double entry : row) {
      square += Math.abs(entry) > level ? entry * entry : 0;
      largest = Math.max(largest, Math.abs(entry));
    }
    double least = square > 0 ? level : Math.nextDown(largest);
    for (int k = 0; k < row.length; k++) {
      row[k] = Math.abs(row[k]) > least ? row[k] : 0;
    }
    vectors.putRow(start, row);
    return Math.sqrt(square);
  }

  private void keepFirst(int start) {
    double[] row = new double[Math.toIntExact(vectors.columns())];
    vectors.getRow(start, 0, row, 0, sparsity);
    vectors.putRow(start, row);
    RowMeasures.scale(vectors, start, 1 / RowMeasures.norm(vectors, start));
  }

  /** Bytes taken from the arena. */
  public static long memoryBytes(long width, int starts, Precision precision) {
    return SparseNorm.memoryBytes(width, starts, precision);
  }

  @Override
  public void close() {
    arena.release(vectors);
  }
}
