package org.rnnsweep.kernels.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.inversion.WideReadout.Signs;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;

class SignLawTest {

  /** {@code phi_l = eps sqrt(2 (l - 1))}, at the last step over sqrt(2); relative error O(eps). */
  @Test
  void smallTokensGiveTheLeadingTerms() {
    double eps = 1e-6;
    int length = 7;
    SignLaw law = SignLaw.of(length, eps, length);
    double sum = 0;
    for (int l = length; l >= 1; l--) {
      double angle = eps * Math.sqrt(l == length ? length - 2 : 2 * (l - 1));
      sum += angle / Math.PI;
      assertThat(law.flips()[l - 1]).isCloseTo(angle / Math.PI, within(1e-5 * eps));
      assertThat(law.base()[l - 1]).isCloseTo(sum, within(1e-4 * eps));
      assertThat(law.own()[l - 1] - 1).isCloseTo(-sum, within(1e-4 * eps));
    }
  }

  /** One middle token at eps_x = 1: the angle is 60 degrees, and all is closed. */
  @Test
  void aTokenAsLongAsTheStateHasAClosedForm() {
    SignLaw law = SignLaw.of(4, 1, 2);
    assertThat(law.flips()).containsExactly(new double[] {0, 1.0 / 3}, within(1e-15));
    assertThat(law.own()).containsExactly(new double[] {2.0 / 3, 2.0 / 3}, within(1e-15));
    double base = Math.sqrt(3) / 2 / Math.PI;
    assertThat(law.base()).containsExactly(new double[] {base, base}, within(1e-15));
  }

  /**
   * Seed averages at m = 4096 against the law, eps_x = 0.2: 60 networks, five standard errors,
   * false alarm one in 30,000 a number. The finite width adds O(1/m), 1/30 of a standard error
   * here. Twin: the law of eps_x half as large again.
   */
  @Test
  void networksFollowTheLaw() throws InterruptedException {
    int length = 4;
    int d = 3;
    double eps = 0.2;
    double[] slot = new double[60];
    double[] along = new double[slot.length];
    double[] flips = new double[slot.length];
    for (int seed = 0; seed < slot.length; seed++) {
      StreamKey key = StreamKey.of(58).seed(seed);
      try (Arena arena = Arena.ofBytes(1 << 26);
          WideNetwork network =
              WideNetwork.draw(
                  Nets.BLAS,
                  arena,
                  Representation.CONDITIONED,
                  4096,
                  d,
                  WideReadout.products(Signs.BASE_AND_OWN, 4, length),
                  key)) {
        WideReadout.Recovered found =
            WideReadout.measure(
                network,
                Signs.BASE_AND_OWN,
                InputSequences.base(d, length, eps),
                InputSequences.normalized(key.name("x"), d, length, eps),
                4,
                length,
                Checkpoint.NONE);
        for (int s = 0; s < 4; s++) {
          double[] term = new double[2 * d];
          for (int j = 0; j < term.length; j++) {
            term[j] = found.found()[s][j] - found.withOwn()[s][j];
          }
          slot[seed] += term[2 * d - 1] / 4;
          for (int j = d; j < 2 * d - 1; j++) {
            along[seed] += term[j] * found.actual()[s][j] / eps / eps / 4;
          }
        }
        flips[seed] = found.flips()[length - 2];
      }
    }
    SignLaw law = SignLaw.of(length, eps, length);
    assertThat(studentized(slot, law.base()[1] * eps)).isLessThan(5);
    assertThat(studentized(along, law.own()[1] - 1)).isLessThan(5);
    assertThat(studentized(flips, law.flips()[length - 2])).isLessThan(5);
    SignLaw other = SignLaw.of(length, 1.5 * eps, length);
    assertThat(studentized(slot, other.base()[1] * 1.5 * eps)).isGreaterThan(5);
    assertThat(studentized(along, other.own()[1] - 1)).isGreaterThan(5);
    assertThat(studentized(flips, other.flips()[length - 2])).isGreaterThan(5);
  }

  @Test
  void stepsLieInTheSequence() {
    assertThatThrownBy(() -> SignLaw.of(4, 0.1, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("steps are from 1 to 4, found 5");
  }

  private static double studentized(double[] values, double expected) {
    double mean = java.util.Arrays.stream(values).average().orElseThrow();
    double square = java.util.Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.abs(mean - expected) / Math.sqrt(square / (values.length - 1) / values.length);
  }
}
