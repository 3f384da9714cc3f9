package org.rnnsweep.kernels.training;

import java.util.Locale;

/**
 * How a gradient g moves the parameters w. Each keeps one number s a parameter, 0 at first, and
 * works element by element in the precision of the arrays.
 */
public sealed interface Optimiser {

  /**
   * Adding and subtracting it rounds s to multiples of 2^-123: what a unit that died leaves there
   * never is subnormal, where every operation takes a hundred times as long. No other s is moved.
   */
  float FLUSH = 0x1p-100f;

  /** Overwrites {@code w} and {@code s}; g is only read. All have one length. */
  void step(float[] w, float[] g, float[] s);

  /** Overwrites {@code w} and {@code s}; g is only read. All have one length. */
  void step(double[] w, double[] g, double[] s);

  /**
   * s = alpha s + (1 - alpha) g^2; w = w - learningRate g / (sqrt(s) + epsilon). Without correction
   * for s = 0 at first, so that the first step of every parameter is learningRate / sqrt(1 -
   * alpha), whatever its gradient.
   *
   * @param learningRate finite, at least 0
   * @param alpha from 0 up to, not including, 1
   * @param epsilon above 0
   */
  record RmsProp(double learningRate, double alpha, double epsilon) implements Optimiser {
    public RmsProp {
      requireRate(learningRate);
      requireFraction("alpha", alpha);
      if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("epsilon must be finite and above 0, found " + epsilon);
      }
    }

    /** The benchmark's: alpha 0.99, epsilon 1e-8. */
    public static RmsProp of(double learningRate) {
      return new RmsProp(learningRate, 0.99, 1e-8);
    }

    @Override
    public void step(float[] w, float[] g, float[] s) {
      float keep = (float) alpha;
      float take = (float) (1 - alpha);
      float rate = (float) learningRate;
      float least = (float) epsilon;
      for (int i = 0; i < w.length; i++) {
        s[i] = (keep * s[i] + take * (g[i] * g[i]) + FLUSH) - FLUSH;
        w[i] -= rate * (g[i] / ((float) Math.sqrt(s[i]) + least));
      }
    }

    @Override
    public void step(double[] w, double[] g, double[] s) {
      double take = 1 - alpha;
      for (int i = 0; i < w.length; i++) {
        s[i] = alpha * s[i] + take * (g[i] * g[i]);
        w[i] -= learningRate * (g[i] / (Math.sqrt(s[i]) + epsilon));
      }
    }
  }

  /**
   * s = momentum s + g; w = w - learningRate s.
   *
   * @param learningRate finite, at least 0
   * @param momentum from 0 up to, not including, 1
   */
  record Momentum(double learningRate, double momentum) implements Optimiser {
    public Momentum {
      requireRate(learningRate);
      requireFraction("momentum", momentum);
    }

    @Override
    public void step(float[] w, float[] g, float[] s) {
      float keep = (float) momentum;
      float rate = (float) learningRate;
      for (int i = 0; i < w.length; i++) {
        s[i] = (keep * s[i] + g[i] + FLUSH) - FLUSH;
        w[i] -= rate * s[i];
      }
    }

    @Override
    public void step(double[] w, double[] g, double[] s) {
      for (int i = 0; i < w.length; i++) {
        s[i] = momentum * s[i] + g[i];
        w[i] -= learningRate * s[i];
      }
    }
  }

  private static void requireRate(double learningRate) {
    if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "learningRate must be finite and at least 0, found " + learningRate);
    }
  }

  private static void requireFraction(String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s must be in [0, 1), found %s", what, value));
    }
  }
}
