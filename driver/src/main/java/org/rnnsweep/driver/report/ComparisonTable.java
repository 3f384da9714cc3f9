package org.rnnsweep.driver.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.driver.analyse.Summary;
import org.rnnsweep.driver.analyse.SummaryCell;
import org.rnnsweep.driver.config.Comparison;
import org.rnnsweep.driver.config.Comparison.Published;
import org.rnnsweep.jobs.Outcome;

/**
 * An experiment's numbers beside a published table, in two ways: the best of the grid in one run,
 * as tables are often made, and over all runs. A run is one seed at one setting of the grid; one
 * that did not complete counts as a run that reached nothing.
 *
 * <p>{@code comparison.csv}, a sealed format: the parameters of a line, {@code name, published,
 * best_of_grid, best_of_grid_min, best_of_grid_max} (median and range over those seeds of which the
 * whole grid has ended), {@code best_setting, best_setting_median, runs, completed, median,
 * lower_quartile, upper_quartile, reached}, a number {@code count_METRIC} for each that is counted
 * and {@code mean_METRIC} for each beside. Fields are empty where there is nothing to say; else as
 * {@code summary.csv}.
 */
final class ComparisonTable {
  static final String FILE = "comparison.csv";

  private final Comparison comparison;
  private final List<String> grid;
  private final List<Line> lines = new ArrayList<>();

  private ComparisonTable(Summary summary) {
    this.comparison = summary.experiment().comparison();
    this.grid =
        summary.experiment().axes().stream().filter(axis -> !named().contains(axis)).toList();
    Map<List<Object>, List<SummaryCell>> groups = new LinkedHashMap<>();
    for (SummaryCell cell : summary.cells()) {
      List<Object> key = new ArrayList<>();
      named().forEach(name -> key.add(cell.configuration().get(name)));
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(cell);
    }
    groups.forEach((key, cells) -> lines.add(new Line(key, cells)));
    // The published rows in their order, then the others, whatever order the axes are in.
    List<List<Object>> rows = new ArrayList<>();
    comparison.published().keySet().forEach(key -> rows.add(key.subList(0, key.size() - 1)));
    lines.forEach(line -> rows.add(line.row()));
    lines.sort(Comparator.comparingInt(line -> rows.indexOf(line.row())));
  }

  /** Of an experiment that has a comparison. */
  static ComparisonTable of(Summary summary) {
    return new ComparisonTable(summary);
  }

  private List<String> named() {
    List<String> named = new ArrayList<>(comparison.rows());
    named.add(comparison.columns());
    return named;
  }

  /** One combination of the published table's rows and columns, over the grid. */
  private final class Line {
    private final List<Object> key;
    private final Published published; // null where nothing is printed
    private final List<SummaryCell> cells;
    private final double[] best; // of the grid, by seed
    private final double[] all;
    private final int runs;

    private Line(List<Object> key, List<SummaryCell> cells) {
      this.key = key;
      this.published = comparison.published().get(key);
      this.cells = cells;
      this.runs = cells.stream().mapToInt(cell -> cell.trials().size()).sum();
      this.all =
          cells.stream()
              .flatMap(cell -> cell.values(comparison.metric()).values().stream())
              .mapToDouble(value -> value)
              .sorted()
              .toArray();
      this.best =
          cells.get(0).trials().keySet().stream()
              .filter(seed -> cells.stream().allMatch(cell -> cell.trials().containsKey(seed)))
              .mapToDouble(this::bestOfGrid)
              .filter(Double::isFinite)
              .sorted()
              .toArray();
    }

    private double bestOfGrid(int seed) {
      return cells.stream()
          .map(cell -> cell.values(comparison.metric()).get(seed))
          .mapToDouble(value -> value == null ? Double.NEGATIVE_INFINITY : value)
          .max()
          .getAsDouble();
    }

    private List<Object> row() {
      return key.subList(0, key.size() - 1);
    }

    /** What the publication calls the row; else its parameters. */
    private String name() {
      return published == null || published.name().isEmpty()
          ? String.join(", ", row().stream().map(Numbers::value).toList())
          : published.name();
    }

    private SummaryCell bestSetting() {
      return cells.stream()
          .filter(cell -> cell.statistics(comparison.metric()).isPresent())
          .max(Comparator.comparingDouble(this::median))
          .orElse(null);
    }

    private double median(SummaryCell cell) {
      return cell.statistics(comparison.metric()).orElseThrow().median();
    }

    private String setting() {
      SummaryCell best = bestSetting();
      return best == null
          ? ""
          : String.join(
              " ",
              grid.stream()
                  .filter(axis -> best.configuration().has(axis))
                  .map(axis -> axis + "=" + Numbers.value(best.configuration().get(axis)))
                  .toList());
    }

    private long reached() {
      return Arrays.stream(all).filter(value -> value >= comparison.atLeast()).count();
    }

    private long count(String metric) {
      return cells.stream()
          .flatMap(cell -> cell.values(metric).values().stream())
          .filter(value -> value != 0)
          .count();
    }

    private double mean(String metric) {
      return cells.stream()
          .flatMap(cell -> cell.values(metric).values().stream())
          .mapToDouble(value -> value)
          .average()
          .orElse(Double.NaN);
    }

    private int completed() {
      return cells.stream()
          .mapToInt(cell -> cell.outcomes().getOrDefault(Outcome.COMPLETED, 0))
          .sum();
    }
  }

  /** By linear interpolation between order statistics; NaN of none. */
  private static double quantile(double[] sorted, double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  String csv() {
    StringBuilder text = new StringBuilder();
    List<String> header = named();
    header.addAll(
        List.of(
            "name",
            "published",
            "best_of_grid",
            "best_of_grid_min",
            "best_of_grid_max",
            "best_setting",
            "best_setting_median",
            "runs",
            "completed",
            "median",
            "lower_quartile",
            "upper_quartile",
            "reached"));
    comparison.counts().forEach(metric -> header.add("count_" + metric));
    comparison.beside().forEach(metric -> header.add("mean_" + metric));
    SummaryCsv.append(text, header);
    for (Line line : lines) {
      List<Object> fields = new ArrayList<>(line.key);
      fields.add(line.published == null ? null : line.published.name());
      fields.add(line.published == null ? null : line.published.value());
      for (double share : new double[] {0.5, 0, 1}) {
        fields.add(quantile(line.best, share));
      }
      SummaryCell setting = line.bestSetting();
      fields.add(line.setting());
      fields.add(setting == null ? null : line.median(setting));
      fields.add(line.runs);
      fields.add(line.completed());
      for (double share : new double[] {0.5, 0.25, 0.75}) {
        fields.add(quantile(line.all, share));
      }
      fields.add(line.reached());
      comparison.counts().forEach(metric -> fields.add(line.count(metric)));
      comparison.beside().forEach(metric -> fields.add(line.mean(metric)));
      SummaryCsv.append(text, fields.stream().map(SummaryCsv::field).toList());
    }
    return text.toString();
  }

  /** The section of the page. */
  void write(HtmlPage html) {
    html.element(
        "h2", "", comparison.title().isEmpty() ? "Beside the published" : comparison.title());
    if (!comparison.note().isEmpty()) {
      html.element("p", "muted", "Published: " + comparison.note());
    }
    html.append("<p class=\"muted\">");
    html.append(
        Markup.escape(
            "Ours twice. Best of grid: the best "
                + comparison.metric()
                + " over "
                + (grid.isEmpty() ? "one setting" : String.join(", ", grid))
                + " in one seed, its median over seeds and its range. All runs: every seed at every"
                + " setting; the best setting is the one of the largest median over seeds. "));
    html.append("All of it in <a href=\"" + FILE + "\">" + FILE + "</a>.</p>\n");
    html.append("<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr>");
    html.element("th", "text", String.join(", ", comparison.rows()));
    html.element("th", "text", comparison.columns());
    List.of(
            "published",
            "best of grid (range)",
            "best setting",
            "all runs: median (quartiles)",
            "at least " + Numbers.value(comparison.atLeast()))
        .forEach(name -> html.element("th", "", name));
    comparison.counts().forEach(metric -> html.element("th", "", metric));
    comparison.beside().forEach(metric -> html.element("th", "", metric));
    html.append("</tr></thead>\n<tbody>\n");
    lines.forEach(line -> write(html, line));
    html.append("</tbody></table></div>\n");
  }

  private void write(HtmlPage html, Line line) {
    html.append("<tr>");
    html.element("td", "text", line.name());
    html.element("td", "text", Numbers.value(line.key.get(line.key.size() - 1)));
    if (line.published == null) {
      html.number(Double.NaN, "");
    } else {
      html.number(Double.parseDouble(line.published.value()), line.published.value());
    }
    spread(html, line.best, 0);
    SummaryCell setting = line.bestSetting();
    number(html, setting == null ? Double.NaN : line.median(setting), " at " + line.setting());
    spread(html, line.all, 0.25);
    share(html, line.reached(), line.runs);
    comparison.counts().forEach(metric -> share(html, line.count(metric), line.runs));
    comparison.beside().forEach(metric -> number(html, line.mean(metric), ""));
    html.append("</tr>\n");
  }

  private static void number(HtmlPage html, double value, String rest) {
    html.number(value, Double.isNaN(value) ? "" : Numbers.fixed(value, 3) + rest);
  }

  /** The median and two quantiles as far from the ends. */
  private static void spread(HtmlPage html, double[] sorted, double tail) {
    String low = Numbers.fixed(quantile(sorted, tail), 3);
    String high = Numbers.fixed(quantile(sorted, 1 - tail), 3);
    number(html, quantile(sorted, 0.5), " (" + low + " to " + high + ")");
  }

  private static void share(HtmlPage html, long count, int of) {
    html.number(of == 0 ? Double.NaN : (double) count / of, of == 0 ? "" : count + " of " + of);
  }
}
