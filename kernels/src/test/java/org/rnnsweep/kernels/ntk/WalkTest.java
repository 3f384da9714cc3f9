package org.rnnsweep.kernels.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Nearly equal sequences: the deficits against their leading terms, where rho itself is 1. */
class WalkTest {
  private static Walk start(NetworkLaw law, double[][] x, double[][] y) {
    Walk walk = Walk.of(law, 1);
    walk.start(
        new Panel(law, Collections.singletonList(x)),
        0,
        new Panel(law, Collections.singletonList(y)),
        0,
        1,
        0);
    return walk;
  }

  private static double[][] turned(double[][] x, double angle, double factor) {
    double[][] y = new double[x.length][];
    double s = Math.sin(angle);
    double c = 2 * Math.pow(Math.sin(angle / 2), 2); // 1 - cosine
    for (int t = 0; t < x.length; t++) {
      double u = x[t][0];
      double v = x[t][1];
      y[t] = new double[] {factor * (u - (c * u + s * v)), factor * (v - (c * v - s * u))};
    }
    return y;
  }

  @Test
  void aRectifiersDeficitIsThatOfTheScalarRecursion() {
    double[][] x = {{1, 0}, {0, 2}, {3, 1}, {-1, 1}};
    NetworkLaw law = Preset.PANIGRAHI_GOYAL.law(4);
    for (double angle : new double[] {1, 1e-3, 1e-7, 1e-10}) {
      for (double factor : new double[] {1, 2.5}) {
        RectifierWalk walk = (RectifierWalk) start(law, x, turned(x, angle, factor));
        PairRecursion pair = new PairRecursion(0, 0);
        for (double[] token : x) {
          walk.step();
          pair.step(PlainMoments.dot(token, token), 2 * Math.pow(Math.sin(angle / 2), 2));
          // The coordinates of y are rounded: 2e-16 of their size, that is 2e-16 / angle of theirs.
          assertThat(walk.deficit[0] / pair.stateDeficit())
              .isCloseTo(1, within(1e-14 + 2e-15 / angle));
        }
      }
    }
  }

  /**
   * Half the squared distance is D E[phi'(z)^2], D small; and with z' = (1 + a) z a^2 E[..] / 2.
   */
  @Test
  void erfsDistanceHasItsLeadingTerm() {
    double[][] x = {{1, 0.5}};
    double s = 1.25;
    NetworkLaw law = new NetworkLaw(Activation.ERF, 1, 1, InputScale.ONE, 0, 0, 1);
    for (double angle : new double[] {1e-5, 1e-8}) {
      ErfWalk walk = (ErfWalk) start(law, x, turned(x, angle, 1));
      walk.step();
      double expected = 4 / Math.PI / Math.sqrt(1 + 4 * s) * s * angle * angle / 2;
      assertThat(walk.distance[0] / expected)
          .isCloseTo(1, within(10 * angle * angle + 2e-15 / angle));
    }
    double a = 0x1p-20;
    ErfWalk walk = (ErfWalk) start(law, x, turned(x, 0, 1 + a));
    walk.step();
    double expected = 2 / Math.PI * a * a * s * Math.pow(1 + 4 * s, -1.5);
    // Next order: a; rounding of the norms: 1e-16 / a.
    assertThat(walk.distance[0] / expected).isCloseTo(1, within(4 * a));
  }
}
