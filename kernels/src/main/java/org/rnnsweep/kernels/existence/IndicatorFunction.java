package org.rnnsweep.kernels.existence;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.rnnsweep.kernels.concepts.Link;

/**
 * The function H that turns an indicator into a smooth function (Allen-Zhu and Li, Lemma 5.1;
 * Panigrahi and Goyal, Lemma 4.1, Theorem F.9, Corollary F.9.1):
 *
 * <pre>
 * H(alpha, b) = sum over i of c_i R^i h_i(alpha) v_i(b)          Phi(z) = sum c_i z^i, Phi(0) = 0
 * E[H(alpha, b) 1{alpha t + beta sqrt(1 - t^2) + b &gt;= 0}] = Phi(R t)
 * </pre>
 *
 * with the steps of {@link HermiteStep}. The first paper's noise of deviation sigma has {@code R =
 * sqrt(sigma^2 + 3/4)}, {@code tau = 1/(2 R)}; the second's radius r and factor k_0 have {@code R =
 * k_0 r}, {@code tau = sigma / r}. Expectations are exact up to rounding: a sum over degrees of
 * one-dimensional integrals.
 *
 * <p>The construction is that of the work both papers quote; they do not write it out. There h_i is
 * cut off at {@code |alpha| <= B_i = 100 sqrt(i) + 10 sqrt(ln(1/eps))}, which no expectation here
 * notices and only the bounds on |H| and on its slope need.
 */
public final class IndicatorFunction {
  private static final int MOST_DEGREE = 120;

  private final Link link;
  private final double scale;
  private final List<HermiteStep> steps;
  private final double[] coefficients; // c_i R^i of each step

  private IndicatorFunction(
      Link link, double scale, List<HermiteStep> steps, double[] coefficients) {
    this.link = link;
    this.scale = scale;
    this.steps = steps;
    this.coefficients = coefficients;
  }

  /**
   * @param scale R, positive
   * @param tau standard deviation of b
   * @param accuracy what the degrees that are left out add up to at most, on |t| &lt;= 1
   * @throws IllegalArgumentException if that takes more than 120 degrees
   */
  public static IndicatorFunction of(
      Link link, double scale, double tau, HermiteStep.Weight weight, double accuracy) {
    int degrees = link.degree() <= MOST_DEGREE ? link.degree() : degrees(link, scale, accuracy);
    List<HermiteStep> steps = new ArrayList<>();
    double[] coefficients = new double[degrees];
    for (int i = 1; i <= degrees; i++) {
      double coefficient = scaled(link, scale, i);
      if (coefficient != 0) {
        coefficients[steps.size()] = coefficient;
        steps.add(new HermiteStep(i, tau, weight));
      }
    }
    return new IndicatorFunction(link, scale, List.copyOf(steps), coefficients);
  }

  private static double scaled(Link link, double scale, int i) {
    return link.coefficient(i) * StrictMath.pow(scale, i);
  }

  /** The least K with {@code sum |c_i| R^i <= accuracy} over i above K. */
  private static int degrees(Link link, double scale, double accuracy) {
    double rest = 0;
    int degree = 2 * MOST_DEGREE;
    while (degree > 0 && rest + Math.abs(scaled(link, scale, degree)) <= accuracy) {
      rest += Math.abs(scaled(link, scale, degree));
      degree--;
    }
    if (degree > MOST_DEGREE) {
      throw new IllegalArgumentException(
          "at most " + MOST_DEGREE + " degrees, found a link that needs more at scale " + scale);
    }
    return degree;
  }

  /** H(alpha, b). */
  public double value(double alpha, double b) {
    double sum = 0;
    for (int k = 0; k < steps.size(); k++) {
      sum += coefficients[k] * steps.get(k).value(alpha, b);
    }
    return sum;
  }

  /** Phi(R t). */
  public double target(double t) {
    return link.value(scale * t);
  }

  /**
   * {@code E[H(alpha, b) 1{alpha t + beta sqrt(1 - t^2) + stretch b + shift >= 0}]} as a function
   * of t.
   */
  public DoubleUnaryOperator expectation(double stretch, double shift) {
    double[] factors = new double[steps.size()];
    for (int k = 0; k < factors.length; k++) {
      factors[k] = coefficients[k] * steps.get(k).response(stretch, shift);
    }
    return t -> {
      double sum = 0;
      for (int k = 0; k < factors.length; k++) {
        sum += factors[k] * StrictMath.pow(t, steps.get(k).degree());
      }
      return sum;
    };
  }

  /** The steps, of ascending degree. */
  public List<HermiteStep> steps() {
    return steps;
  }

  /** {@code |E[H 1{.}] - Phi(R t)|} without the closed form in alpha, see {@link HermiteStep}. */
  public double residual(double t) {
    double sum = 0;
    for (int k = 0; k < steps.size(); k++) {
      HermiteStep step = steps.get(k);
      sum += coefficients[k] * (step.byQuadrature(t) - StrictMath.pow(t, step.degree()));
    }
    return Math.abs(sum);
  }

  /** E H^2: the cross terms vanish, since degrees differ. */
  public double secondMoment() {
    double sum = 0;
    for (int k = 0; k < steps.size(); k++) {
      sum += coefficients[k] * coefficients[k] * steps.get(k).secondMoment();
    }
    return sum;
  }

  /**
   * log of a bound on |H| where h_i is cut off at B_i: the sum of the steps' largest values.
   *
   * @param logAccuracy ln(1 / eps)
   */
  public double logLargest(double logAccuracy) {
    return logSum(logAccuracy, 0);
  }

  /** log of a bound on {@code |dH / d alpha|} there: {@code h_i' = sqrt(i) h_(i-1)}. */
  public double logSteepest(double logAccuracy) {
    return logSum(logAccuracy, 1);
  }

  private double logSum(double logAccuracy, int derivatives) {
    double[] logs = new double[steps.size()];
    double most = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < logs.length; k++) {
      HermiteStep step = steps.get(k);
      int i = step.degree();
      double end = 100 * Math.sqrt(i) + 10 * Math.sqrt(logAccuracy);
      logs[k] =
          StrictMath.log(Math.abs(coefficients[k]) * step.largestWeight())
              + HermiteStep.logHermite(i - derivatives, end)
              + derivatives * 0.5 * StrictMath.log(i);
      most = Math.max(most, logs[k]);
    }
    double sum = 0;
    for (double log : logs) {
      sum += StrictMath.exp(log - most);
    }
    return most + StrictMath.log(sum);
  }
}
