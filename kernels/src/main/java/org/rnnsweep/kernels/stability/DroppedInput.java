package org.rnnsweep.kernels.stability;

import org.rnnsweep.kernels.ntk.ArcCosine;

/**
 * The recursion by which the proof of Lemma D.1(a) of Allen-Zhu and Li names {@code zeta_d}, its
 * centre for |h_l - h_l^(0)|:
 *
 * <pre>
 * zeta_d(1) = 0,   zeta_d(l)^2 = 2 (zeta_h^2 + eps^2) zeta_c(beta),
 * beta^2 = (zeta_d^2 - zeta_d^4 / (4 zeta_h^2) + eps^2) / (zeta_h^2 + eps^2)   at l - 1,
 * zeta_h(l)^2 = 1 + (l - 1) eps^2,   zeta_c(beta) = 1 - kappa(sqrt(1 - beta^2)).
 * </pre>
 *
 * It counts one eps^2 a step where the two tokens, which are orthogonal, are sqrt(2) eps apart.
 */
public final class DroppedInput {
  private DroppedInput() {}

  /** zeta_d(l)^2 of the printed recursion, l from 1. */
  public static double printedSquare(int l, double epsX) {
    double square = 0;
    double e2 = epsX * epsX;
    for (int k = 2; k <= l; k++) {
      double norm = 1 + (k - 2) * e2;
      double beta2 = (square - square * square / (4 * norm) + e2) / (norm + e2);
      square = 2 * (norm + e2) * differenceOfRectifiers(beta2);
    }
    return square;
  }

  /**
   * {@code zeta_c = E |relu(g_1) - relu(sqrt(1 - beta^2) g_1 + beta g_2)|^2} for standard normals
   * (Proposition D.1).
   *
   * @param betaSquared in [0, 1]
   */
  public static double differenceOfRectifiers(double betaSquared) {
    double gap = betaSquared / (1 + Math.sqrt(1 - betaSquared)); // 1 - sqrt(1 - beta^2)
    return ArcCosine.deficit(gap, ArcCosine.angle(gap));
  }
}
