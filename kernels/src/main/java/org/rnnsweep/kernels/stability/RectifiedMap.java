package org.rnnsweep.kernels.stability;

import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.SignPattern;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * The operator norm {@code sup |relu(W x)| / |x|} from below, by alternating maximisation from
 * several random starts: {@code y = relu(W x)}, then the x of norm 1 that maximises {@code <W x,
 * y>}. The ratio never falls, and every value is attained by a vector that was tried.
 */
public final class RectifiedMap implements AutoCloseable {
  private final Arena arena;
  private final GaussianOperator w;
  private final OffHeapMatrix x;
  private final OffHeapMatrix y;

  /**
   * @param starts how many vectors are tried side by side
   * @param key of the start vectors
   */
  public RectifiedMap(Arena arena, GaussianOperator w, int starts, StreamKey key) {
    this.arena = arena;
    this.w = w;
    x = arena.matrix(starts, w.columns(), w.precision());
    y = arena.matrix(starts, w.rows(), w.precision());
    GaussianMatrix.fill(x, key, Math.sqrt(1.0 / w.columns()));
  }

  /** One more round: a right and a left product of every vector. Returns the largest ratio. */
  public double iterate() {
    w.right(x, y);
    double largest = 0;
    // A row of g is its own pattern but for -0, which is 0 either way.
    SignPattern.apply(y, y);
    for (int s = 0; s < x.rows(); s++) {
      largest = Math.max(largest, RowMeasures.norm(y, s) / RowMeasures.norm(x, s));
      RowMeasures.scale(y, s, 1 / RowMeasures.norm(y, s));
    }
    w.left(y, x);
    return largest;
  }

  /** Bytes taken from the arena. */
  public static long memoryBytes(long width, int starts, int bytesOfANumber) {
    return 2L * starts * width * bytesOfANumber;
  }

  @Override
  public void close() {
    arena.release(y);
    arena.release(x);
  }
}
