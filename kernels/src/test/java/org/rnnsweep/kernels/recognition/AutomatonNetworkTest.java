package org.rnnsweep.kernels.recognition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.languages.Dfa;
import org.rnnsweep.kernels.languages.LanguageCatalog;

class AutomatonNetworkTest {

  @Test
  void everyLanguageIsExactOnEveryWord() {
    for (String name : LanguageCatalog.names()) {
      Dfa dfa = LanguageCatalog.of(name).dfa();
      for (DoubleUnaryOperator phi :
          new DoubleUnaryOperator[] {AutomatonNetwork.RELU, AutomatonNetwork.SQUARE}) {
        assertThat(AutomatonNetwork.on(dfa, phi, 9))
            .as(name)
            .isEqualTo(new AutomatonNetwork.Verdict(1023, 0, 0));
      }
    }
  }

  /** The whole network as matrices, word by word, on an alphabet of three. */
  @Test
  void isTheNetworkOfItsMatrices() {
    Dfa dfa = LanguageCatalog.of("regex:abc:a(b|ca)*c?").dfa();
    int symbols = 3;
    int m = AutomatonNetwork.units(dfa);
    double[][] w = new double[m][m];
    double[] bias = new double[m];
    double[] readOut = new double[m];
    for (int unit = 0; unit < m; unit++) {
      bias[unit] = unit / symbols == 0 ? 0 : -1;
      for (int from = 0; from < m; from++) {
        int to = dfa.next(from / symbols, from % symbols);
        w[unit][from] = unit / symbols == 0 ? (to == 0 ? 0 : -1) : to == unit / symbols ? 1 : 0;
        readOut[from] = dfa.accepts(to) ? 1 : 0;
      }
    }
    DoubleUnaryOperator phi = AutomatonNetwork.chebyshev(8, 1.5);
    double largest = 0;
    int wrong = 0;
    for (int word = 0; word < 3 * 3 * 3 * 3; word++) {
      double[] h = new double[m];
      int state = 0;
      for (int t = 0, rest = word; t < 4; t++, rest /= 3) {
        double[] after = new double[m];
        for (int unit = 0; unit < m; unit++) {
          double z = bias[unit] + (unit % symbols == rest % 3 ? 1 : 0);
          for (int from = 0; from < m; from++) {
            z += w[unit][from] * h[from];
          }
          after[unit] = phi.applyAsDouble(z);
        }
        h = after;
        state = dfa.next(state, rest % 3);
      }
      double output = 0;
      for (int unit = 0; unit < m; unit++) {
        output += readOut[unit] * h[unit];
      }
      largest = Math.max(largest, Math.abs(output - (dfa.accepts(state) ? 1 : 0)));
      wrong += output > 0.5 == dfa.accepts(state) ? 0 : 1;
    }
    // The start does not accept, so reading the units and reading the states agree.
    assertThat(dfa.accepts(0)).isFalse();
    AutomatonNetwork.Verdict upTo3 = AutomatonNetwork.on(dfa, phi, 3);
    AutomatonNetwork.Verdict upTo4 = AutomatonNetwork.on(dfa, phi, 4);
    assertThat(upTo4.wrong() - upTo3.wrong()).isEqualTo(wrong);
    assertThat(upTo4.deviation()).isCloseTo(Math.max(largest, upTo3.deviation()), within(1e-12));
    assertThat(largest).isGreaterThan(upTo3.deviation());
  }

  /** p(z) - p(-z) = z, and the error falls like 1/degree, largest at the kink. */
  @Test
  void theSeriesApproachesTheRectifier() {
    double before = 0;
    for (int degree = 4; degree <= 256; degree *= 2) {
      DoubleUnaryOperator p = AutomatonNetwork.chebyshev(degree, 1.5);
      double largest = 0;
      for (int i = -150; i <= 150; i++) {
        double z = i / 100.0;
        assertThat(p.applyAsDouble(z) - p.applyAsDouble(-z)).isCloseTo(z, within(1e-12));
        largest = Math.max(largest, Math.abs(p.applyAsDouble(z) - Math.max(z, 0)));
      }
      assertThat(p.applyAsDouble(0)).isCloseTo(1.5 / Math.PI / (degree + 1), within(1e-12));
      assertThat(largest).isCloseTo(p.applyAsDouble(0), within(1e-12));
      assertThat(before == 0 || largest < 0.6 * before).isTrue();
      before = largest;
    }
  }

  @Test
  void aDeadStateNeedsADegreeThatGrows() {
    Dfa ones = LanguageCatalog.of("tomita-1").dfa();
    Dfa parity = LanguageCatalog.of("parity-odd").dfa();
    int degree = AutomatonNetwork.leastDegree(ones, 5, 1.5, 256);
    assertThat(degree).isGreaterThan(2 * AutomatonNetwork.leastDegree(ones, 3, 1.5, 256));
    assertThat(AutomatonNetwork.on(ones, AutomatonNetwork.chebyshev(degree, 1.5), 5).deviation())
        .isLessThan(1.0 / 3);
    assertThat(AutomatonNetwork.leastDegree(ones, 5, 1.5, degree - 2)).isZero();
    assertThat(AutomatonNetwork.leastDegree(parity, 9, 1.5, 256)).isLessThan(10);
  }
}
