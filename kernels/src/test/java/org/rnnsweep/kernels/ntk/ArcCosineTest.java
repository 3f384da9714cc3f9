package org.rnnsweep.kernels.ntk;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

/** Oracle: Taylor series in 60 digits at angles that are doubles; the tolerance is in ulps. */
class ArcCosineTest {
  private static final MathContext DIGITS = new MathContext(60);
  private static final BigDecimal PI =
      new BigDecimal("3.14159265358979323846264338327950288419716939937510582097494459");

  /** Sum of (-1)^k x^(2k + first) / (2k + first)! from the term first on. */
  private static BigDecimal series(BigDecimal x, int first) {
    BigDecimal term = BigDecimal.ONE;
    for (int i = 1; i <= first; i++) {
      term = term.multiply(x, DIGITS).divide(BigDecimal.valueOf(i), DIGITS);
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = first; k < 90; k += 2) {
      sum = sum.add(term, DIGITS);
      term =
          term.multiply(x, DIGITS)
              .multiply(x, DIGITS)
              .divide(BigDecimal.valueOf((k + 1L) * (k + 2L)), DIGITS)
              .negate();
    }
    return sum;
  }

  private static double ulps(double found, BigDecimal exact) {
    return new BigDecimal(found).subtract(exact).abs().doubleValue()
        / Math.ulp(exact.doubleValue());
  }

  @Test
  void angleAndDeficitAreRightToAFewUlps() {
    double worstAngle = 0;
    double worstDeficit = 0;
    double worstMoon = 0;
    for (int i = 0; i < 3000; i++) {
      // Half of the angles even, half down to 1e-150 in even ratios.
      double theta = i % 2 == 0 ? Math.PI * (i + 1) / 3001 : Math.pow(10, -150.0 * i / 3000);
      BigDecimal exact = new BigDecimal(theta);
      BigDecimal oneLessCosine = series(exact, 2); // x^2/2! - x^4/4! ..
      double e = oneLessCosine.doubleValue();
      // e is off by half an ulp: its angle by that times d theta / d e = 1 / sin theta.
      double slack = 0.5 * Math.ulp(e) / Math.sin(theta) / Math.ulp(theta);
      worstAngle = Math.max(worstAngle, ulps(ArcCosine.angle(e), exact) - slack);
      BigDecimal moon =
          series(exact, 1)
              .subtract(exact.multiply(BigDecimal.ONE.subtract(oneLessCosine), DIGITS), DIGITS);
      BigDecimal deficit = oneLessCosine.subtract(moon.divide(PI, DIGITS), DIGITS);
      worstDeficit =
          Math.max(worstDeficit, ulps(ArcCosine.deficit(e, ArcCosine.angle(e)), deficit));
      if (theta > 1e-15) { // below, the difference of the series loses its 60 digits
        worstMoon = Math.max(worstMoon, ulps(ArcCosine.moon(theta), moon));
      }
    }
    assertThat(worstAngle).isLessThan(4);
    assertThat(worstDeficit).isLessThan(8);
    assertThat(worstMoon).isLessThan(16);
  }

  @Test
  void ends() {
    assertThat(ArcCosine.angle(0)).isZero();
    assertThat(ArcCosine.deficit(0, 0)).isZero();
    assertThat(ArcCosine.step(0)).isEqualTo(1);
    assertThat(ArcCosine.angle(2)).isEqualTo(Math.PI);
    assertThat(ArcCosine.angle(1)).isBetween(Math.PI / 2, Math.nextUp(Math.PI / 2));
    assertThat(ArcCosine.angle(Math.nextUp(2.0))).isBetween(3.14159, Math.PI);
    assertThat(ArcCosine.step(ArcCosine.angle(2))).isZero();
    assertThat(1 - ArcCosine.deficit(2, Math.PI)).isBetween(-1e-15, 1e-15);
    assertThat(ArcCosine.angle(Double.NaN)).isNaN();
  }

  @Test
  void arctan() {
    for (int i = -4000; i <= 4000; i++) {
      double t = Math.sinh(i / 100.0);
      // StrictMath is within an ulp, the four of ours are stated.
      assertThat(Math.abs(ArcCosine.arctan(t) - StrictMath.atan(t)))
          .as("arctan of %s", t)
          .isLessThanOrEqualTo(5 * Math.ulp(StrictMath.atan(t)));
    }
  }
}
