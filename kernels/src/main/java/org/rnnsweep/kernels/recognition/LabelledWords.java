package org.rnnsweep.kernels.recognition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Words of bits of one length, each with the label 0 or 1 that it should get; a word may occur
 * several times. Immutable by convention.
 *
 * @param length L
 * @param words one integer a word
 * @param members whether each is a member
 */
public record LabelledWords(int length, long[] words, boolean[] members) {
  /** The longest words of {@link #parity}. */
  public static final int MOST_BITS = 22;

  /**
   * The support of D_L1 in Section H: {@code 0^q ab 0^(L-q-2)} for a, b in {0, 1} and q = 0..L-2, a
   * member if there is exactly one 1.
   *
   * @param length at least 2
   * @param multiset whether every (q, ab) counts, 4 (L - 1) of them, so that words occur several
   *     times, as the proof has it; otherwise the 2 L different words
   */
  public static LabelledWords blips(int length, boolean multiset) {
    requireLength(length, 2, 62);
    List<Long> words = new ArrayList<>();
    for (int q = 0; q <= length - 2; q++) {
      for (long pair = 0; pair < 4; pair++) {
        long word = pair << q;
        if (multiset || !words.contains(word)) {
          words.add(word);
        }
      }
    }
    long[] all = words.stream().mapToLong(Long::longValue).toArray();
    boolean[] members = new boolean[all.length];
    for (int i = 0; i < all.length; i++) {
      members[i] = Long.bitCount(all[i]) == 1;
    }
    return new LabelledWords(length, all, members);
  }

  /** All words of a length, a member if the number of 1s is odd. */
  public static LabelledWords parity(int length) {
    requireLength(length, 1, MOST_BITS);
    long[] all = new long[1 << length];
    boolean[] members = new boolean[all.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
      members[i] = Long.bitCount(i) % 2 == 1;
    }
    return new LabelledWords(length, all, members);
  }

  /** How many words there are, repeats counted. */
  public int size() {
    return words.length;
  }

  /** 1 or 0. */
  double label(int i) {
    return members[i] ? 1 : 0;
  }

  /** (1, w_1, .., w_L). */
  double[] features(int i) {
    double[] features = new double[length + 1];
    features[0] = 1;
    for (int k = 1; k <= length; k++) {
      features[k] = words[i] >> (k - 1) & 1;
    }
    return features;
  }

  /** Those for which {@code keep} is true. */
  LabelledWords only(boolean[] keep) {
    long[] kept = new long[size()];
    boolean[] labels = new boolean[size()];
    int count = 0;
    for (int i = 0; i < size(); i++) {
      if (keep[i]) {
        kept[count] = words[i];
        labels[count++] = members[i];
      }
    }
    return new LabelledWords(length, Arrays.copyOf(kept, count), Arrays.copyOf(labels, count));
  }

  private static void requireLength(int length, int least, int most) {
    if (length < least || length > most) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "a length is from %d to %d, found %d", least, most, length));
    }
  }
}
