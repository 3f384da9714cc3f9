package org.rnnsweep.kernels.languages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The languages by name: {@link #names} for those that are listed, and texts for those that a user
 * brings along.
 *
 * <ul>
 *   <li>{@code contains-0110}: the words over 0 and 1 in which a pattern occurs
 *   <li>{@code regex:01:(01|10)*}: an alphabet and a {@link RegularExpression}
 *   <li>{@code dfa:01:*0,1;1,0}: an automaton as in {@link Dfa#parse}
 * </ul>
 *
 * <p>A text says all there is to say about a language, so it can be a trial's parameter.
 */
public final class LanguageCatalog {
  private static final String BITS = "01";
  private static final String CONTAINS = "contains-";
  private static final String REGEX = "regex:";
  private static final String DFA = "dfa:";
  private static final int MAX_PATTERN = 64;

  private static final Map<String, Language> NAMED = named();

  private LanguageCatalog() {}

  /** The names of the languages that are listed, in the order of the paper's table. */
  public static List<String> names() {
    return List.copyOf(NAMED.keySet());
  }

  /** Whether a text is one of the names, or begins as the text of a user's language does. */
  public static boolean knows(String text) {
    return NAMED.containsKey(text)
        || text.startsWith(CONTAINS)
        || text.startsWith(REGEX)
        || text.startsWith(DFA);
  }

  /**
   * The language of a name or a text.
   *
   * @throws IllegalArgumentException if there is no such name, or the text cannot be read
   */
  public static Language of(String text) {
    Language named = NAMED.get(text);
    if (named != null) {
      return named;
    }
    if (text.startsWith(CONTAINS)) {
      return containing(text.substring(CONTAINS.length()));
    }
    if (text.startsWith(REGEX)) {
      String rest = text.substring(REGEX.length());
      int colon = rest.indexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException(
            "'" + text + "' has no alphabet, as in regex:01:(01|10)*");
      }
      String expression = rest.substring(colon + 1);
      return Language.of(
          text,
          "the words " + expression,
          RegularExpression.compile(rest.substring(0, colon), expression));
    }
    if (text.startsWith(DFA)) {
      Dfa dfa = Dfa.parse(text.substring(DFA.length()));
      return Language.of(text, "the words that the automaton " + dfa + " accepts", dfa);
    }
    throw new IllegalArgumentException(
        "no language is called '"
            + text
            + "'; there are "
            + String.join(", ", names())
            + ", contains-PATTERN, regex:ALPHABET:EXPRESSION and dfa:ALPHABET:ROWS");
  }

  private static Language containing(String pattern) {
    if (!pattern.matches("[01]{1," + MAX_PATTERN + "}")) {
      throw new IllegalArgumentException(
          "'"
              + CONTAINS
              + pattern
              + "': a pattern has from 1 to "
              + MAX_PATTERN
              + " symbols 0 and 1, as in contains-0110");
    }
    return Language.of(
        CONTAINS + pattern,
        "the words in which " + pattern + " occurs",
        RegularExpression.compile(BITS, ".*" + pattern + ".*"));
  }

  private static Map<String, Language> named() {
    DataPlan standard = DataPlan.STANDARD;
    List<Language> all = new ArrayList<>();
    all.add(
        regex("tomita-1", "1*", "1*")
            .withPlan(standard.withStrings(50, 100))
            .withProposal(Proposal::ones));
    all.add(
        regex("tomita-2", "(10)*", "(10)*")
            .withPlan(standard.withStrings(25, 50))
            .withProposal(Proposal::pairs));
    all.add(
        table(
                "tomita-3",
                "no odd run of 1s is followed by an odd run of 0s",
                "*0,1;*2,0;3,4;*2,1;4,4")
            .withLabels(LabelKind.ACCEPT)
            .withProposal(Proposal::evenZerosAfterOddOnes));
    all.add(
        regex("tomita-4", "no three 0s in a row", "(0{0,2}1)*0{0,2}")
            .withProposal(Proposal::noThreeZeros));
    all.add(
        table("tomita-5", "an even number of 0s and an even number of 1s", "*1,2;0,3;3,0;2,1")
            .withProposal(Proposal::coinsUntilTheEnd));
    all.add(
        table("tomita-6", "3 divides the number of 0s minus that of 1s", "*1,2;2,0;0,1")
            .withProposal(Proposal::coinsUntilTheEnd));
    all.add(regex("tomita-7", "0*1*0*1*", "0*1*0*1*").withProposal(Proposal::fourBlocks));
    all.add(
        regex("parity-odd", "an odd number of 1s", "0*10*(10*10*)*")
            .withProposal(Proposal.parity(1)));
    all.add(
        regex("parity-even", "an even number of 1s", "0*(10*10*)*")
            .withProposal(Proposal.parity(0)));
    String nested = "";
    for (int depth = 1; depth <= 4; depth++) {
      nested = "(0" + nested + "1)*";
      Language d =
          regex("d-" + depth, "balanced, 0 opens and 1 closes, depth at most " + depth, nested);
      DataPlan plan = standard.withLengths(2, 100).withBins(0, 100);
      all.add(d.withPlan(depth == 1 ? plan.withStrings(50, 100) : plan));
    }
    all.add(
        regex("00-star", "(00)*", "(00)*")
            .withLabels(LabelKind.MEMBERSHIP)
            .withPlan(standard.withStrings(250, 50).withLengths(2, 500).withBins(0, 100))
            .withProposal(Proposal.copies("00")));
    all.add(
        regex("0101-star", "(0101)*", "(0101)*")
            .withLabels(LabelKind.MEMBERSHIP)
            .withPlan(standard.withStrings(125, 25).withLengths(4, 500).withBins(0, 100))
            .withProposal(Proposal.copies("0101")));
    DataPlan upTo200 = standard.withLengths(2, 200);
    all.add(regex("00-star-11-star", "(00)*(11)*", "(00)*(11)*").withPlan(upTo200));
    all.add(
        regex("0-plus-1-plus", "00*11*", "00*11*")
            .withPlan(upTo200)
            .withProposal(Proposal::twoBlocks));
    all.add(regex("exactly-one-1", "0*10*, exactly one 1", "0*10*"));
    Map<String, Language> named = new LinkedHashMap<>();
    all.forEach(language -> named.put(language.name(), language));
    return named;
  }

  private static Language regex(String name, String definition, String expression) {
    return Language.of(name, definition, RegularExpression.compile(BITS, expression));
  }

  private static Language table(String name, String definition, String rows) {
    return Language.of(name, definition, Dfa.parse(BITS + ":" + rows));
  }
}
