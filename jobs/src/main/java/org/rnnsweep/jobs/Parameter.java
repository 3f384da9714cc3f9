package org.rnnsweep.jobs;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * One parameter of a job, stated once: help, error messages, experiment files and reports all read
 * it from here. Immutable; the {@code with} methods copy.
 */
public final class Parameter {

  /** What kind of value a parameter takes, and how {@link Configuration} holds it. */
  public enum Type {
    /** A {@link Long}. */
    INTEGER,
    /** A finite {@link Double}. */
    REAL,
    /** A {@link String}: one of the choices or, if it is open, a text of the kind it describes. */
    CHOICE
  }

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

  private final String name;
  private final String symbol;
  private final Type type;
  private final double min;
  private final double max;
  private final List<String> choices;
  private final String others; // empty unless open
  private final Predicate<String> allowsOther;
  private final Object defaultValue;
  private final String unit;
  private final String meaning;
  private final String relevantParameter;
  private final Set<String> relevantChoices;

  private Parameter(
      String name,
      String symbol,
      Type type,
      double min,
      double max,
      List<String> choices,
      String others,
      Predicate<String> allowsOther,
      Object defaultValue,
      String unit,
      String meaning,
      String relevantParameter,
      Set<String> relevantChoices) {
    requireName(name);
    this.name = name;
    this.symbol = Objects.requireNonNull(symbol);
    this.type = type;
    this.min = min;
    this.max = max;
    this.choices = List.copyOf(choices);
    this.others = Objects.requireNonNull(others);
    this.allowsOther = Objects.requireNonNull(allowsOther);
    this.defaultValue = defaultValue;
    this.unit = unit;
    this.meaning = Objects.requireNonNull(meaning);
    this.relevantParameter = relevantParameter;
    this.relevantChoices = Set.copyOf(relevantChoices);
  }

  /** A required integer from {@code min} to {@code max}, both allowed. */
  public static Parameter integer(String name, String symbol, long min, long max, String meaning) {
    return required(name, symbol, Type.INTEGER, min, max, List.of(), meaning);
  }

  /** A required real number from {@code min} to {@code max}, both allowed. */
  public static Parameter real(String name, String symbol, double min, double max, String meaning) {
    return required(name, symbol, Type.REAL, min, max, List.of(), meaning);
  }

  /** A required choice among words. */
  public static Parameter choice(String name, String meaning, String... choices) {
    return required(name, name, Type.CHOICE, 0, 0, List.of(choices), meaning);
  }

  private static Parameter required(
      String name,
      String symbol,
      Type type,
      double min,
      double max,
      List<String> choices,
      String meaning) {
    return new Parameter(
        name,
        symbol,
        type,
        min,
        max,
        choices,
        "",
        text -> false,
        null,
        "1",
        meaning,
        null,
        Set.of());
  }

  /**
   * The same choice, open to texts besides the listed words: what a user may bring along.
   *
   * @param described what texts there are, for example {@code regex:ALPHABET:EXPRESSION}
   * @param allows whether a text that is none of the words is of that kind; what is wrong inside it
   *     {@link Job#check} can say better. One with control characters never is allowed, for a value
   *     stands in one line of what is hashed
   */
  public Parameter withOthers(String described, Predicate<String> allows) {
    if (type != Type.CHOICE || described.isEmpty()) {
      throw new IllegalArgumentException("only a choice is opened, and says to what: " + name);
    }
    return new Parameter(
        name,
        symbol,
        type,
        min,
        max,
        choices,
        described,
        allows,
        defaultValue,
        unit,
        meaning,
        relevantParameter,
        relevantChoices);
  }

  /** The same parameter, optional. */
  public Parameter withDefault(Object value) {
    Object held = value instanceof Integer i ? Long.valueOf(i) : value;
    String problem = problem(held);
    if (problem != null) {
      throw new IllegalArgumentException("default of " + name + ": " + problem);
    }
    return new Parameter(
        name,
        symbol,
        type,
        min,
        max,
        choices,
        others,
        allowsOther,
        held,
        unit,
        meaning,
        relevantParameter,
        relevantChoices);
  }

  /** The same parameter with a unit ("1" is a pure number). */
  public Parameter withUnit(String unit) {
    return new Parameter(
        name,
        symbol,
        type,
        min,
        max,
        choices,
        others,
        allowsOther,
        defaultValue,
        unit,
        meaning,
        relevantParameter,
        relevantChoices);
  }

  /**
   * The same parameter, meaningful only where the choice {@code parameter} is one of {@code
   * values}. Elsewhere it may not be set, and it does not enter the trial id.
   */
  public Parameter withRelevance(String parameter, String... values) {
    return new Parameter(
        name,
        symbol,
        type,
        min,
        max,
        choices,
        others,
        allowsOther,
        defaultValue,
        unit,
        meaning,
        parameter,
        Set.of(values));
  }

  /** Lower-case snake name: the same in experiment files, tables and Parquet columns. */
  public String name() {
    return name;
  }

  /** The paper's symbol, accepted as an alias in experiment files; the name itself if none. */
  public String symbol() {
    return symbol;
  }

  public Type type() {
    return type;
  }

  public List<String> choices() {
    return choices;
  }

  /** Null when the parameter is required. */
  public Object defaultValue() {
    return defaultValue;
  }

  public String unit() {
    return unit;
  }

  public String meaning() {
    return meaning;
  }

  /** Name of the choice that decides whether this parameter means anything, or null: always. */
  public String relevantParameter() {
    return relevantParameter;
  }

  /** Values of {@link #relevantParameter()} for which this parameter means something. */
  public Set<String> relevantChoices() {
    return relevantChoices;
  }

  /** The allowed values in words, for example {@code integer from 1 to 4194304}. */
  public String domain() {
    return switch (type) {
      case INTEGER -> String.format(Locale.ROOT, "integer from %d to %d", (long) min, (long) max);
      case REAL -> "real number from " + plain(min) + " to " + plain(max);
      case CHOICE ->
          "one of " + String.join(", ", choices) + (others.isEmpty() ? "" : ", or " + others);
    };
  }

  /** Why {@code value} is not allowed, or null if it is. The value has the type of this class. */
  public String problem(Object value) {
    boolean fits =
        switch (type) {
          case INTEGER -> value instanceof Long v && v >= (long) min && v <= (long) max;
          case REAL -> value instanceof Double v && v >= min && v <= max;
          case CHOICE -> value instanceof String v && (choices.contains(v) || isOther(v));
        };
    return fits ? null : "found " + value + ", allowed is " + domain();
  }

  private boolean isOther(String text) {
    return allowsOther.test(text) && text.chars().noneMatch(Character::isISOControl);
  }

  static void requireName(String name) {
    if (name == null || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a lower_snake_case name: " + name);
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  @Override
  public String toString() {
    return name + " (" + domain() + ")";
  }
}
