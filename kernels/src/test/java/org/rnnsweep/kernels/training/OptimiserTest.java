package org.rnnsweep.kernels.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OptimiserTest {

  /** No bias correction: |first step| = rate / sqrt(1 - alpha), whatever the gradient. */
  @Test
  void rmsPropBeginsWithTenTimesTheRate() {
    double[] w = {0, 0, 0};
    Optimiser.RmsProp.of(0.01).step(w, new double[] {5, -0.003, 0}, new double[3]);
    // Departures: epsilon / sqrt(s), 1e-8 / 3e-4 for the small gradient.
    assertThat(w[0]).isCloseTo(-0.1, within(1e-8));
    assertThat(w[1]).isCloseTo(0.1, within(1e-5));
    assertThat(w[2]).isZero();
  }

  /** Closed form for a constant gradient: s_k = (1 - alpha^k) g^2, epsilon outside the root. */
  @Test
  void rmsPropFollowsItsClosedForm() {
    double g = 0.02;
    double epsilon = 0.5; // large, so that inside or outside the root is told apart
    double[] w = {1};
    double[] s = {0};
    float[] single = {1};
    float[] singleKept = {0};
    Optimiser rms = new Optimiser.RmsProp(0.1, 0.9, epsilon);
    double expected = 1;
    for (int k = 1; k <= 20; k++) {
      rms.step(w, new double[] {g}, s);
      rms.step(single, new float[] {(float) g}, singleKept);
      expected -= 0.1 * g / (g * Math.sqrt(1 - Math.pow(0.9, k)) + epsilon);
    }
    assertThat(w[0]).isCloseTo(expected, within(1e-14)); // 20 steps of some roundings
    assertThat(single[0]).isCloseTo((float) expected, within(1e-5f)); // likewise, in single
  }

  /** What a unit that died leaves behind fades, but is never subnormal, and moves nothing. */
  @Test
  void rmsPropForgetsAGradientThatEnded() {
    float[] w = {1};
    float[] s = {0};
    Optimiser rms = Optimiser.RmsProp.of(0.01);
    rms.step(w, new float[] {1e-4f}, s);
    float after = w[0];
    for (int k = 0; k < 10_000; k++) {
      assertThat(s[0] == 0 || s[0] >= Float.MIN_NORMAL).as("%s after %s", s[0], k).isTrue();
      rms.step(w, new float[] {0}, s);
    }
    assertThat(s[0]).isLessThan(1e-35f); // from 1e-10
    assertThat(w[0]).isEqualTo(after);
  }

  /** Closed form for a constant gradient: sum over k of (1 - mu^k) / (1 - mu). */
  @Test
  void momentumFollowsItsClosedForm() {
    double[] w = {0};
    double[] s = {0};
    float[] single = {0};
    float[] singleKept = {0};
    Optimiser momentum = new Optimiser.Momentum(0.1, 0.8);
    double expected = 0;
    for (int k = 1; k <= 15; k++) {
      momentum.step(w, new double[] {3}, s);
      momentum.step(single, new float[] {3}, singleKept);
      expected -= 0.1 * 3 * (1 - Math.pow(0.8, k)) / 0.2;
    }
    assertThat(w[0]).isCloseTo(expected, within(1e-13));
    assertThat(single[0]).isCloseTo((float) expected, within(1e-4f));
  }

  @Test
  void refusesNumbersOutOfRange() {
    assertThatThrownBy(() -> Optimiser.RmsProp.of(Double.NaN)).hasMessageContaining("found NaN");
    assertThatThrownBy(() -> new Optimiser.RmsProp(1, 1, 1e-8)).hasMessageContaining("alpha");
    assertThatThrownBy(() -> new Optimiser.RmsProp(1, 0.9, 0)).hasMessageContaining("epsilon");
    assertThatThrownBy(() -> new Optimiser.Momentum(1, 1)).hasMessageContaining("momentum");
  }
}
