package org.rnnsweep.kernels.ntk;

import org.rnnsweep.kernels.random.NormalStream;

/**
 * The second implementation the tests compare with: the moments of all pairs of steps in one table,
 * by the textbook formulas in rho, and the tangent kernel as the explicit sum over depths of the
 * backward products. Loses half the digits near correlation 1; right to rounding elsewhere.
 */
final class PlainMoments {
  final double[][] covariance; // E[h_a h'_b], from step 0
  private final double[][] gate;
  private final NetworkLaw law;
  private final double[][] x;
  private final double[][] y;

  PlainMoments(NetworkLaw law, double[][] x, double[][] y) {
    this.law = law;
    this.x = x;
    this.y = y;
    covariance = new double[x.length + 1][y.length + 1];
    gate = new double[x.length + 1][y.length + 1];
    double[] s = variances(law, x);
    double[] r = variances(law, y);
    for (int a = 0; a <= x.length; a++) {
      for (int b = 0; b <= y.length; b++) {
        double z;
        if (a == 0 && b == 0) {
          z = law.initialVariance();
        } else if (a == 0 || b == 0) {
          z = 0;
        } else {
          z =
              law.weightVariance() * covariance[a - 1][b - 1]
                  + law.inputVariance() * product(x[a - 1], y[b - 1])
                  + law.biasVariance();
        }
        covariance[a][b] = covariance(law.activation(), s[a], r[b], z);
        gate[a][b] = gate(law.activation(), s[a], r[b], z);
      }
    }
  }

  double nngp(int a, int b) {
    return law.readoutVariance() * covariance[a][b];
  }

  /** Parts: the factors of the gradients by W, A, b and B. */
  double ntk(int a, int b, double[] parts) {
    double sum = parts[3] * covariance[a][b];
    double back = law.readoutVariance() * gate[a][b];
    for (int s = 0; s < Math.min(a, b); s++) {
      double direct =
          parts[0] * covariance[a - s - 1][b - s - 1]
              + parts[1] * product(x[a - s - 1], y[b - s - 1])
              + parts[2];
      sum += back * direct;
      back *= law.weightVariance() * gate[a - s - 1][b - s - 1];
    }
    return sum;
  }

  static double covariance(Activation activation, double s, double r, double z) {
    if (activation == Activation.ERF) {
      return 2 / Math.PI * Math.asin(2 * z / Math.sqrt((1 + 2 * s) * (1 + 2 * r)));
    }
    double q = Math.sqrt(s * r);
    if (q == 0) {
      return 0;
    }
    double theta = Math.acos(Math.max(-1, Math.min(1, z / q)));
    return q * (Math.sin(theta) + (Math.PI - theta) * Math.cos(theta)) / (2 * Math.PI);
  }

  static double gate(Activation activation, double s, double r, double z) {
    if (activation == Activation.ERF) {
      return 4 / Math.PI / Math.sqrt((1 + 2 * s) * (1 + 2 * r) - 4 * z * z);
    }
    double q = Math.sqrt(s * r);
    return q == 0 ? 0.5 : (Math.PI - Math.acos(Math.max(-1, Math.min(1, z / q)))) / (2 * Math.PI);
  }

  private static double[] variances(NetworkLaw law, double[][] x) {
    double[] s = new double[x.length + 1];
    s[0] = law.initialVariance();
    for (int t = 1; t <= x.length; t++) {
      s[t] =
          law.weightVariance() * covariance(law.activation(), s[t - 1], s[t - 1], s[t - 1])
              + law.inputVariance() * law.inputScale().factor(x[0].length) * dot(x[t - 1], x[t - 1])
              + law.biasVariance();
    }
    return s;
  }

  private double product(double[] u, double[] v) {
    return law.inputScale().factor(u.length) * dot(u, v);
  }

  static double dot(double[] u, double[] v) {
    double sum = 0;
    for (int k = 0; k < u.length; k++) {
      sum += u[k] * v[k];
    }
    return sum;
  }

  /** A sequence of standard normals. */
  static double[][] sequence(NormalStream stream, int length, int dimension) {
    double[][] x = new double[length][dimension];
    for (double[] token : x) {
      stream.fill(token, 0, dimension);
    }
    return x;
  }
}
