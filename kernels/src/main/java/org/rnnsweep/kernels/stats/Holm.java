package org.rnnsweep.kernels.stats;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Holm's step-down procedure: the chance of any false rejection is at most alpha. */
public final class Holm {
  private Holm() {}

  /**
   * Adjusted p-values: hypothesis i is rejected at alpha exactly if its adjusted value is at most
   * alpha. The k-th smallest (k = 0 ..) is multiplied by M - k; a later one is never below an
   * earlier one; none is above 1.
   *
   * @param pValues each from 0 to 1
   */
  public static double[] adjusted(double[] pValues) {
    int m = pValues.length;
    int[] order =
        IntStream.range(0, m)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> pValues[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] adjusted = new double[m];
    double floor = 0;
    for (int k = 0; k < m; k++) {
      double p = pValues[order[k]];
      if (!(p >= 0 && p <= 1)) {
        throw new IllegalArgumentException("a p-value lies between 0 and 1, found " + p);
      }
      floor = Math.max(floor, Math.min(1, (m - k) * p));
      adjusted[order[k]] = floor;
    }
    return adjusted;
  }
}
