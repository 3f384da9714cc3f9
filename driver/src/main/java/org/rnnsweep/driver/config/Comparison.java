package org.rnnsweep.driver.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A published table to put an experiment's numbers beside: a line of the report for each
 * combination of the values of {@code rows} and of {@code columns}, over all that is swept besides,
 * the grid.
 *
 * @param title of the section; may be empty
 * @param note what the published file says of itself: its lines that begin with {@code #}
 * @param rows parameters whose values make a row of the published table
 * @param columns the parameter whose values are its columns
 * @param metric the job's metric that is published; more is better
 * @param atLeast runs that reach it are counted
 * @param counts metrics that are 1 or 0, of which the ones are counted
 * @param beside metrics whose means stand beside
 * @param published what is printed, by the values of {@code rows}, then {@code columns}
 */
public record Comparison(
    String title,
    String note,
    List<String> rows,
    String columns,
    String metric,
    double atLeast,
    List<String> counts,
    List<String> beside,
    Map<List<Object>, Published> published) {

  /**
   * A published number.
   *
   * @param name what the publication calls the row; may be empty
   * @param value as printed
   */
  public record Published(String name, String value) {}

  public Comparison {
    rows = List.copyOf(rows);
    counts = List.copyOf(counts);
    beside = List.copyOf(beside);
    published = new LinkedHashMap<>(published);
  }
}
