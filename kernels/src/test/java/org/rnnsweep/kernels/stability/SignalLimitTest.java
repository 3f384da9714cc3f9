package org.rnnsweep.kernels.stability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

class SignalLimitTest {
  private static final StreamKey KEY = StreamKey.of(47);

  private static double[][] silent(int length) {
    return TokenFamily.SILENT.draw(KEY, 1, 4, 1, length)[0];
  }

  /** 2e6 normals: 5 standard errors of each mean; a wrong slope or value is off by far more. */
  @ParameterizedTest
  @EnumSource(Nonlinearity.class)
  void meansAreThoseOfSamples(Nonlinearity nonlinearity) {
    NormalStream normals = NormalStream.of(KEY.name(nonlinearity.label()));
    double sd = 1.3;
    int count = 2_000_000;
    double[] sums = new double[4];
    for (int k = 0; k < count; k++) {
      double z = sd * normals.next();
      double value = Math.pow(nonlinearity.value(z), 2);
      double slope = Math.pow(nonlinearity.slope(z), 2);
      sums[0] += value / count;
      sums[1] += value * value / count;
      sums[2] += slope / count;
      sums[3] += slope * slope / count;
    }
    double valueError = Math.sqrt((sums[1] - sums[0] * sums[0]) / count);
    double slopeError = Math.sqrt(Math.max(0, sums[3] - sums[2] * sums[2]) / count);
    assertThat(nonlinearity.meanSquare(sd * sd)).isCloseTo(sums[0], within(5 * valueError));
    assertThat(nonlinearity.meanSquareSlope(sd * sd))
        .isCloseTo(sums[2], within(5 * slopeError + 1e-12));
    assertThat(Nonlinearity.ofLabel(nonlinearity.label())).isSameAs(nonlinearity);
  }

  /** The slope is the derivative of the value, by central differences away from 0. */
  @ParameterizedTest
  @EnumSource(Nonlinearity.class)
  void slopesAreDerivatives(Nonlinearity nonlinearity) {
    for (double z : new double[] {-2.5, -0.7, 0.3, 1.9}) {
      double step = 1e-5;
      double difference =
          (nonlinearity.value(z + step) - nonlinearity.value(z - step)) / (2 * step);
      assertThat(nonlinearity.slope(z)).isCloseTo(difference, within(1e-9));
    }
  }

  @Test
  void homogeneousNetworksGrowGeometrically() {
    SignalLimit relu = SignalLimit.of(Nonlinearity.RELU, 3, silent(6));
    SignalLimit linear = SignalLimit.of(Nonlinearity.LINEAR, 0.5, silent(6));
    assertThat(relu.norm(6)).isCloseTo(Math.pow(1.5, 3), within(1e-12));
    assertThat(relu.gain(6)).isCloseTo(Math.pow(1.5, 2.5), within(1e-12));
    assertThat(linear.norm(6)).isCloseTo(Math.pow(0.5, 3), within(1e-12));
    assertThatThrownBy(() -> SignalLimit.of(Nonlinearity.RELU, Double.NaN, silent(2)))
        .hasMessageContaining("NaN");
  }

  /** C(1) = 5 and C(0) = 0; between, a sample of 2e6 pairs within 5 standard errors. */
  @Test
  void covarianceOfASquareAtTwoSteps() {
    assertThat(SignalLimit.stepCovariance(0)).isCloseTo(5, within(1e-14));
    assertThat(SignalLimit.stepCovariance(Math.PI / 2)).isCloseTo(0, within(1e-14));
    NormalStream normals = NormalStream.of(KEY.name("pairs"));
    int count = 2_000_000;
    double sum = 0;
    double squares = 0;
    for (int k = 0; k < count; k++) {
      double x = normals.next();
      double y = 0.6 * x + 0.8 * normals.next();
      double product =
          (2 * Math.pow(Math.max(x, 0), 2) - 1) * (2 * Math.pow(Math.max(y, 0), 2) - 1);
      sum += product / count;
      squares += product * product / count;
    }
    double error = Math.sqrt((squares - sum * sum) / count);
    assertThat(SignalLimit.stepCovariance(Math.acos(0.6))).isCloseTo(sum, within(5 * error));
    assertThatThrownBy(() -> SignalLimit.stepCovariance(-1)).hasMessageContaining("-1");
  }

  /** Without inputs: L independent steps, or in the end L equal ones. */
  @Test
  void spreadsGrowLikeTheRootAndLikeTheLength() {
    for (int length : new int[] {1, 7, 40}) {
      assertThat(SignalLimit.normSpread(SignalLimit.Weights.FRESH, silent(length)))
          .isCloseTo(Math.sqrt(5.0 * length) / 2, within(1e-12));
    }
    double shared = SignalLimit.normSpread(SignalLimit.Weights.SHARED, silent(400));
    assertThat(shared / 400).isBetween(1.06, Math.sqrt(5) / 2);
    // two steps of W after A's: h_1 and h_2 have correlation 1 / pi
    double two = 15 + 2 * SignalLimit.stepCovariance(Math.acos(1 / Math.PI));
    assertThat(SignalLimit.normSpread(SignalLimit.Weights.SHARED, silent(3)))
        .isCloseTo(Math.sqrt(two) / 2, within(1e-12));
  }
}
