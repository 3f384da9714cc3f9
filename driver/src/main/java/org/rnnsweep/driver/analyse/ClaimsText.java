package org.rnnsweep.driver.analyse;

import java.util.Collections;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.rnnsweep.driver.config.Claim;

/**
 * The verdicts for a terminal: the answer first, then what it rests on, in plain words. Settings
 * that end alike are told together, where there are more than a few of them.
 */
public final class ClaimsText {
  private static final int WIDTH = 110;
  private static final int ROWS_IN_FULL = 3;

  /** Spaces, but for those around a relation. */
  private static final String BREAKS = "(?<![<>=]) (?![<>=])";

  private ClaimsText() {}

  /** Text ending in a line feed; empty if the experiment makes no claims. */
  public static String of(Scoreboard scoreboard) {
    if (scoreboard.claims().isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    Set<ClaimResult> surviving = scoreboard.survivingHolm();
    for (JudgedClaim judged : scoreboard.claims()) {
      append(text, judged, surviving);
    }
    return text.append(multiplicity(scoreboard)).toString();
  }

  /** A line or two a claim of every experiment, for a suite; the counts come first. */
  public static String of(String suite, List<Scoreboard> experiments) {
    Scoreboard all = Scoreboard.of(suite, experiments);
    if (all.claims().isEmpty()) {
      return suite + ": no claims\n";
    }
    Map<Verdict, Long> counts =
        all.claims().stream()
            .collect(
                Collectors.groupingBy(JudgedClaim::verdict, TreeMap::new, Collectors.counting()));
    StringBuilder text = new StringBuilder();
    line(
        text,
        "",
        suite
            + ": "
            + all.claims().size()
            + (all.claims().size() == 1 ? " claim, " : " claims, ")
            + counts.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", ")));
    text.append('\n');
    for (JudgedClaim judged : all.claims()) {
      inShort(text, judged);
    }
    return text.append('\n').append(multiplicity(all)).toString();
  }

  private static void inShort(StringBuilder text, JudgedClaim judged) {
    Claim claim = judged.claim();
    ClaimResult row = judged.telling().orElse(null);
    String label = row == null ? "" : row.statement().label();
    line(
        text,
        "  ",
        judged.verdict()
            + (label.isEmpty() ? " " : " (" + label + ") ")
            + claim.id()
            + (claim.part().isEmpty() ? "" : " (" + claim.part() + ")")
            + (claim.reading().equals("printed") ? "" : ", " + claim.reading())
            + ": "
            + claim.relation().shown()
            + (row == null || Double.isNaN(row.statement().estimate())
                ? ""
                : ", measured "
                    + ClaimResult.number(row.statement().estimate())
                    + " (95%: "
                    + ClaimResult.interval(row.statement())
                    + ")"
                    + setting(row)));
    if (judged.verdict() == Verdict.UNDECIDED) {
      line(text, "      ", row == null ? "No configuration is in its range." : row.explanation());
    }
  }

  private static String multiplicity(Scoreboard scoreboard) {
    int rows = scoreboard.rows().size();
    return String.format(
        Locale.ROOT,
        "%d %s; were every statement true, at most %s false REFUTED would be expected.\n",
        rows,
        rows == 1 ? "row" : "rows",
        ClaimResult.number(scoreboard.expectedFalseRefuted()));
  }

  private static void append(StringBuilder text, JudgedClaim judged, Set<ClaimResult> surviving) {
    String part = judged.claim().part();
    line(
        text,
        "",
        judged.claim().id()
            + (part.isEmpty() ? "" : " (" + part + ")")
            + ": "
            + judged.claim().statement());
    String ours =
        judged.predictionVerdict() == null
            ? ""
            : "; our prediction ("
                + judged.claim().prediction().shown()
                + ") "
                + judged.predictionVerdict().words();
    line(text, "  ", "the statement " + judged.verdict().words() + ours);
    Map<String, List<ClaimResult>> alike =
        judged.rows().stream()
            .collect(
                Collectors.groupingBy(
                    ClaimResult::verdictInWords, LinkedHashMap::new, Collectors.toList()));
    for (List<ClaimResult> rows : alike.values()) {
      if (rows.size() > ROWS_IN_FULL) {
        together(text, rows, surviving);
      } else {
        rows.forEach(row -> inFull(text, row, surviving));
      }
    }
    text.append('\n');
  }

  /** Rows of one verdict: their span, and the one that speaks least for the statement. */
  private static void together(
      StringBuilder text, List<ClaimResult> rows, Set<ClaimResult> surviving) {
    ClaimResult worst =
        Collections.min(rows, Comparator.comparingDouble(row -> row.statement().slack()));
    DoubleSummaryStatistics measured =
        rows.stream()
            .mapToDouble(row -> row.statement().estimate())
            .filter(estimate -> !Double.isNaN(estimate))
            .summaryStatistics();
    String span =
        measured.getCount() == 0
            ? ""
            : ", measured "
                + ClaimResult.number(measured.getMin())
                + " to "
                + ClaimResult.number(measured.getMax());
    long holm = rows.stream().filter(surviving::contains).count();
    line(
        text,
        "  ",
        worst.verdictInWords()
            + " in "
            + rows.size()
            + " settings"
            + (holm == 0 ? "" : " (" + holm + " of them also among all rows, Holm at 5%)")
            + " of "
            + String.join(", ", worst.setting().keySet())
            + ": "
            + worst.statement().relation().shown()
            + span);
    line(text, "    ", "Least favourable" + setting(worst) + ": " + worst.explanation());
    if (worst.prediction() != null) {
      Map<Verdict, Long> ours =
          rows.stream()
              .collect(
                  Collectors.groupingBy(
                      row -> row.prediction().verdict(), TreeMap::new, Collectors.counting()));
      line(
          text,
          "    ",
          ours.entrySet().stream()
              .map(e -> e.getKey() + " in " + e.getValue())
              .collect(Collectors.joining(", ", "Our prediction: ", ".")));
    }
  }

  private static void inFull(StringBuilder text, ClaimResult row, Set<ClaimResult> surviving) {
    line(
        text,
        "  ",
        String.format(
            Locale.ROOT,
            "%s%s%s: %s, measured %s (95%%: %s), %s = %s to %s, %d %s, %d %s",
            row.verdictInWords(),
            surviving.contains(row) ? " (also among all rows, Holm at 5%)" : "",
            setting(row),
            row.statement().relation().shown(),
            ClaimResult.number(row.statement().estimate()),
            ClaimResult.interval(row.statement()),
            row.claim().axis(),
            ClaimResult.number(row.from()),
            ClaimResult.number(row.to()),
            row.points(),
            row.points() == 1 ? "point" : "points",
            row.seeds(),
            row.seeds() == 1 ? "seed" : "seeds"));
    line(text, "    ", row.explanation());
    if (row.prediction() != null) {
      boolean same = row.predictionExplanation().equals(row.explanation());
      line(
          text,
          "    ",
          "Our prediction: "
              + row.prediction().verdict()
              + (same ? ", for the same reason." : ". " + row.predictionExplanation()));
    }
    row.statement().notes().forEach(note -> line(text, "    ", "(" + note + ")"));
  }

  private static String setting(ClaimResult row) {
    return row.setting().isEmpty()
        ? ""
        : row.setting().entrySet().stream()
            .map(e -> e.getKey() + " = " + e.getValue())
            .collect(Collectors.joining(", ", " at ", ""));
  }

  /** Appends words, broken at spaces; what goes on in the next line stands two columns deeper. */
  private static void line(StringBuilder text, String indent, String words) {
    StringBuilder line = new StringBuilder(indent);
    boolean first = true;
    for (String word : words.split(BREAKS)) {
      if (!first && line.length() + 1 + word.length() > WIDTH) {
        text.append(line).append('\n');
        line = new StringBuilder(indent).append("  ");
        first = true;
      }
      line.append(first ? "" : " ").append(word);
      first = false;
    }
    text.append(line).append('\n');
  }
}
