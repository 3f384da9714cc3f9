package org.rnnsweep.driver.analyse;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The set of values that a statement allows.
 *
 * <p>As text ({@code E} is a constant such as {@code -1/12}, {@code ln(2)/2} or {@code 11/6};
 * {@code <=>} stands for one of {@code <=}, {@code >=}, {@code =}):
 *
 * <pre>
 * exponent &lt;=&gt; E                        slope of log X against log of the axis
 * exponent &lt;=&gt; E on rays of r to power K  the same on r fixed (least and greatest) and on r = axis^K
 * exponent of mean &lt;=&gt; E                slope of log |mean over seeds of X|, for signed X
 * exact exponent &lt;=&gt; E                  slope where X is computed without seeds
 * rate &lt;=&gt; E                            slope of log X against the axis itself
 * limit = E                             X at the largest value of the axis
 * value &lt;=&gt; E                           X at every point
 * probability &lt;=&gt; E                     share of trials in which X is not zero, at every point
 * probability &lt;=&gt; E for some r         share of seeds in which X is not zero somewhere on axis x r
 * monotone increasing | decreasing      X between neighbours on the axis
 * polynomial                            growth in the axis is at most a power, on an octave grid
 * exponential                           growth in the axis is exponential, on an octave grid
 * identity &lt;= E                         largest X over all trials; no statistics
 * </pre>
 *
 * @param kind what is measured
 * @param direction how it compares with the bound
 * @param bound the bound; NaN where the kind has none
 * @param written the bound as its author wrote it, for example {@code ln(2)/2}; empty without one
 * @param rayParameter for {@link Kind#RAYS} and {@link Kind#SOME}, the second parameter r; empty
 *     otherwise
 * @param rayPower for {@link Kind#RAYS}, kappa of the steepest ray r = axis^kappa; NaN otherwise
 */
public record Relation(
    Kind kind,
    Direction direction,
    double bound,
    String written,
    String rayParameter,
    double rayPower) {

  /** What is measured. */
  public enum Kind {
    /** Slope of log X against log of the axis. */
    EXPONENT("exponent", 0.05),
    /** The same slope on several rays through the plane of the axis and a second parameter. */
    RAYS("exponent", 0.05),
    /** Slope of log |mean of X over seeds| against log of the axis. */
    MEAN_EXPONENT("exponent of mean", 0.05),
    /** Slope of log X against log of the axis, X known without seeds. */
    EXACT_EXPONENT("exact exponent", 0.05),
    /** Slope of log X against the axis itself. */
    RATE("rate", 0.05),
    /** X at the largest value of the axis, relative to the bound. */
    LIMIT("limit", 0.02),
    /** X at every point. */
    VALUE("value", 0),
    /** Share of trials in which X is not zero. */
    PROBABILITY("probability", 0),
    /**
     * Share of seeds in which X is not zero at some point of the axis and a second parameter: the
     * best of a grid. A trial that did not complete has X = 0.
     */
    SOME("probability", 0),
    /** Differences of log X between neighbours on the axis. */
    MONOTONE("monotone", 0),
    /** At most a power law on an octave grid. */
    POLYNOMIAL("polynomial", 0),
    /** An exponential law on an octave grid. */
    EXPONENTIAL("exponential", 0),
    /** Largest X within a tolerance; no statistics. */
    IDENTITY("identity", 0);

    private final String words;
    private final double defaultMargin;

    Kind(String words, double defaultMargin) {
      this.words = words;
      this.defaultMargin = defaultMargin;
    }

    /** The margin delta where an experiment file names none. */
    public double defaultMargin() {
      return defaultMargin;
    }

    /** Whether the estimate is a slope, so that its value just beyond the range can be asked. */
    public boolean isSlope() {
      return this == EXPONENT
          || this == RAYS
          || this == MEAN_EXPONENT
          || this == EXACT_EXPONENT
          || this == RATE;
    }
  }

  /** How the measured value compares with the bound. */
  public enum Direction {
    AT_MOST("<="),
    AT_LEAST(">="),
    EQUAL("="),
    INCREASING("increasing"),
    DECREASING("decreasing"),
    NONE("");

    private final String text;

    Direction(String text) {
      this.text = text;
    }

    /** The sign or word used in experiment files. */
    public String text() {
      return text;
    }
  }

  private static final Pattern COMPARISON =
      Pattern.compile(
          "(exponent of mean|exact exponent|exponent|rate|limit|value|probability|identity)"
              + " ?(<=|>=|=) ?(.+?)(?: on rays of ([a-z][a-z0-9_]*) to power (.+)| for some ([a-zA-Z][a-zA-Z0-9_]*))?");
  private static final Pattern RANGED = Pattern.compile("monotone (increasing|decreasing)");

  public Relation {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(direction);
    Objects.requireNonNull(written);
    Objects.requireNonNull(rayParameter);
  }

  /** A relation that has no rays; its bound is written as a fraction where that is simple. */
  public Relation(Kind kind, Direction direction, double bound) {
    this(kind, direction, bound, Double.isNaN(bound) ? "" : number(bound), "", Double.NaN);
  }

  private Relation(Kind kind, Direction direction, double bound, String written) {
    this(kind, direction, bound, written, "", Double.NaN);
  }

  /** The same with another name for the second parameter of its rays. */
  public Relation withRayParameter(String name) {
    return new Relation(kind, direction, bound, written, name, rayPower);
  }

  /**
   * Reads a relation in the form shown above; blanks may be repeated, and letters are lower case.
   *
   * @throws IllegalArgumentException saying what is allowed
   */
  public static Relation parse(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    if (line.equals("polynomial")) {
      return new Relation(Kind.POLYNOMIAL, Direction.NONE, Double.NaN);
    }
    if (line.equals("exponential")) {
      return new Relation(Kind.EXPONENTIAL, Direction.NONE, Double.NaN);
    }
    Matcher monotone = RANGED.matcher(line);
    if (monotone.matches()) {
      Direction direction =
          monotone.group(1).equals("increasing") ? Direction.INCREASING : Direction.DECREASING;
      return new Relation(Kind.MONOTONE, direction, Double.NaN);
    }
    Matcher comparison = COMPARISON.matcher(line);
    if (!comparison.matches()) {
      throw problem(text, "");
    }
    Direction direction = direction(comparison.group(2));
    double bound = BoundExpression.value(comparison.group(3));
    Kind kind = kind(comparison.group(1));
    if (comparison.group(4) != null) {
      if (kind != Kind.EXPONENT) {
        throw problem(text, ": only an exponent has rays");
      }
      double power = BoundExpression.value(comparison.group(5));
      if (!(power > 0)) {
        throw problem(text, ": the power of the steepest ray must be positive");
      }
      return new Relation(
          Kind.RAYS, direction, bound, comparison.group(3), comparison.group(4), power);
    }
    if (kind == Kind.LIMIT && !(direction == Direction.EQUAL && bound != 0)) {
      throw problem(text, ": a limit is 'limit = E' with E not zero, for it is judged by X/E - 1");
    }
    if (kind == Kind.IDENTITY && !(direction == Direction.AT_MOST && bound >= 0)) {
      throw problem(text, ": an identity is 'identity <= E' with E not negative");
    }
    if (comparison.group(6) != null && kind != Kind.PROBABILITY) {
      throw problem(text, ": only a probability is 'for some'");
    }
    if (kind == Kind.PROBABILITY && !(direction != Direction.EQUAL && bound >= 0 && bound <= 1)) {
      throw problem(text, ": a probability is at most or at least a number from 0 to 1");
    }
    return comparison.group(6) == null
        ? new Relation(kind, direction, bound, comparison.group(3))
        : new Relation(
            Kind.SOME, direction, bound, comparison.group(3), comparison.group(6), Double.NaN);
  }

  private static Kind kind(String words) {
    for (Kind kind : Kind.values()) {
      if (kind.words.equals(words)) {
        return kind; // EXPONENT stands before RAYS, PROBABILITY before SOME
      }
    }
    throw new IllegalStateException("no kind is written " + words);
  }

  private static Direction direction(String sign) {
    for (Direction direction : Direction.values()) {
      if (direction.text.equals(sign)) {
        return direction;
      }
    }
    throw new IllegalStateException("no direction is written " + sign);
  }

  private static IllegalArgumentException problem(String text, String why) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "not a relation: '%s'%s; allowed are 'exponent <= E' (or >=, =; also 'exponent of"
                + " mean', 'exact exponent', 'rate', 'value', 'probability'), 'exponent <= E on"
                + " rays of NAME to power E', 'probability >= E for some NAME', 'limit = E', 'monotone increasing', 'monotone"
                + " decreasing', 'polynomial', 'exponential' and 'identity <= E'",
            text,
            why));
  }

  /** For people: the bound as it was written and, where that is no plain number, its value. */
  public String shown() {
    boolean plain = written.matches("[-+]?[0-9.]*([eE][-+]?[0-9]+)?");
    return text(plain ? written : written + " = " + ClaimResult.number(bound));
  }

  /** The text that {@link #parse} reads as an equal relation. */
  @Override
  public String toString() {
    return text(written);
  }

  private String text(String bound) {
    StringBuilder text = new StringBuilder(kind.words);
    if (direction != Direction.NONE) {
      text.append(' ').append(direction.text);
    }
    if (!bound.isEmpty()) {
      text.append(' ').append(bound);
    }
    if (kind == Kind.RAYS) {
      text.append(" on rays of ").append(rayParameter).append(" to power ");
      text.append(number(rayPower));
    }
    if (kind == Kind.SOME) {
      text.append(" for some ").append(rayParameter);
    }
    return text.toString();
  }

  private static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    for (int q = 2; q <= 64; q++) {
      double p = Math.rint(value * q);
      if (p != 0 && p / q == value && !decimal(q)) {
        return (long) p + "/" + q;
      }
    }
    return Double.toString(value);
  }

  // Halves to sixteenths read well as fractions; 5, 10, 20, ... read better as decimals.
  private static boolean decimal(int q) {
    return q % 5 == 0;
  }
}
