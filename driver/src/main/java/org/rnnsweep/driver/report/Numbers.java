package org.rnnsweep.driver.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as text, the same in every locale and in every JDK. */
public final class Numbers {
  private Numbers() {}

  /**
   * The shortest decimal that reads back as the same {@code double}, in the form of {@link
   * Double#toString(double)}: plain from 1e-3 to 1e7, else with an exponent. The JDK's own is not
   * always the shortest before version 19, and a file must not depend on who wrote it.
   */
  public static String shortest(double x) {
    if (!Double.isFinite(x) || x == 0) {
      return Double.toString(x);
    }
    BigDecimal exact = new BigDecimal(x);
    // A normal double that has a decimal of 15 digits or fewer is hit by rounding to 15.
    int digits = Math.abs(x) < Double.MIN_NORMAL ? 1 : 15;
    BigDecimal rounded = exact.round(new MathContext(digits));
    while (rounded.doubleValue() != x) {
      rounded = exact.round(new MathContext(++digits));
    }
    String text = rounded.stripTrailingZeros().unscaledValue().abs().toString();
    int exponent = rounded.precision() - rounded.scale() - 1;
    String body;
    if (exponent < -3 || exponent >= 7) {
      body = pointed(text, 1) + "E" + exponent;
    } else if (exponent < 0) {
      body = "0." + "0".repeat(-exponent - 1) + text;
    } else {
      body = pointed(text, exponent + 1);
    }
    return x < 0 ? "-" + body : body;
  }

  private static String pointed(String digits, int before) {
    String padded = digits + "0".repeat(Math.max(0, before + 1 - digits.length()));
    return padded.substring(0, before) + "." + padded.substring(before);
  }

  /** Rounded to a number of significant digits, for people: {@code 0.01235}, {@code 1.2e-9}. */
  static String rounded(double x, int digits) {
    if (!Double.isFinite(x) || x == 0) {
      return x == 0 ? "0" : Double.isNaN(x) ? "" : x > 0 ? "infinite" : "-infinite";
    }
    BigDecimal value = new BigDecimal(x).round(new MathContext(digits));
    int exponent = value.precision() - value.scale() - 1;
    if (exponent < -4 || exponent >= Math.max(digits, 6)) {
      return String.format(Locale.ROOT, "%." + (digits - 1) + "e", value);
    }
    return value.setScale(Math.max(0, digits - 1 - exponent)).toPlainString();
  }

  /** Rounded to a number of decimals, with a sign that is never a minus before zero. */
  static String fixed(double x, int decimals) {
    String text = String.format(Locale.ROOT, "%." + decimals + "f", x);
    return text.matches("-0\\.?0*") ? text.substring(1) : text;
  }

  /** A parameter's value for people. */
  static String value(Object value) {
    return value == null ? "" : value instanceof Double x ? plain(x) : value.toString();
  }

  private static String plain(double x) {
    String text = shortest(x);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
