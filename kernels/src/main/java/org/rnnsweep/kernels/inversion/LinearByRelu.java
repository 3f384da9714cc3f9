package org.rnnsweep.kernels.inversion;

import org.rnnsweep.kernels.quadrature.GaussLegendre;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * A linear function read off a random layer of ReLU neurons: the first step of every inversion
 * (Panigrahi and Goyal, Lemmas C.1 and 4.4).
 *
 * <p>Everything here depends on v and x only through their norms and the angle between them: a
 * Gaussian vector w enters by {@code w.v} and {@code w.x} alone.
 */
public final class LinearByRelu {
  private static final int NODES = 96;

  /** Beyond 14 standard deviations the radial integrand is below 1e-39. */
  private static final double RADIUS = 14;

  private final double cos;
  private final double sin;

  private LinearByRelu(double cos, double sin) {
    this.cos = cos;
    this.sin = sin;
  }

  /**
   * For one angle between v and x, in degrees. At 0 and 90 sine and cosine are exact.
   *
   * @param degrees from 0 to 180
   */
  public static LinearByRelu ofAngle(double degrees) {
    double fromRight = Math.toRadians(90 - degrees);
    return new LinearByRelu(Math.sin(fromRight), Math.cos(fromRight));
  }

  /**
   * Lemma C.1: {@code E (w.v) relu(w.x) - beta^2 / 2 v.x} over {@code beta^2 |v| |x|}, for w ~ N(0,
   * beta^2 I), by quadrature in the plane of v and x; beta drops out. It should be 0.
   */
  public double expectationGap() {
    GaussLegendre radial = GaussLegendre.on(NODES, 0, RADIUS);
    double third = 0;
    for (int i = 0; i < NODES; i++) {
      double r = radial.nodes()[i];
      third += radial.weights()[i] * r * r * r * Math.exp(-r * r / 2);
    }
    GaussLegendre angular =
        GaussLegendre.on(NODES, -Math.PI / 2, Math.PI / 2); // x lies at 0: relu is not 0
    double plane = 0;
    for (int i = 0; i < NODES; i++) {
      double phi = angular.nodes()[i];
      double v = cos * Math.cos(phi) + sin * Math.sin(phi);
      plane += angular.weights()[i] * v * Math.cos(phi);
    }
    return third * plane / (2 * Math.PI) - cos / 2;
  }

  /**
   * Claim C.2: the largest entry of {@code d E w w^T 1[w_1 >= 0] - I/2} in two coordinates, the
   * first among them, for w uniform on the sphere of R^d; by quadrature. It should be 0. All other
   * coordinates are like the second.
   *
   * @param dimension d, at least 3
   */
  public static double halfSphereGap(int dimension) {
    // Two coordinates of w have the radius r with density proportional to r (1 - r^2)^((d-4)/2);
    // with r^2 = 1 - u^2 both integrals are of polynomials.
    GaussLegendre radial = GaussLegendre.on(NODES, 0, 1);
    double mass = 0;
    double second = 0;
    for (int i = 0; i < NODES; i++) {
      double u = radial.nodes()[i];
      double weight = radial.weights()[i] * Math.pow(u, dimension - 3);
      mass += weight;
      second += weight * (1 - u * u);
    }
    GaussLegendre angular = GaussLegendre.on(NODES, -Math.PI / 2, Math.PI / 2);
    double[] moments = new double[3]; // w_1^2, w_1 w_2, w_2^2
    for (int i = 0; i < NODES; i++) {
      double c = Math.cos(angular.nodes()[i]);
      double s = Math.sin(angular.nodes()[i]);
      moments[0] += angular.weights()[i] * c * c;
      moments[1] += angular.weights()[i] * c * s;
      moments[2] += angular.weights()[i] * s * s;
    }
    double gap = 0;
    for (int i = 0; i < moments.length; i++) {
      double entry = dimension * second / mass * moments[i] / (2 * Math.PI);
      gap = Math.max(gap, Math.abs(entry - (i == 1 ? 0 : 0.5)));
    }
    return gap;
  }

  /**
   * Lemma 4.4: {@code v.x - 2/m (T v)^T relu(T x)} over {@code |v| |x|}, for T of m x d independent
   * N(0, 1). Its mean is 0, and m times its variance is {@code 2 + 3 cos^2} of the angle.
   *
   * @param neurons m
   * @param key of this draw of T
   */
  public double error(long neurons, StreamKey key) {
    NormalStream normals = NormalStream.of(key);
    double sum = 0;
    for (long i = 0; i < neurons; i++) {
      double x = normals.next();
      double other = normals.next();
      if (x > 0) {
        sum += (cos * x + sin * other) * x;
      }
    }
    return cos - 2 * sum / neurons;
  }
}
