package org.rnnsweep.kernels.stats;

import java.util.function.ToDoubleFunction;

/**
 * Delete-one-block jackknife: a standard error for statistics that are not linear in the blocks.
 */
public final class Jackknife {
  private Jackknife() {}

  /**
   * Pseudo-values n T(all) - (n - 1) T(all but s), s = 0 .. n-1. Of a mean of per-block numbers
   * they are these numbers.
   *
   * @param blocks n blocks, at least two
   * @param statistic T, a function of n or n - 1 blocks, which it must not change
   */
  public static double[] pseudoValues(double[][] blocks, ToDoubleFunction<double[][]> statistic) {
    int n = blocks.length;
    if (n < 2) {
      throw new IllegalArgumentException("the jackknife needs two blocks, found " + n);
    }
    double all = statistic.applyAsDouble(blocks);
    double[][] rest = new double[n - 1][];
    System.arraycopy(blocks, 1, rest, 0, n - 1);
    double[] pseudo = new double[n];
    for (int s = 0; s < n; s++) {
      pseudo[s] = n * all - (n - 1) * statistic.applyAsDouble(rest);
      if (s < n - 1) {
        rest[s] = blocks[s]; // now all but s + 1
      }
    }
    return pseudo;
  }
}
