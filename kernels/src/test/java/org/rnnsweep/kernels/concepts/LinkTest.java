package org.rnnsweep.kernels.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinkTest {

  /** Signs included: the series from degree 1 gives the function less its value at 0. */
  @Test
  void coefficientsAddUpToTheFunction() {
    List<Link> links =
        List.of(
            Link.power(3),
            Link.chebyshev(4),
            Link.chebyshev(5),
            Link.exp(),
            Link.sine(1.5),
            Link.arctan());
    for (Link link : links) {
      for (double z : new double[] {-0.8, 0.3, 0.9}) {
        double sum = 0;
        for (int i = 1; i <= Math.min(60, link.degree()); i++) {
          sum += link.coefficient(i) * Math.pow(z, i);
        }
        assertThat(sum)
            .as("%s at %s", link, z)
            .isCloseTo(link.value(z) - link.value(0), within(1e-12));
      }
    }
  }
}
