package org.rnnsweep.kernels.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.random.StreamKey;

class InputSequencesTest {
  private static final StreamKey KEY = StreamKey.of(11).name("inputs");

  @Test
  void normalisedTokensAreThoseOfTheDefinition() {
    for (int d : new int[] {3, 4, 8}) {
      InputSequences law = InputSequences.normalized(KEY, d, 5, 0.1);
      double[] tokens = new double[6 * d];
      for (int position = 1; position <= 5; position++) {
        law.draw(2, position, 6, tokens);
        for (int i = 0; i < 6; i++) {
          double square = 0;
          for (int j = 0; j < d; j++) {
            square += tokens[i * d + j] * tokens[i * d + j];
          }
          if (position == 1 || position == 5) {
            assertThat(square).isEqualTo(1);
            assertThat(tokens[i * d + d - 1]).isEqualTo(1);
          } else {
            assertThat(square).isCloseTo(0.01, within(1e-16)); // ||eps_x xbar||^2, a few roundings
            assertThat(tokens[i * d + d - 2]).isEqualTo(0.05);
            assertThat(tokens[i * d + d - 1]).isZero();
          }
        }
      }
    }
  }

  @Test
  void theBaseSequenceFillsTheSlotThatNormalisedOnesLeave() {
    InputSequences base = InputSequences.base(4, 5, 0.1);
    double[] tokens = new double[4];
    for (int position = 1; position <= 5; position++) {
      base.draw(0, position, 1, tokens);
      assertThat(tokens).containsExactly(0, 0, 0, position == 1 || position == 5 ? 1 : 0.1);
    }
  }

  /**
   * Mean of the first coordinate of u and of its square (1 / (d - 2)) over n draws: |z| < 5 each, a
   * false alarm in 3 million runs.
   */
  @Test
  void directionsAreUniform() {
    int n = 20_000;
    for (int d : new int[] {3, 4, 8}) {
      InputSequences law = InputSequences.normalized(KEY, d, 3, 2 / Math.sqrt(3));
      double[] tokens = new double[n * d];
      law.draw(0, 2, n, tokens);
      double sum = 0;
      double squares = 0;
      double fourths = 0;
      for (int i = 0; i < n; i++) {
        double u = tokens[i * d]; // eps_x sqrt(3)/2 = 1
        sum += u;
        squares += u * u;
        fourths += u * u * u * u;
      }
      double free = d - 2;
      assertThat(Math.abs(sum / n)).isLessThan(5 * Math.sqrt(1 / free / n));
      // E u^4 = 3 / (f (f + 2)) on the sphere of R^f; at f = 1 the square is always 1.
      double variance = 3 / (free * (free + 2)) - 1 / (free * free);
      assertThat(Math.abs(squares / n - 1 / free))
          .isLessThanOrEqualTo(5 * Math.sqrt(variance / n) + 1e-12);
      assertThat(fourths).isPositive();
    }
  }

  @Test
  void shorterGaussianSequencesArePrefixesAndPaddingIsZero() {
    InputSequences law = InputSequences.gaussian(KEY, 3);
    double[] whole = new double[4 * 3];
    double[] padded = new double[4 * 3];
    law.draw(7, 2, 4, whole);
    law.draw(7, 2, 2, padded);
    for (int k = 0; k < 12; k++) {
      assertThat(padded[k]).isEqualTo(k < 6 ? whole[k] : 0.0);
    }
    double[] other = new double[4 * 3];
    law.draw(7, 3, 4, other);
    assertThat(other).doesNotContain(whole);
    law.draw(8, 2, 4, other);
    assertThat(other).doesNotContain(whole);
    InputSequences.gaussian(KEY.seed(1), 3).draw(7, 2, 4, other);
    assertThat(other).doesNotContain(whole);
  }

  @Test
  void refusesWhatTheDefinitionDoesNotCover() {
    assertThatThrownBy(() -> InputSequences.normalized(KEY, 2, 5, 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the dimension of a normalised sequence must be at least 3, found 2");
    assertThatThrownBy(() -> InputSequences.normalized(KEY, 3, 5, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("epsX must be finite and not negative, found NaN");
    assertThatThrownBy(() -> InputSequences.base(3, 5, 0.1).draw(0, 6, 1, new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("position must be from 1 to 5, found 6");
  }
}
