package org.rnnsweep.kernels.existence;

import org.rnnsweep.kernels.concepts.Link;
import org.rnnsweep.kernels.quadrature.GaussLegendre;
import org.rnnsweep.kernels.stability.InfiniteWidth;

/**
 * One function at one position (Allen-Zhu and Li, Lemma 5.2): with fresh rows w and a of N(0, 2/m),
 * the null sequence's h0 and the actual one's h,
 *
 * <pre>
 * H_i(a) = H(&lt;w*, a'&gt;, a'_(d_x) / (2 R_i)) / eps'_c,   a' = sqrt(m/2) a,   R_i^2 = sigma_i^2 + 3/4
 * E[1{|&lt;w, h0_(i-1)&gt;| &lt;= eps_c / sqrt(m)} 1{&lt;w, h_(k-1)&gt; + &lt;a, x_k&gt; &gt;= 0} H_i(a)]
 *     = Phi(&lt;w*, x*_k&gt;) for k = i, and near 0 for k != i,
 * </pre>
 *
 * eps'_c being the probability of the window. The width enters through three inner products of
 * states alone, which are taken from the limit of infinite width; there they do not depend on x*.
 */
public final class SingleFit {
  private static final int NODES = 9; // the window is narrow

  private final IndicatorFunction function;
  private final double scale;
  private final double window;
  private final double norm;
  private final double probability;

  private SingleFit(IndicatorFunction function, double scale, double window, double norm) {
    this.function = function;
    this.scale = scale;
    this.window = window;
    this.norm = norm;
    probability =
        GaussLegendre.on(NODES * 4, -window / Math.sqrt(2) / norm, window / Math.sqrt(2) / norm)
            .integral(HermiteStep::density);
  }

  /**
   * @param sigma the noise that H is made for, see {@link #noise}; not negative
   * @param window eps_c, positive
   * @param norm |h0_(i-1)|
   * @param accuracy what the degrees that are left out add up to at most
   */
  public static SingleFit of(
      Link link,
      HermiteStep.Weight weight,
      double sigma,
      double window,
      double norm,
      double accuracy) {
    double scale = Math.sqrt(sigma * sigma + 0.75);
    return new SingleFit(
        IndicatorFunction.of(link, scale, 0.5 / scale, weight, accuracy), scale, window, norm);
  }

  /**
   * {@code sigma_i = |(I - h0 h0^T / |h0|^2) h_(i-1)| / eps_x}: what is left of the state inside
   * the window, over the tokens' size. About {@code sqrt(2 (i - 2))} for small eps_x.
   *
   * @param actual of the actual sequence's states with the null sequence's, in this order
   */
  public static double noise(InfiniteWidth actual, int position, double epsX) {
    return across(actual, position - 1, position - 1) / epsX;
  }

  /** The part of h_a across h0_b. */
  private static double across(InfiniteWidth actual, int a, int b) {
    return Math.sqrt(actual.squaredNorm(a)) * StrictMath.sin(actual.stateAngle(a, b));
  }

  /** eps'_c: the probability of the window. */
  public double probability() {
    return probability;
  }

  /** R_i. */
  public double scale() {
    return scale;
  }

  /** H_i of {@code <w*, a'>} and {@code a'_(d_x)}. */
  public double value(double alpha, double last) {
    return function.value(alpha, last / (2 * scale)) / probability;
  }

  /** log of a bound on |H_i|, see {@link IndicatorFunction#logLargest}. */
  public double logLargest(double logAccuracy) {
    return function.logLargest(logAccuracy) - StrictMath.log(probability);
  }

  /** E H^2 of the function inside. */
  public double secondMoment() {
    return function.secondMoment();
  }

  /**
   * The expectation at a middle position k.
   *
   * @param actual of the actual sequence's states with the null sequence's
   * @param position i
   * @param at k, from 2, below L
   * @param product {@code <w*, x*_k>}, at most sqrt(3)/2 in size
   */
  public double expectation(
      InfiniteWidth actual, int position, int at, double epsX, double product) {
    double across = across(actual, at - 1, position - 1);
    double along =
        Math.sqrt(actual.squaredNorm(at - 1))
            * StrictMath.cos(actual.stateAngle(at - 1, position - 1))
            / norm;
    double size = Math.sqrt(across * across + 0.75 * epsX * epsX);
    double stretch = epsX * scale / size;
    double end = window / Math.sqrt(2);
    double t = epsX * product / size;
    return GaussLegendre.on(NODES, -end, end)
            .integral(
                u ->
                    HermiteStep.density(u / norm)
                        / norm
                        * function.expectation(stretch, along * u / size).applyAsDouble(t))
        / probability;
  }
}
