package org.rnnsweep.kernels.recognition;

import org.rnnsweep.kernels.concepts.Complexity;
import org.rnnsweep.kernels.concepts.Link;

/**
 * The layers of Section 5 and Appendix H of Panigrahi and Goyal that recognise a language, on all
 * words of L bits, and their complexity C_s (Definition 2.1, with C* = 1) as Definition 3.3 has it:
 * tokens {@code x = ((2 b - 1) sqrt(3)/2, 1/2)} of norm 1 for a bit b, weights w of norm 1 over the
 * whole sequence, what a construction adds inside put into the neuron's function and its value at 0
 * left out.
 *
 * @param wrong words on which the layer does not do what is said of it
 * @param leastAccepted the least output on a member; infinite without one
 * @param largestRejected the largest output on another word; minus infinity without one
 */
public record SingleLayer(long wrong, double leastAccepted, double largestRejected) {
  private interface Output {
    double of(long word);
  }

  private interface Membership {
    boolean of(long word);
  }

  /** 2 x - x^2 at the number of 1s plus a shift is positive exactly if there is one 1. */
  public static SingleLayer quadratic(int length, double shift) {
    return on(
        length,
        word -> {
          double x = Long.bitCount(word) + shift;
          return 2 * x - x * x;
        },
        word -> Long.bitCount(word) == 1,
        0,
        0);
  }

  /** cos(pi x) at the number of 1s less 1 is positive exactly if that number is odd. */
  public static SingleLayer cosine(int length) {
    return on(
        length,
        word -> StrictMath.cos(Math.PI * (Long.bitCount(word) - 1)),
        word -> Long.bitCount(word) % 2 == 1,
        0,
        0);
  }

  /**
   * A neuron {@code exp(c (<v_i, x> - k))} for every place i of a pattern of k bits, bits as -1 and
   * 1: the sum is at least 1 if the pattern occurs, and below 1/L if not.
   *
   * @param pattern 0s and 1s, at most L
   */
  public static SingleLayer exponential(int length, String pattern, double c) {
    int k = pattern.length();
    long bits = 0;
    for (int i = 0; i < k; i++) {
      bits |= (long) (pattern.charAt(i) - '0') << i;
    }
    long wanted = bits;
    long mask = (1L << k) - 1;
    double[] terms = new double[k + 1]; // by the number of symbols that differ
    for (int differing = 0; differing <= k; differing++) {
      terms[differing] = StrictMath.exp(-2 * c * differing);
    }
    return on(
        length,
        word -> {
          double sum = 0;
          for (int i = 0; i + k <= length; i++) {
            sum += terms[Long.bitCount((word >> i ^ wanted) & mask)];
          }
          return sum;
        },
        word -> {
          boolean occurs = false;
          for (int i = 0; i + k <= length; i++) {
            occurs |= (word >> i & mask) == wanted;
          }
          return occurs;
        },
        1 - 1e-12,
        (1 - 1e-12) / length);
  }

  /**
   * @param accept members are to be above
   * @param reject others are to be at most; strictly below, if it is lowered by rounding
   */
  private static SingleLayer on(
      int length, Output output, Membership members, double accept, double reject) {
    long wrong = 0;
    double least = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (long word = 0; word < 1L << length; word++) {
      double y = output.of(word);
      if (members.of(word)) {
        least = Math.min(least, y);
        wrong += y > accept ? 0 : 1;
      } else {
        largest = Math.max(largest, y);
        wrong += y <= reject ? 0 : 1;
      }
    }
    return new SingleLayer(wrong, least, largest);
  }

  /**
   * C_s of the quadratic neuron. With z = &lt;w, x&gt; the number of 1s is kappa z + L/2, kappa =
   * sqrt(L/3), so the function is {@code kappa (2 - 2 s - L) z - kappa^2 z^2} with the shift s.
   */
  public static double quadraticComplexity(int length, double shift, double radius) {
    double kappa = Math.sqrt(length / 3.0);
    double linear = kappa * Math.abs(2 - 2 * shift - length) * radius;
    double square = kappa * kappa * radius * radius;
    return StrictMath.pow(2, 1.75) * linear + StrictMath.pow(3, 1.75) * square;
  }

  /** log C_s of the cosine neuron at an odd length, where it is +-sin(pi sqrt(L/3) z). */
  public static double logCosineComplexity(int length, double radius) {
    if (length % 2 == 0) {
      throw new IllegalArgumentException("the neuron is a sine at odd lengths, found " + length);
    }
    return Complexity.logSample(Link.sine(Math.PI * Math.sqrt(length / 3.0)), radius, 1);
  }

  /** log C_s of one exponential neuron, {@code exp(-c k) (exp(2 c sqrt(k/3) z) - 1)}. */
  public static double logExponentialComplexity(int k, double c, double radius) {
    return Complexity.logSample(Link.exp(), 2 * c * Math.sqrt(k / 3.0) * radius, 1) - c * k;
  }
}
