package org.rnnsweep.driver.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.rnnsweep.driver.analyse.Summary;
import org.rnnsweep.driver.analyse.SummaryCell;
import org.rnnsweep.driver.analyse.SummaryStatistics;
import org.rnnsweep.jobs.Metric;

/**
 * The table that a run prints: one row a configuration, its axes, how many of its seeds completed,
 * and mean ± standard error of the metrics that fit. Metrics drawn in figures come first; those
 * that no trial of the experiment has are not spoken of.
 */
public final class SummaryTable {
  private static final String GAP = "  ";

  private SummaryTable() {}

  /**
   * @param width columns of the terminal; the axes and one metric are printed whatever it is
   * @param maxRows rows after which the rest is left to the file
   * @param csv where the whole table is
   */
  public static String render(Summary summary, int width, int maxRows, String csv) {
    List<SummaryCell> shown = summary.cells().subList(0, Math.min(maxRows, summary.cells().size()));
    List<List<String>> columns = new ArrayList<>();
    for (String axis : summary.experiment().axes()) {
      columns.add(column(axis, shown, cell -> Numbers.value(cell.configuration().get(axis))));
    }
    int seeds = summary.experiment().seeds().count();
    columns.add(column("seeds", shown, cell -> cell.completed() + "/" + seeds));
    int used = columns.stream().mapToInt(column -> widest(column) + GAP.length()).sum();
    int fixed = columns.size();
    List<String> left = new ArrayList<>();
    for (String metric : metrics(summary)) {
      List<String> column = column(metric, shown, cell -> meanAndError(cell, metric));
      used += widest(column) + GAP.length();
      if (left.isEmpty() && (used <= width || columns.size() == fixed)) {
        columns.add(column);
      } else {
        left.add(metric);
      }
    }

    StringBuilder text = new StringBuilder();
    for (int row = 0; row <= shown.size(); row++) {
      StringBuilder line = new StringBuilder();
      for (List<String> column : columns) {
        String cell = column.get(row);
        line.append(GAP).append(" ".repeat(widest(column) - cell.length())).append(cell);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    int more = summary.cells().size() - shown.size();
    if (more > 0) {
      text.append(GAP).append("... and ").append(more).append(" more configurations\n");
    }
    text.append("mean ± standard error over seeds");
    if (!left.isEmpty()) {
      text.append("; not shown: ").append(String.join(", ", left));
    }
    return text.append("\nall of it: ").append(csv).append('\n').toString();
  }

  private static Set<String> metrics(Summary summary) {
    Set<String> names = new LinkedHashSet<>();
    summary.experiment().figures().forEach(figure -> names.addAll(figure.metrics()));
    Set<String> scalars = new LinkedHashSet<>();
    summary.measuredMetrics().stream().map(Metric::name).forEach(scalars::add);
    names.retainAll(scalars);
    names.addAll(scalars);
    return names;
  }

  private static List<String> column(
      String head, List<SummaryCell> cells, Function<SummaryCell, String> text) {
    List<String> column = new ArrayList<>(List.of(head));
    cells.forEach(cell -> column.add(text.apply(cell)));
    return column;
  }

  /** Four digits of the mean, two of its error; a single seed has no error. */
  private static String meanAndError(SummaryCell cell, String metric) {
    SummaryStatistics statistics = cell.statistics(metric).orElse(null);
    if (statistics == null) {
      return "-";
    }
    String mean = Numbers.rounded(statistics.mean(), 4);
    return statistics.n() == 1
        ? mean
        : mean + " ± " + Numbers.rounded(statistics.standardError(), 2);
  }

  private static int widest(List<String> column) {
    return column.stream().mapToInt(String::length).max().orElse(0);
  }
}
