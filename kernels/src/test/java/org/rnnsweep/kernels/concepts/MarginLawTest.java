package org.rnnsweep.kernels.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.random.StreamKey;

class MarginLawTest {
  private static final StreamKey KEY = StreamKey.of(77);
  private static final double[][] AXES = {{1, 0, 0}, {0, 1, 0}, {0.6, 0, 0.8}};

  private static double norm(double[] x) {
    double square = 0;
    for (double v : x) {
      square += v * v;
    }
    return Math.sqrt(square);
  }

  /** Means of coordinates and squares: 5 standard errors, a false alarm in 1.7e6 each. */
  @Test
  void tokensAreUniformOnSpheres() {
    for (TokenLaw.Norms norms : TokenLaw.Norms.values()) {
      TokenLaw law = TokenLaw.of(3, norms, 4);
      int count = 20_000;
      double[] sums = new double[3];
      double[] squares = new double[3];
      double normSum = 0;
      for (int i = 0; i < count; i++) {
        double[] token = law.sequence(KEY, i, 2)[1];
        double norm = norm(token);
        assertThat(norm).isBetween(1 - 1e-12, 4 + 1e-12);
        normSum += norm;
        for (int k = 0; k < 3; k++) {
          sums[k] += token[k] / norm;
          squares[k] += token[k] * token[k] / (norm * norm);
        }
      }
      for (int k = 0; k < 3; k++) {
        // Variances 1/3 and 4/45 of a coordinate and its square on the sphere of R^3.
        assertThat(sums[k] / count).isCloseTo(0, within(5 * Math.sqrt(1.0 / 3 / count)));
        assertThat(squares[k] / count).isCloseTo(1.0 / 3, within(5 * Math.sqrt(4.0 / 45 / count)));
      }
      double mean = norms == TokenLaw.Norms.EQUAL ? 4 : 2.5;
      assertThat(normSum / count).isCloseTo(mean, within(5 * 1.5 / Math.sqrt(count)));
    }
    assertThatThrownBy(() -> TokenLaw.of(3, TokenLaw.Norms.EQUAL, 0.5)).hasMessageContaining("0.5");
    assertThat(TokenLaw.Norms.ofLabel("two-point")).isEqualTo(TokenLaw.Norms.TWO_POINT);
  }

  /** Any part of a data set is the same wherever it is drawn. */
  @Test
  void tokensDependOnTheirPlaceAlone() {
    TokenLaw law = TokenLaw.unit(4);
    double[][] longer = law.sequence(KEY, 5, 9);
    double[][] shorter = law.sequence(KEY, 5, 3);
    assertThat(shorter[2]).isEqualTo(longer[2]);
    assertThat(law.sequence(KEY, 6, 3)[2]).isNotEqualTo(shorter[2]);
    assertThat(longer[3]).isNotEqualTo(longer[2]);
  }

  /** The class's sum of powers of linear functions is the product it stands for. */
  @Test
  void aPolarisedProductIsTheProduct() {
    TokenLaw law = TokenLaw.of(3, TokenLaw.Norms.UNIFORM, 3);
    for (int n = 1; n <= 3; n++) {
      List<Integer> positions = List.of(2, 4, 5).subList(0, n);
      double[][] directions = Arrays.copyOf(AXES, n);
      Target product = Target.product(positions, directions, 7);
      for (int i = 0; i < 50; i++) {
        double[][] x = law.sequence(KEY, i, 5);
        double expected = 7;
        double largest = 0;
        for (int k = 0; k < n; k++) {
          largest = Math.max(largest, norm(x[positions.get(k) - 1]));
        }
        for (int k = 0; k < n; k++) {
          double[] token = x[positions.get(k) - 1];
          double t = 0;
          for (int c = 0; c < 3; c++) {
            t += directions[k][c] * token[c];
          }
          expected *= t / largest;
        }
        assertThat(product.value(x)).isCloseTo(expected, within(1e-14 * 7));
      }
    }
  }

  @Test
  void anAdditiveTargetAddsItsPositions() {
    Target target =
        Target.additive(Link.power(2), List.of(1, 3), new double[][] {AXES[0], AXES[1]}, 2);
    double[][] x = {{3, 0, 4}, {9, 9, 9}, {0, 1, 0}};
    assertThat(target.value(x)).isCloseTo(2 * (0.36 + 1), within(1e-15));
    assertThatThrownBy(() -> Target.additive(Link.exp(), List.of(1), new double[][] {{2}}, 1))
        .hasMessageContaining("unit vectors");
    assertThatThrownBy(() -> Target.product(List.of(), new double[0][], 1))
        .hasMessageContaining("0 positions");
  }

  @Test
  void everyLabelHasItsMargin() {
    Target target = Target.product(List.of(1, 2), new double[][] {AXES[0], AXES[1]}, 3);
    MarginLaw law = MarginLaw.ofQuantile(target, TokenLaw.unit(3), 2, 0.2, KEY, 4000);
    assertThat(law.acceptance()).isCloseTo(0.8, within(1e-3));
    assertThat(law.median()).isCloseTo(0, within(0.05));
    int positive = 0;
    for (int i = 0; i < 1000; i++) {
      MarginLaw.Labelled sample = law.sample(KEY.name("data"), i);
      assertThat(sample.label() * sample.value()).isGreaterThanOrEqualTo(1);
      assertThat(sample.value())
          .isEqualTo((target.value(sample.tokens()) - law.median()) / law.gamma());
      positive += sample.label() > 0 ? 1 : 0;
    }
    assertThat(positive).isBetween(500 - 80, 500 + 80); // 5 standard deviations
    MarginLaw.Labelled again = law.sample(KEY.name("data"), 17);
    assertThat(again.tokens()).isDeepEqualTo(law.sample(KEY.name("data"), 17).tokens());
  }

  @Test
  void controls() {
    Target target = Target.additive(Link.power(1), List.of(1), new double[][] {AXES[0]}, 1);
    MarginLaw law = MarginLaw.ofGamma(target, TokenLaw.unit(3), 1, 0.3, KEY, 2000);
    int flipped = 0;
    int positive = 0;
    for (int i = 0; i < 4000; i++) {
      MarginLaw.Labelled noisy = law.noisy(KEY, i, 0.05);
      flipped += noisy.label() * noisy.value() < 0 ? 1 : 0;
      positive += MarginLaw.randomLabel(KEY, i) > 0 ? 1 : 0;
    }
    assertThat(flipped).isBetween(200 - 69, 200 + 69); // 5 standard deviations
    assertThat(positive).isBetween(2000 - 158, 2000 + 158);
    assertThatThrownBy(() -> MarginLaw.ofGamma(target, TokenLaw.unit(3), 1, 9, KEY, 100))
        .hasMessageContaining("9.0");
    assertThatThrownBy(() -> MarginLaw.ofQuantile(target, TokenLaw.unit(3), 1, 1, KEY, 100))
        .hasMessageContaining("1.0");
  }

  /** One sign more changes it; five standard errors of a mean of signs. */
  @Test
  void aParityIsBalancedAndTurnsWithEverySign() {
    double sum = 0;
    for (int i = 0; i < 10_000; i++) {
      double[][] x = TokenLaw.unit(3).sequence(KEY, i, 2);
      double value = Target.parity().value(x);
      x[1][2] = -x[1][2];
      assertThat(Target.parity().value(x)).isEqualTo(-value);
      sum += value;
    }
    assertThat(sum / 10_000).isCloseTo(0, within(0.05));
    assertThat(Target.parity().value(new double[][] {{1, -2}, {-3, 4}})).isEqualTo(1);
  }
}
