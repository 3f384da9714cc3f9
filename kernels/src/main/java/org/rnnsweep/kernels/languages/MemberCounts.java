package org.rnnsweep.kernels.languages;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * How many members a language has at each length, exactly, and the members themselves by rank.
 * Counts paths: {@code c(0, s) = [s accepts]}, {@code c(n, s) = sum over symbols a of c(n - 1,
 * next(s, a))}, so c(n, s) words of length n lead from state s to acceptance. Immutable. Holds
 * (maxLength + 1) x states integers of at most maxLength log2(symbols) bits.
 */
public final class MemberCounts {
  private final Dfa dfa;
  private final BigInteger[][] completions; // length x state

  private MemberCounts(Dfa dfa, BigInteger[][] completions) {
    this.dfa = dfa;
    this.completions = completions;
  }

  /** The counts at lengths 0 to {@code maxLength}. */
  public static MemberCounts upTo(Dfa dfa, int maxLength) {
    if (maxLength < 0) {
      throw new IllegalArgumentException("a length is at least 0, found " + maxLength);
    }
    BigInteger[][] completions = new BigInteger[maxLength + 1][dfa.states()];
    for (int state = 0; state < dfa.states(); state++) {
      completions[0][state] = dfa.accepts(state) ? BigInteger.ONE : BigInteger.ZERO;
    }
    for (int length = 1; length <= maxLength; length++) {
      for (int state = 0; state < dfa.states(); state++) {
        BigInteger sum = BigInteger.ZERO;
        for (int symbol = 0; symbol < dfa.alphabet().length(); symbol++) {
          sum = sum.add(completions[length - 1][dfa.next(state, symbol)]);
        }
        completions[length][state] = sum;
      }
    }
    return new MemberCounts(dfa, completions);
  }

  /** How many members have this length. */
  public BigInteger members(int length) {
    return completions[checked(length)][0];
  }

  /** How many members have a length from {@code from} to {@code to}, both counted. */
  public BigInteger members(int from, int to) {
    return Arrays.stream(completions, checked(from), checked(to) + 1)
        .map(row -> row[0])
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  /**
   * The member of this rank among those of this length, in the alphabet's lexicographic order.
   *
   * @param rank from 0 to {@code members(length) - 1}
   */
  public String member(int length, BigInteger rank) {
    if (rank.signum() < 0 || rank.compareTo(members(length)) >= 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "there are %d members of length %d, found rank %d",
              members(length),
              length,
              rank));
    }
    StringBuilder member = new StringBuilder(length);
    BigInteger left = rank;
    int state = 0;
    for (int rest = length - 1; rest >= 0; rest--) {
      int symbol = 0;
      BigInteger here = completions[rest][dfa.next(state, symbol)];
      while (left.compareTo(here) >= 0) {
        left = left.subtract(here);
        symbol++;
        here = completions[rest][dfa.next(state, symbol)];
      }
      member.append(dfa.alphabet().charAt(symbol));
      state = dfa.next(state, symbol);
    }
    return member.toString();
  }

  /**
   * A member of this length, each with the same probability: the member of a uniform rank.
   *
   * @throws IllegalArgumentException if there is none
   */
  public String sample(int length, UniformRandomProvider random) {
    BigInteger count = members(length);
    if (count.signum() == 0) {
      throw new IllegalArgumentException("no member has length " + length);
    }
    int bits = count.bitLength();
    byte[] bytes = new byte[(bits + 7) / 8];
    BigInteger rank;
    do { // at most two rounds on average, for count >= 2^(bits - 1)
      random.nextBytes(bytes);
      bytes[0] &= (byte) (0xff >>> (8 * bytes.length - bits));
      rank = new BigInteger(1, bytes);
    } while (rank.compareTo(count) >= 0);
    return member(length, rank);
  }

  private int checked(int length) {
    if (length < 0 || length >= completions.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "lengths 0 to %d were counted, found %d",
              completions.length - 1,
              length));
    }
    return length;
  }
}
