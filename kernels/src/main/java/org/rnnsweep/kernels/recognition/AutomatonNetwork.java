package org.rnnsweep.kernels.recognition;

import java.util.function.DoubleUnaryOperator;
import org.rnnsweep.kernels.languages.Dfa;

/**
 * A recurrent network read off an automaton, {@code h_t = phi(W h_(t-1) + A x_t + b), h_0 = 0}, x_t
 * the unit vector of the symbol: one unit for each state q and symbol a, which is 1 if the state
 * was q and a is read, and 0 if not. With n(p, b) the state after p and b,
 *
 * <pre>
 * q not the start: z_(q,a) = sum over n(p, b) = q of h_(p,b) + x_a - 1
 * q the start:     z_(q,a) = 1 - sum over n(p, b) not q of h_(p,b) + x_a - 1,
 * </pre>
 *
 * the second since h_0 = 0 has to stand for the start. The output is the same sum over states that
 * accept. All z are -1, 0 or 1, so the rectifier is exact, and so is every phi with phi(-1) =
 * phi(0) = 0, phi(1) = 1. This is the construction that Appendix H of Panigrahi and Goyal sketches.
 */
public final class AutomatonNetwork {
  /** phi = (z + z^2) / 2, the polynomial of least degree that is exact. */
  public static final DoubleUnaryOperator SQUARE = z -> (z + z * z) / 2;

  /** The rectifier. */
  public static final DoubleUnaryOperator RELU = z -> Math.max(z, 0);

  /** Outputs are cut here: a polynomial that is left alone overflows. */
  private static final double LARGEST = 1e6;

  private final Dfa dfa;
  private final DoubleUnaryOperator phi;
  private final int symbols;

  private AutomatonNetwork(Dfa dfa, DoubleUnaryOperator phi) {
    this.dfa = dfa;
    this.phi = phi;
    this.symbols = dfa.alphabet().length();
  }

  /**
   * What the network makes of all words up to a length.
   *
   * @param words how many there are, the empty one counted
   * @param wrong how many of them have an output above 1/2 though no member, or otherwise
   * @param deviation the largest distance of an output from 1 for members and 0 for others, at most
   *     10^6
   */
  public record Verdict(long words, long wrong, double deviation) {
    private Verdict and(Verdict other) {
      return new Verdict(
          words + other.words, wrong + other.wrong, Math.max(deviation, other.deviation));
    }
  }

  /** Runs the network on every word of at most so many symbols, each prefix once. */
  public static Verdict on(Dfa dfa, DoubleUnaryOperator phi, int length) {
    AutomatonNetwork network = new AutomatonNetwork(dfa, phi);
    return network.walk(new double[network.units()], 0, length);
  }

  /** How many hidden units the network of an automaton has. */
  public static int units(Dfa dfa) {
    return dfa.states() * dfa.alphabet().length();
  }

  private int units() {
    return units(dfa);
  }

  private Verdict walk(double[] h, int state, int left) {
    double[] states = states(h);
    double output = 0;
    for (int q = 0; q < states.length; q++) {
      output += dfa.accepts(q) ? states[q] : 0;
    }
    double distance = Math.abs(output - (dfa.accepts(state) ? 1 : 0));
    boolean right = output > 0.5 == dfa.accepts(state);
    Verdict verdict =
        new Verdict(1, right ? 0 : 1, distance <= LARGEST ? distance : LARGEST); // NaN is large too
    for (int a = 0; left > 0 && a < symbols; a++) {
      double[] after = new double[h.length];
      for (int q = 0; q < states.length; q++) {
        for (int b = 0; b < symbols; b++) {
          after[q * symbols + b] = phi.applyAsDouble(states[q] + (a == b ? 1 : 0) - 1);
        }
      }
      verdict = verdict.and(walk(after, dfa.next(state, a), left - 1));
    }
    return verdict;
  }

  /** How much of each state there is. */
  private double[] states(double[] h) {
    double[] states = new double[dfa.states()];
    states[0] = 1;
    for (int p = 0; p < states.length; p++) {
      for (int b = 0; b < symbols; b++) {
        int q = dfa.next(p, b);
        if (q != 0) {
          states[q] += h[p * symbols + b];
          states[0] -= h[p * symbols + b];
        }
      }
    }
    return states;
  }

  /**
   * The rectifier's Chebyshev series on [-r, r], cut after an even degree: {@code z/2 + r (1/pi +
   * (2/pi) sum over k of (-1)^(k+1) T_(2k)(z/r) / (4 k^2 - 1))}. Its largest error falls like
   * 1/degree, the rate of the best polynomial.
   */
  public static DoubleUnaryOperator chebyshev(int degree, double radius) {
    if (degree < 2 || degree % 2 != 0) {
      throw new IllegalArgumentException("a degree is even, from 2, found " + degree);
    }
    double[] c = new double[degree / 2 + 1];
    c[0] = radius / Math.PI;
    for (int k = 1; k < c.length; k++) {
      c[k] = (k % 2 == 1 ? 2 : -2) * radius / Math.PI / (4.0 * k * k - 1);
    }
    return z -> {
      // T_2k(x) = T_k(2 x^2 - 1), by Clenshaw's recurrence.
      double u = 2 * (z / radius) * (z / radius) - 1;
      double before = 0;
      double now = 0;
      for (int k = c.length - 1; k >= 1; k--) {
        double next = c[k] + 2 * u * now - before;
        before = now;
        now = next;
      }
      return z / 2 + c[0] + u * now - before;
    };
  }

  /**
   * The least even degree at which the Chebyshev series on [-r, r] leaves every output on words up
   * to a length within 1/3 of what it should be, or 0 if there is none up to {@code most}.
   */
  public static int leastDegree(Dfa dfa, int length, double radius, int most) {
    for (int degree = 2; degree <= most; degree += 2) {
      if (on(dfa, chebyshev(degree, radius), length).deviation() < 1.0 / 3) {
        return degree;
      }
    }
    return 0;
  }
}
