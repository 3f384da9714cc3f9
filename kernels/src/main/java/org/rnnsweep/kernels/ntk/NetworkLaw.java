package org.rnnsweep.kernels.ntk;

import java.util.Locale;

/**
 * The law of a random Elman network of width m and one output, at every step
 *
 * <pre>
 * z_t = W h_{t-1} + sqrt(s) A x_t + b,   h_t = phi(z_t),   f_t = &lt;B, h_t&gt;,
 * </pre>
 *
 * where s is 1 or 1/d by {@code inputScale}. All entries are independent normals of mean 0. Only
 * the products {@code variance * s} and so on matter, hence an A of variance v/d is the same as
 * {@code inputVariance} v with s = 1/d.
 *
 * <p>A rectifier's network may be scaled: W ~ N(0, 2/m), A ~ N(0, 2/m), B ~ N(0, 1), as in the
 * papers, has the h of {@code weightVariance 2, inputVariance 2} divided by sqrt(m), and with
 * {@code readoutVariance 1} the same output.
 *
 * @param activation phi
 * @param weightVariance m times the variance of the entries of W, m x m
 * @param inputVariance variance of the entries of A, m x d
 * @param inputScale s
 * @param biasVariance variance of the entries of b, the same at all steps
 * @param initialVariance variance of the entries of z_0 in {@code h_0 = phi(z_0)}, one h_0 for all
 *     sequences; 0 for h_0 = phi(0) = 0
 * @param readoutVariance m times the variance of the entries of B
 */
public record NetworkLaw(
    Activation activation,
    double weightVariance,
    double inputVariance,
    InputScale inputScale,
    double biasVariance,
    double initialVariance,
    double readoutVariance) {

  public NetworkLaw {
    check("weight variance", weightVariance);
    check("input variance", inputVariance);
    check("bias variance", biasVariance);
    check("initial variance", initialVariance);
    check("readout variance", readoutVariance);
  }

  private static void check(String name, double variance) {
    if (!(variance >= 0 && variance < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "the %s is finite and at least 0, found %s", name, variance));
    }
  }

  /** This law with another variance of the readout. */
  public NetworkLaw withReadoutVariance(double variance) {
    return new NetworkLaw(
        activation,
        weightVariance,
        inputVariance,
        inputScale,
        biasVariance,
        initialVariance,
        variance);
  }
}
