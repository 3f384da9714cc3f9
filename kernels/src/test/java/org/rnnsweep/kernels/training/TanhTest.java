package org.rnnsweep.kernels.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TanhTest {
  /** The stated bound; 5.5 was the largest found among all tried. */
  private static final double STATED_ULPS = 6;

  /** Every 307th float from 2^-30 to beyond where the argument is cut: about a million. */
  private static final int STRIDE = 307;

  /** Oracle: the tangent of StrictMath, right to 2.5 ulp of a double. */
  @Test
  void isRightToTheStatedUlps() {
    double worst = 0;
    for (int bits = Float.floatToIntBits(0x1p-30f);
        bits < Float.floatToIntBits(12f);
        bits += STRIDE) {
      worst = Math.max(worst, ulps(Float.intBitsToFloat(bits)));
    }
    assertThat(worst).isLessThanOrEqualTo(STATED_ULPS).isGreaterThan(1);
  }

  @Test
  void isRightWhereTheArgumentIsCutAndForTheSmallestNumbers() {
    for (float x : new float[] {7.8999996f, 7.9f, 7.9000006f, 9.1f, 100f, Float.MAX_VALUE}) {
      assertThat(ulps(x)).as("%s", x).isLessThanOrEqualTo(STATED_ULPS);
    }
    assertThat(Tanh.of(Float.POSITIVE_INFINITY)).isEqualTo(1 - 6 * 0x1p-24f);
    assertThat(Tanh.of(Float.MIN_VALUE)).isEqualTo(Float.MIN_VALUE);
    assertThat(Tanh.of(0f)).isEqualTo(0f);
    assertThat(Tanh.of(Float.NaN)).isNaN();
  }

  @Test
  void isOddAndNeverAboveOne() {
    for (int bits = 0; bits < Float.floatToIntBits(20f); bits += 9973) {
      float x = Float.intBitsToFloat(bits);
      assertThat(Tanh.of(-x)).isEqualTo(-Tanh.of(x));
      assertThat(Tanh.of(x)).isBetween(0f, 1f);
    }
  }

  /** The first pass is interpreted, the last ran some 20,000 times; lengths leave tails. */
  @Test
  void anArrayHasTheBitsOfItsElementsHoweverOftenItRan() {
    for (int repeat = 0; repeat < 20_000; repeat++) {
      int length = 1 + repeat % 67;
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] = (i - 33) * 0.3f + repeat * 1e-5f;
      }
      float[] before = values.clone();
      Tanh.apply(values, 1, length);
      assertThat(values[0]).isEqualTo(before[0]);
      if (repeat % 1000 < 70) {
        for (int i = 1; i < length; i++) {
          assertThat(Float.floatToRawIntBits(values[i]))
              .isEqualTo(Float.floatToRawIntBits(strict(before[i])));
        }
      }
    }
  }

  /** The same formula written once more, in double, rounded after each operation. */
  private static float strict(float argument) {
    double x = Math.max(-7.9f, Math.min(7.9f, argument));
    double y = (float) (x * x);
    double[] p = {0x1.a809fap-36, -0x1.0014ccp-26, 0x1.4d805ap-17, 0x1.882df6p-9, 0x1.09ee4ep-3, 1};
    double[] q = {0x1.f34d74p-13, 0x1.8a15ecp-6, 0x1.da4c72p-2, 1};
    return (float) ((double) (float) (x * horner(p, y)) / horner(q, y));
  }

  // A product and a sum of floats, rounded to double and then to float, are rounded once: a
  // double has more than twice as many digits and two.
  private static double horner(double[] coefficients, double y) {
    double sum = coefficients[0];
    for (int i = 1; i < coefficients.length; i++) {
      sum = (float) ((float) (sum * y) + coefficients[i]);
    }
    return sum;
  }

  private static double ulps(float x) {
    double truth = StrictMath.tanh(x);
    return Math.abs(Tanh.of(x) - truth) / Math.ulp((float) truth);
  }
}
