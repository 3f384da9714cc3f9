package org.rnnsweep.kernels.stability;

import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/**
 * By how much the backward maps {@code Back_(i->j)} of two settings differ, over all pairs i &lt; j
 * that both hold.
 *
 * @param norm max |Back'_(i->j) - Back_(i->j)|_2, a d x m matrix each
 * @param entry the largest entry of any difference
 */
public record BackwardChange(double norm, double entry) {

  /**
   * @param a backward vectors, of the sequence {@code ofA} there
   * @param b the others, with the same targets; may be a
   */
  public static BackwardChange between(
      Blas blas, Arena arena, BackwardVectors a, int ofA, BackwardVectors b, int ofB) {
    if (a.firstTarget() != b.firstTarget() || a.lastTarget() != b.lastTarget()) {
      throw new IllegalArgumentException(
          String.format(
              "both go to the same targets, found %d to %d and %d to %d",
              a.firstTarget(), a.lastTarget(), b.firstTarget(), b.lastTarget()));
    }
    OffHeapMatrix any = a.block(a.lastTarget(), a.lastTarget(), ofA);
    OffHeapMatrix difference = arena.matrix(any.rows(), any.columns(), any.precision());
    double square = 0;
    double entry = 0;
    for (int j = a.firstTarget(); j <= a.lastTarget(); j++) {
      for (int i = 1; i < j; i++) {
        difference.copyFrom(a.block(i, j, ofA));
        for (int s = 0; s < difference.rows(); s++) {
          RowMeasures.add(difference, s, -1, b.block(i, j, ofB), s);
          entry = Math.max(entry, RowMeasures.maxAbs(difference, s));
        }
        double[][] gram = RowMeasures.gram(blas, arena, difference);
        square = Math.max(square, SymmetricEigen.largest(gram).value());
      }
    }
    arena.release(difference);
    return new BackwardChange(Math.sqrt(square), entry);
  }

  /** Bytes taken from the arena for a while. */
  public static long memoryBytes(long width, int outputs, int bytesOfANumber) {
    return outputs * width * bytesOfANumber + RowMeasures.gramBytes(outputs, width);
  }
}
