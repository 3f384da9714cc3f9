package org.rnnsweep.driver.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.rnnsweep.driver.analyse.Summary;
import org.rnnsweep.driver.analyse.SummaryCell;
import org.rnnsweep.driver.analyse.SummaryStatistics;
import org.rnnsweep.jobs.Metric;

/**
 * {@code summary.csv}: one row a configuration and scalar metric, in the order of the experiment
 * and of its job. A sealed format:
 *
 * <ul>
 *   <li>columns {@code experiment}, the axes by long name in the file's order, {@code metric, n,
 *       mean, sd, median, ci95_low, ci95_high, min, max};
 *   <li>UTF-8, lines end in {@code \n}, quoted as RFC 4180 asks; real numbers are the shortest
 *       decimals that read back as the same double;
 *   <li>{@code sd}, {@code ci95_low} and {@code ci95_high} are empty where n = 1, an axis where it
 *       means nothing for the configuration; no row where no trial completed with the metric;
 *   <li>series metrics are in the store only.
 * </ul>
 */
final class SummaryCsv {
  private SummaryCsv() {}

  static String render(Summary summary) {
    List<String> axes = summary.experiment().axes();
    StringBuilder text = new StringBuilder();
    List<String> header = new ArrayList<>();
    header.add("experiment");
    header.addAll(axes);
    header.addAll(
        List.of("metric", "n", "mean", "sd", "median", "ci95_low", "ci95_high", "min", "max"));
    append(text, header);
    for (SummaryCell cell : summary.cells()) {
      for (Metric metric : summary.scalarMetrics()) {
        SummaryStatistics statistics = cell.statistics(metric.name()).orElse(null);
        if (statistics == null) {
          continue;
        }
        List<String> row = new ArrayList<>();
        row.add(summary.experiment().name());
        axes.forEach(axis -> row.add(field(cell.configuration().get(axis))));
        row.add(metric.name());
        row.add(Integer.toString(statistics.n()));
        row.add(field(statistics.mean()));
        row.add(field(statistics.sd()));
        row.add(field(statistics.median()));
        row.add(field(statistics.ci95Low()));
        row.add(field(statistics.ci95High()));
        row.add(field(statistics.min()));
        row.add(field(statistics.max()));
        append(text, row);
      }
    }
    return text.toString();
  }

  /** A value as a field; empty for null and NaN. */
  static String field(Object value) {
    if (value == null || value instanceof Double x && x.isNaN()) {
      return "";
    }
    return value instanceof Double x ? Numbers.shortest(x) : value.toString();
  }

  static void append(StringBuilder text, List<String> row) {
    text.append(row.stream().map(SummaryCsv::quoted).collect(Collectors.joining(","))).append('\n');
  }

  static String quoted(String field) {
    boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
