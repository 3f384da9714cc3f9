package org.rnnsweep.kernels.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ComplexityTest {
  private static double plain(Link link, double radius) {
    return Math.exp(Complexity.logPlain(link, radius));
  }

  private static void close(double found, double expected) {
    assertThat(found).isCloseTo(expected, within(1e-12 * expected));
  }

  @Test
  void plainComplexitiesHaveTheirClosedForms() {
    for (double r : new double[] {0.3, 1, 1.9, 1.999}) {
      close(plain(Link.arctan(), r), 1 + 2 * r / (4 - r * r));
    }
    for (double r : new double[] {0.5, 1, 4, 60}) {
      close(plain(Link.exp(), r), 1 + r * Math.exp(r));
      close(plain(Link.sine(1), r), 1 + r * Math.cosh(r));
      close(plain(Link.sine(2.5), r), 1 + 2.5 * r * Math.cosh(2.5 * r));
      for (int p = 1; p <= 5; p++) {
        close(plain(Link.power(p), r), 1 + p * Math.pow(r, p));
      }
      // T_4 = 8 z^4 - 8 z^2 + 1
      close(plain(Link.chebyshev(4), r), 1 + 32 * Math.pow(r, 4) + 16 * r * r);
    }
  }

  @Test
  void divergenceIsSeen() {
    assertThat(Complexity.logPlain(Link.arctan(), 2)).isInfinite().isPositive();
    assertThat(Complexity.logPlain(Link.arctan(), 2.001)).isInfinite().isPositive();
    assertThat(Complexity.logPlain(Link.arctan(), 1.9999)).isFinite();
    // sqrt(C_(2,i)) is about 2^(i/2): the radius of convergence shrinks to sqrt 2.
    assertThat(Complexity.logManyVariables(Link.arctan(), 2, 1.41)).isFinite();
    assertThat(Complexity.logManyVariables(Link.arctan(), 2, 1.42)).isInfinite();
    assertThatThrownBy(() -> Complexity.logPlain(Link.exp(), 0)).hasMessageContaining("0.0");
  }

  /** Six digits of an independent program. */
  @Test
  void manyVariables() {
    double[][] expected = {
      {2.71828, 14.7781, 218.393},
      {2.00393, 26.5736, 1427.45},
      {1.11863, 32.4307, 5147.57},
      {0.531091, 31.8787, 13419.5}
    };
    for (int n = 1; n <= 4; n++) {
      for (int k = 0; k < 3; k++) {
        double found = Math.exp(Complexity.logManyVariables(Link.exp(), n, 1 << k));
        assertThat(found).isCloseTo(expected[n - 1][k], within(5e-6 * expected[n - 1][k]));
      }
    }
    assertThat(Complexity.logManyVariables(Link.power(2), 3, 1))
        .isEqualTo(Double.NEGATIVE_INFINITY);
    // Not i, as Example 2.2 has it, but the central binomial coefficient.
    close(Math.exp(Complexity.logLargestMultinomial(2, 10)), 252);
    close(Math.exp(Complexity.logLargestMultinomial(3, 7)), 210);
  }

  @Test
  void complexitiesOfTargetsGrowLikeTheirPowers() {
    for (int p = 1; p <= 3; p++) {
      double slope =
          (Complexity.logAdditive(Link.power(p), 4096, 2, 4096)
                  - Complexity.logAdditive(Link.power(p), 2048, 2, 2048))
              / Math.log(2);
      assertThat(slope).isCloseTo(4.5 + p / 2.0, within(1e-2));
      double many =
          (Complexity.logByVariables(Link.power(p), 4096, 1, 1)
                  - Complexity.logByVariables(Link.power(p), 2048, 1, 1))
              / Math.log(2);
      assertThat(many).isCloseTo(3.5 + p / 2.0, within(1e-2));
    }
    double far = Complexity.logByDistance(Link.power(3), 16, 1, 11);
    double near = Complexity.logByDistance(Link.power(3), 16, 1, 10);
    assertThat(far - near).isCloseTo(3 * Math.log(2), within(1e-6));
    assertThat(Complexity.logAdditive(Link.arctan(), 4, 1, 1)).isInfinite();
    assertThat(Complexity.logAdditive(Link.arctan(), 3, 1, 1)).isFinite();
  }

  /** The series sums to the function wherever it converges. */
  @Test
  void coefficientsAreThoseOfTheFunction() {
    Link[] links = {
      Link.power(3), Link.chebyshev(5), Link.exp(), Link.sine(1.3), Link.arctan(), Link.chebyshev(1)
    };
    for (Link link : links) {
      double z = 0.3;
      double sum = 0;
      for (int i = 1; i <= 60; i++) {
        double size = Math.exp(link.logCoefficient(i)) * Math.pow(z, i);
        boolean alternating =
            link.kind() == Link.Kind.SINE
                || link.kind() == Link.Kind.ARCTAN
                || link.kind() == Link.Kind.CHEBYSHEV;
        int from = link.kind() == Link.Kind.CHEBYSHEV ? link.degree() : 1;
        sum += alternating && Math.floorMod((i - from) / 2, 2) == 1 ? -size : size;
      }
      assertThat(sum).as("%s", link).isCloseTo(link.value(z), within(1e-14));
    }
    assertThatThrownBy(() -> Link.power(0)).hasMessageContaining("0.0");
    assertThatThrownBy(() -> Link.sine(-1)).hasMessageContaining("-1.0");
  }

  @Test
  void logFactorials() {
    double exact = 0;
    for (int n = 2; n <= 400; n++) {
      exact += Math.log(n);
      assertThat(LogFactorial.of(n)).isCloseTo(exact, within(1e-14 * exact + 1e-15));
    }
  }

  /** Powers have one term; of exp, sixty terms in plain arithmetic. */
  @Test
  void complexitiesAtAnAccuracy() {
    for (double r : new double[] {0.5, 2}) {
      for (double log : new double[] {1, 7, 40}) {
        for (double c : new double[] {1, 10}) {
          for (int q = 1; q <= 4; q++) {
            double power = Math.pow(c * r, q);
            close(
                Math.exp(Complexity.logAtAccuracy(Link.power(q), r, c, log)),
                power * (1 + Math.pow(log / q, q / 2.0)));
            close(
                Math.exp(Complexity.logSample(Link.power(q), r, c)),
                c * Math.pow(q + 1, 1.75) * Math.pow(r, q));
          }
        }
        double factorial = 1;
        double sum = 0;
        double sample = 0;
        for (int i = 1; i <= 60; i++) {
          factorial *= i;
          sum += (Math.pow(r, i) + Math.pow(r * Math.sqrt(log / i), i)) / factorial;
          sample += Math.pow(i + 1, 1.75) * Math.pow(r, i) / factorial;
        }
        close(Math.exp(Complexity.logAtAccuracy(Link.exp(), r, 1, log)), sum);
        close(Math.exp(Complexity.logSample(Link.exp(), r, 1)), sample);
      }
    }
    assertThat(Complexity.logAtAccuracy(Link.arctan(), 2.001, 1, 1)).isInfinite().isPositive();
    assertThatThrownBy(() -> Complexity.logAtAccuracy(Link.exp(), 1, 1, Double.NaN))
        .hasMessageContaining("NaN");
  }
}
