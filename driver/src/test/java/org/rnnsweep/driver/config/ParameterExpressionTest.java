package org.rnnsweep.driver.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Parameter;

class ParameterExpressionTest {
  private static final List<Parameter> PARAMETERS = new ToyJob().parameters();
  private static final Configuration POINT =
      Configuration.of(Map.of("width", 800, "length", 4, "eps", 0.125, "estimator", "sgd"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1 + 2 * 3|7",
        "-2^2|-4", // as in mathematics and Python, not as in spreadsheets
        "2^3^2|512",
        "2^0.5 * 2^0.5|2",
        "ln(m)|6.684611727667927", // natural: ln 800
        "log(m)|6.684611727667927",
        "exp(1)|2.718281828459045",
        "sqrt(m * L * 2)|80",
        "min(m, L, 7) + max(m, 1) + abs(0 - L)|808",
        "1e3 / L - eps_x|249.875",
      })
  void isOrdinaryArithmetic(String text, double expected) {
    assertThat(ParameterExpression.of(text, PARAMETERS).value(POINT))
        .as("a few ULPs of the largest term")
        .isCloseTo(expected, within(1e-12 * Math.max(1, Math.abs(expected))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "m >= 50 * L^2|true",
        "m > 50 * L^2|false",
        "m <= 800 and L < 4|false",
        "m != 800 or not (L == 5)|true",
        "m <> 800 or !(L = 4)|false",
        "m == 800 && L <= 4|true",
        "estimator == 'sgd'|true",
        "estimator != \"sgd\"|false",
        "'sgd' == estimator and 1 < 2|true",
      })
  void comparesAndCombines(String text, boolean expected) {
    assertThat(ParameterExpression.of(text, PARAMETERS).test(POINT)).isEqualTo(expected);
  }

  @Test
  void barsMeanOr() {
    assertThat(ParameterExpression.of("m == 1 || L == 4", PARAMETERS).test(POINT)).isTrue();
    assertThat(ParameterExpression.of("m == 1 || L == 5", PARAMETERS).test(POINT)).isFalse();
  }

  @Test
  void roundingDoesNotDecideComparisons() {
    ParameterExpression inside = ParameterExpression.of("eps * length <= 0.5", PARAMETERS);
    ParameterExpression below = ParameterExpression.of("eps * length < 0.5", PARAMETERS);
    boolean sawAbove = false;
    for (int length = 1; length <= 1000; length++) {
      double eps = 0.5 / length;
      sawAbove |= eps * length > 0.5 || eps * length < 0.5;
      Configuration point = Configuration.of(Map.of("eps", eps, "length", length));
      assertThat(inside.test(point)).as("length %d", length).isTrue();
      assertThat(below.test(point)).as("length %d", length).isFalse();
    }
    assertThat(sawAbove).as("some products are rounded, or this tests nothing").isTrue();
  }

  @Test
  void readsItsOwnTextWithLongNames() {
    ParameterExpression expression =
        ParameterExpression.of("m >= 50 * L^2 and L < m and estimator == 'sgd'", PARAMETERS);
    assertThat(expression.text())
        .isEqualTo("width >= 50 * length^2 and length < width and estimator == 'sgd'");
    assertThat(expression.names()).containsExactlyInAnyOrder("width", "length", "estimator");
    assertThat(ParameterExpression.of(expression.text(), Set.copyOf(POINT.names())).test(POINT))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "widht > 3|unknown name 'widht'",
        "M > 3|unknown name 'M'",
        "random()|Undefined function 'random'",
        "str_length('a')|Undefined function",
        "pi|unknown name 'pi'",
        "m[0]|cannot read",
        "m.n|cannot read",
        "2m|cannot read",
        "(m|cannot read",
        "|cannot read",
        "sqrt(1, 2)|cannot read",
        "m = = 3|cannot read",
        "m % 2|cannot read",
        "estimator > 3|each side of '>' must be a number, found a choice",
        "estimator == 3|the right side of '==' must be a choice, found a number",
        "m + (L > 3)|each side of '+' must be a number, found a comparison",
        "m > 3 and L|each side of 'and' must be a comparison, found a number",
        "m > 3 or L|each side of 'or' must be a comparison, found a number",
        "not m|what follows 'not' must be a comparison, found a number",
        "estimator == 'sdg'|'sdg' is never a value of 'estimator' (allowed: exact, sgd, naive)",
      })
  void refusesEverythingElseBeforeAnythingIsEvaluated(String text, String expected) {
    assertThatThrownBy(() -> ParameterExpression.of(text == null ? "" : text, PARAMETERS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void aSkippedSideNeedsNoValue() {
    Configuration exact = Configuration.of(Map.of("estimator", "exact"));
    ParameterExpression guarded =
        ParameterExpression.of("estimator == 'sgd' and steps > 10", PARAMETERS);
    assertThat(guarded.test(exact)).isFalse();
    assertThatThrownBy(() -> ParameterExpression.of("steps > 10", PARAMETERS).test(exact))
        .hasMessage("'steps' has no value here: 'steps > 10'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9^9^9^9", "9^(0-9)^9^9", "exp(exp(exp(9)))"})
  void hugePowersOverflowAtOnce(String text) {
    // EvalEx's own decimal evaluator was still computing the first after ten minutes.
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> ParameterExpression.of(text, PARAMETERS).value(POINT));
  }

  @Test
  void refusesNovels() {
    assertThatThrownBy(() -> ParameterExpression.of("1+".repeat(600) + "1", PARAMETERS))
        .hasMessage("an expression has at most 1000 characters, found 1201");
    assertThat(
            ParameterExpression.of("(".repeat(490) + "1" + ")".repeat(490), PARAMETERS)
                .value(POINT))
        .isEqualTo(1);
  }
}
