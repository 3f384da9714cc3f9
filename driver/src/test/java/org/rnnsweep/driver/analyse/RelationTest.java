package org.rnnsweep.driver.analyse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rnnsweep.driver.analyse.Relation.Direction;
import org.rnnsweep.driver.analyse.Relation.Kind;

class RelationTest {

  @ParameterizedTest
  @CsvSource({
    "-1/12, -0.08333333333333333",
    "ln(2)/2, 0.34657359027997264",
    "sqrt(2), 1.4142135623730951",
    "11/6, 1.8333333333333333",
    "1e-12, 1e-12",
    "2^(-3) - 1, -0.875",
    "-2^2, -4",
    "2^3^2, 512",
    "pi, 3.141592653589793",
    "exp(1), 2.718281828459045"
  })
  void boundsAreConstants(String text, double value) {
    assertThat(Relation.parse("exponent <= " + text).bound()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exponent <= -1/12",
        "exponent = 0",
        "exponent of mean <= -1",
        "exact exponent = -1/3",
        "rate = 0.34657359027997264",
        "limit = 1",
        "value <= 3.05",
        "probability >= 0.9",
        "monotone decreasing",
        "monotone increasing",
        "polynomial",
        "exponential",
        "identity <= 1.0E-12",
        "exponent <= 0 on rays of n to power 1/2",
        "probability >= 0.4 for some learning_rate"
      })
  void textAndRelationAreOneAnother(String text) {
    assertThat(Relation.parse(text)).hasToString(text);
    assertThat(Relation.parse("  " + text.replace(" ", "  "))).isEqualTo(Relation.parse(text));
  }

  @Test
  void everyFractionComesBackAsItWas() {
    for (int q = 1; q < 200; q++) {
      for (int p = -2 * q; p <= 2 * q; p++) {
        Relation relation = new Relation(Kind.EXPONENT, Direction.AT_LEAST, (double) p / q);
        assertThat(Relation.parse(relation.toString()).bound()).isEqualTo(relation.bound());
      }
    }
  }

  @Test
  void raysNameTheirParameterAndPower() {
    assertThat(Relation.parse("exponent<=0 on rays of row_count to power 1/3"))
        .isEqualTo(new Relation(Kind.RAYS, Direction.AT_MOST, 0, "0", "row_count", 1.0 / 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "exponent",
        "exponent < 1",
        "slope <= 1",
        "monotone",
        "polynomial <= 2",
        "limit <= 1",
        "limit = 0",
        "identity >= 1",
        "identity <= -1",
        "probability <= 1.5",
        "probability = 0.5",
        "exponent <= 0 on rays of n to power 0",
        "rate <= 0 on rays of n to power 1",
        "value <= 0 for some n",
        "probability <= 2 for some n"
      })
  void whatIsNotARelationSaysWhatIs(String text) {
    assertThatThrownBy(() -> Relation.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a relation: '" + text + "'")
        .hasMessageContaining("'exponent <= E'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m",
        "1/0",
        "ln(0)",
        "ln(-1)",
        "random()",
        "dt_now()",
        "1 < 2",
        "\"1\"",
        "(1",
        "x"
      })
  void whatIsNotAConstantIsRefused(String text) {
    assertThatThrownBy(() -> Relation.parse("exponent <= " + text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a constant: '" + text + "'");
  }
}
