package org.rnnsweep.kernels.stability;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.SignPattern;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * The norms {@code |D_j W .. D_i W u|} for all i &lt;= j of one sequence and two unit vectors u
 * that do not depend on W: e_1 and a random direction (Allen-Zhu and Li, Lemma B.1(e); Panigrahi
 * and Goyal, Lemma B.1(5)).
 *
 * @param worstDeviation max over i, j, u of the distance of the norm from 1
 * @param fastestGrowth max of its logarithm over the number of factors
 * @param fastestDecay min of the same
 */
public record FixedVectors(double worstDeviation, double fastestGrowth, double fastestDecay) {
  private static final int VECTORS = 2;

  /**
   * Asks {@link #products} right products.
   *
   * @param direction key of the random direction
   */
  public static FixedVectors measure(
      Arena arena, GaussianOperator recurrent, Trajectory trajectory, StreamKey direction) {
    int length = trajectory.steps();
    long m = recurrent.rows();
    OffHeapMatrix units = arena.matrix(VECTORS, m, recurrent.precision());
    units.set(0, 0, 1);
    OffHeapMatrix other = units.rowRange(1, 2);
    GaussianMatrix.fill(other, direction.with("width", m), Math.sqrt(1.0 / m));
    double size = RowMeasures.norm(units, 1);
    OffHeapMatrix first = arena.matrix(VECTORS, m, recurrent.precision());
    recurrent.right(units, first);
    // Row (i - 1) VECTORS + u is the product from i on; with every factor the last i falls out.
    OffHeapMatrix here = arena.matrix((long) VECTORS * length, m, recurrent.precision());
    OffHeapMatrix there = arena.matrix((long) VECTORS * length, m, recurrent.precision());
    double worst = 0;
    double growth = Double.NEGATIVE_INFINITY;
    double decay = Double.POSITIVE_INFINITY;
    for (int factors = 1; factors <= length; factors++) {
      int starts = length - factors + 1;
      OffHeapMatrix products = there.rowRange(0, (long) VECTORS * starts);
      if (factors > 1) {
        recurrent.right(here.rowRange(0, (long) VECTORS * starts), products);
      }
      for (int i = 1; i <= starts; i++) {
        OffHeapMatrix rows = products.rowRange((i - 1L) * VECTORS, (long) i * VECTORS);
        if (factors == 1) {
          rows.copyFrom(first);
        }
        SignPattern.apply(trajectory.state(i + factors - 1, 0), rows);
        for (int u = 0; u < VECTORS; u++) {
          double norm = RowMeasures.norm(rows, u) / (u == 0 ? 1 : size);
          worst = Math.max(worst, Math.abs(norm - 1));
          growth = Math.max(growth, Math.log(norm) / factors);
          decay = Math.min(decay, Math.log(norm) / factors);
        }
      }
      OffHeapMatrix last = here;
      here = there;
      there = last;
    }
    arena.release(there);
    arena.release(here);
    arena.release(first);
    arena.release(units);
    return new FixedVectors(worst, growth, decay);
  }

  /** Right products that are asked: one a vector, start and further factor. */
  public static int products(int length) {
    return VECTORS * (1 + length * (length - 1) / 2);
  }

  /** Bytes taken from the arena for a while. */
  public static long memoryBytes(long width, int length, Precision precision) {
    return 2L * VECTORS * (1 + length) * width * precision.bytes();
  }
}
