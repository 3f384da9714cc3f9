package org.rnnsweep.kernels.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class InversionErrorsTest {
  private static final double ROUNDING = 1e-15; // a handful of operations on numbers near 1

  @Test
  void averagesOverSequencesAsTheFormulasSay() {
    InversionErrors errors = new InversionErrors(2, 2);
    errors.add(new double[] {3, 0, 0, 4}, new double[] {3, 0, 0, 1}); // off by 3 in the last
    errors.add(new double[] {1, 1, 1, 1}, new double[] {0, 1, 1, 0}); // off by 1, twice
    assertThat(errors.relativeL2()).isCloseTo((3 / Math.sqrt(10) + 1) / 2, within(ROUNDING));
    assertThat(errors.linf()).isEqualTo(2);
    assertThat(errors.rms()).isCloseTo(Math.sqrt(11 / 8.0), within(ROUNDING));
    assertThat(errors.positionRms())
        .containsExactly(new double[] {0.5, Math.sqrt(10 / 4.0)}, within(ROUNDING));
  }

  @Test
  void keepsNotANumber() {
    InversionErrors errors = new InversionErrors(1, 2);
    errors.add(new double[] {Double.NaN, 0}, new double[] {1, 1});
    assertThat(errors.relativeL2()).isNaN();
    assertThat(errors.linf()).isNaN();
    assertThat(errors.rms()).isNaN();
    assertThat(new InversionErrors(1, 2).rms()).as("of nothing").isNaN();
  }
}
