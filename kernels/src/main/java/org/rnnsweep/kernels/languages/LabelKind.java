package org.rnnsweep.kernels.languages;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What a network is asked after each symbol of a word. The benchmark uses a different question for
 * different languages, and the scores of different questions cannot be compared; so the kind is
 * named with every result.
 */
public enum LabelKind {
  /** One bit a symbol: is the prefix with that symbol after it still a prefix of some member? */
  VIABLE("viable") {
    @Override
    void write(Dfa dfa, int state, byte[] bits, int at) {
      for (int symbol = 0; symbol < dfa.alphabet().length(); symbol++) {
        bits[at + symbol] = (byte) (dfa.alive(dfa.next(state, symbol)) ? 1 : 0);
      }
    }
  },
  /** One bit a symbol: is the prefix with that symbol after it a member? */
  ACCEPT("accept") {
    @Override
    void write(Dfa dfa, int state, byte[] bits, int at) {
      for (int symbol = 0; symbol < dfa.alphabet().length(); symbol++) {
        bits[at + symbol] = (byte) (dfa.accepts(dfa.next(state, symbol)) ? 1 : 0);
      }
    }
  },
  /** Two bits, one of them set: the prefix is no member, the prefix is a member. */
  MEMBERSHIP("membership") {
    @Override
    void write(Dfa dfa, int state, byte[] bits, int at) {
      bits[at + (dfa.accepts(state) ? 1 : 0)] = 1;
    }
  };

  private final String label;

  LabelKind(String label) {
    this.label = label;
  }

  /** The name used in experiment files and reports. */
  public String label() {
    return label;
  }

  /** The kind of this name. */
  public static LabelKind ofLabel(String label) {
    for (LabelKind kind : values()) {
      if (kind.label.equals(label)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "no kind of label is called '"
            + label
            + "', the names are "
            + Arrays.stream(values()).map(LabelKind::label).collect(Collectors.joining(", ")));
  }

  /** How many bits a position has. */
  public int bits(Dfa dfa) {
    return this == MEMBERSHIP ? 2 : dfa.alphabet().length();
  }

  /**
   * The labels of a word.
   *
   * @return 0s and 1s, length x {@link #bits} by rows: row i is asked after symbol i + 1. The empty
   *     prefix is not asked about, so the empty word has none.
   */
  public byte[] of(Dfa dfa, String word) {
    int[] path = dfa.path(word);
    byte[] bits = new byte[word.length() * bits(dfa)];
    for (int i = 0; i < word.length(); i++) {
      write(dfa, path[i + 1], bits, i * bits(dfa));
    }
    return bits;
  }

  /** Sets bits of a row that is 0. */
  abstract void write(Dfa dfa, int state, byte[] bits, int at);
}
