package org.rnnsweep.driver.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Maps the values of an axis to [0, 1] and says where its ticks are. A range of no width is widened
 * around its value, so that one point can be drawn too.
 *
 * @param spacing whether equal steps are equal differences or equal ratios
 * @param low value at 0
 * @param high value at 1; above {@code low}
 */
record Scale(Spacing spacing, double low, double high) {

  /** Whether equal steps are equal differences or equal ratios. */
  enum Spacing {
    LINEAR,
    LOGARITHMIC;

    /** Whether a value can be shown. */
    boolean shows(double value) {
      return Double.isFinite(value) && (this == LINEAR || value > 0);
    }
  }

  /** A mark on an axis; those without a label are shorter. */
  record Tick(double value, RichText label) {}

  private static final double PADDING = 0.06;
  private static final int[][] MANTISSAS = {
    {1}, {1, 3}, {1, 2, 5}, {1, 2, 3, 5, 7}, {1, 2, 3, 4, 5, 6, 7, 8, 9}
  };

  /** A scale that holds all of [min, max] with some room at both ends. */
  static Scale around(Spacing spacing, double min, double max) {
    double low = spacing == Spacing.LINEAR ? min : Math.log10(min);
    double high = spacing == Spacing.LINEAR ? max : Math.log10(max);
    double room = PADDING * (high - low);
    if (!(room > 1e-9 * Math.max(Math.abs(low), Math.abs(high)))) {
      room = spacing == Spacing.LOGARITHMIC ? 0.3 : low == 0 ? 1 : 0.5 * Math.abs(low);
    }
    return spacing == Spacing.LINEAR
        ? new Scale(spacing, low - room, high + room)
        : new Scale(spacing, Math.pow(10, low - room), Math.pow(10, high + room));
  }

  /** Where a value lies: 0 at the low end, 1 at the high end. */
  double at(double value) {
    return spacing == Spacing.LINEAR
        ? (value - low) / (high - low)
        : Math.log(value / low) / Math.log(high / low);
  }

  private boolean holds(double value) {
    return value >= low && value <= high;
  }

  /**
   * Ticks of which at least four, if the range allows, and at most {@code most} carry a label:
   * whole powers where they are enough, then 1-3, 1-2-5, all digits, and even steps below that.
   */
  List<Tick> ticks(int most) {
    if (spacing == Spacing.LINEAR) {
      return linear(most);
    }
    int first = (int) Math.floor(Math.log10(low));
    int last = (int) Math.ceil(Math.log10(high));
    for (int[] mantissas : MANTISSAS) {
      List<Tick> labelled = powers(mantissas, first, last, 1);
      if (labelled.size() >= 4 && labelled.size() <= most) {
        return withMinor(labelled, first, last, 1);
      }
    }
    int stride = 1;
    while (powers(MANTISSAS[0], first, last, stride).size() > most) {
      stride++;
    }
    List<Tick> labelled = powers(MANTISSAS[0], first, last, stride);
    return labelled.size() >= 3 ? withMinor(labelled, first, last, stride) : linear(most);
  }

  private List<Tick> powers(int[] mantissas, int first, int last, int stride) {
    List<Tick> ticks = new ArrayList<>();
    // One form for the whole axis: plain decimals while they are as short as powers.
    boolean plain = low >= 0.005 && high < 20_000;
    for (int exponent = first; exponent <= last; exponent++) {
      for (int mantissa : mantissas) {
        double value = BigDecimal.valueOf(mantissa).scaleByPowerOfTen(exponent).doubleValue();
        if (holds(value) && Math.floorMod(exponent, stride) == 0) {
          ticks.add(new Tick(value, label(mantissa, exponent, plain)));
        }
      }
    }
    return ticks;
  }

  private List<Tick> withMinor(List<Tick> labelled, int first, int last, int stride) {
    List<Tick> all = new ArrayList<>(labelled);
    int[] minor = stride == 1 ? MANTISSAS[MANTISSAS.length - 1] : MANTISSAS[0];
    for (Tick tick : powers(minor, first, last, 1)) {
      if (labelled.stream().noneMatch(other -> other.value() == tick.value())) {
        all.add(new Tick(tick.value(), null));
      }
    }
    return all;
  }

  private static RichText label(int mantissa, int exponent, boolean plain) {
    return plain || exponent == 0
        ? RichText.plain(BigDecimal.valueOf(mantissa).scaleByPowerOfTen(exponent).toPlainString())
        : RichText.power(mantissa, exponent);
  }

  private List<Tick> linear(int most) {
    double rough = (high - low) / most;
    int exponent = (int) Math.floor(Math.log10(rough));
    BigDecimal step = null;
    for (int mantissa : new int[] {1, 2, 5, 10}) {
      step = BigDecimal.valueOf(mantissa).scaleByPowerOfTen(exponent);
      if (step.doubleValue() >= rough) {
        break;
      }
    }
    List<Tick> ticks = new ArrayList<>();
    long from = (long) Math.ceil(low / step.doubleValue());
    long to = (long) Math.floor(high / step.doubleValue());
    for (long k = from; k <= to; k++) {
      BigDecimal value = step.multiply(BigDecimal.valueOf(k));
      ticks.add(new Tick(value.doubleValue(), number(value.doubleValue())));
    }
    return ticks;
  }

  /** A value as a tick label. */
  static RichText number(double value) {
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-3 || size >= 1e5)) {
      int exponent = (int) Math.floor(Math.log10(size));
      String mantissa =
          new BigDecimal(Numbers.shortest(value))
              .movePointLeft(exponent)
              .stripTrailingZeros()
              .toPlainString();
      if (mantissa.length() <= 6) {
        return RichText.plain(mantissa.replace('-', '−') + "×").then(RichText.power(1, exponent));
      }
    }
    return RichText.plain(Numbers.value(value).replace('-', '−'));
  }

  /**
   * Labels at the given values where they are few enough to stand beside each other, every second
   * or third otherwise; null if that is not enough. The values of a sweep are better ticks than
   * round numbers.
   *
   * @param values ascending
   * @param pixels length of the axis
   */
  List<Tick> ticksAt(List<Double> values, double pixels, double fontSize) {
    for (int stride = 1; stride <= 3; stride++) {
      List<Tick> ticks = new ArrayList<>();
      double free = Double.NEGATIVE_INFINITY;
      boolean fits = true;
      for (int i = 0; i < values.size(); i++) {
        boolean named = (values.size() - 1 - i) % stride == 0;
        RichText label = named ? number(values.get(i)) : null;
        ticks.add(new Tick(values.get(i), label));
        if (named) {
          double middle = at(values.get(i)) * pixels;
          fits &= middle - label.width(fontSize) / 2 >= free;
          free = middle + label.width(fontSize) / 2 + 0.7 * fontSize;
        }
      }
      if (fits
          && ticks.stream().filter(tick -> tick.label() != null).count()
              >= Math.min(3, values.size())) {
        return ticks;
      }
    }
    return null;
  }
}
