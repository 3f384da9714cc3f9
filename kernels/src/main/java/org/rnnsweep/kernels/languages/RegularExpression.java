package org.rnnsweep.kernels.languages;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Turns a regular expression into its minimal automaton: Thompson's construction, then the subset
 * construction, then {@link Dfa#of}.
 *
 * <p>Syntax: the symbols of the alphabet; {@code .} for any of them; {@code (..)}; {@code |}; after
 * an atom {@code *}, {@code +}, {@code ?}, {@code {n}}, {@code {n,}}, {@code {n,m}}, as often as
 * wanted. Nothing, as in {@code ()} or {@code 0|}, is the empty word. An expression describes whole
 * words. Spaces are not allowed.
 */
public final class RegularExpression {
  private static final int MAX_LENGTH = 1000;
  private static final int MAX_REPEATS = 1000;
  private static final int MAX_STATES = 10_000;
  private static final int ANY = -1;

  /** Adds an expression's states between a state and the one that it returns. */
  private interface Fragment {
    int build(int from);
  }

  private final String alphabet;
  private final String expression;
  private int position;

  // The automaton before determinisation: a state has at most one transition by a symbol.
  private final List<Integer> symbols = new ArrayList<>();
  private final List<Integer> targets = new ArrayList<>();
  private final List<List<Integer>> empties = new ArrayList<>();

  private RegularExpression(String alphabet, String expression) {
    this.alphabet = alphabet;
    this.expression = expression;
  }

  /**
   * The minimal automaton of an expression.
   *
   * @throws IllegalArgumentException if the expression cannot be read (says where), or if it or its
   *     automaton is too large
   */
  public static Dfa compile(String alphabet, String expression) {
    Dfa.requireAlphabet(alphabet);
    return new RegularExpression(alphabet, expression).compile();
  }

  private Dfa compile() {
    if (expression.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "an expression has at most %d characters, found %d",
              MAX_LENGTH,
              expression.length()));
    }
    Fragment whole = alternatives();
    if (position < expression.length()) {
      throw wrong("a ')' that nothing opened");
    }
    int start = state();
    return determinise(start, whole.build(start));
  }

  private Fragment alternatives() {
    List<Fragment> choices = new ArrayList<>(List.of(sequence()));
    while (took('|')) {
      choices.add(sequence());
    }
    return choices.size() == 1
        ? choices.get(0)
        : from -> {
          int end = state();
          for (Fragment choice : choices) {
            empty(choice.build(step(from)), end);
          }
          return end;
        };
  }

  private Fragment sequence() {
    List<Fragment> parts = new ArrayList<>();
    while (position < expression.length() && "|)".indexOf(expression.charAt(position)) < 0) {
      parts.add(repeated());
    }
    return from -> {
      int end = from;
      for (Fragment part : parts) {
        end = part.build(end);
      }
      return end;
    };
  }

  private Fragment repeated() {
    Fragment part = atom();
    while (position < expression.length()) {
      if (took('*')) {
        part = repeat(part, 0, -1);
      } else if (took('+')) {
        part = repeat(part, 1, -1);
      } else if (took('?')) {
        part = repeat(part, 0, 1);
      } else if (took('{')) {
        int least = number();
        int most = !took(',') ? least : position < expression.length() && at('}') ? -1 : number();
        if (!took('}')) {
          throw wrong("no '}' after the number of repeats");
        }
        if (most >= 0 && most < least) {
          throw wrong("a largest number of repeats below the least");
        }
        part = repeat(part, least, most);
      } else {
        break;
      }
    }
    return part;
  }

  private Fragment atom() {
    if (took('(')) {
      Fragment inner = alternatives();
      if (!took(')')) {
        throw wrong("no ')'");
      }
      return inner;
    }
    int symbol = at('.') ? ANY : alphabet.indexOf(expression.charAt(position));
    if (symbol < 0 && !at('.')) {
      throw wrong(
          "'"
              + expression.charAt(position)
              + "', which is neither a symbol of "
              + alphabet
              + " nor one of . ( ) | * + ? {");
    }
    position++;
    return from -> {
      int to = state();
      // A fresh state: from may have a transition already, or be a loop's entrance.
      int last = step(from);
      symbols.set(last, symbol);
      targets.set(last, to);
      return to;
    };
  }

  /** Every copy takes a state of its own, so that the limit on states ends all loops. */
  private Fragment repeat(Fragment part, int least, int most) {
    return from -> {
      int end = from;
      for (int i = 0; i < least; i++) {
        end = part.build(step(end));
      }
      if (most < 0) {
        int hub = step(end);
        empty(part.build(step(hub)), hub);
        return step(hub);
      }
      List<Integer> exits = new ArrayList<>();
      for (int i = least; i < most; i++) {
        exits.add(end);
        end = part.build(step(end));
      }
      int out = step(end);
      exits.forEach(exit -> empty(exit, out));
      return out;
    };
  }

  private int number() {
    int from = position;
    while (position < expression.length() && Character.isDigit(expression.charAt(position))) {
      position++;
    }
    String digits = expression.substring(from, position);
    if (!digits.matches("[0-9]{1,9}") || Integer.parseInt(digits) > MAX_REPEATS) {
      throw wrong("no number of repeats from 0 to " + MAX_REPEATS);
    }
    return Integer.parseInt(digits);
  }

  private boolean at(char c) {
    return expression.charAt(position) == c;
  }

  private boolean took(char c) {
    boolean there = position < expression.length() && at(c);
    if (there) {
      position++;
    }
    return there;
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT, "'%s', before place %d: found %s", expression, position + 1, what));
  }

  private int state() {
    if (symbols.size() == MAX_STATES) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "'%s' needs more than %d states", expression, MAX_STATES));
    }
    symbols.add(null);
    targets.add(null);
    empties.add(new ArrayList<>());
    return symbols.size() - 1;
  }

  private void empty(int from, int to) {
    empties.get(from).add(to);
  }

  /** A fresh state reached by nothing. */
  private int step(int from) {
    int to = state();
    empty(from, to);
    return to;
  }

  private Dfa determinise(int start, int end) {
    Map<BitSet, Integer> numbers = new HashMap<>();
    List<BitSet> sets = new ArrayList<>();
    List<int[]> next = new ArrayList<>();
    BitSet first = new BitSet();
    first.set(start);
    close(first);
    numbers.put(first, 0);
    sets.add(first);
    for (int i = 0; i < sets.size(); i++) {
      int[] row = new int[alphabet.length()];
      for (int symbol = 0; symbol < row.length; symbol++) {
        BitSet after = after(sets.get(i), symbol);
        Integer number = numbers.putIfAbsent(after, sets.size());
        if (number == null) {
          number = sets.size();
          sets.add(after);
        }
        row[symbol] = number;
      }
      next.add(row);
      if (sets.size() > Dfa.MAX_STATES) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "the automaton of '%s' has more than %d states before it is minimised",
                expression,
                Dfa.MAX_STATES));
      }
    }
    boolean[] accepting = new boolean[sets.size()];
    for (int i = 0; i < accepting.length; i++) {
      accepting[i] = sets.get(i).get(end);
    }
    return Dfa.of(alphabet, 0, next.toArray(int[][]::new), accepting);
  }

  private BitSet after(BitSet set, int symbol) {
    BitSet after = new BitSet();
    for (int s = set.nextSetBit(0); s >= 0; s = set.nextSetBit(s + 1)) {
      Integer by = symbols.get(s);
      if (by != null && (by == symbol || by == ANY)) {
        after.set(targets.get(s));
      }
    }
    close(after);
    return after;
  }

  private void close(BitSet set) {
    ArrayDeque<Integer> open = new ArrayDeque<>();
    set.stream().forEach(open::add);
    while (!open.isEmpty()) {
      for (int to : empties.get(open.remove())) {
        if (!set.get(to)) {
          set.set(to);
          open.add(to);
        }
      }
    }
  }
}
