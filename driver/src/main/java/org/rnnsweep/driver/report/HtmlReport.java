package org.rnnsweep.driver.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.rnnsweep.driver.analyse.ClaimResult;
import org.rnnsweep.driver.analyse.JudgedClaim;
import org.rnnsweep.driver.analyse.Judgement;
import org.rnnsweep.driver.analyse.Scoreboard;
import org.rnnsweep.driver.analyse.Stopping;
import org.rnnsweep.driver.analyse.Summary;
import org.rnnsweep.driver.analyse.SummaryCell;
import org.rnnsweep.driver.analyse.SummaryStatistics;
import org.rnnsweep.driver.analyse.Verdict;
import org.rnnsweep.driver.config.Claim;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Outcome;

/**
 * One page that says what came out: verdicts, figures, tables, and folded below them failures, cost
 * and where everything ran. It fetches nothing, and its content security policy forbids it to; the
 * only script is its own, allowed by hash, and the page is whole without it. Long tables end early
 * and say so.
 */
final class HtmlReport {
  /** Rows after which a table leaves the rest to {@code summary.csv} or to the store. */
  static final int MAX_ROWS = 500;

  private final Summary summary;
  private final Experiment experiment;
  private final Scoreboard scoreboard;
  private final List<FigureData> figures;
  private final Set<String> files;
  private final RunFacts facts;
  private final HtmlPage html;

  private HtmlReport(
      Summary summary,
      Scoreboard scoreboard,
      List<FigureData> figures,
      Set<String> files,
      RunFacts facts) {
    this.summary = summary;
    this.experiment = summary.experiment();
    this.scoreboard = scoreboard;
    this.figures = figures;
    this.files = files;
    this.facts = facts;
    this.html = new HtmlPage(experiment.name() + " - rnnsweep", "page.js");
  }

  /**
   * @param files names of the files beside the page; only those are linked
   */
  static String render(
      Summary summary,
      Scoreboard scoreboard,
      List<FigureData> figures,
      Set<String> files,
      RunFacts facts) {
    return new HtmlReport(summary, scoreboard, figures, files, facts).page();
  }

  private String page() {
    head();
    claims();
    figures();
    if (experiment.comparison() != null) {
      ComparisonTable.of(summary).write(html);
    }
    table();
    failures();
    cost();
    provenance();
    return html.end();
  }

  private void head() {
    html.element("h1", "", experiment.name());
    if (!experiment.description().isBlank()) {
      html.element("p", "", experiment.description());
    }
    int completed = summary.outcomes().getOrDefault(Outcome.COMPLETED, 0);
    int planned = summary.plannedTrials();
    String state =
        completed == planned
            ? "All " + planned + " trials completed"
            : completed + " of " + planned + " trials completed";
    int waiting = planned - summary.endedTrials();
    String saved = Stopping.of(experiment).saved(summary.records());
    String rest =
        !saved.isEmpty()
            ? "; " + saved
            : waiting > 0 ? "; not run yet: " + waiting + ", so this is not final" : "";
    html.element(
        "p",
        "muted",
        state
            + rest
            + ". "
            + experiment.configurations().size()
            + " configurations, "
            + experiment.seeds().count()
            + " seeds each; "
            + experiment.job().summary()
            + ".");
  }

  private void claims() {
    if (scoreboard.claims().isEmpty()) {
      return;
    }
    html.element("h2", "", "Verdicts");
    Set<ClaimResult> surviving = scoreboard.survivingHolm();
    for (JudgedClaim judged : scoreboard.claims()) {
      Claim claim = judged.claim();
      Verdict verdict = judged.verdict();
      html.append("<article class=\"claim ").append(verdict).append("\">\n");
      html.append("<p class=\"verdict\">").append(mark(verdict)).append(" The statement ");
      html.append(Markup.escape(verdict.words())).append(" <span class=\"tag\">");
      html.append(verdict).append("</span></p>\n");
      html.element("p", "", claim.statement());
      html.append("<p class=\"muted\">");
      html.append(Markup.escape(joined(claim.id(), claim.part(), claim.reading(), claim.source())));
      figureOf(claim);
      html.append("</p>\n");
      if (judged.predictionVerdict() != null) {
        String source = claim.predictionSource().isBlank() ? "" : ", " + claim.predictionSource();
        html.element(
            "p",
            "",
            mark(judged.predictionVerdict())
                + " Our own prediction ("
                + claim.prediction().shown()
                + source
                + ") "
                + judged.predictionVerdict().words()
                + ".");
      }
      rows(judged, surviving);
      html.append("</article>\n");
    }
    html.element(
        "p",
        "muted",
        "Rows judged: "
            + scoreboard.rows().size()
            + ". Were every statement true, at most "
            + quantity(scoreboard.expectedFalseRefuted())
            + " false REFUTED would be expected among them.");
  }

  /** The row that tells most in words, and all of them in a table. */
  private void rows(JudgedClaim judged, Set<ClaimResult> surviving) {
    List<ClaimResult> rows = judged.rows();
    if (rows.isEmpty()) {
      return;
    }
    ClaimResult telling = judged.telling().get();
    html.element(
        "p",
        "",
        rows.size() == 1
            ? telling.explanation()
            : "At " + setting(telling) + ": " + telling.explanation());
    html.append("<details>");
    html.element("summary", "", "What was measured" + counts(rows));
    html.append("<div class=\"scroll\"><table class=\"stack\">\n<thead><tr>");
    List.of("where", "measured, 95% interval", "allowed", "verdict", "why")
        .forEach(name -> html.element("th", "text", name));
    html.append("</tr></thead>\n<tbody>\n");
    for (ClaimResult row : rows) {
      Judgement judgement = row.statement();
      html.append("<tr>");
      html.element("td", "text", setting(row));
      html.element("td", "text", measured(judgement));
      html.element("td", "text", judgement.relation().shown());
      String holm = surviving.contains(row) ? " (also among all rows, Holm at 5%)" : "";
      html.element("td", "text", mark(judgement.verdict()) + " " + row.verdictInWords() + holm);
      html.append("<td class=\"text message\">").append(Markup.escape(row.explanation()));
      html.append("<details>");
      html.element("summary", "", "more");
      html.definitions(details(row));
      html.append("</details></td></tr>\n");
    }
    html.append("</tbody></table></div></details>\n");
  }

  /** {@code : 6 settings, 4 CONSISTENT, 2 UNDECIDED}. */
  private static String counts(List<ClaimResult> rows) {
    if (rows.size() == 1) {
      return "";
    }
    Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    rows.forEach(row -> counts.merge(row.statement().verdict(), 1, Integer::sum));
    StringBuilder text = new StringBuilder(": " + rows.size() + " settings");
    counts.forEach((verdict, n) -> text.append(", ").append(n).append(' ').append(verdict));
    return text.toString();
  }

  static List<String> details(ClaimResult row) {
    Judgement judgement = row.statement();
    Claim claim = row.claim();
    List<String> pairs = new ArrayList<>();
    pairs.addAll(
        List.of(
            "metric",
            claim.metric() + (claim.shape().equals("1") ? "" : " / (" + claim.shape() + ")")));
    pairs.addAll(List.of("range", range(row)));
    pairs.addAll(List.of("points, seeds", row.points() + ", " + row.seeds()));
    pairs.addAll(List.of("look", row.look() + " of " + row.looks() + " planned"));
    pairs.addAll(List.of("trials, seeds dropped", row.trials() + ", " + row.seedsDropped()));
    pairs.addAll(
        List.of("margin, logs", quantity(judgement.margin()) + ", " + quantity(claim.logs())));
    pairs.addAll(
        List.of(
            "next slope", quantity(judgement.next()) + " ± " + quantity(judgement.nextError())));
    pairs.addAll(
        List.of(
            "slack, detectable",
            quantity(judgement.slack()) + ", " + quantity(judgement.detectable())));
    if (row.prediction() != null) {
      pairs.addAll(
          List.of(
              "our prediction", row.prediction().verdict() + ". " + row.predictionExplanation()));
    }
    for (Judgement.PartResult part : judgement.parts()) {
      String interval = " [" + quantity(part.low()) + ", " + quantity(part.high()) + "]";
      pairs.addAll(List.of(part.name(), quantity(part.estimate()) + interval));
    }
    judgement.notes().forEach(note -> pairs.addAll(List.of("note", note)));
    return pairs;
  }

  static String setting(ClaimResult row) {
    return row.setting().isEmpty()
        ? "everywhere"
        : String.join(
            ", ",
            row.setting().entrySet().stream()
                .map(e -> e.getKey() + " = " + Numbers.value(e.getValue()))
                .toList());
  }

  static String measured(Judgement judgement) {
    return Double.isNaN(judgement.low())
        ? quantity(judgement.estimate())
        : quantity(judgement.estimate())
            + " ["
            + quantity(judgement.low())
            + ", "
            + quantity(judgement.high())
            + "]";
  }

  /** Where a claim was tested: {@code width = 16384 to 262144}. */
  static String range(ClaimResult row) {
    return row.claim().axis() + " = " + axisValue(row.from()) + " to " + axisValue(row.to());
  }

  /** Whole numbers in full, for they are a file's own: a rounded width is no width of the grid. */
  static String axisValue(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : quantity(value);
  }

  /** At most four digits and a typographic minus; a dash for a number that does not exist. */
  static String quantity(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    String text = Numbers.rounded(value, 4).replace('-', '−');
    return text.contains(".") && !text.contains("e") ? text.replaceAll("\\.?0+$", "") : text;
  }

  static String joined(String... parts) {
    return String.join(" · ", Stream.of(parts).filter(part -> !part.isBlank()).toList());
  }

  private void figureOf(Claim claim) {
    int number = figureNumber(claim, figures);
    if (number > 0) {
      html.append(" · <a href=\"#figure-").append(number).append("\">Figure ");
      html.append(number).append("</a>");
    }
  }

  /** The first figure of the metric, from 1, one along the claim's axis before others; or 0. */
  static int figureNumber(Claim claim, List<FigureData> figures) {
    int found = -1;
    for (int i = figures.size() - 1; i >= 0; i--) {
      boolean metric = figures.get(i).metrics().contains(claim.metric());
      boolean along = claim.axis().contains(figures.get(i).xName());
      if (metric && (along || found < 0)) {
        found = i;
      }
    }
    return found + 1;
  }

  /** A shape for each verdict, so that it is never told by colour alone. */
  static String mark(Verdict verdict) {
    return switch (verdict) {
      case CONSISTENT -> "✓";
      case REFUTED -> "✗";
      case NOT_ASYMPTOTIC -> "↯";
      case UNDECIDED -> "?";
    };
  }

  private void figures() {
    if (figures.isEmpty()) {
      return;
    }
    html.element("h2", "", "Figures");
    for (int i = 0; i < figures.size(); i++) {
      FigureData figure = figures.get(i);
      html.append("<figure id=\"figure-").append(i + 1).append("\">\n");
      html.figure(figure);
      html.append("<figcaption>Figure ").append(i + 1);
      List<String> saved = new ArrayList<>();
      for (String format : List.of("svg", "png")) {
        String file = figure.id() + "." + format;
        if (files.contains(file)) {
          saved.add(
              "<a download href=\""
                  + Markup.escape(file)
                  + "\">"
                  + format.toUpperCase(Locale.ROOT)
                  + "</a>");
        }
      }
      if (!saved.isEmpty()) {
        html.append("<span class=\"save\"> · save as ").append(String.join(" or ", saved));
        html.append("</span>");
      }
      html.append("</figcaption>\n");
      fits(figure);
      html.append("</figure>\n");
    }
  }

  private void fits(FigureData figure) {
    boolean any =
        figure.rows().stream()
            .flatMap(row -> row.panels().stream())
            .flatMap(panel -> panel.lines().stream())
            .anyMatch(line -> line.fit() != null);
    if (!any) {
      return;
    }
    boolean power = figure.x() == Scale.Spacing.LOGARITHMIC;
    html.append("<details>");
    html.element("summary", "", power ? "Fitted exponents and local slopes" : "Fitted rates");
    html.element(
        "p",
        "muted",
        "One slope a seed by least squares, their mean and its 95% t interval. Local slopes are"
            + " between neighbours on the axis, left to right: if they drift, the fitted one is not"
            + " a limit.");
    html.append("<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr>");
    List.of("metric", "panel", "line").forEach(name -> html.element("th", "text", name));
    List.of(power ? "exponent" : "rate", "from", "to", "seeds")
        .forEach(name -> html.element("th", "", name));
    html.element("th", "text", "local slopes");
    html.append("</tr></thead>\n<tbody>\n");
    for (FigureData.Row row : figure.rows()) {
      for (FigureData.Panel panel : row.panels()) {
        for (FigureData.Line line : panel.lines()) {
          ScalingFit fit = line.fit();
          if (fit == null) {
            continue;
          }
          html.append("<tr>");
          html.element("td", "text", row.yLabel());
          html.element("td", "text", panel.title().text());
          html.element(
              "td",
              "text",
              figure.legend().isEmpty() ? "" : figure.legend().get(line.index()).text());
          html.number(fit.slope(), ScalingFit.signed(fit.slope()));
          html.number(fit.low(), Double.isNaN(fit.low()) ? "" : ScalingFit.signed(fit.low()));
          html.number(fit.high(), Double.isNaN(fit.high()) ? "" : ScalingFit.signed(fit.high()));
          html.element("td", "", Integer.toString(fit.seeds()));
          html.element(
              "td",
              "text",
              String.join("  ", fit.localSlopes().stream().map(ScalingFit::signed).toList()));
          html.append("</tr>\n");
        }
      }
    }
    html.append("</tbody></table></div></details>\n");
  }

  private void table() {
    html.element("h2", "", "Numbers");
    html.append(
        "<p class=\"muted\">Mean, standard deviation and 95% t interval over seeds; all of");
    html.append(" it in <a href=\"summary.csv\">summary.csv</a>.</p>\n");
    for (Metric metric : summary.measuredMetrics()) {
      boolean drawn =
          figures.isEmpty() || figures.stream().anyMatch(f -> f.metrics().contains(metric.name()));
      html.append(drawn ? "<details open>" : "<details>");
      html.element("summary", "", metric.label() + " (" + metric.name() + ")");
      String unit = metric.unit().equals("1") ? "" : " Unit: " + metric.unit() + ".";
      html.element("p", "muted", metric.meaning() + unit);
      html.append("<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr>");
      experiment.axes().forEach(axis -> html.element("th", "", axis));
      List.of("n", "mean", "sd", "from", "to", "min", "max")
          .forEach(name -> html.element("th", "", name));
      html.append("</tr></thead>\n<tbody>\n");
      int rows = 0;
      for (SummaryCell cell : summary.cells()) {
        SummaryStatistics s = cell.statistics(metric.name()).orElse(null);
        if (s == null || ++rows > MAX_ROWS) {
          continue;
        }
        html.append("<tr>");
        experiment
            .axes()
            .forEach(axis -> html.element("td", "", Numbers.value(cell.configuration().get(axis))));
        html.element("td", "", Integer.toString(s.n()));
        for (double value :
            new double[] {s.mean(), s.sd(), s.ci95Low(), s.ci95High(), s.min(), s.max()}) {
          html.number(value, Numbers.rounded(value, 4).replace('-', '−'));
        }
        html.append("</tr>\n");
      }
      html.append("</tbody></table></div>\n");
      more(rows, "summary.csv");
      html.append("</details>\n");
    }
  }

  private void failures() {
    List<TrialRecord> shortfalls = summary.shortfalls();
    if (shortfalls.isEmpty()) {
      return;
    }
    html.element("h2", "", "Trials that did not complete");
    html.append("<details>");
    List<String> counts = new ArrayList<>();
    summary
        .outcomes()
        .forEach(
            (outcome, n) -> {
              if (outcome != Outcome.COMPLETED) {
                counts.add(n + " " + outcome);
              }
            });
    html.element("summary", "", String.join(", ", counts));
    html.append("<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr>");
    List.of("outcome", "trial", "why").forEach(name -> html.element("th", "text", name));
    html.element("th", "", "seed");
    html.append("</tr></thead>\n<tbody>\n");
    for (TrialRecord record : shortfalls.subList(0, Math.min(MAX_ROWS, shortfalls.size()))) {
      html.append("<tr>");
      html.element("td", "text", record.outcome().name());
      html.element("td", "text", record.trial().configuration().toString());
      html.element("td", "text message", record.message());
      html.element("td", "", Integer.toString(record.trial().seedIndex()));
      html.append("</tr>\n");
    }
    html.append("</tbody></table></div>\n");
    more(shortfalls.size(), "the store");
    html.append("</details>\n");
  }

  private void cost() {
    html.element("h2", "", "Cost");
    html.append("<details>");
    html.element("summary", "", Numbers.rounded(facts.seconds() / 3600, 3) + " core hours");
    html.definitions(
        List.of(
            "trials in the store",
            Integer.toString(facts.trials()),
            "wall time of all trials",
            Numbers.rounded(facts.seconds(), 4) + " s",
            "largest memory of a group",
            Numbers.rounded(facts.peakBytes() / 1048576.0, 4) + " MiB off the heap",
            "first trial started",
            facts.firstStart() == null ? "-" : facts.firstStart().toString(),
            "last trial started",
            facts.lastStart() == null ? "-" : facts.lastStart().toString()));
    html.append("</details>\n");
  }

  private void provenance() {
    html.element("h2", "", "Where it comes from");
    html.append("<details>");
    html.element("summary", "", experiment.job().id() + " version " + experiment.job().version());
    List<String> pairs =
        new ArrayList<>(
            List.of(
                "numerics", experiment.numerics().canonical(),
                "root seed", Long.toString(experiment.seeds().root()),
                "experiment file now", experiment.specHash()));
    facts
        .origins()
        .forEach(
            (kind, values) -> {
              pairs.add(kind);
              pairs.add(counted(values));
            });
    if (summary.otherTrials() > 0) {
      pairs.add("left out");
      pairs.add(
          summary.otherTrials() + " trials in the store that this experiment does not ask for");
    }
    html.definitions(pairs);
    if (facts.origins().getOrDefault("fingerprint", new TreeMap<>()).size() > 1) {
      html.element(
          "p",
          "",
          "More than one fingerprint: the hosts' matrix products differ in their last bits.");
    }
    html.append("</details>\n");
  }

  private static String counted(Map<String, Integer> values) {
    return values.size() == 1
        ? values.keySet().iterator().next()
        : String.join(
            "; ",
            values.entrySet().stream().map(e -> e.getKey() + " (" + e.getValue() + ")").toList());
  }

  private void more(int rows, String where) {
    if (rows > MAX_ROWS) {
      html.element("p", "muted", (rows - MAX_ROWS) + " more rows are in " + where + ".");
    }
  }
}
