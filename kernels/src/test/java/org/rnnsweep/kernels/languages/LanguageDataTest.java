package org.rnnsweep.kernels.languages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rnnsweep.kernels.languages.LanguageData.Bin;
import org.rnnsweep.kernels.random.StreamKey;

class LanguageDataTest {
  private static final StreamKey KEY = StreamKey.of(20240613).name("data");

  private static LanguageData draw(String name) {
    Language language = LanguageCatalog.of(name);
    return LanguageData.draw(language, language.plan(), KEY);
  }

  private static void assertMembers(Language language, List<String> words, int min, int max) {
    assertThat(words)
        .allMatch(language.dfa()::contains)
        .allMatch(word -> word.length() >= min && word.length() <= max);
  }

  /**
   * The table's sizes: training, least and most test words, lengths, and whether the language is
   * too small for disjoint sets.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "tomita-1, 50, 0, 49, 2, 50, true",
    "tomita-2, 25, 0, 25, 2, 50, true",
    "tomita-3, 10000, 2000, 2000, 2, 50, false",
    "tomita-4, 10000, 2000, 2000, 2, 50, false",
    "tomita-5, 10000, 2000, 2000, 2, 50, false",
    "tomita-6, 10000, 2000, 2000, 2, 50, false",
    "tomita-7, 10000, 2000, 2000, 2, 50, false",
    "parity-odd, 10000, 2000, 2000, 2, 50, false",
    "parity-even, 10000, 2000, 2000, 2, 50, false",
    "d-1, 50, 0, 50, 2, 100, true",
    "d-2, 10000, 2000, 2000, 2, 100, false",
    "d-3, 10000, 2000, 2000, 2, 100, false",
    "d-4, 10000, 2000, 2000, 2, 100, false",
    "00-star, 250, 0, 50, 2, 500, true",
    "0101-star, 125, 0, 25, 4, 500, true",
    "00-star-11-star, 10000, 0, 2000, 2, 200, true",
    "0-plus-1-plus, 10000, 2000, 2000, 2, 200, false",
    "exactly-one-1, 10000, 0, 1274, 2, 50, true",
    "contains-0110, 10000, 2000, 2000, 2, 50, false",
  })
  void theDataAreTheTables(
      String name, int train, int leastTest, int mostTest, int min, int max, boolean seen) {
    LanguageData data = draw(name);
    assertThat(data.train()).hasSize(train);
    assertThat(data.test())
        .hasSizeBetween(Math.max(leastTest, 1), mostTest)
        .doesNotHaveDuplicates();
    assertMembers(data.language(), data.train(), min, max);
    assertMembers(data.language(), data.test(), min, max);
    assertThat(data.bins()).hasSize(1);
    Set<String> trained = new HashSet<>(data.train());
    assertThat(data.seen()).isEqualTo((int) data.test().stream().filter(trained::contains).count());
    assertThat(data.disjoint()).isEqualTo(!seen);
    if (!seen) {
      assertThat(data.train()).doesNotHaveDuplicates();
    }
  }

  @Test
  void theSameKeyDrawsTheSameWords() {
    for (String name : List.of("tomita-3", "tomita-1", "d-3")) {
      Language language = LanguageCatalog.of(name);
      DataPlan plan = language.plan().withStrings(300, 60).withBins(2, 50);
      LanguageData one = LanguageData.draw(language, plan, KEY);
      LanguageData two = LanguageData.draw(language, plan, StreamKey.of(20240613).name("data"));
      LanguageData other = LanguageData.draw(language, plan, KEY.seed(1));
      assertThat(two.train()).isEqualTo(one.train());
      assertThat(two.bins()).isEqualTo(one.bins());
      assertThat(other.train()).isNotEqualTo(one.train());
      assertThat(other.bins()).isNotEqualTo(one.bins());
    }
  }

  @Test
  void aDrawIsSealed() {
    // A change here changes every stored result: it needs a new version of the job.
    Language language = LanguageCatalog.of("tomita-7");
    LanguageData data =
        LanguageData.draw(language, language.plan().withStrings(2, 1).withLengths(2, 12), KEY);
    assertThat(data.train()).containsExactly("000001111", "000000000000");
    assertThat(data.test()).containsExactly("1111111100");
  }

  /**
   * Likely words come early in a list of different ones: in the order of drawing, a test of
   * Tomita-7 has far fewer words without a fourth block than its training.
   */
  @Test
  void trainingAndTestHaveTheSameLaw() {
    LanguageData data = draw("tomita-7");
    double train = data.train().stream().filter(w -> w.matches("0*1*0*")).count() / 10_000.0;
    double test = data.test().stream().filter(w -> w.matches("0*1*0*")).count() / 2000.0;
    // Four standard errors of a difference of shares: by chance once in 16000 seeds.
    double error = Math.sqrt(train * (1 - train) * (1 / 10_000.0 + 1 / 2000.0));
    assertThat(test - train).isBetween(-4 * error, 4 * error);
  }

  @Test
  void binsHoldLongerWords() {
    for (String name : LanguageCatalog.names()) {
      Language language = LanguageCatalog.of(name);
      int max = language.plan().maxLength();
      DataPlan plan = language.plan().withStrings(200, 100).withBins(3, 50);
      LanguageData data = LanguageData.draw(language, plan, KEY);
      assertThat(data.bins()).hasSize(4);
      Set<String> trained = new HashSet<>(data.train());
      for (int i = 1; i <= 3; i++) {
        Bin bin = data.bins().get(i);
        assertThat(bin.minLength()).isEqualTo(max + 1 + 50 * (i - 1));
        assertThat(bin.maxLength()).isEqualTo(max + 50 * i);
        assertMembers(language, bin.words(), bin.minLength(), bin.maxLength());
        assertThat(bin.words()).isNotEmpty().doesNotHaveDuplicates().noneMatch(trained::contains);
      }
      // 50 lengths of 1s, or 100 words where there are more than that.
      int expected =
          switch (name) {
            case "tomita-1" -> 50;
            case "tomita-2", "d-1", "00-star" -> 25;
            case "0101-star" -> 12; // 504 to 548
            default -> 100;
          };
      assertThat(data.bins().get(1).words()).as(name).hasSize(expected);
    }
  }

  /** The bin of 201 to 250 has 11225 words of 00*11*, but its sampler can make 1225 of them. */
  @Test
  void aSamplerThatRunsOutGivesWhatItHas() {
    Language language = LanguageCatalog.of("0-plus-1-plus");
    DataPlan plan = language.plan().withStrings(100, 2000).withBins(1, 50);
    assertThat(LanguageData.draw(language, plan, KEY).bins().get(1).words())
        .hasSizeBetween(1000, 1300);
  }

  @Test
  void uniformSamplingIsAnotherLaw() {
    Language language = LanguageCatalog.of("tomita-7");
    LanguageData uniform =
        LanguageData.draw(language, language.plan().withSampling(Sampling.UNIFORM), KEY);
    assertThat(uniform.sampling()).isEqualTo(Sampling.UNIFORM);
    assertThat(draw("tomita-7").sampling()).isEqualTo(Sampling.BENCHMARK);
    assertThat(draw("d-2").sampling()).isEqualTo(Sampling.UNIFORM);
    double without = uniform.test().stream().filter(w -> w.matches("0*1*0*")).count() / 2000.0;
    assertThat(without).isLessThan(0.2);
  }

  @Test
  void meanLengthsAreThoseOfTheSampler() {
    for (String name : List.of("tomita-4", "tomita-7", "d-3", "00-star")) {
      Language language = LanguageCatalog.of(name);
      double drawn =
          LanguageData.draw(language, language.plan(), KEY).train().stream()
              .mapToInt(String::length)
              .average()
              .getAsDouble();
      assertThat(LanguageData.meanLength(language, language.plan()))
          .isBetween(0.7 * drawn, 1.3 * drawn);
    }
  }

  @Test
  void aWindowWithoutMembersIsRefused() {
    Language finite = LanguageCatalog.of("regex:01:0?1?");
    assertThatThrownBy(() -> LanguageData.draw(finite, DataPlan.STANDARD.withLengths(3, 5), KEY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("regex:01:0?1? has no member of 3 to 5 symbols");
    assertThatThrownBy(
            () ->
                LanguageData.draw(finite, DataPlan.STANDARD.withLengths(1, 2).withBins(1, 5), KEY))
        .hasMessage("regex:01:0?1? has no member of 3 to 7 symbols");
    assertThatThrownBy(() -> DataPlan.STANDARD.withLengths(5, 4))
        .hasMessage("the longest length is from 5 to 10000, found 4");
    assertThatThrownBy(() -> DataPlan.STANDARD.withLengths(0, 4))
        .hasMessage("the shortest length is from 1 to 10000, found 0");
    assertThatThrownBy(() -> DataPlan.STANDARD.withBins(200, 50))
        .hasMessage("the number of extra bins is from 0 to 199, found 200");
  }
}
