package org.rnnsweep.kernels.languages;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.ListSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Training and test words of one language. All are members. Immutable.
 *
 * <p>Where the sampler finds as many different words as training and first test take together, they
 * are one list of different words, put in random order and cut in two: nothing tested was trained
 * on. Where it does not, the training words are drawn with repeats and the test words are those of
 * a second draw, each once; {@link #seen} counts which of them were trained on.
 *
 * <p>Departures from the benchmark: it puts only some of its lists in random order, by which a test
 * has fewer of the likely words than its training; it does not look for repeats among the words
 * that its parity sampler lengthens, and so tests on trained ones; and its longer bins of Tomita-1
 * and 2 are all the same.
 */
public final class LanguageData {
  /** Draws for every word that is wanted, until a sampler is said not to have them. */
  private static final long PATIENCE = 100;

  /** Enough for a mean length to about a tenth. */
  private static final int FEW_WORDS = 64;

  /**
   * Test words of a window of lengths, all different.
   *
   * @param minLength of the window
   * @param maxLength of the window
   * @param words fewer than planned where the sampler does not have so many
   */
  public record Bin(int minLength, int maxLength, List<String> words) {}

  private final Language language;
  private final Sampling sampling;
  private final List<String> train;
  private final List<Bin> bins;
  private final int seen;

  private LanguageData(
      Language language, Sampling sampling, List<String> train, List<Bin> bins, int seen) {
    this.language = language;
    this.sampling = sampling;
    this.train = List.copyOf(train);
    this.bins = List.copyOf(bins);
    this.seen = seen;
  }

  /**
   * Draws the data.
   *
   * @param plan sizes, lengths, law and bins; {@link Language#plan} has the benchmark's
   * @param key names the draws; no other key draws the same words
   * @throws IllegalArgumentException if a window has no member, or the sampler finds none
   */
  public static LanguageData draw(Language language, DataPlan plan, StreamKey key) {
    int last = plan.maxLength() + plan.extraBins() * plan.binWidth();
    MemberCounts counts = MemberCounts.upTo(language.dfa(), last);
    int min = plan.minLength();
    int max = plan.maxLength();
    WordSource source =
        WordSource.of(language, plan.sampling(), min, max, counts, key.name("words"));
    int wanted = plan.trainStrings() + plan.testStrings();
    List<String> different = List.of();
    if (counts.members(min, max).compareTo(BigInteger.valueOf(wanted)) >= 0) {
      different = different(source, wanted);
    }
    List<String> train = new ArrayList<>();
    List<String> test;
    if (different.size() == wanted) {
      StreamKey order = key.name("order");
      UniformRandomProvider random =
          RandomSource.XO_RO_SHI_RO_128_PP.create(new long[] {order.high(), order.low()});
      ListSampler.shuffle(random, different);
      train = different.subList(0, plan.trainStrings());
      test = different.subList(plan.trainStrings(), wanted);
    } else {
      WordSource repeating =
          WordSource.of(language, plan.sampling(), min, max, counts, key.name("train"));
      for (int i = 0; i < plan.trainStrings(); i++) {
        train.add(repeating.next());
      }
      WordSource second =
          WordSource.of(language, plan.sampling(), min, max, counts, key.name("test"));
      Set<String> once = new LinkedHashSet<>();
      for (int i = 0; i < plan.testStrings(); i++) {
        once.add(second.next());
      }
      test = List.copyOf(once);
    }
    List<Bin> bins = new ArrayList<>(List.of(new Bin(min, max, List.copyOf(test))));
    for (int bin = 1; bin <= plan.extraBins(); bin++) {
      int from = max + 1 + (bin - 1) * plan.binWidth();
      int to = max + bin * plan.binWidth();
      WordSource longer =
          WordSource.of(
              language, plan.sampling(), from, to, counts, key.name("bin").with("bin", bin));
      int there =
          counts.members(from, to).min(BigInteger.valueOf(plan.testStrings())).intValueExact();
      bins.add(new Bin(from, to, List.copyOf(different(longer, there))));
    }
    Set<String> trained = new HashSet<>(train);
    int seen = (int) test.stream().filter(trained::contains).count();
    return new LanguageData(language, language.sampling(plan.sampling()), train, bins, seen);
  }

  /**
   * Symbols of a word of training, on average over a few: the sampler's lengths are not even, of
   * Tomita 7 most words are nearly as long as allowed. For estimates of cost; that repeats are
   * dropped, and so short words get fewer, is not looked at.
   *
   * @throws IllegalArgumentException if the window has no member, or the sampler finds none
   */
  public static double meanLength(Language language, DataPlan plan) {
    MemberCounts counts = MemberCounts.upTo(language.dfa(), plan.maxLength());
    WordSource source =
        WordSource.of(
            language,
            plan.sampling(),
            plan.minLength(),
            plan.maxLength(),
            counts,
            StreamKey.of(0).name("mean length"));
    double symbols = 0;
    for (int i = 0; i < FEW_WORDS; i++) {
      symbols += source.next().length();
    }
    return symbols / FEW_WORDS;
  }

  /** As many different words as wanted, or what a sampler without them gave. */
  private static List<String> different(WordSource source, int wanted) {
    Set<String> words = new LinkedHashSet<>();
    for (long draw = 0; words.size() < wanted && draw < PATIENCE * wanted; draw++) {
      words.add(source.next());
    }
    return new ArrayList<>(words);
  }

  /** The language. */
  public Language language() {
    return language;
  }

  /** The law that was drawn from: uniform also where the benchmark's was asked for but is none. */
  public Sampling sampling() {
    return sampling;
  }

  /** The training words, in the order of training. */
  public List<String> train() {
    return train;
  }

  /** The test words with the lengths of the training words. */
  public List<String> test() {
    return bins.get(0).words();
  }

  /** The test sets: first {@link #test}, then the bins of longer words. */
  public List<Bin> bins() {
    return bins;
  }

  /** How many words of {@link #test} occur in {@link #train} too. */
  public int seen() {
    return seen;
  }

  /** Whether no test word was trained on. The bins of longer words never were. */
  public boolean disjoint() {
    return seen == 0;
  }
}
