package org.rnnsweep.kernels.training;

/**
 * 1 / (1 + exp(-z)) in single precision, right to 1 ulp down to the smallest normal number also
 * where it is near 0: there p (1 - p) decides whether a network that is wrong and sure can still
 * move. By multiplications and additions in double alone, so the same bits everywhere.
 */
final class Sigmoid {
  private static final double LOG2_E = 1.4426950408889634;
  private static final double LN_2 = 0.6931471805599453;
  private static final double C2 = 1.0 / 2;
  private static final double C3 = 1.0 / 6;
  private static final double C4 = 1.0 / 24;
  private static final double C5 = 1.0 / 120;
  private static final double C6 = 1.0 / 720;
  private static final double C7 = 1.0 / 5040;
  private static final double C8 = 1.0 / 40320;
  private static final double C9 = 1.0 / 362880;
  private static final double SMALLEST = -150; // exp of it is below every positive float

  private Sigmoid() {}

  static float of(float z) {
    double e = exp(-Math.abs((double) z));
    return (float) ((z >= 0 ? 1 : e) / (1 + e));
  }

  /** exp(x) for x up to 0: a power of 2 times a Taylor sum to degree 9, 7e-12 at |r| = ln(2)/2. */
  private static double exp(double argument) {
    double x = Math.max(SMALLEST, argument);
    double k = Math.rint(x * LOG2_E);
    double r = x - k * LN_2;
    double sum = C9 * r + C8;
    sum = sum * r + C7;
    sum = sum * r + C6;
    sum = sum * r + C5;
    sum = sum * r + C4;
    sum = sum * r + C3;
    sum = sum * r + C2;
    sum = sum * r + 1;
    sum = sum * r + 1;
    return sum * Double.longBitsToDouble((long) (k + 1023) << 52);
  }
}
