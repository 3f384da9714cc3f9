package org.rnnsweep.kernels.languages;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.inference.ChiSquareTest;
import org.rnnsweep.kernels.random.StreamKey;

/** What the tests of this package share: words, definitions that know no automaton, laws. */
final class Words {
  private Words() {}

  /** All words over 0 and 1 of these lengths, short ones first, then in lexicographic order. */
  static List<String> upTo(int length) {
    List<String> words = new ArrayList<>(List.of(""));
    for (int i = 0; words.get(i).length() < length; i++) {
      words.add(words.get(i) + "0");
      words.add(words.get(i) + "1");
    }
    return words;
  }

  static List<String> ofLength(int length) {
    return upTo(length).stream().filter(word -> word.length() == length).toList();
  }

  /** The definitions, by the words of the paper. */
  static Map<String, Predicate<String>> definitions() {
    Map<String, Predicate<String>> all = new TreeMap<>();
    all.put("tomita-1", word -> ones(word) == word.length());
    all.put("tomita-2", Pattern.compile("(10)*").asMatchPredicate());
    Predicate<String> oddRuns =
        Pattern.compile("(?<![1])1(11)*0(00)*(?![0])").asPredicate(); // whole runs, both odd
    all.put("tomita-3", oddRuns.negate());
    all.put("tomita-4", word -> !word.contains("000"));
    all.put("tomita-5", word -> ones(word) % 2 == 0 && zeros(word) % 2 == 0);
    all.put("tomita-6", word -> (zeros(word) - ones(word)) % 3 == 0);
    all.put("tomita-7", Pattern.compile("0*1*0*1*").asMatchPredicate());
    all.put("parity-odd", word -> ones(word) % 2 == 1);
    all.put("parity-even", word -> ones(word) % 2 == 0);
    for (int n = 1; n <= 4; n++) {
      int depth = n;
      all.put("d-" + n, word -> balanced(word, depth));
    }
    all.put("00-star", word -> ones(word) == 0 && word.length() % 2 == 0);
    all.put(
        "0101-star", word -> "01".repeat(word.length()).startsWith(word) && word.length() % 4 == 0);
    all.put("00-star-11-star", word -> sorted(word) && zeros(word) % 2 == 0 && ones(word) % 2 == 0);
    all.put("0-plus-1-plus", word -> sorted(word) && zeros(word) > 0 && ones(word) > 0);
    all.put("exactly-one-1", word -> ones(word) == 1);
    for (String pattern : List.of("0", "11", "010", "0110")) {
      all.put("contains-" + pattern, word -> word.contains(pattern));
    }
    return all;
  }

  private static boolean sorted(String word) {
    return !word.contains("10");
  }

  private static boolean balanced(String word, int most) {
    int depth = 0;
    for (int i = 0; i < word.length(); i++) {
      depth += word.charAt(i) == '0' ? 1 : -1;
      if (depth < 0 || depth > most) {
        return false;
      }
    }
    return depth == 0;
  }

  private static long ones(String word) {
    return word.chars().filter(c -> c == '1').count();
  }

  private static long zeros(String word) {
    return word.length() - ones(word);
  }

  static UniformRandomProvider random(long seed) {
    StreamKey key = StreamKey.of(seed);
    return RandomSource.XO_RO_SHI_RO_128_PP.create(new long[] {key.high(), key.low()});
  }

  /** How surprising these draws are under a law, by chi-square; 0 if the law excludes one. */
  static double pValue(Map<String, Double> law, int draws, Supplier<String> source) {
    Map<String, Integer> index = new TreeMap<>();
    for (String word : new TreeSet<>(law.keySet())) {
      index.put(word, index.size());
    }
    long[] observed = new long[law.size()];
    for (int i = 0; i < draws; i++) {
      Integer at = index.get(source.get());
      if (at == null) {
        return 0;
      }
      observed[at]++;
    }
    double[] expected = index.keySet().stream().mapToDouble(law::get).toArray();
    return ChiSquareTest.withDefaults().test(expected, observed).getPValue();
  }
}
