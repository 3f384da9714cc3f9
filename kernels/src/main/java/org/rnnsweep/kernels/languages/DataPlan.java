package org.rnnsweep.kernels.languages;

import java.util.Locale;
import java.util.Objects;

/**
 * How much data of which lengths.
 *
 * @param trainStrings size of the training set, at least 1
 * @param testStrings size of each test set before words that occur twice are dropped, at least 1
 * @param minLength shortest word of training and first test, at least 1: the empty word has no
 *     labels
 * @param maxLength longest word of training and first test
 * @param sampling the law of the words
 * @param extraBins how many further test sets of longer words, one after another; 0 for none
 * @param binWidth how many lengths each of them spans, at least 1
 */
public record DataPlan(
    int trainStrings,
    int testStrings,
    int minLength,
    int maxLength,
    Sampling sampling,
    int extraBins,
    int binWidth) {

  /** The longest word there may be, in training or in the last bin. */
  public static final int MAX_LENGTH = 10_000;

  /** What most of the benchmark's languages have: 10000 and 2000 words of 2 to 50 symbols. */
  public static final DataPlan STANDARD =
      new DataPlan(10_000, 2000, 2, 50, Sampling.BENCHMARK, 0, 50);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  public DataPlan {
    require("the number of training strings", trainStrings, 1, 10_000_000);
    require("the number of test strings", testStrings, 1, 10_000_000);
    require("the shortest length", minLength, 1, MAX_LENGTH);
    require("the longest length", maxLength, minLength, MAX_LENGTH);
    Objects.requireNonNull(sampling);
    require("the width of a bin", binWidth, 1, MAX_LENGTH);
    require("the number of extra bins", extraBins, 0, (MAX_LENGTH - maxLength) / binWidth);
  }

  /** The longest word that any set can have. */
  public int lastLength() {
    return maxLength + extraBins * binWidth;
  }

  /** Symbols of the training words if lengths are even. */
  public double trainSymbols() {
    return trainStrings * (minLength + maxLength) / 2.0;
  }

  /** Symbols of all test words if lengths are even and no set is short of words. */
  public double testSymbols() {
    double symbols = testStrings * (minLength + maxLength) / 2.0;
    for (int bin = 1; bin <= extraBins; bin++) {
      symbols += testStrings * (maxLength + (bin - 0.5) * binWidth + 0.5);
    }
    return symbols;
  }

  /** This plan with other sizes. */
  public DataPlan withStrings(int train, int test) {
    return new DataPlan(train, test, minLength, maxLength, sampling, extraBins, binWidth);
  }

  /** This plan with other lengths. */
  public DataPlan withLengths(int min, int max) {
    return new DataPlan(trainStrings, testStrings, min, max, sampling, extraBins, binWidth);
  }

  /** This plan with another law. */
  public DataPlan withSampling(Sampling law) {
    return new DataPlan(trainStrings, testStrings, minLength, maxLength, law, extraBins, binWidth);
  }

  /** This plan with so many further test sets of longer words. */
  public DataPlan withBins(int count, int width) {
    return new DataPlan(trainStrings, testStrings, minLength, maxLength, sampling, count, width);
  }

  private static void require(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s is from %d to %d, found %d", what, least, most, value));
    }
  }
}
