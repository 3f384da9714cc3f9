package org.rnnsweep.kernels.languages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemberCountsTest {
  /**
   * False-alarm rate of each chi-square test here; there are four. The seeds were chosen before the
   * first run.
   */
  private static final double ALPHA = 1e-4;

  @ParameterizedTest(name = "{0}")
  @MethodSource("org.rnnsweep.kernels.languages.LanguageCatalogTest#languages")
  void ranksRunThroughTheMembersInOrder(String name, Predicate<String> definition) {
    MemberCounts counts = MemberCounts.upTo(LanguageCatalog.of(name).dfa(), 9);
    for (int length = 0; length <= 9; length++) {
      int n = length;
      List<String> ranked =
          IntStream.range(0, counts.members(length).intValueExact())
              .mapToObj(rank -> counts.member(n, BigInteger.valueOf(rank)))
              .toList();
      assertThat(ranked).isEqualTo(Words.ofLength(length).stream().filter(definition).toList());
    }
  }

  private static Map<String, Double> uniform(String name, int length) {
    List<String> members =
        Words.ofLength(length).stream().filter(Words.definitions().get(name)).toList();
    return members.stream().collect(Collectors.toMap(w -> w, w -> 1.0 / members.size()));
  }

  /** Lengths at which the number of members is no power of two: the draw of a rank must reject. */
  @ParameterizedTest
  @ValueSource(strings = {"tomita-3", "tomita-4", "d-4", "tomita-7"})
  void everyMemberIsAsLikely(String name) {
    int length = name.equals("d-4") ? 12 : 9;
    Map<String, Double> law = uniform(name, length);
    assertThat(Integer.bitCount(law.size())).isGreaterThan(1);
    MemberCounts counts = MemberCounts.upTo(LanguageCatalog.of(name).dfa(), length);
    UniformRandomProvider random = Words.random(20240611);
    int draws = 200 * law.size();
    assertThat(Words.pValue(law, draws, () -> counts.sample(length, random))).isGreaterThan(ALPHA);
    // The twin walks by fair choices among the symbols that can still end well.
    assertThat(Words.pValue(law, draws, () -> walk(name, length, random))).isLessThan(ALPHA);
  }

  private static String walk(String name, int length, UniformRandomProvider random) {
    Dfa dfa = LanguageCatalog.of(name).dfa();
    while (true) {
      StringBuilder word = new StringBuilder();
      int state = 0;
      while (word.length() < length) {
        String legal = dfa.legalNext(state);
        char symbol = legal.charAt(random.nextInt(legal.length()));
        word.append(symbol);
        state = dfa.next(state, symbol - '0');
      }
      if (dfa.accepts(state)) {
        return word.toString();
      }
    }
  }

  /** At length 2000 a count has 1999 bits, and the symbols of a uniform odd word are fair bits. */
  @Test
  void longWordsAreDrawnExactlyToo() {
    Dfa dfa = LanguageCatalog.of("parity-odd").dfa();
    MemberCounts counts = MemberCounts.upTo(dfa, 2000);
    assertThat(counts.members(2000)).isEqualTo(BigInteger.ONE.shiftLeft(1999));
    UniformRandomProvider random = Words.random(7);
    long ones = 0;
    for (int i = 0; i < 100; i++) {
      String word = counts.sample(2000, random);
      assertThat(dfa.contains(word)).isTrue();
      ones += word.chars().filter(c -> c == '1').count();
    }
    // 200000 fair bits: four standard errors, exceeded by chance once in 16000 seeds.
    assertThat(ones / 2e5)
        .isBetween(0.5 - 4 * 0.5 / Math.sqrt(2e5), 0.5 + 4 * 0.5 / Math.sqrt(2e5));
  }

  @Test
  void whatIsNotThereIsRefused() {
    MemberCounts counts = MemberCounts.upTo(LanguageCatalog.of("00-star").dfa(), 4);
    assertThatThrownBy(() -> counts.sample(3, Words.random(1)))
        .hasMessage("no member has length 3");
    assertThatThrownBy(() -> counts.member(4, BigInteger.ONE))
        .hasMessage("there are 1 members of length 4, found rank 1");
    assertThatThrownBy(() -> counts.members(5)).hasMessage("lengths 0 to 4 were counted, found 5");
    assertThatThrownBy(() -> MemberCounts.upTo(LanguageCatalog.of("00-star").dfa(), -1))
        .hasMessage("a length is at least 0, found -1");
    assertThat(counts.member(0, BigInteger.ZERO)).isEmpty();
    assertThat(counts.members(1, 4)).isEqualTo(BigInteger.TWO);
  }
}
