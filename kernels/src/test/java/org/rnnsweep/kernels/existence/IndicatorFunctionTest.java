package org.rnnsweep.kernels.existence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.concepts.Link;
import org.rnnsweep.kernels.existence.HermiteStep.Weight;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

class IndicatorFunctionTest {

  /** |p'_i| at tau = 1, from an independent program (Simpson's rule on the plain polynomials). */
  @Test
  void coefficientsOfTheWindows() {
    double[] known = {0.14683, 0.0048214, 0.052081, 0.0036916, 0.094543, 0.0082415, 0.33873};
    double[] doubleFactorials = {1, 1, 2, 3, 8, 15, 48};
    for (int i = 1; i <= known.length; i++) {
      double bound = doubleFactorials[i - 1] / (200.0 * i * i);
      double ratio = new HermiteStep(i, 1, Weight.WINDOW).boundOverCoefficient();
      assertThat(bound / ratio).isCloseTo(known[i - 1], within(known[i - 1] * 2e-4));
    }
  }

  /** E g_1^2 is the integral of phi^2 phi_tau; the window of degree 1 by the normal cdf. */
  @Test
  void momentsOfDegreeOne() {
    for (double tau : new double[] {0.2, 1, 3}) {
      assertThat(new HermiteStep(1, tau, Weight.MINIMUM_NORM).secondMoment())
          .isCloseTo(2 * Math.PI * Math.sqrt(1 + 2 * tau * tau), within(1e-10));
    }
    assertThat(new HermiteStep(1, 1, Weight.WINDOW).secondMoment())
        .isCloseTo(0.3829249225480262 / (0.14683 * 0.14683), within(2e-3));
  }

  @Test
  void theMinimumNormIsLeast() {
    for (int i = 1; i <= 9; i++) {
      double least = new HermiteStep(i, 0.6, Weight.MINIMUM_NORM).secondMoment();
      assertThat(new HermiteStep(i, 0.6, Weight.WINDOW).secondMoment()).isGreaterThan(least);
    }
  }

  /** Without the closed form in alpha, and a twin made for another threshold, which fails. */
  @Test
  void representsPowers() {
    for (Weight weight : Weight.values()) {
      for (int p : new int[] {1, 2, 5}) {
        IndicatorFunction h = IndicatorFunction.of(Link.power(p), 1.3, 0.5, weight, 1e-9);
        assertThat(h.residual(0.8)).isLessThan(1e-11);
        assertThat(h.expectation(1, 0).applyAsDouble(0.8)).isCloseTo(h.target(0.8), within(1e-12));
        IndicatorFunction wrong = IndicatorFunction.of(Link.power(p), 1.3, 1.5, weight, 1e-9);
        double twin = wrong.expectation(0.5 / 1.5, 0).applyAsDouble(0.8);
        if (p == 2) { // for odd powers g_p is nearly constant on the window
          assertThat(twin).isLessThan(0.7 * h.target(0.8));
        }
      }
    }
  }

  @Test
  void degreesFollowTheAccuracy() {
    IndicatorFunction rough = IndicatorFunction.of(Link.exp(), 2, 0.5, Weight.MINIMUM_NORM, 0.1);
    IndicatorFunction fine = IndicatorFunction.of(Link.exp(), 2, 0.5, Weight.MINIMUM_NORM, 1e-8);
    assertThat(fine.steps()).hasSizeGreaterThan(rough.steps().size());
    double t = 1;
    assertThat(Math.abs(rough.expectation(1, 0).applyAsDouble(t) - Math.expm1(2)))
        .isBetween(1e-3, 0.1);
    assertThat(fine.expectation(1, 0).applyAsDouble(t)).isCloseTo(Math.expm1(2), within(1e-8));
    assertThat(
            IndicatorFunction.of(Link.sine(1), 2, 0.5, Weight.WINDOW, 1e-9)
                .expectation(1, 0)
                .applyAsDouble(-0.7))
        .isCloseTo(Math.sin(-1.4), within(2e-9));
    assertThatThrownBy(() -> IndicatorFunction.of(Link.exp(), 1e4, 0.5, Weight.WINDOW, 1e-3))
        .hasMessageContaining("120 degrees");
  }

  /** By sampling, with a threshold that is stretched and shifted. */
  @Test
  void expectationByMonteCarlo() {
    double t = 0.6;
    double stretch = 0.4;
    double shift = 0.3;
    double tau = 0.7;
    for (Weight weight : Weight.values()) {
      IndicatorFunction h = IndicatorFunction.of(Link.power(2), 1.2, tau, weight, 1e-9);
      NormalStream normals = NormalStream.of(StreamKey.of(5).name(weight.name()));
      int draws = 200_000;
      double sum = 0;
      double squares = 0;
      double moment = 0;
      for (int k = 0; k < draws; k++) {
        double alpha = normals.next();
        double beta = normals.next();
        double b = tau * normals.next();
        double value = h.value(alpha, b);
        moment += value * value;
        boolean on = t * alpha + Math.sqrt(1 - t * t) * beta + stretch * b + shift >= 0;
        sum += on ? value : 0;
        squares += on ? value * value : 0;
      }
      double error = Math.sqrt(squares) / draws;
      assertThat(sum / draws)
          .isCloseTo(h.expectation(stretch, shift).applyAsDouble(t), within(5 * error));
      double twin = h.expectation(1, shift).applyAsDouble(t);
      if (weight == Weight.MINIMUM_NORM) { // the window's scatter hides it
        assertThat(Math.abs(sum / draws - twin)).isGreaterThan(6 * error);
      }
      assertThat(moment / draws).isCloseTo(h.secondMoment(), within(0.1 * h.secondMoment()));
    }
  }

  /** Of degree 2: h_2(x) = (x^2 - 1) / sqrt(2), largest at the cut, and its slope sqrt(2) x. */
  @Test
  void boundsOfDegreeTwo() {
    IndicatorFunction h = IndicatorFunction.of(Link.power(2), 1, 1, Weight.WINDOW, 1e-9);
    double cut = 100 * Math.sqrt(2) + 10 * Math.sqrt(3);
    double largest = Math.abs(h.value(cut, -0.1));
    assertThat(Math.exp(h.logLargest(3))).isCloseTo(largest, within(1e-9 * largest));
    double slope = 2 * cut / (cut * cut - 1) * largest;
    assertThat(Math.exp(h.logSteepest(3))).isCloseTo(slope, within(1e-9 * slope));
    assertThat(h.value(cut, 0.1)).isZero();
  }

  /** Of degree 1 H moves by as much as its argument, times E |v_1|. */
  @Test
  void changeOfDegreeOne() {
    HermiteStep step = new HermiteStep(1, 1, Weight.WINDOW);
    assertThat(step.worstChange(0.3))
        .isCloseTo(0.3 * step.meanWeight(), within(1e-12 * step.meanWeight()));
    HermiteStep cubic = new HermiteStep(3, 1, Weight.WINDOW);
    assertThat(cubic.worstChange(0.5)).isGreaterThan(5.5 * cubic.worstChange(0.1));
  }
}
