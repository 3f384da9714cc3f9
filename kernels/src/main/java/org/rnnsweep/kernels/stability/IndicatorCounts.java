package org.rnnsweep.kernels.stability;

import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/**
 * How many neurons are near 0 at one place and far from it elsewhere (Allen-Zhu, Li and Song,
 * Definition D.1, Lemmas D.2 to D.5): of the m neurons k at step l
 *
 * <pre>
 * near    |g_(1,l,k)| &lt;= small / sqrt(m)                                    first sequence
 * alone   of these, |g_(i,l,k)| &gt;= large / sqrt(m) for all other sequences i
 * last    of these, |g_(i,a,k)| &gt;= large / sqrt(m) for all i and all steps a &gt; l
 * </pre>
 *
 * @param near first condition
 * @param alone first and second
 * @param last all three
 */
public record IndicatorCounts(long near, long alone, long last) {
  private static final int PIECE = 4096;

  /**
   * Counts at one step.
   *
   * @param l from 1 to the trajectory's steps
   */
  public static IndicatorCounts of(Trajectory trajectory, int l, double small, double large) {
    OffHeapMatrix here = trajectory.preactivations(l);
    double root = Math.sqrt(here.columns());
    int n = trajectory.batch();
    long near = 0;
    long alone = 0;
    long last = 0;
    double[][] piece = new double[n][PIECE];
    double[] later = new double[PIECE];
    boolean[] isAlone = new boolean[PIECE];
    for (long from = 0; from < here.columns(); from += PIECE) {
      int count = (int) Math.min(PIECE, here.columns() - from);
      for (int i = 0; i < n; i++) {
        here.getRow(i, from, piece[i], 0, count);
      }
      for (int k = 0; k < count; k++) {
        isAlone[k] = Math.abs(piece[0][k]) * root <= small;
        near += isAlone[k] ? 1 : 0;
        for (int i = 1; i < n; i++) {
          isAlone[k] &= Math.abs(piece[i][k]) * root >= large;
        }
        alone += isAlone[k] ? 1 : 0;
      }
      for (int a = l + 1; a <= trajectory.steps(); a++) {
        for (int i = 0; i < n; i++) {
          trajectory.preactivations(a).getRow(i, from, later, 0, count);
          for (int k = 0; k < count; k++) {
            isAlone[k] &= Math.abs(later[k]) * root >= large;
          }
        }
      }
      for (int k = 0; k < count; k++) {
        last += isAlone[k] ? 1 : 0;
      }
    }
    return new IndicatorCounts(near, alone, last);
  }
}
