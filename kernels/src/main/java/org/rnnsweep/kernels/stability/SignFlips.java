package org.rnnsweep.kernels.stability;

import java.util.Arrays;
import java.util.Locale;
import org.rnnsweep.kernels.random.NormalStream;

/**
 * How many signs of a normal vector x of N(0, 2/m) a change of norm tau flips: at random, and at
 * worst (Allen-Zhu and Li, Fact D.2). In the limit the shares are tau / (sqrt(2) pi) for small tau,
 * and (3 tau^2 / pi)^(1/3).
 */
public final class SignFlips {
  private SignFlips() {}

  /** Flips by tau times a uniformly random direction. */
  public static long random(double[] x, double tau, NormalStream direction) {
    requirePositive(tau);
    double[] unit = new double[x.length];
    direction.fill(unit, 0, unit.length);
    double square = 0;
    for (double entry : unit) {
      square += entry * entry;
    }
    double scale = tau / Math.sqrt(square);
    long flips = 0;
    for (int k = 0; k < x.length; k++) {
      flips += (x[k] >= 0) == (x[k] + scale * unit[k] >= 0) ? 0 : 1;
    }
    return flips;
  }

  /**
   * The most flips by a change of two parts, one of norm {@code tau} and one of entries at most
   * {@code each}: the second moves every entry towards 0, the first carries the smallest ones over
   * (Allen-Zhu, Li and Song, Claim C.4).
   */
  public static long worst(double[] x, double tau, double each) {
    double[] rest = new double[x.length];
    for (int k = 0; k < x.length; k++) {
      rest[k] = Math.max(0, Math.abs(x[k]) - each);
    }
    return worst(rest, tau);
  }

  /**
   * The largest norm that such a change can leave on the entries that it flips: those within {@code
   * each} of 0 are flipped by the second part alone, and all of the first goes in their direction.
   */
  public static double largestOvershoot(double[] x, double tau, double each) {
    double free = 0;
    double least = Double.POSITIVE_INFINITY;
    for (double entry : x) {
      double past = each - Math.abs(entry);
      free += past > 0 ? past * past : 0;
      least = Math.min(least, -past);
    }
    return free > 0 ? Math.sqrt(free) + tau : Math.max(0, tau - least);
  }

  /** The most flips: the smallest entries are carried over 0, each at the cost of its own size. */
  public static long worst(double[] x, double tau) {
    requirePositive(tau);
    double[] sizes = new double[x.length];
    for (int k = 0; k < x.length; k++) {
      sizes[k] = Math.abs(x[k]);
    }
    Arrays.sort(sizes);
    double square = 0;
    int flips = 0;
    while (flips < sizes.length) {
      square += sizes[flips] * sizes[flips];
      if (!(square < tau * tau)) {
        break;
      }
      flips++;
    }
    return flips;
  }

  private static void requirePositive(double tau) {
    if (!(tau > 0 && tau < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "the change's norm is positive and finite, found %s", tau));
    }
  }
}
