package org.rnnsweep.kernels.languages;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A deterministic finite automaton: complete, minimal, and numbered in the order in which a
 * breadth-first walk from the start, symbols in the alphabet's order, meets its states. So the
 * start is state 0, and two automata over one alphabet are equal if and only if they accept the
 * same language. Immutable.
 *
 * <p>A word is a string of symbols. A word's prefixes are numbered by length, the empty one first.
 */
public final class Dfa {
  /** More states than this are refused: the rounds of the minimisation grow with the square. */
  public static final int MAX_STATES = 4096;

  private final String alphabet;
  private final int[][] next;
  private final boolean[] accepting;
  private final boolean[] alive;

  private Dfa(String alphabet, int[][] next, boolean[] accepting) {
    this.alphabet = alphabet;
    this.next = next;
    this.accepting = accepting;
    this.alive = alive(next, accepting);
  }

  /**
   * The minimal automaton that accepts what this table accepts.
   *
   * @param alphabet distinct ASCII letters or digits, at least one
   * @param start a state, which is an index into the next two
   * @param next the state after a state (row) and a symbol (column); states x symbols
   * @param accepting whether a word that ends in a state is a member; one a state
   * @throws IllegalArgumentException if a part does not fit another, or is too large
   */
  public static Dfa of(String alphabet, int start, int[][] next, boolean[] accepting) {
    requireAlphabet(alphabet);
    int states = next.length;
    require(
        states >= 1 && states <= MAX_STATES,
        "an automaton has from 1 to %d states, found %d",
        MAX_STATES,
        states);
    require(
        accepting.length == states,
        "%d states are said to accept or not, but %d have transitions",
        accepting.length,
        states);
    requireState("the start", start, states);
    for (int state = 0; state < states; state++) {
      require(
          next[state].length == alphabet.length(),
          "state %d has %d transitions, but the alphabet '%s' has %d symbols",
          state,
          next[state].length,
          alphabet,
          alphabet.length());
      for (int target : next[state]) {
        requireState("a transition of state " + state, target, states);
      }
    }
    return minimal(alphabet, start, next, accepting);
  }

  /**
   * The automaton of a text such as {@code 01:*0,1;1,0}: the alphabet, a colon, and the states'
   * rows parted by semicolons. A row holds the state's number after each symbol, parted by commas,
   * after a star if the state accepts. The first row, state 0, is the start. The inverse of {@link
   * #toString}.
   *
   * @throws IllegalArgumentException if the text is not of this form
   */
  public static Dfa parse(String text) {
    int colon = text.indexOf(':');
    require(colon >= 0, "'%s' has no colon after the alphabet, as in 01:*0,1;1,0", text);
    String[] rows = text.substring(colon + 1).split(";", -1);
    int[][] next = new int[rows.length][];
    boolean[] accepting = new boolean[rows.length];
    for (int state = 0; state < rows.length; state++) {
      String row = rows[state].strip();
      accepting[state] = row.startsWith("*");
      String[] targets = (accepting[state] ? row.substring(1) : row).split(",", -1);
      next[state] = new int[targets.length];
      for (int symbol = 0; symbol < targets.length; symbol++) {
        String target = targets[symbol].strip();
        require(
            target.matches("[0-9]{1,9}"),
            "row %d, '%s': found '%s' where the number of a state should be",
            state,
            row,
            target);
        next[state][symbol] = Integer.parseInt(target);
      }
    }
    return of(text.substring(0, colon), 0, next, accepting);
  }

  /** The symbols in their order. */
  public String alphabet() {
    return alphabet;
  }

  /** How many states there are, the dead one included. */
  public int states() {
    return next.length;
  }

  /** The state after a state and the symbol of this index. The start is state 0. */
  public int next(int state, int symbol) {
    return next[state][symbol];
  }

  /** Whether a word that ends in this state is a member. */
  public boolean accepts(int state) {
    return accepting[state];
  }

  /** Whether a word that ends in this state is a prefix of some member, itself included. */
  public boolean alive(int state) {
    return alive[state];
  }

  /** The symbols after which a word that ends in this state is still a prefix of some member. */
  public String legalNext(int state) {
    StringBuilder legal = new StringBuilder();
    for (int symbol = 0; symbol < alphabet.length(); symbol++) {
      if (alive[next[state][symbol]]) {
        legal.append(alphabet.charAt(symbol));
      }
    }
    return legal.toString();
  }

  /**
   * The states after every prefix of a word.
   *
   * @return one more than the word has symbols; the first is 0
   * @throws IllegalArgumentException if the word has a symbol that is not in the alphabet
   */
  public int[] path(String word) {
    int[] path = new int[word.length() + 1];
    for (int i = 0; i < word.length(); i++) {
      int symbol = alphabet.indexOf(word.charAt(i));
      if (symbol < 0) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "'%s' has '%s' at place %d; the symbols are %s",
                word,
                word.charAt(i),
                i + 1,
                String.join(", ", alphabet.split(""))));
      }
      path[i + 1] = next[path[i]][symbol];
    }
    return path;
  }

  /** Whether a word is a member. */
  public boolean contains(String word) {
    return accepting[path(word)[word.length()]];
  }

  private static Dfa minimal(String alphabet, int start, int[][] next, boolean[] accepting) {
    int[] reached = walk(start, next);
    // Moore's refinement: a round splits the classes whose states disagree on where a symbol leads.
    int[] classOf = new int[next.length];
    int classes = 0;
    for (int count = 1; count != classes; ) {
      classes = count;
      Map<List<Integer>, Integer> numbers = new HashMap<>();
      int[] refined = new int[next.length];
      for (int state : reached) {
        Integer[] behaviour = new Integer[alphabet.length() + 2];
        behaviour[0] = classOf[state];
        behaviour[1] = accepting[state] ? 1 : 0;
        for (int symbol = 0; symbol < alphabet.length(); symbol++) {
          behaviour[symbol + 2] = classOf[next[state][symbol]];
        }
        refined[state] = numbers.computeIfAbsent(Arrays.asList(behaviour), k -> numbers.size());
      }
      classOf = refined;
      count = numbers.size();
    }
    int[][] merged = new int[classes][alphabet.length()];
    boolean[] mergedAccepting = new boolean[classes];
    for (int state : reached) {
      mergedAccepting[classOf[state]] = accepting[state];
      for (int symbol = 0; symbol < alphabet.length(); symbol++) {
        merged[classOf[state]][symbol] = classOf[next[state][symbol]];
      }
    }
    int[] order = walk(classOf[start], merged);
    int[] number = new int[classes];
    for (int i = 0; i < classes; i++) {
      number[order[i]] = i;
    }
    int[][] canonical = new int[classes][alphabet.length()];
    boolean[] canonicalAccepting = new boolean[classes];
    for (int i = 0; i < classes; i++) {
      canonicalAccepting[i] = mergedAccepting[order[i]];
      for (int symbol = 0; symbol < alphabet.length(); symbol++) {
        canonical[i][symbol] = number[merged[order[i]][symbol]];
      }
    }
    return new Dfa(alphabet, canonical, canonicalAccepting);
  }

  /** The states that can be reached, breadth first. */
  private static int[] walk(int start, int[][] next) {
    boolean[] seen = new boolean[next.length];
    int[] order = new int[next.length];
    ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(start));
    seen[start] = true;
    int count = 0;
    while (!queue.isEmpty()) {
      int state = queue.remove();
      order[count++] = state;
      for (int target : next[state]) {
        if (!seen[target]) {
          seen[target] = true;
          queue.add(target);
        }
      }
    }
    return Arrays.copyOf(order, count);
  }

  private static boolean[] alive(int[][] next, boolean[] accepting) {
    boolean[] alive = accepting.clone();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int state = next.length - 1; state >= 0; state--) {
        for (int target : next[state]) {
          if (!alive[state] && alive[target]) {
            alive[state] = true;
            changed = true;
          }
        }
      }
    }
    return alive;
  }

  static void requireAlphabet(String alphabet) {
    require(
        alphabet.matches("[0-9A-Za-z]+")
            && alphabet.chars().distinct().count() == alphabet.length(),
        "an alphabet is made of distinct letters and digits, found '%s'",
        alphabet);
  }

  private static void requireState(String what, int state, int states) {
    require(
        state >= 0 && state < states, "%s is %d, the states are 0 to %d", what, state, states - 1);
  }

  private static void require(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, message, values));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Dfa dfa
        && dfa.alphabet.equals(alphabet)
        && Arrays.deepEquals(dfa.next, next)
        && Arrays.equals(dfa.accepting, accepting);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(next) * 31 + Arrays.hashCode(accepting);
  }

  /** The text of {@link #parse}; the same for equal languages over one alphabet. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(alphabet);
    for (int state = 0; state < next.length; state++) {
      text.append(state == 0 ? ':' : ';').append(accepting[state] ? "*" : "");
      for (int symbol = 0; symbol < alphabet.length(); symbol++) {
        text.append(symbol == 0 ? "" : ",").append(next[state][symbol]);
      }
    }
    return text.toString();
  }
}
