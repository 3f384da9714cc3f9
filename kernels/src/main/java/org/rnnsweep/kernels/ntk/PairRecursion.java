package org.rnnsweep.kernels.ntk;

/**
 * Two sequences of equal norms through a rectifier's network whose W keeps norms (variance 2/m),
 * one step at a time in constant memory: as many steps as wanted, some 50 ns each.
 *
 * <p>With q = |h|^2, E = 1 - correlation of the states, p = |A x|^2 and g = 1 - cosine of the two
 * inputs, a step is
 *
 * <pre>
 * e = (q E + p g) / (q + p),   E' = 1 - Gamma(1 - e),   q' = q + p.
 * </pre>
 *
 * Wang, Shen, Hu and Cao, (24) to (27), with q and e for Q_l and 1 - rho_l; the limit of their
 * backward correlation is F^l = 1/2 times the product of Sigma(rho_k) over k = l..L. Not safe for
 * use by several threads.
 */
public final class PairRecursion {
  private double norm;
  private double stateDeficit;
  private double preactivationDeficit;
  private double angle;
  private double logProduct;
  private double logLost; // what rounding took from logProduct
  private double rootSum;

  /**
   * @param norm |h_0|^2, at least 0
   * @param deficit 1 - correlation of the two h_0, in [0, 2]; without meaning where norm is 0
   */
  public PairRecursion(double norm, double deficit) {
    if (!(norm >= 0 && norm < Double.POSITIVE_INFINITY) || !(deficit >= 0 && deficit <= 2)) {
      throw new IllegalArgumentException(
          "a norm is finite and at least 0 and a deficit in [0, 2], found "
              + norm
              + " and "
              + deficit);
    }
    this.norm = norm;
    this.stateDeficit = deficit;
  }

  /**
   * One step.
   *
   * @param drive p, at least 0; p + q > 0
   * @param driveDeficit g, in [0, 2]
   */
  public void step(double drive, double driveDeficit) {
    double sum = norm + drive;
    preactivationDeficit = (norm * stateDeficit + drive * driveDeficit) / sum;
    angle = ArcCosine.angle(preactivationDeficit);
    stateDeficit = ArcCosine.deficit(preactivationDeficit, angle);
    norm = sum;
    rootSum += Math.sqrt(preactivationDeficit);
    double term = StrictMath.log1p(-angle / Math.PI) - logLost;
    double next = logProduct + term;
    logLost = next - logProduct - term;
    logProduct = next;
  }

  /** q = |h_l|^2 of either sequence. */
  public double norm() {
    return norm;
  }

  /** E_l = 1 - correlation of the states. */
  public double stateDeficit() {
    return stateDeficit;
  }

  /** e_l = 1 - rho_l, of the preactivations of the last step. */
  public double preactivationDeficit() {
    return preactivationDeficit;
  }

  /** Natural logarithm of the product of Sigma(rho_k) over all steps so far. */
  public double logProduct() {
    return logProduct;
  }

  /** Sum of sqrt(e_k) over all steps so far. */
  public double rootSum() {
    return rootSum;
  }
}
