package org.rnnsweep.kernels.languages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * The benchmark's samplers against their laws, worked out in full on small windows. Each law is
 * tested by chi-square with a false-alarm rate of 1e-4 (ten of them), and a law that is slightly
 * another must be rejected at that rate.
 */
class ProposalTest {
  private static final double ALPHA = 1e-4;
  private static final int DRAWS = 40_000;

  private static Supplier<String> source(String name, int min, int max) {
    Language language = LanguageCatalog.of(name);
    MemberCounts counts = MemberCounts.upTo(language.dfa(), max);
    StreamKey key = StreamKey.of(20240612).name(name);
    return WordSource.of(language, Sampling.BENCHMARK, min, max, counts, key)::next;
  }

  /** The part of a law that is in the window and in the language, scaled to 1. */
  private static Map<String, Double> kept(Map<String, Double> law, Predicate<String> keep) {
    Map<String, Double> kept = new HashMap<>(law);
    kept.keySet().removeIf(word -> !keep.test(word));
    double sum = kept.values().stream().mapToDouble(Double::doubleValue).sum();
    kept.replaceAll((word, p) -> p / sum);
    return kept;
  }

  private static void assertLaw(
      String name, int min, int max, Map<String, Double> law, Map<String, Double> twin) {
    assertThat(Words.pValue(law, DRAWS, source(name, min, max))).as(name).isGreaterThan(ALPHA);
    assertThat(Words.pValue(twin, DRAWS, source(name, min, max))).as("twin").isLessThan(ALPHA);
  }

  private static void add(Map<String, Double> law, String word, double p) {
    law.merge(word, p, Double::sum);
  }

  @Test
  void onesAndCopies() {
    Map<String, Double> ones = new HashMap<>();
    Map<String, Double> pairs = new HashMap<>();
    Map<String, Double> longer = new HashMap<>();
    for (int n = 2; n <= 9; n++) {
      add(ones, "1".repeat(n), 1 / 8.0);
      add(longer, "0101".repeat(n / 4), 1);
    }
    for (int n = 2; n <= 8; n++) {
      add(pairs, "10".repeat((n + 1) / 2), 1 / 7.0);
    }
    Map<String, Double> flat = new HashMap<>(pairs);
    flat.replaceAll((word, p) -> 1.0 / pairs.size());
    Map<String, Double> tilted = new HashMap<>(ones);
    tilted.merge("11", 0.02, Double::sum);
    assertLaw("tomita-1", 2, 9, ones, kept(tilted, w -> true));
    assertLaw("tomita-2", 2, 9, pairs, flat);
    // 4 copies of n from 4 to 7, 8 of 8 and 9; below 4 there is no word of the window.
    Map<String, Double> units = kept(longer, w -> w.length() >= 2);
    assertThat(units.get("0101")).isEqualTo(4 / 6.0);
    assertLaw("0101-star", 2, 9, units, kept(Map.of("0101", 1.0, "01010101", 1.0), w -> true));
  }

  /**
   * The block sampler step by step: a block of size 0 changes nothing, so the step is conditioned
   * on a size that is not 0.
   *
   * @param reset whether a run of 1s starts to be counted anew after 0s, as it should
   */
  private static void blocks(
      String word, int length, boolean odd, boolean reset, double p, Map<String, Double> law) {
    int room = length - word.length();
    if (room == 0) {
      add(law, word, p);
      return;
    }
    int zeroSizes = odd ? room / 2 : room; // that are not 0
    double step = odd ? 2 : 1;
    double stay = 0.5 / (room + 1) + 0.5 / (zeroSizes + 1);
    for (int size = 1; size <= room; size++) {
      boolean before = odd && !(reset && word.endsWith("0"));
      double here = p * 0.5 / (room + 1) / (1 - stay);
      blocks(word + "1".repeat(size), length, before ^ size % 2 == 1, reset, here, law);
    }
    for (int i = 1; i <= zeroSizes; i++) {
      double here = p * 0.5 / (zeroSizes + 1) / (1 - stay);
      blocks(word + "0".repeat((int) step * i), length, odd, reset, here, law);
    }
  }

  @Test
  void tomita3() {
    Map<String, Double> law = new HashMap<>();
    Map<String, Double> twin = new HashMap<>();
    for (int length = 2; length <= 6; length++) {
      blocks("", length, false, true, 1 / 5.0, law);
      blocks("", length, false, false, 1 / 5.0, twin);
    }
    Predicate<String> definition = Words.definitions().get("tomita-3");
    assertThat(law.keySet()).allMatch(definition);
    assertThat(law.values().stream().mapToDouble(p -> p).sum()).isBetween(1 - 1e-12, 1 + 1e-12);
    assertLaw("tomita-3", 2, 6, law, kept(twin, definition));
  }

  @Test
  void tomita4() {
    Map<String, Double> law = new HashMap<>();
    Map<String, Double> uniform = new HashMap<>();
    for (String word : Words.upTo(6)) {
      if (word.length() >= 2 && !word.contains("000")) {
        long forced = 0; // 1s that follow two 0s
        for (int i = 2; i < word.length(); i++) {
          forced += word.startsWith("00", i - 2) ? 1 : 0;
        }
        law.put(word, 0.2 * Math.pow(0.5, word.length() - forced));
        uniform.put(word, 1.0);
      }
    }
    assertLaw("tomita-4", 2, 6, law, kept(uniform, w -> true));
  }

  /** Fair coins with an end of probability 1 - 2p after each but the last. */
  private static Map<String, Double> coins(int max, double p) {
    Map<String, Double> law = new HashMap<>();
    for (String word : Words.upTo(max)) {
      law.put(word, Math.pow(p, word.length()) * (word.length() < max ? 1 - 2 * p : 1));
    }
    return law;
  }

  @Test
  void tomita5And6() {
    // L = (2 + 7) / 2 rounded down is 4, p = 4 / 10; at L = 4.5 it would be 9 / 22.
    for (String name : new String[] {"tomita-5", "tomita-6"}) {
      Predicate<String> keep = Words.definitions().get(name).and(w -> w.length() >= 2);
      assertLaw(name, 2, 7, kept(coins(7, 0.4), keep), kept(coins(7, 0.36), keep));
    }
  }

  private static Map<String, Double> blocks(int max) {
    Map<String, Double> law = new HashMap<>();
    for (int a = 0; a <= max; a++) {
      for (int b = 0; a + b <= max; b++) {
        for (int c = 0; a + b + c <= max; c++) {
          for (int d = 0; a + b + c + d <= max; d++) {
            String word = "0".repeat(a) + "1".repeat(b) + "0".repeat(c) + "1".repeat(d);
            double p = 1.0 / (max + 1) / (max - a + 1) / (max - a - b + 1) / (max - a - b - c + 1);
            add(law, word, p);
          }
        }
      }
    }
    return law;
  }

  @Test
  void tomita7() {
    assertLaw(
        "tomita-7",
        2,
        6,
        kept(blocks(6), w -> w.length() >= 2),
        kept(blocks(6), w -> w.length() >= 2 && !w.equals("01")));
  }

  /**
   * The plateau of networks that call every symbol legal is the share of words without a fourth
   * block: 0.2647 by another program that restates the benchmark, 0.2634 by the benchmark itself,
   * with 12000 different words each. Of K draws a word of probability p is among the different ones
   * with probability 1 - (1 - p)^K; K is such that 12000 are expected.
   */
  @Test
  void tomita7HasItsFingerprint() {
    Map<String, Double> law = kept(blocks(50), w -> w.length() >= 2);
    double fewest = 1e4;
    double most = 1e6;
    while (most - fewest > 1e-3) {
      double draws = (fewest + most) / 2;
      if (law.values().stream().mapToDouble(p -> 1 - Math.pow(1 - p, draws)).sum() < 12_000) {
        fewest = draws;
      } else {
        most = draws;
      }
    }
    double without = 0;
    double length = 0;
    double longest = 0;
    for (Map.Entry<String, Double> entry : law.entrySet()) {
      String word = entry.getKey();
      double share = (1 - Math.pow(1 - entry.getValue(), most)) / 12_000;
      without += word.matches("0*1*0*") ? share : 0;
      length += word.length() * share;
      longest += word.length() == 50 ? share : 0;
    }
    assertThat(without).isBetween(0.2634, 0.2647);
    assertThat(length).isBetween(44.5, 45.5); // "mean length 45"
    assertThat(longest).isBetween(0.205, 0.215); // "21 % have length 50"
    Language language = LanguageCatalog.of("tomita-7");
    LanguageData data = LanguageData.draw(language, language.plan(), StreamKey.of(20240612));
    long stuck =
        Stream.concat(data.train().stream(), data.test().stream())
            .filter(word -> word.matches("0*1*0*"))
            .count();
    // Four standard errors: by chance once in 16000 seeds.
    double error = Math.sqrt(without * (1 - without) / 12_000);
    assertThat(stuck / 12_000.0).isBetween(without - 4 * error, without + 4 * error);
  }

  @Test
  void parity() {
    for (int remainder = 0; remainder < 2; remainder++) {
      Map<String, Double> law = new HashMap<>();
      Map<String, Double> dropped = new HashMap<>();
      int wanted = remainder;
      Predicate<String> right = w -> w.chars().filter(c -> c == '1').count() % 2 == wanted;
      for (Map.Entry<String, Double> coins : coins(6, 0.4).entrySet()) { // L = (2 + 6) / 2
        String word = coins.getKey();
        if (word.length() >= 2) {
          if (right.test(word)) {
            add(law, word, coins.getValue());
            add(dropped, word, coins.getValue());
          } else if (word.length() < 6) {
            add(law, word + "1", coins.getValue());
          }
        }
      }
      String name = remainder == 0 ? "parity-even" : "parity-odd";
      assertLaw(name, 2, 6, kept(law, w -> true), kept(dropped, w -> true));
    }
  }

  @Test
  void zerosThenOnes() {
    Map<String, Double> law = new HashMap<>();
    Map<String, Double> twin = new HashMap<>();
    int room = 8 - 2 + 1;
    for (int zeros = 1; zeros <= room; zeros++) {
      for (int ones = 1; ones <= room - zeros; ones++) {
        String word = "0".repeat(1 + zeros) + "1".repeat(1 + ones);
        add(law, word, 1.0 / room / (room - zeros));
        add(twin, word, 1);
      }
      add(law, "0".repeat(1 + room) + "1", zeros == room ? 1.0 / room : 0);
    }
    Predicate<String> fits = w -> w.length() <= 8;
    assertLaw("0-plus-1-plus", 2, 8, kept(law, fits), kept(twin, fits));
  }

  @Test
  void proposalsDoNotDependOnAnythingButTheirNumbers() {
    UniformRandomProvider one = Words.random(5);
    UniformRandomProvider two = Words.random(5);
    for (int i = 0; i < 100; i++) {
      assertThat(Proposal.fourBlocks(one, 2, 50)).isEqualTo(Proposal.fourBlocks(two, 2, 50));
    }
  }
}
