package org.rnnsweep.kernels.languages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.rnnsweep.kernels.random.StreamKey;

class LabelKindTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("org.rnnsweep.kernels.languages.LanguageCatalogTest#languages")
  void labelsFollowTheDefinition(String name, Predicate<String> definition) {
    Dfa dfa = LanguageCatalog.of(name).dfa();
    List<String> continuations = Words.upTo(6);
    for (String word : Words.upTo(5)) {
      byte[] viable = LabelKind.VIABLE.of(dfa, word);
      byte[] accept = LabelKind.ACCEPT.of(dfa, word);
      byte[] membership = LabelKind.MEMBERSHIP.of(dfa, word);
      assertThat(List.of(viable.length, accept.length, membership.length))
          .containsOnly(2 * word.length());
      for (int i = 0; i < word.length(); i++) {
        String prefix = word.substring(0, i + 1);
        for (int symbol = 0; symbol < 2; symbol++) {
          String after = prefix + symbol;
          boolean alive = continuations.stream().anyMatch(c -> definition.test(after + c));
          assertThat(viable[2 * i + symbol] == 1).isEqualTo(alive);
          assertThat(accept[2 * i + symbol] == 1).isEqualTo(definition.test(after));
          assertThat(membership[2 * i + symbol] == 1)
              .isEqualTo(definition.test(prefix) == (symbol == 1));
        }
      }
    }
  }

  /** What the benchmark asks of each language. */
  @Test
  void kindsAreTheBenchmarks() {
    for (String name : LanguageCatalog.names()) {
      LabelKind expected =
          switch (name) {
            case "tomita-3" -> LabelKind.ACCEPT;
            case "tomita-5", "tomita-6", "parity-odd", "parity-even", "00-star", "0101-star" ->
                LabelKind.MEMBERSHIP;
            default -> LabelKind.VIABLE;
          };
      assertThat(LanguageCatalog.of(name).labels()).as(name).isEqualTo(expected);
      assertThat(LabelKind.ofLabel(expected.label())).isEqualTo(expected);
    }
    assertThatThrownBy(() -> LabelKind.ofLabel("legal"))
        .hasMessage("no kind of label is called 'legal', the names are viable, accept, membership");
  }

  /** Depth 0 lets only open, the full depth only close, between them both: the benchmark's rule. */
  @Test
  void depthsOfD2() {
    Dfa dfa = LanguageCatalog.of("d-2").dfa();
    assertThat(LabelKind.VIABLE.of(dfa, "0011")).containsExactly(1, 1, 0, 1, 1, 1, 1, 0);
  }

  /**
   * The scores that another program found for its restatement of the benchmark's samplers, printed
   * to three digits. The bounds are four standard errors of 2000 words and half a unit of the last
   * printed digit; a share printed as 0 is taken for one word.
   */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "tomita-1, viable, 1, 1",
    "tomita-2, viable, 0, 1",
    "tomita-3, accept, 0.004, 0.008",
    "tomita-3, viable, 0.541, 0.541",
    "tomita-4, viable, 0.028, 0.028",
    "tomita-5, membership, 0, 0",
    "tomita-6, membership, 0, 0.001",
    "tomita-7, viable, 0.265, 0.265",
    "parity-even, membership, 0.001, 0.001",
    "d-2, viable, 0, 0",
    "d-3, viable, 0, 0",
    "d-4, viable, 0, 0",
    "00-star, membership, 0, 0",
    "0101-star, membership, 0, 0",
    "0-plus-1-plus, viable, 0, 1",
  })
  void trivialScoresAreTheBenchmarks(String name, String kind, double constant, double last) {
    Language language = LanguageCatalog.of(name);
    LanguageData data = LanguageData.draw(language, language.plan(), StreamKey.of(20240614));
    TrivialScores scores = TrivialScores.of(language.dfa(), LabelKind.ofLabel(kind), data.test());
    assertThat(scores.constant()).isBetween(constant - slack(constant), constant + slack(constant));
    assertThat(scores.lastSymbol()).isBetween(last - slack(last), last + slack(last));
  }

  private static double slack(double share) {
    double some = Math.max(share, 1 / 2000.0);
    return share == 1 ? 0 : 4 * Math.sqrt(some * (1 - some) / 2000) + 0.0005;
  }

  /**
   * By hand: of these words of 0*10*, constant answers get 00 right, the last symbol all but 11.
   */
  @Test
  void trivialScoresByHand() {
    Dfa dfa = LanguageCatalog.of("contains-11").dfa();
    List<String> words = List.of("00", "0101", "11", "110", "1");
    // Members from the second 1 of 11 on; constant (1, 0) is right for 00, 0101 and 1.
    assertThat(TrivialScores.of(dfa, LabelKind.MEMBERSHIP, words))
        .isEqualTo(new TrivialScores(0.6, 0.6));
    // Membership of parity: after 1 odd, after 0 odd or even.
    Dfa parity = LanguageCatalog.of("parity-odd").dfa();
    assertThat(TrivialScores.of(parity, LabelKind.MEMBERSHIP, List.of("1", "10", "0", "01", "11")))
        .isEqualTo(new TrivialScores(0.4, 0.6));
    assertThatThrownBy(() -> TrivialScores.of(dfa, LabelKind.VIABLE, List.of("")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
