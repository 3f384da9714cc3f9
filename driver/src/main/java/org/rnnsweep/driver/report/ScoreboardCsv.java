package org.rnnsweep.driver.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.rnnsweep.driver.analyse.ClaimResult;
import org.rnnsweep.driver.analyse.Judgement;
import org.rnnsweep.driver.analyse.Verdict;
import org.rnnsweep.driver.config.Claim;

/**
 * {@code scoreboard.csv}: one row a claim, in the order of the scoreboard. A sealed format:
 *
 * <ul>
 *   <li>the columns of {@link #COLUMNS}; more may be added at the end, none is renamed;
 *   <li>UTF-8, lines end in {@code \n}, quoted as RFC 4180 asks; real numbers are the shortest
 *       decimals that read back as the same double;
 *   <li>{@code verdict} and {@code prediction_verdict} are of all settings together; what was
 *       measured is that of one {@code setting} of the other axes, of those with this verdict the
 *       one least favourable to the statement; {@code claims.json} has all of them;
 *   <li>a number that does not exist, or is not finite, is empty.
 * </ul>
 */
final class ScoreboardCsv {
  static final List<String> COLUMNS =
      List.of(
          "experiment",
          "id",
          "part",
          "reading",
          "paper",
          "statement",
          "source",
          "metric",
          "axis",
          "shape",
          "relation",
          "predicted",
          "margin",
          "logs",
          "where",
          "attacks",
          "verdict",
          "tightness",
          "survives_holm",
          "consistent",
          "refuted",
          "not_asymptotic",
          "undecided",
          "setting",
          "measured",
          "ci95_low",
          "ci95_high",
          "next",
          "next_error",
          "slack",
          "detectable",
          "refuting_tail",
          "from",
          "to",
          "points",
          "seeds",
          "look",
          "looks",
          "seeds_dropped",
          "trials",
          "would_decide",
          "prediction",
          "prediction_source",
          "prediction_verdict",
          "figure");

  private ScoreboardCsv() {}

  static String render(List<ScoreboardRow> rows) {
    StringBuilder text = new StringBuilder();
    append(text, COLUMNS);
    rows.forEach(row -> append(text, fields(row)));
    return text.toString();
  }

  private static List<String> fields(ScoreboardRow row) {
    Claim claim = row.judged().claim();
    ClaimResult telling = row.telling().orElse(null);
    Judgement statement = telling == null ? null : telling.statement();
    List<String> fields = new ArrayList<>();
    fields.addAll(
        List.of(
            row.experiment(),
            claim.id(),
            claim.part(),
            claim.reading(),
            row.paper(),
            claim.statement(),
            claim.source(),
            claim.metric(),
            claim.axis(),
            claim.shape(),
            claim.relation().toString(),
            number(claim.relation().bound()),
            number(claim.margin()),
            number(claim.logs()),
            claim.where(),
            String.join(" ", claim.attacks()),
            row.judged().verdict().name(),
            statement == null ? "" : statement.label(),
            Boolean.toString(row.survivesHolm())));
    for (Verdict verdict : Verdict.values()) {
      fields.add(Long.toString(row.settings(verdict)));
    }
    if (telling == null) {
      fields.addAll(List.of("", "", "", "", "", "", "", "", "", "", "", "", "", "", "", ""));
    } else {
      fields.add(setting(telling.setting()));
      for (double value :
          new double[] {
            statement.estimate(),
            statement.low(),
            statement.high(),
            statement.next(),
            statement.nextError(),
            statement.slack(),
            statement.detectable(),
            statement.refutingTail(),
            telling.from(),
            telling.to()
          }) {
        fields.add(number(value));
      }
      for (int count :
          new int[] {
            telling.points(),
            telling.seeds(),
            telling.look(),
            telling.looks(),
            telling.seedsDropped()
          }) {
        fields.add(Integer.toString(count));
      }
    }
    fields.addAll(
        List.of(
            Integer.toString(row.trials()),
            row.judged().verdict() == Verdict.UNDECIDED && telling != null
                ? telling.explanation()
                : "",
            claim.prediction() == null ? "" : claim.prediction().toString(),
            claim.predictionSource(),
            claim.prediction() == null ? "" : row.judged().predictionVerdict().name(),
            row.figure()));
    return fields;
  }

  private static String setting(Map<String, Object> setting) {
    return setting.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + Numbers.value(entry.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Numbers.shortest(value) : "";
  }

  private static void append(StringBuilder text, List<String> row) {
    if (row.size() != COLUMNS.size()) {
      throw new IllegalStateException(row.size() + " fields for " + COLUMNS.size() + " columns");
    }
    text.append(row.stream().map(SummaryCsv::quoted).collect(Collectors.joining(",")));
    text.append('\n');
  }
}
