package org.rnnsweep.kernels.ntk;

/**
 * How fast the correlations of long sequences degenerate (Wang, Shen, Hu and Cao, Section F and
 * Remark 4.2): the exact recursions, and the comparison sequences of their proof.
 *
 * <p>Without inputs e_l l^2 tends to 9 pi^2 / 2, since 1 - Gamma(1 - e) = e - (2 sqrt 2 / (3 pi))
 * e^(3/2) + O(e^(5/2)); so the product of Sigma falls like l^-3. With inputs of variance 2/(L^a m)
 * it tends to a constant for a = 3 and states that start equal, and falls like exp(-L^(1 - a/3))
 * for 1 <= a < 3, exp(-L^(2/3)) below: a = 3 is the critical scale. Both by our own derivation; the
 * paper states the first with a bound on the exponent.
 */
public final class Degeneracy {
  /** The limit of e_l l^2 without inputs. */
  public static final double LIMIT = 4.5 * Math.PI * Math.PI;

  private Degeneracy() {}

  /**
   * The logarithm of the product of Sigma(rho_k), k = 1..L, for two sequences of L inputs that are
   * orthogonal at every step: with the factor 1/2, the best constant kappa in {@code F^0 >= kappa
   * Sigma}, coefficient by coefficient in the inputs' products. The proof's first bound is {@link
   * #naiveLog}.
   *
   * @param length L
   * @param inputSquare |x|^2 of all inputs
   * @param alpha A ~ N(0, 2/(L^alpha m))
   * @param initialDeficit 1 - correlation of the states h_0, whose norm is 1
   */
  public static double logBackwardProduct(
      long length, double inputSquare, double alpha, double initialDeficit) {
    return orthogonal(length, inputSquare, alpha, initialDeficit).logProduct();
  }

  /** The recursion of {@link #logBackwardProduct} after its L steps. */
  public static PairRecursion orthogonal(
      long length, double inputSquare, double alpha, double initialDeficit) {
    PairRecursion pair = new PairRecursion(1, initialDeficit);
    double drive = inputSquare * StrictMath.pow(length, -alpha);
    for (long l = 0; l < length; l++) {
      pair.step(drive, 1);
    }
    return pair;
  }

  /** {@code -L log 2}: of the product when each Sigma is bounded below by its value 1/2 at 0. */
  public static double naiveLog(long length) {
    return -length * StrictMath.log(2);
  }

  /** {@code e_l} of the recursion e_l = 1 - Gamma(1 - e_(l-1)) from e_1 = first, no inputs. */
  public static PairRecursion withoutInputs(long length, double first) {
    PairRecursion pair = new PairRecursion(1, first);
    for (long l = 1; l <= length; l++) {
      pair.step(0, 0);
    }
    return pair;
  }

  /**
   * theta_l = pi (1 - (l / (l + 1))^b): the angles of the comparison sequence, for which the
   * product of Sigma over 1..L is (L + 1)^-b exactly.
   */
  public static double comparisonAngle(long l, double b) {
    return -Math.PI * StrictMath.expm1(-b * StrictMath.log1p(1.0 / l));
  }

  /** b = 3 + log^2 L / L, of the proof's sequence z_l = 1 - cos theta_l. */
  public static double comparisonExponent(long length) {
    double log = StrictMath.log(length);
    return 3 + log * log / length;
  }

  /**
   * Left side less right side of Lemma 20 at step l (at least 0 where the lemma holds),
   *
   * <pre>
   * z_l - z_(l-1) + (sin theta - theta cos theta) / pi - 3 pi^2 log^2 L / (l^3 L) - 10 pi^2 / l^4,
   * </pre>
   *
   * theta = arccos(1 - z_(l-1)); the print has arccos(z_(l-1)), for which nothing of the proof
   * holds. Absolute error about 1e-13 / l^3.
   *
   * @param slack the factor of the last two terms: 1 for the lemma, 0 to leave them out
   */
  public static double comparisonMargin(long l, long length, double slack) {
    double b = comparisonExponent(length);
    double before = comparisonAngle(l - 1, b);
    double now = comparisonAngle(l, b);
    double step = 2 * StrictMath.sin(0.5 * (now + before)) * StrictMath.sin(0.5 * (now - before));
    double log = StrictMath.log(length);
    double cube = (double) l * l * l;
    double terms =
        3 * Math.PI * Math.PI * log * log / (cube * length) + 10 * Math.PI * Math.PI / (cube * l);
    return step + ArcCosine.moon(before) / Math.PI - slack * terms;
  }

  /**
   * {@code log(y_(i+1) / y_i) / log(x_(i+1) / x_i)}: the exponent of a law y ~ x^s seen between
   * neighbours; one less than there are points.
   *
   * @param x positive, rising
   * @param logY logarithms of y, so that no product underflows
   */
  public static double[] localSlopes(long[] x, double[] logY) {
    double[] slopes = new double[x.length - 1];
    for (int i = 0; i < slopes.length; i++) {
      slopes[i] = (logY[i + 1] - logY[i]) / (StrictMath.log(x[i + 1]) - StrictMath.log(x[i]));
    }
    return slopes;
  }
}
