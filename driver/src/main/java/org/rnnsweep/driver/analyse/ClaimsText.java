package org.rnnsweep.driver.analyse;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The scoreboard for a terminal: the answer first, then what it rests on, in plain words. */
public final class ClaimsText {
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
    int rows = scoreboard.rows().size();
    text.append(
        String.format(
            Locale.ROOT,
            "%d %s; were every statement true, at most %s false REFUTED would be expected.\n",
            rows,
            rows == 1 ? "row" : "rows",
            ClaimResult.number(scoreboard.expectedFalseRefuted())));
    return text.toString();
  }

  private static void append(StringBuilder text, JudgedClaim judged, Set<ClaimResult> surviving) {
    String part = judged.claim().part();
    text.append(judged.claim().id()).append(part.isEmpty() ? "" : " (" + part + ")");
    text.append(": ").append(judged.claim().statement()).append('\n');
    text.append("  the statement ").append(judged.verdict().words());
    if (judged.predictionVerdict() != null) {
      text.append("; our prediction (").append(judged.claim().prediction()).append(") ");
      text.append(judged.predictionVerdict().words());
    }
    text.append('\n');
    for (ClaimResult row : judged.rows()) {
      text.append("  ").append(row.verdictInWords());
      text.append(surviving.contains(row) ? " (also among all rows, Holm at 5%)" : "");
      text.append(setting(row));
      text.append(": ").append(row.statement().relation());
      text.append(", measured ").append(ClaimResult.number(row.statement().estimate()));
      text.append(" (95%: ").append(ClaimResult.interval(row.statement())).append(")");
      text.append(
          String.format(
              Locale.ROOT,
              ", %s = %s to %s, %d points, %d seeds",
              row.claim().axis(),
              ClaimResult.number(row.from()),
              ClaimResult.number(row.to()),
              row.points(),
              row.seeds()));
      text.append("\n    ").append(row.explanation()).append('\n');
      if (row.prediction() != null) {
        text.append("    Our prediction: ").append(row.prediction().verdict()).append(". ");
        text.append(row.predictionExplanation()).append('\n');
      }
      row.statement().notes().forEach(note -> text.append("    (").append(note).append(")\n"));
    }
    text.append('\n');
  }

  private static String setting(ClaimResult row) {
    return row.setting().isEmpty()
        ? ""
        : row.setting().entrySet().stream()
            .map(e -> e.getKey() + " = " + e.getValue())
            .collect(Collectors.joining(", ", " at ", ""));
  }
}
