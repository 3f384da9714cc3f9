package org.rnnsweep.kernels.training;

import java.util.Comparator;
import java.util.List;
import org.rnnsweep.kernels.languages.Dfa;
import org.rnnsweep.kernels.languages.LabelKind;

/**
 * Words of different lengths, packed step by step: row {@code first[t] + s} is the symbol t of the
 * word s. The longer words come first, so that those which go on after a step are the front of it,
 * and no row is spent on a word that has ended. Immutable by convention.
 */
final class RaggedBatch {
  final int outputs;
  final int words;
  final int steps;
  final int[] first; // of each step, and at last the number of rows
  final byte[] symbols; // one a row
  final byte[] labels; // outputs a row

  private RaggedBatch(int outputs, int words, int[] first, byte[] symbols, byte[] labels) {
    this.outputs = outputs;
    this.words = words;
    this.steps = first.length - 1;
    this.first = first;
    this.symbols = symbols;
    this.labels = labels;
  }

  /**
   * Packs words; those of one length keep their order.
   *
   * @param words at least one, none empty
   */
  static RaggedBatch of(Dfa dfa, LabelKind kind, List<String> words) {
    List<String> sorted =
        words.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
    if (sorted.isEmpty() || sorted.get(sorted.size() - 1).isEmpty()) {
      throw new IllegalArgumentException("a batch has words, all of them with a symbol");
    }
    int outputs = kind.bits(dfa);
    int steps = sorted.get(0).length();
    int[] first = new int[steps + 1];
    for (int t = 0; t < steps; t++) {
      int going = 0;
      while (going < sorted.size() && sorted.get(going).length() > t) {
        going++;
      }
      first[t + 1] = first[t] + going;
    }
    byte[] symbols = new byte[first[steps]];
    byte[] labels = new byte[first[steps] * outputs];
    for (int s = 0; s < sorted.size(); s++) {
      String word = sorted.get(s);
      byte[] bits = kind.of(dfa, word);
      for (int t = 0; t < word.length(); t++) {
        int row = first[t] + s;
        symbols[row] = (byte) dfa.alphabet().indexOf(word.charAt(t));
        System.arraycopy(bits, t * outputs, labels, row * outputs, outputs);
      }
    }
    return new RaggedBatch(outputs, sorted.size(), first, symbols, labels);
  }

  /** Symbols in all. */
  int rows() {
    return first[steps];
  }

  /** Words that have a symbol t, from 0; none after the last step. */
  int going(int t) {
    return t < steps ? first[t + 1] - first[t] : 0;
  }
}
