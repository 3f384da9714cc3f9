package org.rnnsweep.kernels.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LimitCorrelationsTest {
  private static final double[][] X0 = {{1, 0}, {0, 1}, {.6, .8}};
  private static final double[][] X1 = {{0, 1}, {.6, -.8}, {1, 0}};

  /** Numbers of an independent NumPy program. */
  @Test
  void hasTheGoldenValues() {
    LimitCorrelations limits = LimitCorrelations.of(Preset.WANG.law(3), List.of(X0, X1));
    double[] states = {1, 1.002104313304460, 0.981897362501544, 1.014131982172936};
    double[] backs = {0, 0.338088529550198, 0.369627814618018, 0.429582724026665};
    for (int l = 0; l <= 3; l++) {
      assertThat(limits.states(0, l, 1, l)).isCloseTo(states[l], within(1e-15));
      if (l > 0) {
        assertThat(limits.backs(0, 1, l)).isCloseTo(backs[l], within(1e-15));
        assertThat(limits.backs(0, 0, l)).isCloseTo(0.5, within(1e-15));
      }
      assertThat(limits.states(0, l, 0, l)).isCloseTo(1 + l / 27.0, within(1e-15));
    }
    // h_0 beside another step: independent, so only the means' product remains.
    assertThat(limits.states(0, 0, 1, 2))
        .isCloseTo(Math.sqrt(1 + 2 / 27.0) / Math.PI, within(1e-15));
  }

  /** The kernel is the sum of products over equal depths, for every pair of outputs. */
  @Test
  void addsUpToTheTangentKernelOfEveryPairOfOutputs() {
    NetworkLaw law = Preset.WANG_ALGORITHM.law(3);
    LimitCorrelations limits = LimitCorrelations.of(law, List.of(X0, X1));
    double[][] kernel =
        RecurrentKernel.ntk(law, Trained.RECURRENT, Parametrization.ENTRIES)
            .between(X0, X1, Output.EVERY_STEP);
    for (int a = 1; a <= 3; a++) {
      for (int b = 1; b <= 3; b++) {
        double sum = 0;
        for (int l = Math.max(1, 1 + a - b); l <= a; l++) {
          sum += limits.backs(0, a, 1, b, l) * limits.states(0, l - 1, 1, l - 1 + b - a);
        }
        assertThat(sum).isCloseTo(kernel[a - 1][b - 1], within(1e-15));
      }
    }
  }

  @Test
  void refusesAnotherActivation() {
    NetworkLaw erf = new NetworkLaw(Activation.ERF, 1, 1, InputScale.ONE, 0, 1, 1);
    assertThatThrownBy(() -> LimitCorrelations.of(erf, List.of(X0, X1)))
        .hasMessageContaining("ERF");
  }
}
