package org.rnnsweep.kernels.inversion;

/**
 * What the readout with the base sequence's patterns gives back in the limit of infinite width, for
 * normalised sequences.
 *
 * <p>Write {@code y_l = [h^(l-1), x^(l)]}, and index (0) for the base sequence. Reading {@code
 * D_(0) h^(l)} back by one layer is an average over fresh rows w, {@code E 2 w 1[w y_(0) >= 0] 1[w
 * y >= 0] (w y)}, which is {@code (1 - phi/pi) y + (sin phi / pi) (|y| / |y_(0)|) y_(0)} with phi
 * the angle between y and y_(0); and h_(0) is read back exactly. So block k comes back as {@code
 * own_k x^(k) + base_k x_(0)^(k)}, while a sequence's own patterns give back x^(k). Angles follow
 * from {@code E relu(g) relu(g') = |y|^2 (sin phi + (pi - phi) cos phi) / (2 pi)}; the two
 * sequences' states have equal norms. For small eps_x the angle at step l is {@code eps_x sqrt(2 (l
 * - 1))}, over sqrt(2) at the last, and {@code own_k - 1 = -sum_(l >= k) phi_l / pi}, {@code
 * base_k} its negative.
 *
 * @param own factors of the sequence's tokens, k = 1..steps
 * @param base factors of the base sequence's tokens
 * @param flips the share of neurons whose sign differs from the base sequence's, at each step
 */
public record SignLaw(double[] own, double[] base, double[] flips) {

  /**
   * The law for one length.
   *
   * @param length L, at least 2
   * @param epsX norm of the middle tokens
   * @param steps the state that is read is h^(steps), at most L
   */
  public static SignLaw of(int length, double epsX, int steps) {
    if (!(steps >= 1 && steps <= length)) {
      throw new IllegalArgumentException("steps are from 1 to " + length + ", found " + steps);
    }
    double[] angle = angles(length, epsX, steps);
    double[] own = new double[steps];
    double[] base = new double[steps];
    double[] flips = new double[steps];
    double a = 1;
    double b = 0;
    for (int k = steps - 1; k >= 0; k--) {
      b += a * Math.sin(angle[k]) / Math.PI;
      a *= 1 - angle[k] / Math.PI;
      own[k] = a;
      base[k] = b;
      flips[k] = angle[k] / Math.PI;
    }
    return new SignLaw(own, base, flips);
  }

  /** By squared distances and norms, which lose nothing at small angles. */
  private static double[] angles(int length, double epsX, int steps) {
    double[] angle = new double[steps];
    double square = 0;
    double distance = 0; // |h - h_(0)|^2
    for (int l = 1; l <= steps; l++) {
      boolean boundary = l == 1 || l == length;
      square += boundary ? 1 : epsX * epsX;
      distance += boundary ? 0 : 2 * epsX * epsX;
      double phi = 2 * Math.asin(Math.sqrt(distance / square) / 2);
      angle[l - 1] = phi;
      double half = Math.sin(phi / 2);
      double lost = (Math.sin(phi) - phi * Math.cos(phi)) / Math.PI;
      distance = 2 * square * (2 * half * half - lost);
    }
    return angle;
  }
}
