package org.rnnsweep.kernels.languages;

import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.rnnsweep.kernels.random.StreamKey;

/** Members of a language with lengths in a window, one after another. Not for several threads. */
final class WordSource {
  private static final int MAX_REJECTED = 10_000_000;

  private final Language language;
  private final Sampling sampling;
  private final int min;
  private final int max;
  private final MemberCounts counts;
  private final int[] lengths; // those that have members
  private final UniformRandomProvider random;

  private WordSource(
      Language language, Sampling sampling, int min, int max, MemberCounts counts, StreamKey key) {
    this.language = language;
    this.sampling = language.sampling(sampling);
    this.min = min;
    this.max = max;
    this.counts = counts;
    this.random = RandomSource.XO_RO_SHI_RO_128_PP.create(new long[] {key.high(), key.low()});
    this.lengths =
        IntStream.rangeClosed(min, max).filter(n -> counts.members(n).signum() > 0).toArray();
    if (lengths.length == 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%s has no member of %d to %d symbols", language.name(), min, max));
    }
  }

  /**
   * @param counts of the language, to {@code max} at least
   */
  static WordSource of(
      Language language, Sampling sampling, int min, int max, MemberCounts counts, StreamKey key) {
    return new WordSource(language, sampling, min, max, counts, key);
  }

  String next() {
    if (sampling == Sampling.UNIFORM) {
      return counts.sample(lengths[random.nextInt(lengths.length)], random);
    }
    for (int i = 0; i < MAX_REJECTED; i++) {
      String word = language.proposal().propose(random, min, max);
      if (word.length() >= min && word.length() <= max && language.dfa().contains(word)) {
        return word;
      }
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "%s: the benchmark's sampler found no member of %d to %d symbols in %d tries",
            language.name(),
            min,
            max,
            MAX_REJECTED));
  }
}
