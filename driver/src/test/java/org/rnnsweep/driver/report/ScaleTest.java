package org.rnnsweep.driver.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.report.Scale.Spacing;

class ScaleTest {

  private static List<String> labels(Scale scale, int most) {
    return scale.ticks(most).stream()
        .filter(tick -> tick.label() != null)
        .map(tick -> tick.label().text())
        .toList();
  }

  @Test
  void wholePowersWhereTheyAreEnough() {
    assertThat(labels(new Scale(Spacing.LOGARITHMIC, 2e-7, 3e-2), 7))
        .containsExactly("10−6", "10−5", "10−4", "10−3", "10−2");
    assertThat(labels(new Scale(Spacing.LOGARITHMIC, 0.5, 2e9), 7))
        .containsExactly("1", "102", "104", "106", "108");
  }

  @Test
  void oneTwoFiveWhereADecadeIsTooCoarse() {
    assertThat(labels(new Scale(Spacing.LOGARITHMIC, 0.04, 1.3), 7))
        .containsExactly("0.05", "0.1", "0.2", "0.5", "1");
  }

  @Test
  void evenStepsWhereEvenDigitsAreTooCoarse() {
    assertThat(labels(new Scale(Spacing.LOGARITHMIC, 1.01, 1.06), 7))
        .containsExactly("1.01", "1.02", "1.03", "1.04", "1.05", "1.06");
    assertThat(labels(new Scale(Spacing.LINEAR, -0.5, 2.1), 6))
        .containsExactly("−0.5", "0", "0.5", "1", "1.5", "2");
  }

  @Test
  void everyRangeGetsTwoToEightLabelsInsideIt() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 5_000; i++) {
      Spacing spacing = Spacing.values()[i % 2];
      double low = Math.pow(10, 30 * random.nextDouble() - 15);
      double high = low * (1 + Math.pow(10, 14 * random.nextDouble() - 4));
      Scale scale = Scale.around(spacing, low, high);

      List<Scale.Tick> ticks = scale.ticks(7);

      assertThat(labels(scale, 7)).as("%s", scale).hasSizeBetween(2, 8).doesNotHaveDuplicates();
      assertThat(ticks)
          .allMatch(t -> scale.at(t.value()) > -1e-9 && scale.at(t.value()) < 1 + 1e-9);
    }
  }

  @Test
  void placesByDifferenceOrByRatio() {
    assertThat(new Scale(Spacing.LINEAR, 2, 6).at(3)).isEqualTo(0.25);
    assertThat(new Scale(Spacing.LOGARITHMIC, 1, 16).at(2)).isCloseTo(0.25, within(1e-15));
  }

  @Test
  void aSingleValueCanStillBeDrawn() {
    for (double value : new double[] {5, -5, 0, 1e-300, 1e300}) {
      Scale linear = Scale.around(Spacing.LINEAR, value, value);
      assertThat(linear.at(value)).as("%s", value).isCloseTo(0.5, within(1e-6));
    }
    assertThat(Scale.around(Spacing.LOGARITHMIC, 1e-9, 1e-9).at(1e-9)).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void sweptValuesAreTicksWhereTheirLabelsFit() {
    Scale scale = Scale.around(Spacing.LOGARITHMIC, 250, 2000);
    List<Double> widths = List.of(250.0, 500.0, 1000.0, 2000.0);

    assertThat(scale.ticksAt(widths, 300, 12)).allMatch(tick -> tick.label() != null);
    assertThat(scale.ticksAt(widths, 60, 12)).as("no room even for every third").isNull();
  }
}
