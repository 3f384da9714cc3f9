package org.rnnsweep.kernels.ntk;

import java.util.Arrays;

/**
 * The moments of erf's network (Williams 1997), carried as half the mean squared distance of the
 * states, Delta, and of the preactivations, D = (s + s') / 2 - S:
 *
 * <pre>
 * D = weightVariance Delta + inputVariance |x - x'|^2 / 2
 * R^2 = (1 + 2 s)(1 + 2 s') - 4 S^2 = 1 + 2 s + 2 s' + 4 (s s' - S^2),
 * E[phi' phi'] = 4 / (pi R),   Delta = (psi_s - psi + psi_s' - psi) / pi,
 * </pre>
 *
 * with sin psi_s = 2 s / (1 + 2 s), cos psi_s = sqrt(1 + 4 s) / (1 + 2 s), sin psi = 2 S / N, cos
 * psi = R / N and N^2 = (1 + 2 s)(1 + 2 s'); E phi phi = 2 psi / pi. Each difference of angles is
 * the arctangent of a quotient whose numerator 2 (s R - S sqrt(1 + 4 s)) is rewritten so that it
 * does not cancel for S near s. Sequences that are equal bit for bit have the distance 0.
 */
final class ErfWalk extends Walk {
  /** Delta; D while a step is under way. */
  final double[] distance;

  ErfWalk(NetworkLaw law, int capacity) {
    super(law, capacity);
    distance = new double[capacity];
  }

  @Override
  void start(int offset) {
    double moment = rows.moment[rowAt()];
    for (int j = 0; j < count; j++) {
      // h_0 is independent of the states at other steps, whose mean is 0.
      distance[j] = offset == 0 ? 0 : 0.5 * (moment + columns.moment[columnAt() + j]);
    }
    if (offset == 0) {
      Arrays.fill(covariance, 0, count, moment);
    } else {
      Arrays.fill(covariance, 0, count, 0);
    }
  }

  @Override
  void advance() {
    for (int j = 0; j < count; j++) {
      distance[j] *= law.weightVariance();
    }
    int d = columns.dimension;
    for (int k = 0; k < d; k++) {
      addSquares(
          0.5 * law.inputVariance(),
          rows.input[((rowStep - 1) * d + k) * rows.count + row],
          columns.input,
          ((columnStep - 1) * d + k) * columns.count + from,
          distance,
          count);
    }
    int at = rowAt();
    moments(
        rows.variance[at],
        rows.moment[at],
        rows.root[at],
        rows.second[at],
        columns,
        columnAt(),
        distance,
        gate,
        covariance,
        count);
  }

  private static void addSquares(
      double weight, double x, double[] y, int from, double[] sum, int count) {
    for (int j = 0; j < count; j++) {
      double difference = x - y[from + j];
      sum[j] += weight * (difference * difference);
    }
  }

  private static void moments(
      double s,
      double moment,
      double root,
      double second,
      Panel columns,
      int at,
      double[] distance,
      double[] gate,
      double[] covariance,
      int count) {
    double[] variances = columns.variance;
    double[] moments = columns.moment;
    double[] roots = columns.root;
    double[] seconds = columns.second;
    for (int j = 0; j < count; j++) {
      double other = variances[at + j];
      double h = 0.5 * (other - s);
      double distanceZ = distance[j];
      double product = 0.5 * (s + other) - distanceZ; // S
      double determinant = distanceZ * (s + other - distanceZ) - h * h; // s s' - S^2
      double r = Math.sqrt(Math.abs(1 + 2 * (s + other) + 4 * determinant));
      double n = root * roots[at + j];
      double angles =
          2
                  * ArcCosine.arctan(
                      halfTangent(s, root, second, distanceZ - h, product, determinant, r, n))
              + 2
                  * ArcCosine.arctan(
                      halfTangent(
                          other,
                          roots[at + j],
                          seconds[at + j],
                          distanceZ + h,
                          product,
                          determinant,
                          r,
                          n));
      gate[j] = 4 / (Math.PI * r);
      double delta = angles * (1 / Math.PI);
      distance[j] = delta;
      covariance[j] = 0.5 * (moment + moments[at + j]) - delta;
    }
  }

  /**
   * tan((psi_s - psi) / 2) = 2 (s R - S q) / ((1 + 2 s) N + q R + 4 s S), q = sqrt(1 + 4 s). For S
   * of either sign s R - S q = X / (s R + |S| q) + (|S| - S) q with X = (s R)^2 - (S q)^2 = (1 + 2
   * s) ((s - S)(s + S) + 2 s (s s' - S^2)).
   *
   * @param gap s - S
   */
  private static double halfTangent(
      double s,
      double root,
      double q,
      double gap,
      double product,
      double determinant,
      double r,
      double n) {
    double m = root * root;
    double x = m * (gap * (s + product) + 2 * s * determinant);
    double size = Math.abs(product);
    double numerator = x / (s * r + size * q + Double.MIN_NORMAL) + (size - product) * q;
    return 2 * numerator / (m * n + q * r + 4 * s * product);
  }
}
