package org.rnnsweep.kernels.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContrastTest {
  /** Sums of fewer than twenty terms of order one: a few units in the last place each. */
  private static final double ROUNDING = 1e-12;

  private static double[] octaves(int points) {
    double[] x = new double[points];
    Arrays.setAll(x, i -> Math.log(250.0 * (1 << i)));
    return x;
  }

  private static double[] map(double[] x, DoubleUnaryOperator f) {
    return Arrays.stream(x).map(f).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6, 9})
  void everySlopeOfALineIsItsSlope(int points) {
    double[] x = octaves(points);
    double[] y = map(x, v -> 3 - 0.25 * v);
    assertThat(Contrast.slope(x).of(y)).isCloseTo(-0.25, within(ROUNDING));
    assertThat(Contrast.lowerSlope(x).of(y)).isCloseTo(-0.25, within(ROUNDING));
    assertThat(Contrast.upperSlope(x).of(y)).isCloseTo(-0.25, within(ROUNDING));
    assertThat(Contrast.nextSlope(x).of(y)).isCloseTo(-0.25, within(ROUNDING));
    assertThat(Contrast.localSlope(x, points - 2).of(y)).isCloseTo(-0.25, within(ROUNDING));
    assertThat(Contrast.octaveShape(x).of(y)).isCloseTo(0.125, within(ROUNDING));
  }

  /** The normal equations of a straight line, solved by Cramer's rule. */
  @Test
  void theSlopeIsTheLeastSquaresSlope() {
    double[] x = {0, 1, 3, 4.5, 9};
    double[] y = {2, -1, 0.5, 7, 3};
    double n = x.length;
    double sx = 0;
    double sy = 0;
    double sxx = 0;
    double sxy = 0;
    for (int i = 0; i < n; i++) {
      sx += x[i];
      sy += y[i];
      sxx += x[i] * x[i];
      sxy += x[i] * y[i];
    }
    assertThat(Contrast.slope(x).of(y))
        .isCloseTo((n * sxy - sx * sy) / (n * sxx - sx * sx), within(ROUNDING));
  }

  /** The derivative of a parabola, at the place that the halves of K points point to. */
  @Test
  void theNextSlopeOfAParabolaIsItsSlopeBeyondTheRange() {
    for (int points : new int[] {5, 9}) {
      double[] x = new double[points];
      Arrays.setAll(x, i -> i);
      double range = points - 1;
      assertThat(Contrast.nextSlope(x).of(map(x, v -> v * v)))
          .isCloseTo(2 * (range + range / 4), within(ROUNDING * 100));
    }
    double[] even = {0, 1, 2, 3, 4, 5};
    // Halves 0..3 and 2..5: slopes at 1.5 and 3.5, so the next one at 5.5.
    assertThat(Contrast.nextSlope(even).of(map(even, v -> v * v)))
        .isCloseTo(11, within(ROUNDING * 100));
  }

  @Test
  void halvesLookAtTheirOwnPointsAndShareTheMiddleOne() {
    double[] x = octaves(5);
    assertThat(Contrast.lowerSlope(x).of(new double[] {1, 1, 1, Double.NaN, Double.NaN})).isZero();
    assertThat(Contrast.upperSlope(x).of(new double[] {Double.NaN, Double.NaN, 1, 1, 1})).isZero();
  }

  @Test
  void theOctaveShapeTellsPowersFromExponentials() {
    double[] l = {4, 8, 16, 32, 64};
    double[] logL = map(l, Math::log);
    for (double power : new double[] {-0.5, 0, 0.5, 4}) {
      assertThat(Contrast.octaveShape(logL).of(map(logL, v -> power * v)) - 0.5)
          .isCloseTo(-0.5 * power - 0.5, within(ROUNDING))
          .isNegative();
    }
    // exp(0.35 L): s_top = 0.35 (64 - 32) / ln 2, s_prev half of it.
    double top = 0.35 * 32 / Math.log(2);
    assertThat(Contrast.octaveShape(logL).of(map(l, v -> 0.35 * v)) - 0.5)
        .isCloseTo(top / 4 - 0.5, within(ROUNDING * 100))
        .isPositive();
  }

  @Test
  void pointsAndDifferencesAreTheirNames() {
    double[] y = {1, 4, 9};
    assertThat(Contrast.point(3, 2).of(y)).isEqualTo(9);
    assertThat(Contrast.difference(3, 1).of(y)).isEqualTo(5);
  }

  @Test
  void valuesOfASeedMayShareAnything() {
    // A common factor in all cells of a seed cancels: no variance is left.
    double[] x = octaves(4);
    double[][] y = {map(x, v -> v), map(x, v -> v + 5), map(x, v -> v - 2)};
    Estimate slope = Contrast.slope(x).estimate(y);
    assertThat(slope.mean()).isCloseTo(1, within(ROUNDING));
    assertThat(slope.standardError()).isLessThan(ROUNDING);
    assertThat(slope.count()).isEqualTo(3);
  }

  @Test
  void abscissaeMustIncrease() {
    assertThatThrownBy(() -> Contrast.slope(new double[] {0, 1, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("abscissae must be finite and increase: [0.0, 1.0, 1.0]");
    assertThatThrownBy(() -> Contrast.slope(new double[] {0, Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Contrast.slope(new double[] {1}))
        .hasMessage("a slope needs two points, found 1");
    assertThatThrownBy(() -> Contrast.slope(new double[] {0, 1}).of(new double[3]))
        .hasMessage("a contrast of 2 points, found 3 values");
  }
}
