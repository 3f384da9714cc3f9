package org.rnnsweep.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NumbersTest {

  @Test
  void formIsThatOfTheJdk() {
    assertThat(Numbers.shortest(0.1)).isEqualTo("0.1");
    assertThat(Numbers.shortest(-250)).isEqualTo("-250.0");
    assertThat(Numbers.shortest(1e-3)).isEqualTo("0.001");
    assertThat(Numbers.shortest(9.99e-4)).isEqualTo("9.99E-4");
    assertThat(Numbers.shortest(9_999_999)).isEqualTo("9999999.0");
    assertThat(Numbers.shortest(1e7)).isEqualTo("1.0E7");
    assertThat(Numbers.shortest(Double.MAX_VALUE)).isEqualTo("1.7976931348623157E308");
    assertThat(Numbers.shortest(0)).isEqualTo("0.0");
    assertThat(Numbers.shortest(Double.NaN)).isEqualTo("NaN");
  }

  @Test
  void shorterThanTheOldJdkWhereThatWasTooLong() {
    // JDK 17 prints 2.0E23 as 1.9999999999999998E23 or so, and MIN_VALUE as 4.9E-324 (JDK-4511638).
    assertThat(Numbers.shortest(2e23)).isEqualTo("2.0E23");
    assertThat(Numbers.shortest(Double.MIN_VALUE)).isEqualTo("5.0E-324");
    assertThat(Numbers.shortest(8.41E21)).isEqualTo("8.41E21");
  }

  @Test
  void readsBackTheSameAndNothingShorterDoes() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 20_000; i++) {
      double x = Double.longBitsToDouble(random.nextLong());
      if (i % 2 == 0) {
        x = random.nextInt(1_000_000) / 1000.0; // short decimals, which random bits never are
      }
      if (!Double.isFinite(x) || x == 0) {
        continue;
      }
      String text = Numbers.shortest(x);
      assertThat(Double.parseDouble(text)).isEqualTo(x);
      int digits = new BigDecimal(text).stripTrailingZeros().precision();
      if (digits > 1) {
        for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
          BigDecimal shorter = new BigDecimal(x).round(new MathContext(digits - 1, mode));
          assertThat(shorter.doubleValue()).as("%s instead of %s", shorter, text).isNotEqualTo(x);
        }
      }
    }
  }

  @Test
  void roundedKeepsSignificantDigits() {
    assertThat(Numbers.rounded(0.0123456, 4)).isEqualTo("0.01235");
    assertThat(Numbers.rounded(1234.56, 4)).isEqualTo("1235");
    assertThat(Numbers.rounded(0.1, 4)).isEqualTo("0.1000");
    assertThat(Numbers.rounded(-9.9999, 3)).isEqualTo("-10.0");
    assertThat(Numbers.rounded(1.24e-9, 2)).isEqualTo("1.2e-09");
    assertThat(Numbers.rounded(0, 4)).isEqualTo("0");
    assertThat(Numbers.rounded(Double.NaN, 4)).isEmpty();
    assertThat(Numbers.fixed(-0.0001, 3)).isEqualTo("0.000");
  }
}
