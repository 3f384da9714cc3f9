package org.rnnsweep.kernels.languages;

import org.apache.commons.rng.UniformRandomProvider;

/**
 * Proposes a word for a window of lengths, as the benchmark's generator does. What is no member, or
 * not of those lengths, is dropped, and another is proposed: the dropping is part of the law.
 *
 * <p>U{a..b} is the uniform integer from a to b, both counted.
 */
@FunctionalInterface
interface Proposal {
  String propose(UniformRandomProvider random, int min, int max);

  /** Tomita-1: 1^n, n of U{min..max}. */
  static String ones(UniformRandomProvider random, int min, int max) {
    return "1".repeat(random.nextInt(min, max + 1));
  }

  /** Tomita-2: k pairs 10, k = (U{min..max-1} + 1) / 2 rounded down. */
  static String pairs(UniformRandomProvider random, int min, int max) {
    return "10".repeat((random.nextInt(min, Math.max(max, min + 1)) + 1) / 2);
  }

  /** Copies of a unit, as many as fit into U{min..max} symbols. */
  static Proposal copies(String unit) {
    return (random, min, max) -> unit.repeat(random.nextInt(min, max + 1) / unit.length());
  }

  /**
   * Tomita-3: n of U{min..max}, filled by blocks. A fair coin gives the symbol, the size is
   * U{0..room}; while the last run of 1s is odd, a block of 0s takes an even size.
   */
  static String evenZerosAfterOddOnes(UniformRandomProvider random, int min, int max) {
    int length = random.nextInt(min, max + 1);
    StringBuilder word = new StringBuilder(length);
    boolean oddOnes = false;
    while (word.length() < length) {
      int room = length - word.length();
      if (random.nextBoolean()) {
        int size = random.nextInt(room + 1);
        boolean goesOn = word.length() == 0 || word.charAt(word.length() - 1) == '1';
        if (size > 0) {
          oddOnes = size % 2 == 1 ^ (goesOn && oddOnes);
        }
        word.append("1".repeat(size));
      } else {
        int size = oddOnes ? 2 * random.nextInt(room / 2 + 1) : random.nextInt(room + 1);
        word.append("0".repeat(size));
      }
    }
    return word.toString();
  }

  /** Tomita-4: U{min..max} fair bits; a third 0 in a row is tossed again, until it is a 1. */
  static String noThreeZeros(UniformRandomProvider random, int min, int max) {
    int length = random.nextInt(min, max + 1);
    StringBuilder word = new StringBuilder(length);
    int zeros = 0;
    while (word.length() < length) {
      boolean one = zeros == 2 || random.nextBoolean();
      zeros = one ? 0 : zeros + 1;
      word.append(one ? '1' : '0');
    }
    return word.toString();
  }

  /**
   * Tomita-5 and 6: 0 and 1 with probability p = L / (2 (1 + L)) each, the end with 1 - 2p, or at
   * max; L = (min + max) / 2 rounded down.
   */
  static String coinsUntilTheEnd(UniformRandomProvider random, int min, int max) {
    double mean = (min + max) / 2;
    double p = mean / (2 * (1 + mean));
    StringBuilder word = new StringBuilder();
    while (word.length() < max) {
      double u = random.nextDouble();
      if (u >= 2 * p) {
        break;
      }
      word.append(u < p ? '0' : '1');
    }
    return word.toString();
  }

  /** Tomita-7: blocks of 0s, 1s, 0s, 1s, each of U{0..what is left of max}. */
  static String fourBlocks(UniformRandomProvider random, int min, int max) {
    StringBuilder word = new StringBuilder(max);
    for (String symbol : new String[] {"0", "1", "0", "1"}) {
      word.append(symbol.repeat(random.nextInt(max - word.length() + 1)));
    }
    return word.toString();
  }

  /** Parity: as for Tomita-5; a word that is long enough and of the wrong parity gets a last 1. */
  static Proposal parity(int remainder) {
    return (random, min, max) -> {
      String word = coinsUntilTheEnd(random, min, max);
      boolean right = word.chars().filter(c -> c == '1').count() % 2 == remainder;
      return right || word.length() < min ? word : word + "1";
    };
  }

  /**
   * 00*11*: a block of 0s of min / 2 + U{1..room}, room = max - min + 1, then one of 1s of min / 2
   * + U{1..what is left of room}, or min / 2 if nothing is. So a block of one symbol is missing
   * from min = 2 on.
   */
  static String twoBlocks(UniformRandomProvider random, int min, int max) {
    int room = max - min + 1;
    int zeros = 1 + random.nextInt(room);
    int ones = zeros < room ? 1 + random.nextInt(room - zeros) : 0;
    return "0".repeat(min / 2 + zeros) + "1".repeat(min / 2 + ones);
  }
}
