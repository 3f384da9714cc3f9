package org.rnnsweep.driver.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.rnnsweep.driver.analyse.ClaimResult;
import org.rnnsweep.driver.analyse.JudgedClaim;
import org.rnnsweep.driver.analyse.Judgement;
import org.rnnsweep.driver.analyse.Scoreboard;
import org.rnnsweep.driver.analyse.Verdict;
import org.rnnsweep.driver.config.CataloguedClaim;
import org.rnnsweep.driver.config.Claim;
import org.rnnsweep.driver.config.Suite;
import org.rnnsweep.jobs.Outcome;

/**
 * The first page of a suite: how many statements of each paper held, the figures to remember, a row
 * for each claim, and what has no row yet. Rows can be sorted and filtered where scripts run; the
 * page is whole without.
 */
final class ScoreboardPage {
  private final Suite suite;
  private final List<ExperimentReport> reports;
  private final List<ScoreboardRow> rows;
  private final HtmlPage html;

  private ScoreboardPage(Suite suite, List<ExperimentReport> reports, List<ScoreboardRow> rows) {
    this.suite = suite;
    this.reports = reports;
    this.rows = rows;
    this.html = new HtmlPage(title() + " - rnnsweep", "page.js", "scoreboard.js");
  }

  static String render(Suite suite, List<ExperimentReport> reports, List<ScoreboardRow> rows) {
    return new ScoreboardPage(suite, reports, rows).page();
  }

  private String page() {
    head();
    counts();
    front();
    board();
    missing();
    experiments();
    return html.end();
  }

  private String title() {
    return suite.title().isBlank() ? suite.name() : suite.title();
  }

  private void head() {
    html.element("h1", "", title());
    if (!suite.description().isBlank()) {
      html.element("p", "", suite.description());
    }
    int completed = 0;
    int ended = 0;
    int planned = 0;
    for (ExperimentReport report : reports) {
      completed += report.summary().outcomes().getOrDefault(Outcome.COMPLETED, 0);
      ended += report.summary().endedTrials();
      planned += report.summary().plannedTrials();
    }
    html.element(
        "p",
        "muted",
        plural(rows.size(), "claim")
            + " in "
            + plural(reports.size(), "experiment")
            + "; "
            + (completed == planned
                ? "all " + planned + " trials completed."
                : completed + " of " + planned + " trials completed")
            + (completed == planned
                ? ""
                : ended < planned
                    ? "; not run yet: " + (planned - ended) + ", so this is not final."
                    : "."));
  }

  private static String plural(int count, String word) {
    return count + " " + word + (count == 1 ? "" : "s");
  }

  /** In the catalogue's order, then those that no catalogue names. */
  private Set<String> papers() {
    Set<String> papers = new LinkedHashSet<>();
    suite.catalogue().forEach(claim -> papers.add(claim.paper()));
    rows.forEach(row -> papers.add(row.paper()));
    return papers;
  }

  private void counts() {
    html.element("h2", "", "Verdicts");
    html.append("<div class=\"scroll\"><table class=\"counts\">\n<thead><tr>");
    html.element("th", "text", "paper");
    for (Verdict verdict : Verdict.values()) {
      html.append("<th class=\"").append(verdict).append("\">").append(HtmlReport.mark(verdict));
      html.append("<span class=\"word\"> ").append(verdict).append("</span></th>");
    }
    if (!suite.catalogue().isEmpty()) {
      html.element("th", "", "covered");
    }
    html.append("</tr></thead>\n<tbody>\n");
    for (String paper : papers()) {
      List<ScoreboardRow> own = rows.stream().filter(row -> row.paper().equals(paper)).toList();
      html.append("<tr>");
      html.element("td", "text", paper);
      counts(own);
      if (!suite.catalogue().isEmpty()) {
        Set<String> ids = new TreeSet<>();
        own.forEach(row -> ids.add(row.judged().claim().id()));
        long known = suite.catalogue().stream().filter(c -> c.paper().equals(paper)).count();
        long covered = suite.catalogue().stream().filter(c -> ids.contains(c.id())).count();
        html.element("td", "", known == 0 ? "–" : covered + " of " + known);
      }
      html.append("</tr>\n");
    }
    html.append("</tbody></table></div>\n");
    Scoreboard all =
        Scoreboard.of(suite.name(), reports.stream().map(ExperimentReport::scoreboard).toList());
    html.element(
        "p",
        "muted",
        "A claim is judged at every setting of the other axes: "
            + plural(all.rows().size(), "verdict")
            + " in all. Were every statement true, at most "
            + HtmlReport.quantity(all.expectedFalseRefuted())
            + " false REFUTED would be expected among them. ✓ agrees with the data; ✗ is"
            + " contradicted by them; ↯ the range is not asymptotic; ? undecided, and the row says"
            + " what would decide.");
  }

  private void counts(List<ScoreboardRow> own) {
    for (Verdict verdict : Verdict.values()) {
      long count = own.stream().filter(row -> row.judged().verdict() == verdict).count();
      html.element("td", verdict.name(), count == 0 ? "–" : Long.toString(count));
    }
  }

  private void front() {
    if (suite.front().isEmpty()) {
      return;
    }
    html.element("h2", "", "To remember");
    html.append("<div class=\"front\">\n");
    for (Suite.FrontFigure named : suite.front()) {
      ExperimentReport report =
          reports.stream().filter(r -> r.name().equals(named.experiment())).findFirst().get();
      for (int i = 0; i < report.figures().size(); i++) {
        FigureData figure = report.figures().get(i);
        if (figure.id().equals(named.figure())) {
          html.append("<figure>\n");
          html.figure(figure);
          html.append("<figcaption>").append(Markup.escape(report.summary().experiment().name()));
          html.append(" · <a href=\"").append(Markup.escape(named.experiment()));
          html.append("/index.html#figure-").append(i + 1);
          html.append("\">with fits, numbers and verdicts</a></figcaption>\n</figure>\n");
        }
      }
    }
    html.append("</div>\n");
  }

  private void board() {
    html.element("h2", "", "Scoreboard");
    if (rows.isEmpty()) {
      html.element("p", "", "The experiments make no claims.");
      return;
    }
    html.append("<form id=\"filter\" hidden>\n");
    choice("paper", new ArrayList<>(papers()));
    choice("verdict", Arrays.stream(Verdict.values()).map(Verdict::name).toList());
    html.append("<output></output></form>\n");
    html.append("<p class=\"muted\">Of several settings, the one least favourable to the");
    html.append(" statement is shown. All numbers: <a href=\"scoreboard.csv\">scoreboard.csv</a>,");
    html.append(" <a href=\"claims.json\">claims.json</a>.</p>\n");
    html.append("<table class=\"board sortable\">\n<thead><tr>");
    html.element("th", "text", "verdict");
    html.element("th", "text", "statement");
    html.element("th", "text", "allowed");
    html.element("th", "", "measured, 95%");
    html.element("th", "", "slack");
    html.element("th", "text", "range");
    html.element("th", "", "trials");
    html.append("</tr></thead>\n<tbody>\n");
    rows.forEach(this::row);
    html.append("</tbody></table>\n");
  }

  private void choice(String name, List<String> values) {
    html.append("<label>").append(name).append(" <select name=\"").append(name).append("\">");
    html.append("<option value=\"\">all</option>");
    for (String value : values) {
      html.append("<option>").append(Markup.escape(value)).append("</option>");
    }
    html.append("</select></label>\n");
  }

  private void row(ScoreboardRow row) {
    JudgedClaim judged = row.judged();
    Claim claim = judged.claim();
    Verdict verdict = judged.verdict();
    ClaimResult telling = row.telling().orElse(null);
    Judgement statement = telling == null ? null : telling.statement();
    html.append("<tr class=\"").append(verdict).append("\" data-paper=\"");
    html.append(Markup.escape(row.paper())).append("\" data-verdict=\"").append(verdict);
    html.append("\">\n<td class=\"text verdict\">").append(HtmlReport.mark(verdict)).append(' ');
    html.append(verdict.name().replace("_", "_<wbr>"));
    if (statement != null && !statement.label().isEmpty()) {
      html.append("<br><span class=\"tag\">").append(Markup.escape(statement.label()));
      html.append("</span>");
    }
    html.append("</td>\n<td class=\"text statement\">");
    html.append(Markup.escape(claim.statement()));
    html.append("<br><span class=\"muted\">");
    html.append(Markup.escape(HtmlReport.joined(claim.id(), claim.part(), claim.reading())));
    html.append(" · ").append(Markup.escape(claim.source())).append(" · ");
    link(row.experiment() + "/index.html", row.experiment());
    if (!row.figure().isEmpty()) {
      html.append(" · ");
      link(row.figure(), "figure");
    }
    html.append("</span>");
    if (verdict == Verdict.UNDECIDED || verdict == Verdict.NOT_ASYMPTOTIC) {
      html.element(
          "p", "", telling == null ? "No configuration is in its range." : telling.explanation());
    }
    if (judged.predictionVerdict() != null) {
      html.element(
          "p",
          "muted",
          HtmlReport.mark(judged.predictionVerdict())
              + " Our own prediction, "
              + claim.prediction().shown()
              + ", "
              + judged.predictionVerdict().words()
              + ".");
    }
    if (telling != null) {
      html.append("<details>");
      html.element("summary", "", "more");
      html.definitions(details(row, telling));
      html.append("</details>");
    }
    html.append("</td>\n");
    cell("text", "allowed", "", claim.relation().shown());
    String measured = statement == null ? "–" : HtmlReport.measured(statement);
    html.append("<td data-label=\"measured\" data-value=\"");
    html.append(number(statement == null ? Double.NaN : statement.estimate())).append("\">");
    html.append(Markup.escape(measured).replace(" [", " <br><span class=\"interval\">["));
    html.append(measured.contains("[") ? "</span></td>" : "</td>");
    double slack = statement == null ? Double.NaN : statement.slack();
    cell("", "slack", number(slack), HtmlReport.quantity(slack));
    cell(
        "text",
        "range",
        "",
        telling == null
            ? "–"
            : HtmlReport.range(telling)
                + ", "
                + plural(telling.points(), "point")
                + ", "
                + plural(telling.seeds(), "seed"));
    cell("", "trials", Integer.toString(row.trials()), Integer.toString(row.trials()));
    html.append("</tr>\n");
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : Numbers.shortest(value);
  }

  /** A cell with a label for where the table's head is not shown, and a value to sort by. */
  private void cell(String classes, String label, String value, String text) {
    html.append("<td class=\"").append(classes).append("\" data-label=\"").append(label);
    if (!value.isEmpty()) {
      html.append("\" data-value=\"").append(value);
    }
    html.append("\">").append(Markup.escape(text)).append("</td>");
  }

  private void link(String target, String text) {
    html.append("<a href=\"").append(Markup.escape(target)).append("\">");
    html.append(Markup.escape(text)).append("</a>");
  }

  private List<String> details(ScoreboardRow row, ClaimResult telling) {
    List<String> pairs = new ArrayList<>();
    if (row.judged().rows().size() > 1) {
      Map<String, Long> counts = new LinkedHashMap<>();
      for (Verdict verdict : Verdict.values()) {
        if (row.settings(verdict) > 0) {
          counts.put(verdict.name(), row.settings(verdict));
        }
      }
      pairs.add(plural(row.judged().rows().size(), "setting"));
      pairs.add(
          String.join(
              ", ", counts.entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).toList()));
      pairs.addAll(List.of("shown here", HtmlReport.setting(telling)));
    }
    pairs.addAll(List.of("in words", telling.verdictInWords() + ". " + telling.explanation()));
    if (row.judged().verdict() == Verdict.REFUTED) {
      pairs.addAll(
          List.of(
              "among all rows",
              row.survivesHolm() ? "REFUTED by Holm at 5%" : "not by Holm at 5%"));
    }
    pairs.addAll(HtmlReport.details(telling));
    return pairs;
  }

  private void missing() {
    Set<String> there = new TreeSet<>();
    rows.forEach(row -> there.add(row.judged().claim().id()));
    Map<String, List<CataloguedClaim>> missing = new LinkedHashMap<>();
    for (CataloguedClaim claim : suite.catalogue()) {
      if (!there.contains(claim.id())) {
        missing.computeIfAbsent(claim.paper(), paper -> new ArrayList<>()).add(claim);
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    html.element("h2", "", "No row yet");
    missing.forEach(
        (paper, claims) -> {
          Map<String, Integer> counts = new TreeMap<>();
          claims.forEach(claim -> counts.merge(claim.feasibility().label(), 1, Integer::sum));
          html.append("<details>");
          html.element(
              "summary",
              "",
              paper
                  + ": "
                  + String.join(
                      ", ",
                      counts.entrySet().stream()
                          .map(e -> e.getValue() + " " + e.getKey())
                          .toList()));
          html.append("<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr>");
          List.of("id", "statement", "can be tested")
              .forEach(name -> html.element("th", "text", name));
          html.append("</tr></thead>\n<tbody>\n");
          for (CataloguedClaim claim : claims) {
            html.append("<tr>");
            html.element("td", "text", claim.id());
            html.element("td", "text", claim.statement());
            html.element("td", "text", claim.feasibility().label());
            html.append("</tr>\n");
          }
          html.append("</tbody></table></div></details>\n");
        });
  }

  private void experiments() {
    html.element("h2", "", "Experiments");
    html.append("<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr>");
    List.of("experiment", "job").forEach(name -> html.element("th", "text", name));
    List.of("claims", "trials", "completed", "core hours")
        .forEach(name -> html.element("th", "", name));
    html.append("</tr></thead>\n<tbody>\n");
    for (ExperimentReport report : reports) {
      html.append("<tr><td class=\"text\">");
      link(report.name() + "/index.html", report.name());
      html.append("</td>");
      html.element("td", "text", report.summary().experiment().job().id());
      html.element("td", "", Integer.toString(report.scoreboard().claims().size()));
      html.element("td", "", Integer.toString(report.summary().plannedTrials()));
      html.element(
          "td",
          "",
          Integer.toString(report.summary().outcomes().getOrDefault(Outcome.COMPLETED, 0)));
      double hours = report.facts().seconds() / 3600;
      html.number(hours, Numbers.rounded(hours, 3));
      html.append("</tr>\n");
    }
    html.append("</tbody></table></div>\n");
  }
}
