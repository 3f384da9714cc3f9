package org.rnnsweep.driver.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
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

  private static final int WIDE_COLUMNS = 3;

  private final Summary summary;
  private final Experiment experiment;
  private final Scoreboard scoreboard;
  private final List<FigureData> figures;
  private final Set<String> files;
  private final RunFacts facts;
  private final StringBuilder html = new StringBuilder();

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
    String script = resource("page.js");
    html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
        .append("style-src 'unsafe-inline'; script-src 'sha256-")
        .append(sha256(script))
        .append("'\">\n");
    element("title", "", experiment.name() + " - rnnsweep");
    html.append("<style>\n").append(resource("page.css")).append("</style>\n</head>\n<body>\n");
    head();
    claims();
    figures();
    table();
    failures();
    cost();
    provenance();
    html.append("<script>").append(script).append("</script>\n</body>\n</html>\n");
    return html.toString();
  }

  private void head() {
    element("h1", "", experiment.name());
    if (!experiment.description().isBlank()) {
      element("p", "", experiment.description());
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
    element(
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
    element("h2", "", "Verdicts");
    Set<ClaimResult> surviving = scoreboard.survivingHolm();
    for (JudgedClaim judged : scoreboard.claims()) {
      Claim claim = judged.claim();
      Verdict verdict = judged.verdict();
      html.append("<article class=\"claim ").append(verdict).append("\">\n");
      html.append("<p class=\"verdict\">").append(mark(verdict)).append(" The statement ");
      html.append(Markup.escape(verdict.words())).append(" <span class=\"tag\">");
      html.append(verdict).append("</span></p>\n");
      element("p", "", claim.statement());
      html.append("<p class=\"muted\">");
      html.append(Markup.escape(joined(claim.id(), claim.part(), claim.reading(), claim.source())));
      figureOf(claim);
      html.append("</p>\n");
      if (judged.predictionVerdict() != null) {
        String source = claim.predictionSource().isBlank() ? "" : ", " + claim.predictionSource();
        element(
            "p",
            "",
            mark(judged.predictionVerdict())
                + " Our own prediction ("
                + claim.prediction()
                + source
                + ") "
                + judged.predictionVerdict().words()
                + ".");
      }
      rows(judged.rows(), verdict, surviving);
      html.append("</article>\n");
    }
    element(
        "p",
        "muted",
        "Rows judged: "
            + scoreboard.rows().size()
            + ". Were every statement true, at most "
            + quantity(scoreboard.expectedFalseRefuted())
            + " false REFUTED would be expected among them.");
  }

  /** The row that tells most in words, and all of them in a table. */
  private void rows(List<ClaimResult> rows, Verdict verdict, Set<ClaimResult> surviving) {
    if (rows.isEmpty()) {
      return;
    }
    ClaimResult telling =
        rows.stream()
            .filter(row -> row.statement().verdict() == verdict)
            .findFirst()
            .orElse(rows.get(0));
    element(
        "p",
        "",
        rows.size() == 1
            ? telling.explanation()
            : "At " + setting(telling) + ": " + telling.explanation());
    html.append("<details>");
    element("summary", "", "What was measured" + counts(rows));
    html.append("<div class=\"scroll\"><table class=\"stack\">\n<thead><tr>");
    List.of("where", "measured, 95% interval", "allowed", "verdict", "why")
        .forEach(name -> element("th", "text", name));
    html.append("</tr></thead>\n<tbody>\n");
    for (ClaimResult row : rows) {
      Judgement judgement = row.statement();
      html.append("<tr>");
      element("td", "text", setting(row));
      element("td", "text", measured(judgement));
      element("td", "text", judgement.relation().toString());
      String holm = surviving.contains(row) ? " (also among all rows, Holm at 5%)" : "";
      element("td", "text", mark(judgement.verdict()) + " " + row.verdictInWords() + holm);
      html.append("<td class=\"text message\">").append(Markup.escape(row.explanation()));
      html.append("<details>");
      element("summary", "", "more");
      definitions(details(row));
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

  private static List<String> details(ClaimResult row) {
    Judgement judgement = row.statement();
    Claim claim = row.claim();
    List<String> pairs = new ArrayList<>();
    pairs.addAll(
        List.of(
            "metric",
            claim.metric() + (claim.shape().equals("1") ? "" : " / (" + claim.shape() + ")")));
    pairs.addAll(
        List.of(
            "range", claim.axis() + " = " + quantity(row.from()) + " to " + quantity(row.to())));
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

  private static String setting(ClaimResult row) {
    return row.setting().isEmpty()
        ? "everywhere"
        : String.join(
            ", ",
            row.setting().entrySet().stream()
                .map(e -> e.getKey() + " = " + Numbers.value(e.getValue()))
                .toList());
  }

  private static String measured(Judgement judgement) {
    return Double.isNaN(judgement.low())
        ? quantity(judgement.estimate())
        : quantity(judgement.estimate())
            + " ["
            + quantity(judgement.low())
            + ", "
            + quantity(judgement.high())
            + "]";
  }

  /** At most four digits and a typographic minus; a dash for a number that does not exist. */
  private static String quantity(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    String text = Numbers.rounded(value, 4).replace('-', '−');
    return text.contains(".") && !text.contains("e") ? text.replaceAll("\\.?0+$", "") : text;
  }

  private static String joined(String... parts) {
    return String.join(" · ", Stream.of(parts).filter(part -> !part.isBlank()).toList());
  }

  /** The first figure of the metric, one along the claim's axis before others. */
  private void figureOf(Claim claim) {
    int found = -1;
    for (int i = figures.size() - 1; i >= 0; i--) {
      boolean metric = figures.get(i).metrics().contains(claim.metric());
      boolean along = claim.axis().contains(figures.get(i).xName());
      if (metric && (along || found < 0)) {
        found = i;
      }
    }
    if (found >= 0) {
      html.append(" · <a href=\"#figure-").append(found + 1).append("\">Figure ");
      html.append(found + 1).append("</a>");
    }
  }

  /** A shape for each verdict, so that it is never told by colour alone. */
  private static String mark(Verdict verdict) {
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
    element("h2", "", "Figures");
    for (int i = 0; i < figures.size(); i++) {
      FigureData figure = figures.get(i);
      html.append("<figure id=\"figure-").append(i + 1).append("\">\n<div class=\"wide\">");
      html.append(SvgFigure.render(figure, Theme.PAGE, WIDE_COLUMNS));
      html.append("</div>\n<div class=\"narrow\">");
      html.append(SvgFigure.render(figure, Theme.PAGE, 1));
      html.append("</div>\n<figcaption>Figure ").append(i + 1);
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
    element("summary", "", power ? "Fitted exponents and local slopes" : "Fitted rates");
    element(
        "p",
        "muted",
        "One slope a seed by least squares, their mean and its 95% t interval. Local slopes are"
            + " between neighbours on the axis, left to right: if they drift, the fitted one is not"
            + " a limit.");
    html.append("<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr>");
    List.of("metric", "panel", "line").forEach(name -> element("th", "text", name));
    List.of(power ? "exponent" : "rate", "from", "to", "seeds")
        .forEach(name -> element("th", "", name));
    element("th", "text", "local slopes");
    html.append("</tr></thead>\n<tbody>\n");
    for (FigureData.Row row : figure.rows()) {
      for (FigureData.Panel panel : row.panels()) {
        for (FigureData.Line line : panel.lines()) {
          ScalingFit fit = line.fit();
          if (fit == null) {
            continue;
          }
          html.append("<tr>");
          element("td", "text", row.yLabel());
          element("td", "text", panel.title().text());
          element(
              "td",
              "text",
              figure.legend().isEmpty() ? "" : figure.legend().get(line.index()).text());
          number(fit.slope(), ScalingFit.signed(fit.slope()));
          number(fit.low(), Double.isNaN(fit.low()) ? "" : ScalingFit.signed(fit.low()));
          number(fit.high(), Double.isNaN(fit.high()) ? "" : ScalingFit.signed(fit.high()));
          element("td", "", Integer.toString(fit.seeds()));
          element(
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
    element("h2", "", "Numbers");
    html.append(
        "<p class=\"muted\">Mean, standard deviation and 95% t interval over seeds; all of");
    html.append(" it in <a href=\"summary.csv\">summary.csv</a>.</p>\n");
    for (Metric metric : summary.scalarMetrics()) {
      boolean drawn =
          figures.isEmpty() || figures.stream().anyMatch(f -> f.metrics().contains(metric.name()));
      html.append(drawn ? "<details open>" : "<details>");
      element("summary", "", metric.label() + " (" + metric.name() + ")");
      String unit = metric.unit().equals("1") ? "" : " Unit: " + metric.unit() + ".";
      element("p", "muted", metric.meaning() + unit);
      html.append("<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr>");
      experiment.axes().forEach(axis -> element("th", "", axis));
      List.of("n", "mean", "sd", "from", "to", "min", "max")
          .forEach(name -> element("th", "", name));
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
            .forEach(axis -> element("td", "", Numbers.value(cell.configuration().get(axis))));
        element("td", "", Integer.toString(s.n()));
        for (double value :
            new double[] {s.mean(), s.sd(), s.ci95Low(), s.ci95High(), s.min(), s.max()}) {
          number(value, Numbers.rounded(value, 4).replace('-', '−'));
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
    element("h2", "", "Trials that did not complete");
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
    element("summary", "", String.join(", ", counts));
    html.append("<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr>");
    List.of("outcome", "trial", "why").forEach(name -> element("th", "text", name));
    element("th", "", "seed");
    html.append("</tr></thead>\n<tbody>\n");
    for (TrialRecord record : shortfalls.subList(0, Math.min(MAX_ROWS, shortfalls.size()))) {
      html.append("<tr>");
      element("td", "text", record.outcome().name());
      element("td", "text", record.trial().configuration().toString());
      element("td", "text message", record.message());
      element("td", "", Integer.toString(record.trial().seedIndex()));
      html.append("</tr>\n");
    }
    html.append("</tbody></table></div>\n");
    more(shortfalls.size(), "the store");
    html.append("</details>\n");
  }

  private void cost() {
    element("h2", "", "Cost");
    html.append("<details>");
    element("summary", "", Numbers.rounded(facts.seconds() / 3600, 3) + " core hours");
    definitions(
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
    element("h2", "", "Where it comes from");
    html.append("<details>");
    element("summary", "", experiment.job().id() + " version " + experiment.job().version());
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
    definitions(pairs);
    if (facts.origins().getOrDefault("fingerprint", new TreeMap<>()).size() > 1) {
      element(
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
      element("p", "muted", (rows - MAX_ROWS) + " more rows are in " + where + ".");
    }
  }

  private void definitions(List<String> pairs) {
    html.append("<dl>");
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      element("dt", "", pairs.get(i));
      element("dd", "", pairs.get(i + 1));
    }
    html.append("</dl>\n");
  }

  /** A cell that sorts by the number, not by its text. */
  private void number(double value, String text) {
    html.append("<td data-value=\"")
        .append(Double.isNaN(value) ? "" : Numbers.shortest(value))
        .append("\">")
        .append(Markup.escape(text))
        .append("</td>");
  }

  private void element(String name, String classes, String text) {
    html.append('<').append(name);
    if (!classes.isEmpty()) {
      html.append(" class=\"").append(classes).append('"');
    }
    html.append('>').append(Markup.escape(text)).append("</").append(name).append('>');
    if (!name.startsWith("t") && !name.startsWith("d")) {
      html.append('\n');
    }
  }

  private static String resource(String name) {
    try (InputStream file = HtmlReport.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("in the jar: " + name, e);
    }
  }

  private static String sha256(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
