package org.rnnsweep.kernels.stability;

import java.util.Arrays;
import java.util.Locale;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * {@code sup u^T M v} over unit vectors with at most s entries that are not 0, from below, by
 * truncated power iteration from several random starts: {@code u} is made of the s largest entries
 * of M v, {@code v} of those of M^T u. The value never falls. The supremum itself is out of reach
 * (it is NP-hard): a large value refutes a bound, a small one proves nothing.
 */
public final class SparseNorm implements AutoCloseable {
  private final Arena arena;
  private final MaskedChain map;
  private final int sparsity;
  private final OffHeapMatrix vectors;

  /**
   * @param map M, made for blocks of {@code starts} vectors
   * @param sparsity s, from 1 to m
   * @param key of the start vectors: normals at s random coordinates
   */
  public SparseNorm(
      Arena arena,
      MaskedChain map,
      long width,
      Precision precision,
      int sparsity,
      int starts,
      StreamKey key) {
    if (!(sparsity >= 1 && sparsity <= width)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "the sparsity is from 1 to the width %d, found %d", width, sparsity));
    }
    this.arena = arena;
    this.map = map;
    this.sparsity = sparsity;
    vectors = start(arena, width, precision, sparsity, width, starts, key);
  }

  /** Unit vectors with normals at {@code sparsity} random ones of the first coordinates. */
  static OffHeapMatrix start(
      Arena arena,
      long width,
      Precision precision,
      int sparsity,
      long first,
      int starts,
      StreamKey key) {
    OffHeapMatrix vectors = arena.matrix(starts, width, precision);
    for (int start = 0; start < starts; start++) {
      NormalStream numbers = NormalStream.of(key.block(start));
      for (int k = 0; k < sparsity; k++) {
        vectors.set(start, (long) (numbers.nextUniform() * first), numbers.next());
      }
      RowMeasures.scale(vectors, start, 1 / RowMeasures.norm(vectors, start));
    }
    return vectors;
  }

  /** One more round, a product and a transposed one of every vector. Returns the largest value. */
  public double iterate() {
    map.apply(vectors, vectors);
    truncate(vectors, sparsity);
    map.applyTranspose(vectors, vectors);
    return truncate(vectors, sparsity);
  }

  /**
   * Keeps the s largest entries of every row and makes it a unit vector.
   *
   * @return the largest norm before: for one row x it is the supremum of {@code <u, x>} over
   *     s-sparse unit u
   */
  public static double truncate(OffHeapMatrix vectors, int sparsity) {
    double largest = 0;
    double[] row = new double[Math.toIntExact(vectors.columns())];
    double[] sizes = new double[row.length];
    for (int start = 0; start < vectors.rows(); start++) {
      vectors.getRow(start, row);
      for (int k = 0; k < row.length; k++) {
        sizes[k] = Math.abs(row[k]);
      }
      Arrays.sort(sizes);
      double least = sizes[row.length - sparsity];
      int room = sparsity;
      for (int k = 0; k < row.length; k++) {
        boolean kept = Math.abs(row[k]) >= least && room > 0;
        room -= kept ? 1 : 0;
        row[k] = kept ? row[k] : 0;
      }
      vectors.putRow(start, row);
      double norm = RowMeasures.norm(vectors, start);
      RowMeasures.scale(vectors, start, norm > 0 ? 1 / norm : 0);
      largest = Math.max(largest, norm);
    }
    return largest;
  }

  /** Bytes taken from the arena. */
  public static long memoryBytes(long width, int starts, Precision precision) {
    return starts * width * precision.bytes();
  }

  @Override
  public void close() {
    arena.release(vectors);
  }
}
