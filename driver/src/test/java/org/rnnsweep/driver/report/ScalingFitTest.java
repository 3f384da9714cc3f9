package org.rnnsweep.driver.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.report.Scale.Spacing;

class ScalingFitTest {

  /** Rounding of a few dozen operations on logarithms below 10. */
  private static final double ROUNDING = 1e-13;

  private static SortedMap<Double, Map<Integer, Double>> values(
      int seeds, DoubleBinaryOperator ofXAndSeed) {
    SortedMap<Double, Map<Integer, Double>> values = new TreeMap<>();
    for (double x = 1; x <= 16; x *= 2) {
      Map<Integer, Double> cell = new HashMap<>();
      for (int seed = 0; seed < seeds; seed++) {
        cell.put(seed, ofXAndSeed.applyAsDouble(x, seed));
      }
      values.put(x, cell);
    }
    return values;
  }

  @Test
  void aPowerLawIsFoundExactly() {
    ScalingFit fit =
        ScalingFit.of(Spacing.LOGARITHMIC, values(3, (x, seed) -> 7 * Math.pow(x, -0.5)))
            .orElseThrow();

    assertThat(fit.slope()).isCloseTo(-0.5, within(ROUNDING));
    assertThat(fit.low()).isCloseTo(-0.5, within(ROUNDING));
    assertThat(fit.at(4)).isCloseTo(3.5, within(ROUNDING));
    assertThat(fit.localSlopes())
        .hasSize(4)
        .allSatisfy(slope -> assertThat(slope).isCloseTo(-0.5, within(ROUNDING)));
  }

  @Test
  void anExponentialIsFoundExactlyOnASemilogScale() {
    ScalingFit fit =
        ScalingFit.of(Spacing.LINEAR, values(2, (x, seed) -> 3 * Math.exp(0.25 * x))).orElseThrow();

    assertThat(fit.slope()).isCloseTo(0.25, within(ROUNDING));
    assertThat(fit.at(8)).isCloseTo(3 * Math.exp(2), within(1e-11));
  }

  @Test
  void theIntervalIsThatOfTheSeedsSlopes() {
    // Seed s has slope s exactly: 0, 1, 2 with mean 1, sd 1 and t_2(0.975) = 4.302652729696.
    ScalingFit fit =
        ScalingFit.of(Spacing.LOGARITHMIC, values(3, (x, seed) -> Math.pow(x, seed))).orElseThrow();

    assertThat(fit.slope()).isCloseTo(1, within(ROUNDING));
    assertThat(fit.high() - fit.slope()).isCloseTo(4.302652729696 / Math.sqrt(3), within(1e-8));
  }

  @Test
  void onlySeedsThatEveryPointHasAreUsed() {
    SortedMap<Double, Map<Integer, Double>> values = values(3, (x, seed) -> (seed + 1) / x);
    values.get(1.0).put(9, 1e6); // would lift the first point of a fit through means
    values.get(16.0).remove(2);

    ScalingFit fit = ScalingFit.of(Spacing.LOGARITHMIC, values).orElseThrow();

    assertThat(fit.seeds()).isEqualTo(2);
    assertThat(fit.slope()).isCloseTo(-1, within(ROUNDING));
  }

  @Test
  void nothingIsFittedToTooLittle() {
    assertThat(ScalingFit.of(Spacing.LOGARITHMIC, new TreeMap<>())).isEmpty();
    assertThat(ScalingFit.of(Spacing.LOGARITHMIC, values(2, (x, seed) -> x).headMap(4.0)))
        .isEmpty();
    assertThat(ScalingFit.of(Spacing.LOGARITHMIC, values(2, (x, seed) -> x - 4))).isEmpty();
    assertThat(ScalingFit.of(Spacing.LOGARITHMIC, values(1, (x, seed) -> x)).orElseThrow().text())
        .isEqualTo("1.000 (one seed)");
  }
}
