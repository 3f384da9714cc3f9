package org.rnnsweep.kernels.languages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Pattern;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The oracle is the engine of the Java library, which backtracks and knows no automata. */
class RegularExpressionTest {

  private static void assertSameAsJava(String expression) {
    Dfa dfa = RegularExpression.compile("01", expression);
    Pattern pattern = Pattern.compile(expression);
    for (String word : Words.upTo(8)) {
      assertThat(dfa.contains(word))
          .as("%s in %s", word, expression)
          .isEqualTo(pattern.matcher(word).matches());
    }
  }

  @Test
  void randomExpressionsMeanWhatTheyMeanInJava() {
    UniformRandomProvider random = Words.random(97);
    for (int i = 0; i < 300; i++) {
      assertSameAsJava(expression(random, 3));
    }
  }

  private static String expression(UniformRandomProvider random, int depth) {
    int kind = depth == 0 ? 3 : random.nextInt(10);
    switch (kind) {
      case 0, 1, 2:
        return expression(random, depth - 1) + expression(random, depth - 1);
      case 3:
        return new String[] {"0", "1", ".", "()"}[random.nextInt(4)];
      case 4, 5:
        return "(" + expression(random, depth - 1) + "|" + expression(random, depth - 1) + ")";
      default:
        String[] counts = {"*", "+", "?", "{0}", "{2}", "{1,}", "{0,2}", "{1,3}"};
        return "(" + expression(random, depth - 1) + ")" + counts[random.nextInt(counts.length)];
    }
  }

  @Test
  void edges() {
    for (String expression :
        new String[] {"", "()", "0|", "|", "(|0)*", "(0*)*", "((0|1)*){3}", "(0*1*){2}", "1{0}"}) {
      assertSameAsJava(expression);
    }
    // A repeat of a repeat, which Java reads as a possessive or reluctant one.
    assertThat(RegularExpression.compile("01", "0{2}*"))
        .isEqualTo(LanguageCatalog.of("00-star").dfa());
    assertThat(RegularExpression.compile("01", "0+?"))
        .isEqualTo(RegularExpression.compile("01", "0*"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "(0; place 3: found no ')'",
        "0); place 2: found a ')' that nothing opened",
        "*; place 1: found '*', which is neither a symbol",
        "0|*; place 3: found '*'",
        "02; place 2: found '2'",
        "0 1; place 2: found ' '",
        "0{; place 3: found no number of repeats",
        "0{2; place 4: found no '}'",
        "0{2,; place 5: found no number",
        "0{3,2}; a largest number of repeats below the least",
        "0{1001}; no number of repeats from 0 to 1000",
        "((((){1000}){1000}){1000}){1000}; needs more than 10000 states",
        "(0|1)*1(0|1){20}; more than 4096 states before",
      })
  void whatCannotBeReadIsRefused(String expression, String message) {
    assertThatThrownBy(() -> RegularExpression.compile("01", expression))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatIsTooLongIsRefused() {
    assertThatThrownBy(() -> RegularExpression.compile("01", "0".repeat(1001)))
        .hasMessage("an expression has at most 1000 characters, found 1001");
    assertThat(RegularExpression.compile("01", "(".repeat(300) + ")".repeat(300)).states())
        .isEqualTo(2);
    assertThat(RegularExpression.compile("01", "0".repeat(1000)).states()).isEqualTo(1002);
  }
}
