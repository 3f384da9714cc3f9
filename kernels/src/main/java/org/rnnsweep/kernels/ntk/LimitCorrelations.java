package org.rnnsweep.kernels.ntk;

import java.util.List;

/**
 * What the inner products of states and of backward vectors tend to as the width grows, for every
 * pair of n sequences of one length and every pair of steps, of a rectifier's network scaled as
 * {@link FiniteNetwork}'s:
 *
 * <pre>
 * &lt;h_a(x), h_b(x')&gt;             -> K^(a,b)                    (a, b from 0)
 * &lt;v_(l,a)(x), v_(k,b)(x')&gt; / m -> r / 2 prod Sigma(rho_(a-t, b-t)), t = 0..a-l,   if a - l = b - k
 *                               -> 0                          otherwise
 * </pre>
 *
 * where v_(l,a) is the gradient of the output after a steps by z_l. For a = b = L these are K^l and
 * F^l of Wang, Shen, Hu and Cao, (25) and (27); for a different from b their Lemma 17 and (162),
 * with the limits as this package derives them. Computed by the recursion that also gives the
 * kernels, with 1 - rho carried. Immutable.
 */
public final class LimitCorrelations {
  private final int count;
  private final int length;
  private final double readoutVariance;
  private final double[][][] states; // pair, a, b
  private final double[][][] gates; // pair, a, b: Sigma(rho_ab); not set at a = 0 or b = 0

  private LimitCorrelations(int count, int length, double readoutVariance) {
    this.count = count;
    this.length = length;
    this.readoutVariance = readoutVariance;
    states = new double[count * count][length + 1][length + 1];
    gates = new double[count * count][length + 1][length + 1];
  }

  /**
   * Costs some 60 operations a pair of sequences and of steps; 16 bytes of heap each.
   *
   * @param law a rectifier's
   * @param sequences of one length and dimension
   */
  public static LimitCorrelations of(NetworkLaw law, List<double[][]> sequences) {
    if (law.activation() != Activation.RELU) {
      throw new IllegalArgumentException("only a rectifier's network is scaled so, found " + law);
    }
    Panel panel = new Panel(law, sequences);
    LimitCorrelations limits =
        new LimitCorrelations(panel.count, panel.length, law.readoutVariance());
    Walk walk = Walk.of(law, panel.count);
    for (int i = 0; i < panel.count; i++) {
      for (int offset = -panel.length; offset <= panel.length; offset++) {
        walk.start(panel, i, panel, 0, panel.count, offset);
        limits.keep(walk, i, law.weightVariance());
        while (walk.stepsLeft() > 0) {
          walk.step();
          limits.keep(walk, i, law.weightVariance());
        }
      }
    }
    return limits;
  }

  private void keep(Walk walk, int i, double weightVariance) {
    for (int j = 0; j < count; j++) {
      states[i * count + j][walk.rowStep][walk.columnStep] = walk.covariance[j];
      gates[i * count + j][walk.rowStep][walk.columnStep] = weightVariance * walk.gate[j];
    }
  }

  /** K^(a,b) of sequences i and j, a and b from 0 to L. */
  public double states(int i, int a, int j, int b) {
    return states[i * count + j][a][b];
  }

  /**
   * The limit for outputs after a and b steps, at l and k = l + b - a: as many gates as there are
   * steps from l to a, both included.
   *
   * @param l from 1 to a, with l + b - a at least 1
   */
  public double backs(int i, int a, int j, int b, int l) {
    double product = 0.5 * readoutVariance;
    for (int t = 0; t <= a - l; t++) {
      product *= gates[i * count + j][a - t][b - t];
    }
    return product;
  }

  /** F^l of sequences i and j: the output after the last step. */
  public double backs(int i, int j, int l) {
    return backs(i, length, j, length, l);
  }
}
