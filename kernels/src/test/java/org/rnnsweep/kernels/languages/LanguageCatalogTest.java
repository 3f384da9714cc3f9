package org.rnnsweep.kernels.languages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every language against its definition, by brute force, and its counts against closed forms. */
class LanguageCatalogTest {
  private static final List<String> UP_TO_12 = Words.upTo(12);

  static Stream<Arguments> languages() {
    return Words.definitions().entrySet().stream()
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  @Test
  void everyNamedLanguageHasADefinitionHere() {
    assertThat(Words.definitions().keySet()).containsAll(LanguageCatalog.names());
    assertThat(LanguageCatalog.names())
        .containsExactly(
            "tomita-1",
            "tomita-2",
            "tomita-3",
            "tomita-4",
            "tomita-5",
            "tomita-6",
            "tomita-7",
            "parity-odd",
            "parity-even",
            "d-1",
            "d-2",
            "d-3",
            "d-4",
            "00-star",
            "0101-star",
            "00-star-11-star",
            "0-plus-1-plus",
            "exactly-one-1");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("languages")
  void membersAreTheWordsOfTheDefinition(String name, Predicate<String> definition) {
    Dfa dfa = LanguageCatalog.of(name).dfa();
    assertThat(UP_TO_12).hasSize((1 << 13) - 1);
    assertThat(UP_TO_12.stream().filter(word -> dfa.contains(word) != definition.test(word)))
        .isEmpty();
  }

  /**
   * A prefix is alive if a continuation of at most 6 symbols makes it a member: no language here
   * needs more, since none has a live state further than that from acceptance.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("languages")
  void aPrefixIsAliveIfTheDefinitionLetsItGoOn(String name, Predicate<String> definition) {
    Dfa dfa = LanguageCatalog.of(name).dfa();
    List<String> continuations = Words.upTo(6);
    Set<String> alive =
        Words.upTo(7).stream()
            .filter(word -> continuations.stream().anyMatch(c -> definition.test(word + c)))
            .collect(Collectors.toSet());
    for (String word : Words.upTo(6)) {
      int state = dfa.path(word)[word.length()];
      assertThat(dfa.alive(state)).as(word).isEqualTo(alive.contains(word));
      String legal =
          Stream.of("0", "1").filter(s -> alive.contains(word + s)).collect(Collectors.joining());
      assertThat(dfa.legalNext(state)).as(word).isEqualTo(legal);
    }
  }

  /**
   * Myhill and Nerode: as many states as there are classes of prefixes that a suffix tells apart.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("languages")
  void theAutomatonIsMinimal(String name, Predicate<String> definition) {
    List<String> suffixes = Words.upTo(6);
    long classes =
        Words.upTo(6).stream()
            .map(prefix -> suffixes.stream().map(s -> definition.test(prefix + s)).toList())
            .distinct()
            .count();
    assertThat(LanguageCatalog.of(name).dfa().states()).isEqualTo((int) classes);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("languages")
  void countsAreThoseOfBruteForce(String name, Predicate<String> definition) {
    MemberCounts counts = MemberCounts.upTo(LanguageCatalog.of(name).dfa(), 12);
    for (int length = 0; length <= 12; length++) {
      int n = length;
      long found = UP_TO_12.stream().filter(w -> w.length() == n && definition.test(w)).count();
      assertThat(counts.members(length))
          .as("length %d", length)
          .isEqualTo(BigInteger.valueOf(found));
    }
  }

  private static BigInteger binomial(int n, int k) {
    BigInteger product = BigInteger.ONE;
    for (int i = 0; i < k; i++) {
      product = product.multiply(BigInteger.valueOf(n - i)).divide(BigInteger.valueOf(i + 1));
    }
    return product;
  }

  private static BigInteger power(int base, int exponent) {
    return BigInteger.valueOf(base).pow(exponent);
  }

  private static BigInteger fibonacci(int n) {
    BigInteger a = BigInteger.ZERO;
    BigInteger b = BigInteger.ONE;
    for (int i = 0; i < n; i++) {
      BigInteger sum = a.add(b);
      a = b;
      b = sum;
    }
    return a;
  }

  private static BigInteger sum(IntStream ks, IntFunction<BigInteger> term) {
    return ks.mapToObj(term).reduce(BigInteger.ZERO, BigInteger::add);
  }

  private static void assertCounts(String name, int from, int step, IntFunction<BigInteger> count) {
    MemberCounts counts = MemberCounts.upTo(LanguageCatalog.of(name).dfa(), 200);
    for (int n = from; n <= 200; n++) {
      BigInteger expected = n % step == 0 ? count.apply(n) : BigInteger.ZERO;
      assertThat(counts.members(n)).as("%s at length %d", name, n).isEqualTo(expected);
    }
  }

  @Test
  void countsAreTheClosedForms() {
    BigInteger one = BigInteger.ONE;
    assertCounts("tomita-1", 0, 1, n -> one);
    assertCounts("tomita-2", 0, 2, n -> one);
    assertCounts("tomita-5", 2, 2, n -> power(2, n - 1));
    assertCounts(
        "tomita-6",
        0,
        1,
        n ->
            sum(
                IntStream.rangeClosed(0, n).filter(k -> (n - 2 * k) % 3 == 0),
                k -> binomial(n, k)));
    // Three changes of symbol at most where the first is 0, two where it is 1.
    assertCounts(
        "tomita-7",
        1,
        1,
        n ->
            sum(IntStream.rangeClosed(0, 3), k -> binomial(n - 1, k))
                .add(sum(IntStream.rangeClosed(0, 2), k -> binomial(n - 1, k))));
    assertCounts("parity-odd", 1, 1, n -> power(2, n - 1));
    assertCounts("parity-even", 1, 1, n -> power(2, n - 1));
    assertCounts("exactly-one-1", 0, 1, BigInteger::valueOf);
    assertCounts("00-star", 0, 2, n -> one);
    assertCounts("0101-star", 0, 4, n -> one);
    assertCounts("00-star-11-star", 0, 2, n -> BigInteger.valueOf(n / 2 + 1));
    assertCounts("0-plus-1-plus", 1, 1, n -> BigInteger.valueOf(n - 1));
    assertCounts("d-1", 0, 2, n -> one);
    assertCounts("d-2", 2, 2, n -> power(2, n / 2 - 1));
    assertCounts("d-3", 2, 2, n -> fibonacci(n - 1));
    assertCounts("d-4", 2, 2, n -> power(3, n / 2 - 1).add(one).divide(BigInteger.TWO));
    // Words without 11 are counted by Fibonacci's numbers.
    assertCounts("contains-11", 0, 1, n -> power(2, n).subtract(fibonacci(n + 2)));
  }

  /** Up to depth n the bound does not bind: Catalan's numbers. */
  @Test
  void shallowWordsAreCountedByCatalan() {
    for (int n = 1; n <= 4; n++) {
      MemberCounts counts = MemberCounts.upTo(LanguageCatalog.of("d-" + n).dfa(), 2 * n + 2);
      for (int k = 0; k <= n; k++) {
        BigInteger catalan = binomial(2 * k, k).divide(BigInteger.valueOf(k + 1));
        assertThat(counts.members(2 * k)).isEqualTo(catalan);
      }
      // One word of the next size is too deep: 0^(n+1) 1^(n+1).
      BigInteger next = binomial(2 * n + 2, n + 1).divide(BigInteger.valueOf(n + 2));
      assertThat(counts.members(2 * n + 2)).isEqualTo(next.subtract(BigInteger.ONE));
    }
  }

  @Test
  void wordsWithoutThreeZerosFollowTribonacci() {
    MemberCounts counts = MemberCounts.upTo(LanguageCatalog.of("tomita-4").dfa(), 200);
    assertThat(IntStream.range(0, 3).mapToObj(counts::members).map(BigInteger::intValue))
        .containsExactly(1, 2, 4);
    for (int n = 3; n <= 200; n++) {
      assertThat(counts.members(n))
          .isEqualTo(counts.members(n - 1).add(counts.members(n - 2)).add(counts.members(n - 3)));
    }
  }

  /** As counted by another program, three digits. */
  @ParameterizedTest
  @CsvSource({
    "tomita-1, 2, 50, 4.9e1",
    "tomita-2, 2, 50, 2.5e1",
    "tomita-3, 2, 50, 5.86e12",
    "tomita-4, 2, 50, 4.26e13",
    "tomita-5, 2, 50, 7.51e14",
    "tomita-6, 2, 50, 7.51e14",
    "tomita-7, 2, 50, 272048",
    "parity-even, 2, 50, 1.13e15",
    "d-2, 2, 100, 1.13e15",
    "d-3, 2, 100, 3.54e20",
    "d-4, 2, 100, 1.79e23",
    "00-star, 2, 500, 250",
    "0101-star, 4, 500, 125",
    "00-star-11-star, 2, 200, 5150",
    "0-plus-1-plus, 2, 200, 19900",
  })
  void theWindowsOfTheTableHoldSoManyWords(String name, int from, int to, BigDecimal count) {
    MemberCounts counts = MemberCounts.upTo(LanguageCatalog.of(name).dfa(), to);
    MathContext digits = new MathContext(3);
    assertThat(new BigDecimal(counts.members(from, to)).round(digits))
        .isEqualByComparingTo(count.round(digits));
  }

  @Test
  void aUserBringsALanguageAlong() {
    Language regex = LanguageCatalog.of("regex:01:0*1(0*10*1)*0*");
    Language table = LanguageCatalog.of("dfa:01:0,1;*1,0");
    assertThat(regex.dfa())
        .isEqualTo(LanguageCatalog.of("parity-odd").dfa())
        .isEqualTo(table.dfa());
    assertThat(regex.name()).isEqualTo("regex:01:0*1(0*10*1)*0*");
    assertThat(regex.labels()).isEqualTo(LabelKind.MEMBERSHIP);
    assertThat(LanguageCatalog.of("regex:ab:(ab)*").labels()).isEqualTo(LabelKind.VIABLE);
    assertThat(regex.plan()).isEqualTo(DataPlan.STANDARD);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "tomita-8; no language is called 'tomita-8'",
        "contains-; a pattern has from 1 to 64 symbols",
        "contains-012; a pattern has from 1 to 64 symbols",
        "regex:01; has no alphabet",
        "regex:0 1:0; distinct letters and digits, found '0 1'",
      })
  void aNameThatCannotBeReadIsRefused(String text, String message) {
    assertThatThrownBy(() -> LanguageCatalog.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
