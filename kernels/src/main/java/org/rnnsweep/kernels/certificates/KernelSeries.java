package org.rnnsweep.kernels.certificates;

import java.util.Locale;
import java.util.Map;
import org.rnnsweep.kernels.ntk.ArcCosine;

/**
 * The infinite-width tangent kernel as a power series in the cosines of a few chosen tokens, all
 * other tokens orthogonal: the recursion of Wang, Shen, Hu and Cao, (25) and (27), in truncated
 * series arithmetic.
 *
 * <p>All tokens have the squared norm c. With p = c / L^alpha, q_l = 1 + l p, K^0 = 1 and z_l the
 * cosine of the two tokens at position l,
 *
 * <pre>
 * rho_l = (K^(l-1) + p z_l) / q_l,   K^l = q_l Gamma(rho_l),
 * H = 1/2 Psi_L,   Psi_l = Sigma(rho_l) (K^(l-1) + Psi_(l-1)),   Psi_0 = 0.
 * </pre>
 *
 * <p>Why coefficients are constants of domination. Every series here has nonnegative coefficients,
 * so {@code H - [z^n] H prod z_l^(n_l)} is again one, hence positive semi-definite for every set of
 * sequences (Schoenberg). For tokens of unbounded dimension the coefficient is the best constant;
 * for a fixed dimension it is a lower bound on the best one.
 *
 * <p>1 - rho at z = 0 is carried on its own and the rest has no constant term, so every coefficient
 * keeps a relative error of some L ulps, however near to 1 the correlations are. Immutable.
 */
public final class KernelSeries {
  private final Monomials monomials;
  private final double[] kernel;
  private final double[][] sigma; // series of Sigma(rho_l), l = 1..L
  private final double[] deficit; // 1 - rho_l at z = 0
  private final double[] state; // K^l at z = 0, l = 0..L
  private final double[][] slope; // dK^l / dz by variable over p, l = 0..L

  private KernelSeries(
      Monomials monomials,
      double[] kernel,
      double[][] sigma,
      double[] deficit,
      double[] state,
      double[][] slope) {
    this.monomials = monomials;
    this.kernel = kernel;
    this.sigma = sigma;
    this.deficit = deficit;
    this.state = state;
    this.slope = slope;
  }

  /**
   * Costs about {@code 2 P L} products of series.
   *
   * @param length L
   * @param inputSquare c, positive
   * @param power alpha
   * @param monomials variables and degree
   * @param variableOf which variable (from 0) is the cosine at a position (from 1); positions may
   *     share one; where there is none the tokens are orthogonal
   */
  public static KernelSeries of(
      int length,
      double inputSquare,
      double power,
      Monomials monomials,
      Map<Integer, Integer> variableOf) {
    double p = inputSquare * StrictMath.pow(length, -power);
    if (!(length >= 1 && p > 0 && p < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a length of at least 1 and tokens of a positive norm are needed, found L = %d and"
                  + " c / L^alpha = %s",
              length,
              p));
    }
    for (Map.Entry<Integer, Integer> entry : variableOf.entrySet()) {
      if (!(entry.getKey() >= 1 && entry.getKey() <= length)
          || !(entry.getValue() >= 0 && entry.getValue() < monomials.variables())) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "positions from 1 to %d have variables from 0 to %d, found variable %d at %d",
                length,
                monomials.variables() - 1,
                entry.getValue(),
                entry.getKey()));
      }
    }
    int size = monomials.size();
    int degree = monomials.degree();
    double stateDeficit = 0; // 1 - K^(l-1) / q_(l-1) at z = 0
    double[] rest = new double[size]; // K^(l-1) / q_(l-1) without its constant term
    double[] psi = new double[size];
    double[][] sigma = new double[length + 1][];
    double[] deficit = new double[length + 1];
    double[] state = new double[length + 1];
    double[][] slope = new double[length + 1][monomials.variables()];
    state[0] = 1;
    for (int l = 1; l <= length; l++) {
      double before = 1 + (l - 1) * p;
      double q = 1 + l * p;
      for (int k = 1; k < size; k++) {
        psi[k] += before * rest[k];
      }
      psi[0] += before * (1 - stateDeficit);
      double e = (before * stateDeficit + p) / q;
      double[] t = new double[size];
      for (int k = 1; k < size; k++) {
        t[k] = before / q * rest[k];
      }
      Integer variable = variableOf.get(l);
      if (variable != null && degree > 0) {
        t[unit(monomials, variable)] += p / q;
      }
      deficit[l] = e;
      sigma[l] = composed(ArcCosineSeries.sigma(e, degree), t, monomials);
      psi = monomials.product(sigma[l], psi);
      rest = composed(ArcCosineSeries.gamma(e, degree), t, monomials);
      rest[0] = 0;
      stateDeficit = ArcCosine.deficit(e, ArcCosine.angle(e));
      state[l] = q * (1 - stateDeficit);
      if (degree > 0) {
        for (int v = 0; v < monomials.variables(); v++) {
          slope[l][v] = q * rest[unit(monomials, v)] / p;
        }
      }
    }
    double[] kernel = psi;
    for (int k = 0; k < size; k++) {
      kernel[k] *= 0.5;
    }
    return new KernelSeries(monomials, kernel, sigma, deficit, state, slope);
  }

  private static int unit(Monomials monomials, int variable) {
    int[] exponent = new int[monomials.variables()];
    exponent[variable] = 1;
    return monomials.indexOf(exponent);
  }

  /** f(t) by Horner's rule; t has no constant term. */
  private static double[] composed(double[] coefficients, double[] t, Monomials monomials) {
    double[] value = new double[monomials.size()];
    value[0] = coefficients[coefficients.length - 1];
    for (int k = coefficients.length - 2; k >= 0; k--) {
      value = monomials.product(value, t);
      value[0] += coefficients[k];
    }
    return value;
  }

  /** The coefficient of z^n in H: the constant of {@code H >= xi prod z_l^(n_l)}. */
  public double coefficient(int... exponent) {
    return kernel[monomials.indexOf(exponent)];
  }

  /**
   * The best constant, coefficient by coefficient, in {@code H >= xi (z_1 + .. + z_N)^k / N^k}: N^k
   * times the least of {@code [z^n] H / multinomial(n)} over |n| = k.
   */
  public double powerOfSum(int k) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < monomials.size(); i++) {
      int[] exponent = monomials.exponent(i);
      int total = 0;
      for (int n : exponent) {
        total += n;
      }
      if (total == k) {
        least = Math.min(least, kernel[i] / Monomials.multinomial(exponent));
      }
    }
    return least * Math.pow(monomials.variables(), k);
  }

  /** The coefficient of z^n in Sigma(rho_l). */
  public double stepCoefficient(int l, int... exponent) {
    return sigma[l][monomials.indexOf(exponent)];
  }

  /**
   * A constant with {@code H >= kappa Q_l Sigma(rho_l)}, their (32), from the one term of H that
   * holds Sigma(rho_l) first: {@code K^(l-1) / (2 q_l) prod Sigma(rho_k), k = l+1..L}, at z = 0.
   */
  public double stepDomination(int l, double q) {
    double product = 0.5 * state[l - 1] / q;
    for (int k = l + 1; k < sigma.length; k++) {
      product *= sigma[k][0];
    }
    return product;
  }

  /** dK^l / d(L^-alpha X^T X') of the tokens of a variable, at z = 0. */
  public double stateSlope(int l, int variable) {
    return slope[l][variable];
  }

  /** 1 - rho_l at z = 0. */
  public double deficit(int l) {
    return deficit[l];
  }
}
