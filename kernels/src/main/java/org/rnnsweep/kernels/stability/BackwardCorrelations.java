package org.rnnsweep.kernels.stability;

import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;

/**
 * The largest {@code |Back_(i->j) Back_(i'->j')^T|_2} over pairs of pairs, Back_(j->j) = B
 * included: the supremum over unit u, v of the inner products of u^T Back and v^T Back' (Allen-Zhu
 * and Li, Lemma C.1 and its remark).
 *
 * @param sameStart over i = i' and j &lt; j'
 * @param otherDepth over j - i != j' - i'
 * @param sameEnd over i = i' &lt; j = j': the control, of order m/d
 */
public record BackwardCorrelations(double sameStart, double otherDepth, double sameEnd) {

  /** Of all pairs, the least target being 2. */
  public static BackwardCorrelations of(
      Blas blas, Arena arena, BackwardVectors back, int sequence) {
    if (back.firstTarget() != 2) {
      throw new IllegalArgumentException("all targets from 2 on, found " + back.firstTarget());
    }
    double[][] gram = back.gram(blas, arena);
    int length = back.lastTarget();
    double sameStart = 0;
    double otherDepth = 0;
    double sameEnd = 0;
    for (int j = 1; j <= length; j++) {
      for (int i = 1; i <= j; i++) {
        for (int k = 1; k <= length; k++) {
          for (int h = 1; h <= k; h++) {
            boolean same = h == i && k == j && i < j;
            if (!(same || k - h > j - i)) {
              continue; // symmetric, or equal depth
            }
            double norm = SymmetricEigen.spectralNorm(back.block(gram, i, j, h, k, sequence));
            if (same) {
              sameEnd = Math.max(sameEnd, norm);
            } else {
              otherDepth = Math.max(otherDepth, norm);
              sameStart = h == i ? Math.max(sameStart, norm) : sameStart;
            }
          }
        }
      }
    }
    return new BackwardCorrelations(sameStart, otherDepth, sameEnd);
  }

  /** What is taken from the arena for a while. */
  public static long memoryBytes(long vectors, int outputs, long width) {
    return RowMeasures.gramBytes(vectors + outputs, width);
  }
}
