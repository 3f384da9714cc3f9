package org.rnnsweep.driver.analyse;

import java.util.Locale;
import java.util.Map;
import org.rnnsweep.driver.config.Claim;

/**
 * One row of the scoreboard: a claim at one fixed setting of the other axes.
 *
 * @param claim the claim
 * @param setting values of the other axes, by name in the experiment's order; empty if there are
 *     none
 * @param from least value of the axis in the range; NaN of an empty range
 * @param to greatest value
 * @param points K, values of the axis in the range
 * @param seeds n, seeds that entered the fit
 * @param look the planned seed count at which the verdict was taken; 0 if none is reached
 * @param looks J, how many counts were planned
 * @param trials trials recorded in the range
 * @param seedsDropped seeds below the look that do not have a value in every cell
 * @param statement the paper's statement judged
 * @param prediction our own prediction judged by the same rule; null if there is none
 */
public record ClaimResult(
    Claim claim,
    Map<String, Object> setting,
    double from,
    double to,
    int points,
    int seeds,
    int look,
    int looks,
    int trials,
    int seedsDropped,
    Judgement statement,
    Judgement prediction) {

  /** The verdict on the paper's statement, with the reservation that a for-all statement needs. */
  public String verdictInWords() {
    String words = statement.verdict().name();
    if (statement.verdict() == Verdict.CONSISTENT && !claim.attacks().isEmpty()) {
      words = "CONSISTENT (not refuted by " + String.join(", ", claim.attacks()) + ")";
    }
    if (!statement.label().isEmpty()) {
      words += ", " + statement.label();
      if (statement.label().equals("loose") && !claim.attacks().isEmpty()) {
        words += " for " + String.join(", ", claim.attacks());
      }
    }
    return words;
  }

  /** The verdict on the paper's statement in one or two plain sentences. */
  public String explanation() {
    return explain(statement);
  }

  /** The same for our prediction; empty if there is none. */
  public String predictionExplanation() {
    return prediction == null ? "" : explain(prediction);
  }

  private String explain(Judgement judgement) {
    return switch (judgement.verdict()) {
      case CONSISTENT -> consistent(judgement);
      case REFUTED -> refuted(judgement);
      case NOT_ASYMPTOTIC -> notAsymptotic(judgement);
      case UNDECIDED -> undecided(judgement);
    };
  }

  private static String consistent(Judgement j) {
    if (j.relation().kind() == Relation.Kind.EXACT_EXPONENT) {
      return text(
          "The last local slope, %s, is allowed within the margin of %s.",
          number(j.estimate()), number(j.margin()));
    }
    if (j.relation().kind() == Relation.Kind.IDENTITY) {
      return text("The largest value seen, %s, is within the tolerance.", number(j.estimate()));
    }
    return text(
        "Every value in the 95%% interval, %s, is allowed%s.",
        interval(j), j.margin() > 0 ? " within the margin of " + number(j.margin()) : "");
  }

  private static String refuted(Judgement j) {
    if (j.relation().kind() == Relation.Kind.EXACT_EXPONENT) {
      return text(
          "The last local slope, %s, lies outside what is allowed (%s)%s.",
          number(j.estimate()), allowed(j), widening(j));
    }
    if (j.relation().kind() == Relation.Kind.IDENTITY) {
      return text("The largest value seen, %s, exceeds the tolerance.", number(j.estimate()));
    }
    return text(
        "The estimate %s lies outside what is allowed (%s)%s, and chance alone would put it there"
            + " less than once in a thousand times.",
        number(j.estimate()), allowed(j), widening(j));
  }

  private String notAsymptotic(Judgement j) {
    boolean agrees =
        j.allowed().widened(j.margin()).contains(j.low())
            && j.allowed().widened(j.margin()).contains(j.high());
    return text(
        "From %s = %s to %s the slope is %s and would be %s, but it is still changing: just beyond"
            + " the range about %s +- %s is to be expected, which says the opposite. Only larger"
            + " values of the axis decide.",
        claim.axis(),
        number(from),
        number(to),
        number(j.estimate()),
        agrees ? "CONSISTENT" : "REFUTED",
        number(j.next()),
        number(j.nextError()));
  }

  private static String undecided(Judgement j) {
    if (!j.reason().isEmpty()) {
      return text("No verdict: %s.", j.reason());
    }
    String so = text("The 95%% interval, %s, allows both readings", interval(j));
    return j.decides().isEmpty() ? so + "." : so + ": " + j.decides() + ".";
  }

  private static String widening(Judgement j) {
    if (j.margin() == 0 && j.logsWidth() == 0) {
      return "";
    }
    String margin = " even with the margin of " + number(j.margin());
    return j.logsWidth() == 0
        ? margin
        : margin + " and the " + number(j.logsWidth()) + " that the stated logs can add";
  }

  /** S in words. */
  static String allowed(Judgement j) {
    AllowedSet set = j.allowed();
    if (set.low() == set.high()) {
      return "exactly " + number(set.low());
    }
    if (Double.isInfinite(set.low())) {
      return "at most " + number(set.high());
    }
    return Double.isInfinite(set.high())
        ? "at least " + number(set.low())
        : number(set.low()) + " to " + number(set.high());
  }

  static String interval(Judgement j) {
    return number(j.low()) + " to " + number(j.high());
  }

  /** Four significant digits, the same everywhere; a dash for a number that does not exist. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e6) {
      return Long.toString((long) value);
    }
    double size = Math.abs(value);
    if (size >= 1e-3 && size < 1e6) {
      int digits = Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
      return String.format(Locale.ROOT, "%." + Math.min(digits, 4) + "f", value);
    }
    return String.format(Locale.ROOT, "%.3e", value);
  }

  private static String text(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
