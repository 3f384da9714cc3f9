package org.rnnsweep.kernels.stability;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.SignPattern;

/**
 * The maps {@code P = D_j W .. D_(i+1) W D_i A} of R^D for all i &lt;= j of one sequence: their
 * least and largest singular values, and the entries of W P (Panigrahi and Goyal, Lemma B.1(6) and
 * (11)). A singular value s of P is what {@code |P u| / |u|} can be at most, or at least, over all
 * u.
 *
 * @param worstDeviation max of |s - 1|
 * @param fastestGrowth max over i, j of ln s over the number of factors, j - i + 1
 * @param fastestDecay min of the same
 * @param largestEntry max over i, j of the largest absolute entry of W P
 */
public record InputColumns(
    double worstDeviation, double fastestGrowth, double fastestDecay, double largestEntry) {

  /** Asks {@link #products} right products. */
  public static InputColumns measure(
      Blas blas, Arena arena, GaussianOperator recurrent, Trajectory trajectory) {
    OffHeapMatrix input = trajectory.input();
    OffHeapMatrix columns = arena.matrix(input.columns(), input.rows(), input.precision());
    OffHeapMatrix next = arena.matrix(input.columns(), input.rows(), input.precision());
    double worst = 0;
    double growth = Double.NEGATIVE_INFINITY;
    double decay = Double.POSITIVE_INFINITY;
    double entry = 0;
    for (int i = 1; i <= trajectory.steps(); i++) {
      transpose(input, next);
      for (int j = i; j <= trajectory.steps(); j++) {
        columns.copyFrom(next);
        SignPattern.apply(trajectory.state(j, 0), columns);
        for (SymmetricEigen pair : SymmetricEigen.all(RowMeasures.gram(blas, arena, columns))) {
          double rate = 0.5 * StrictMath.log(pair.value()) / (j - i + 1);
          worst = Math.max(worst, Math.abs(Math.sqrt(pair.value()) - 1));
          growth = Math.max(growth, rate);
          decay = Math.min(decay, rate);
        }
        recurrent.right(columns, next);
        for (long k = 0; k < next.rows(); k++) {
          entry = Math.max(entry, RowMeasures.maxAbs(next, k));
        }
      }
    }
    arena.release(next);
    arena.release(columns);
    return new InputColumns(worst, growth, decay, entry);
  }

  private static void transpose(OffHeapMatrix input, OffHeapMatrix columns) {
    double[] row = new double[Math.toIntExact(input.columns())];
    for (long k = 0; k < input.rows(); k++) {
      input.getRow(k, row);
      for (int c = 0; c < row.length; c++) {
        columns.set(c, k, row[c]);
      }
    }
  }

  /** Right products that are asked: one a column, start and factor, the W in front included. */
  public static int products(int dimension, int length) {
    return dimension * length * (length + 1) / 2;
  }

  /** Bytes taken from the arena for a while. */
  public static long memoryBytes(long width, int dimension, Precision precision) {
    return 2L * dimension * width * precision.bytes() + RowMeasures.gramBytes(dimension, width);
  }
}
