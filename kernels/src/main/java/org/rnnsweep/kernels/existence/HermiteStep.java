package org.rnnsweep.kernels.existence;

import java.util.function.DoubleUnaryOperator;
import org.rnnsweep.kernels.ntk.HermiteSeries;
import org.rnnsweep.kernels.quadrature.GaussLegendre;

/**
 * One degree of the function H: with alpha, beta ~ N(0, 1) and b ~ N(0, tau^2) independent, h_i the
 * orthonormal Hermite polynomial, phi the standard density and phi_tau that of b,
 *
 * <pre>
 * E[h_i(alpha) 1{alpha t + beta sqrt(1 - t^2) + b &gt;= 0} | b] = t^i g_i(b),
 * g_i(b) = h_(i-1)(-b) phi(b) / sqrt(i),
 * </pre>
 *
 * so that h_i(alpha) v_i(b) represents t^i for every weight v_i with E v_i g_i = 1.
 */
public final class HermiteStep {

  /** Which weight v_i. */
  public enum Weight {
    /**
     * Constant on {@code |b| <= 1/(2i)}, i odd, or {@code -1/(2i) <= b <= 0}, i even, and 0
     * elsewhere: the papers' own.
     */
    WINDOW,
    /** Proportional to g_i: of all weights that of the least second moment. */
    MINIMUM_NORM
  }

  private static final int NODES = 96;
  private static final double DEVIATIONS = 12; // beyond, a normal density is below 1e-31

  private final int degree;
  private final double tau;
  private final Weight weight;
  private final double from;
  private final double to;
  private final double scale; // v_i is scale times 1 or times g_i
  private final double[] nodes;
  private final double[] masses; // of b's law, times v_i
  private final double square;
  private final double absolute;
  private final double largest;

  /**
   * @param degree i, at least 1
   * @param tau standard deviation of b, positive
   */
  public HermiteStep(int degree, double tau, Weight weight) {
    if (!(degree >= 1 && tau > 0 && tau < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "a degree is at least 1 and tau positive and finite, found " + degree + " and " + tau);
    }
    this.degree = degree;
    this.tau = tau;
    this.weight = weight;
    boolean window = weight == Weight.WINDOW;
    double reach =
        window
            ? 0.5 / degree
            : Math.min(DEVIATIONS * tau, DEVIATIONS + 2 * Math.sqrt(degree)); // zeros of h_i
    from = -reach;
    to = window && degree % 2 == 0 ? 0 : reach;
    nodes = new double[2 * NODES];
    masses = new double[2 * NODES];
    double middle = (from + to) / 2;
    fill(0, GaussLegendre.on(NODES, from, middle));
    fill(NODES, GaussLegendre.on(NODES, middle, to));
    double product = 0;
    for (int k = 0; k < nodes.length; k++) {
      product += masses[k] * shape(nodes[k]) * response(degree, nodes[k]);
    }
    scale = 1 / product;
    double squares = 0;
    double sizes = 0;
    double most = 0;
    for (int k = 0; k < nodes.length; k++) {
      double v = scale * shape(nodes[k]);
      squares += masses[k] * v * v;
      sizes += masses[k] * Math.abs(v);
      most = Math.max(most, Math.abs(v));
      masses[k] *= v;
    }
    square = squares;
    absolute = sizes;
    largest = most;
  }

  private void fill(int first, GaussLegendre rule) {
    for (int k = 0; k < rule.count(); k++) {
      nodes[first + k] = rule.nodes()[k];
      masses[first + k] = rule.weights()[k] * density(rule.nodes()[k] / tau) / tau;
    }
  }

  private double shape(double b) {
    return weight == Weight.WINDOW ? 1 : response(degree, b);
  }

  /** g_i(b). */
  public static double response(int degree, double b) {
    return HermiteSeries.hermite(degree - 1, -b) * density(b) / Math.sqrt(degree);
  }

  /** phi(x). */
  static double density(double x) {
    return StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** i. */
  public int degree() {
    return degree;
  }

  /** v_i(b). */
  public double weight(double b) {
    if (weight == Weight.WINDOW) {
      return b >= from && b <= to ? scale : 0;
    }
    return scale * response(degree, b);
  }

  /** h_i(alpha) v_i(b). */
  public double value(double alpha, double b) {
    double v = weight(b);
    return v == 0 ? 0 : v * HermiteSeries.hermite(degree, alpha);
  }

  /**
   * {@code E v_i(b) g_i(stretch b + shift)}: what the step makes of t^i's factor where the
   * indicator has the threshold {@code stretch b + shift} in place of b; 1 at (1, 0).
   */
  public double response(double stretch, double shift) {
    double sum = 0;
    for (int k = 0; k < nodes.length; k++) {
      sum += masses[k] * response(degree, stretch * nodes[k] + shift);
    }
    return sum;
  }

  /** The second moment of h_i(alpha) v_i(b). */
  public double secondMoment() {
    return square;
  }

  /** E |v_i(b)|. */
  public double meanWeight() {
    return absolute;
  }

  /** The largest |v_i|. */
  public double largestWeight() {
    return largest;
  }

  /**
   * {@code E v_i(b) 1{. >= 0} h_i(alpha)} at t by quadrature over b and the plane of alpha and the
   * threshold variable, without the identity above; it should be t^i.
   *
   * @param t in [-1, 1]
   */
  public double byQuadrature(double t) {
    int count = 64;
    double end = 10; // of the plane: further out the nodes would be too few, and it is 1e-21
    GaussLegendre across = GaussLegendre.on(count, -end, end);
    double[] mass = new double[count];
    for (int k = 0; k < count; k++) {
      mass[k] = across.weights()[k] * density(across.nodes()[k]);
    }
    double side = Math.sqrt(1 - t * t);
    DoubleUnaryOperator line =
        s -> {
          double sum = 0;
          for (int k = 0; k < count; k++) {
            sum += mass[k] * HermiteSeries.hermite(degree, t * s + side * across.nodes()[k]);
          }
          return density(s) * sum;
        };
    return GaussLegendre.on(NODES, Math.max(from, -end), Math.min(to, end))
        .integral(
            b ->
                weight(b)
                    * density(b / tau)
                    / tau
                    * GaussLegendre.on(count, -b, end).integral(line));
  }

  /**
   * {@code E max |h_i(alpha + theta) - h_i(alpha)| |v_i(b)|} over |theta| at most gamma, chosen for
   * each alpha and b.
   */
  public double worstChange(double gamma) {
    int candidates = 8;
    GaussLegendre rule = GaussLegendre.on(2 * NODES, -DEVIATIONS, DEVIATIONS);
    double mean =
        rule.integral(
            alpha -> {
              double value = HermiteSeries.hermite(degree, alpha);
              double most = 0;
              for (int k = -candidates; k <= candidates; k++) {
                double theta = gamma * k / candidates;
                double moved = HermiteSeries.hermite(degree, alpha + theta);
                most = Math.max(most, Math.abs(moved - value));
              }
              return density(alpha) * most;
            });
    return absolute * mean;
  }

  /** log of h_i at a point beyond its zeros, where h_i is largest on [-x, x]. */
  static double logHermite(int degree, double x) {
    double log = 0;
    double ratio = x; // h_k / h_(k-1)
    for (int k = 1; k <= degree; k++) {
      if (k > 1) {
        ratio = (x - Math.sqrt(k - 1.0) / ratio) / Math.sqrt(k);
      }
      log += StrictMath.log(ratio);
    }
    return log;
  }

  /**
   * {@code (i - 1)!! / (200 i^2)} over {@code |p'_i|}, {@code p'_i = E 1{window} He_(i-1)(-b)
   * phi(b)}: the lower bound of the literature on the papers' coefficient, over the coefficient. Of
   * a window only.
   */
  public double boundOverCoefficient() {
    double bound = 1 / (200.0 * degree * degree);
    double root = 1; // sqrt(i!)
    for (int k = 2; k <= degree; k++) {
      root *= Math.sqrt(k);
    }
    for (int k = degree - 1; k > 1; k -= 2) {
      bound *= k;
    }
    return bound * Math.abs(scale) / root;
  }
}
