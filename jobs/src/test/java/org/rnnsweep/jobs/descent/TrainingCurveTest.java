package org.rnnsweep.jobs.descent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrainingCurveTest {
  /** Each wait is half as long again, at least one step; an end is shown and does not stay. */
  @Test
  void pointsGrowApartAndAnEndIsNoPoint() {
    TrainingCurve curve = new TrainingCurve();
    curve.add(0, 1, 0);
    for (int step = 1; step <= 12; step++) {
      if (step == 6) {
        assertThat(curve.series(6, 0.25, 9).get("curve_step")).containsExactly(0, 2, 3, 5, 6);
        assertThat(curve.series(5, 0.25, 9).get("curve_step")).containsExactly(0, 2, 3, 5);
      }
      if (curve.isDue(step)) {
        curve.add(step, 1.0 / step, Math.min(step, 14 - step));
      }
    }
    assertThat(curve.series(12, 0.125, 1))
        .containsEntry("curve_step", new double[] {0, 2, 3, 5, 7, 11, 12})
        .containsEntry(
            "curve_loss", new double[] {1, 1.0 / 2, 1.0 / 3, 0.2, 1.0 / 7, 1.0 / 11, 0.125})
        .containsEntry("curve_radius", new double[] {0, 2, 3, 5, 7, 3, 1});
    assertThat(curve.radius()).isEqualTo(7);
  }
}
