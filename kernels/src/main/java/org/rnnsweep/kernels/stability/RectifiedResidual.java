package org.rnnsweep.kernels.stability;

import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * What a shift along a fresh direction leaves of a rectified vector outside a fixed line
 * (Allen-Zhu, Li and Song, Lemma B.7): {@code |(I - q q^T) relu(w + r v)|} with q along relu(w),
 * the choice that takes most away, and v of N(0, 2/m I). The vector w has entries of size |N(0,
 * 1/m)| with alternating signs, so that it is (alpha, 1/(8 sqrt(m)))-good unless many of them are
 * small: on either side at least (1 - alpha) m / 2 of them exceed alpha / (8 sqrt(m)).
 */
public final class RectifiedResidual {
  private final double[] w;
  private final double[] v;

  /**
   * @param m coordinates
   * @param key split by m
   */
  public RectifiedResidual(int m, StreamKey key) {
    w = new double[m];
    v = new double[m];
    NormalStream.of(key.name("w").with("coordinates", m)).fill(w, 0, m);
    NormalStream.of(key.name("v").with("coordinates", m)).fill(v, 0, m);
    for (int k = 0; k < m; k++) {
      w[k] = Math.abs(w[k]) / Math.sqrt(m) * (k % 2 == 0 ? 1 : -1);
      v[k] *= Math.sqrt(2.0 / m);
    }
  }

  /** Whether w is (alpha, 1/(8 sqrt(m)))-good. */
  public boolean isGood(double alpha) {
    double level = alpha / (8 * Math.sqrt(w.length));
    long above = 0;
    long below = 0;
    for (double entry : w) {
      above += entry >= level ? 1 : 0;
      below += entry <= -level ? 1 : 0;
    }
    return Math.min(above, below) >= (1 - alpha) * w.length / 2;
  }

  /**
   * The norm of the residual. Where w and v are left as they are, relu(w + r v) less relu(w) is r v
   * on the positive half, so differences are taken before anything cancels.
   */
  public double norm(double r) {
    double along = 0; // <relu(w), difference>
    double square = 0; // |difference|^2
    double size = 0; // |relu(w)|^2
    for (int k = 0; k < w.length; k++) {
      double positive = Math.max(0, w[k]);
      double moved = w[k] + r * v[k];
      double difference = w[k] > 0 && moved > 0 ? r * v[k] : Math.max(0, moved) - positive;
      along += positive * difference;
      square += difference * difference;
      size += positive * positive;
    }
    return Math.sqrt(Math.max(0, square - along * along / size));
  }
}
