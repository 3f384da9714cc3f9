package org.rnnsweep.kernels.probability;

import java.util.Arrays;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * {@code W = W_2 + u v^T} with W_2 of the law of W (Allen-Zhu, Li and Song, Lemma E.4). Beside v
 * nothing changes, so that all of it is in vectors: with W v and g of N(0, 2/m I) independent,
 *
 * <pre>
 * g_1 = W_2 v = sqrt(1 - theta^2) W v - theta g,   g_2 = theta W v + sqrt(1 - theta^2) g,
 * u = theta g_2 - (1 - sqrt(1 - theta^2)) g_1 = W v - g_1
 * </pre>
 *
 * @param lawDistance Kolmogorov's distance of the entries of W_2 v from N(0, 2/m)
 * @param dependence the correlation of the entries of g_1 and g_2, which are independent
 * @param leastShare the smaller of the shares of entries of u of at least theta / (2 sqrt(m)), and
 *     of at most minus that
 * @param largestRatio |u|_inf over 3 theta / 2 times the largest entry of g_1 and g_2
 * @param sumGap largest entry of u - (W v - g_1), over that of u
 */
public record RandomnessSplit(
    double lawDistance, double dependence, double leastShare, double largestRatio, double sumGap) {

  /**
   * @param m coordinates
   * @param theta in (0, 1)
   */
  public static RandomnessSplit draw(int m, double theta, StreamKey key) {
    double[] wv = new double[m];
    double[] g = new double[m];
    NormalStream.of(key.name("Wv").with("coordinates", m)).fill(wv, 0, m);
    NormalStream.of(key.name("g").with("coordinates", m)).fill(g, 0, m);
    double root = Math.sqrt(1 - theta * theta);
    double small = theta * theta / (1 + root); // 1 - root
    double[] first = new double[m]; // all in units of sqrt(2/m)
    double level = theta / (2 * Math.sqrt(2));
    double product = 0;
    double largest = 0;
    double largestU = 0;
    double gap = 0;
    int above = 0;
    int below = 0;
    for (int k = 0; k < m; k++) {
      first[k] = root * wv[k] - theta * g[k];
      double second = theta * wv[k] + root * g[k];
      double u = theta * second - small * first[k];
      product += first[k] * second;
      largest = Math.max(largest, Math.max(Math.abs(first[k]), Math.abs(second)));
      largestU = Math.max(largestU, Math.abs(u));
      gap = Math.max(gap, Math.abs(u - (wv[k] - first[k])));
      above += u >= level ? 1 : 0;
      below += u <= -level ? 1 : 0;
    }
    return new RandomnessSplit(
        distanceFromNormal(first),
        Math.abs(product) / m,
        (double) Math.min(above, below) / m,
        largestU / (1.5 * theta * largest),
        gap / largestU);
  }

  /** sup |F_n - F|, F of a standard normal; the values are sorted. */
  static double distanceFromNormal(double[] values) {
    Arrays.sort(values);
    double n = values.length;
    double distance = 0;
    for (int k = 0; k < values.length; k++) {
      double below = StrictMath.exp(Tails.logNormalUpper(-values[k]));
      distance = Math.max(distance, Math.max(below - k / n, (k + 1) / n - below));
    }
    return distance;
  }
}
