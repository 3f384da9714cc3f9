package org.rnnsweep.kernels.languages;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What can be had without looking: a network that is stuck scores this. A word counts if all its
 * labels are right.
 *
 * @param constant the best share of words right for one answer at all positions
 * @param lastSymbol the best share of words right for an answer that depends on the last symbol
 */
public record TrivialScores(double constant, double lastSymbol) {

  /**
   * The exact optima over these words. The second one tries the answers symbol by symbol; words
   * that agree are looked at once, so it is fast for alphabets of a few symbols.
   *
   * @param words at least one, none of them empty
   */
  public static TrivialScores of(Dfa dfa, LabelKind kind, List<String> words) {
    if (words.isEmpty() || words.contains("")) {
      throw new IllegalArgumentException("scores need words, all of them with a symbol");
    }
    Map<String, Integer> constant = new HashMap<>();
    Map<List<String>, Integer> bySymbol = new HashMap<>();
    for (String word : words) {
      String bits = digits(kind.of(dfa, word));
      int width = kind.bits(dfa);
      String[] answers = new String[dfa.alphabet().length()]; // null: any will do
      boolean one = true;
      boolean fits = true;
      for (int i = 0; i < word.length(); i++) {
        String answer = bits.substring(i * width, (i + 1) * width);
        int symbol = dfa.alphabet().indexOf(word.charAt(i));
        fits &= answers[symbol] == null || answers[symbol].equals(answer);
        answers[symbol] = answer;
        one &= bits.startsWith(answer);
      }
      if (one) {
        constant.merge(bits.substring(0, width), 1, Integer::sum);
      }
      if (fits) {
        bySymbol.merge(Arrays.asList(answers), 1, Integer::sum);
      }
    }
    int bestConstant = constant.values().stream().max(Comparator.naturalOrder()).orElse(0);
    return new TrivialScores(
        (double) bestConstant / words.size(), (double) most(bySymbol, 0) / words.size());
  }

  /** The largest number of words that one choice for each symbol from this one on gets right. */
  private static int most(Map<List<String>, Integer> demands, int symbol) {
    if (demands.isEmpty() || symbol == demands.keySet().iterator().next().size()) {
      return demands.values().stream().mapToInt(Integer::intValue).sum();
    }
    List<String> choices =
        demands.keySet().stream()
            .map(d -> d.get(symbol))
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    if (choices.isEmpty()) {
      return most(demands, symbol + 1);
    }
    int best = 0;
    for (String choice : choices) {
      Map<List<String>, Integer> content = new HashMap<>(demands);
      content.keySet().removeIf(d -> d.get(symbol) != null && !d.get(symbol).equals(choice));
      best = Math.max(best, most(content, symbol + 1));
    }
    return best;
  }

  private static String digits(byte[] bits) {
    StringBuilder digits = new StringBuilder(bits.length);
    for (byte bit : bits) {
      digits.append((char) ('0' + bit));
    }
    return digits.toString();
  }
}
