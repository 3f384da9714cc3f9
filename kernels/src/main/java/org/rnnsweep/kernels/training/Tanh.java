package org.rnnsweep.kernels.training;

/**
 * The hyperbolic tangent in single precision by multiplications, additions and one division, which
 * a compiler may widen but not reorder: the same bits interpreted, compiled and on every host.
 *
 * <p>tanh(x) = x P(x^2) / Q(x^2) with P of degree 5 and Q of degree 3, the best of their kind in
 * relative error up to {@value #LARGEST} (1.7e-8 before the coefficients were rounded to single;
 * Lawson's iteration). Beyond that the argument is cut, so that the largest value is 1 - 6 2^-24.
 * Error: at most 6 ulp, 0.6 on average. Odd; NaN stays NaN; never above 1 in size.
 */
final class Tanh {
  private static final float LARGEST = 7.9f;

  private static final float P1 = 0x1.09ee4ep-3f;
  private static final float P2 = 0x1.882df6p-9f;
  private static final float P3 = 0x1.4d805ap-17f;
  private static final float P4 = -0x1.0014ccp-26f;
  private static final float P5 = 0x1.a809fap-36f;
  private static final float Q1 = 0x1.da4c72p-2f;
  private static final float Q2 = 0x1.8a15ecp-6f;
  private static final float Q3 = 0x1.f34d74p-13f;

  private Tanh() {}

  static float of(float argument) {
    float x = Math.max(-LARGEST, Math.min(LARGEST, argument));
    float y = x * x;
    float p = ((((P5 * y + P4) * y + P3) * y + P2) * y + P1) * y + 1f;
    float q = ((Q3 * y + Q2) * y + Q1) * y + 1f;
    return x * p / q;
  }

  /**
   * {@code values[i] = tanh(values[i])} for i from {@code from} up to, not including, {@code to}.
   */
  static void apply(float[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      values[i] = of(values[i]);
    }
  }
}
