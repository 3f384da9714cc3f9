package org.rnnsweep.driver.config;

import java.util.List;

/**
 * One figure of the report: each metric against an axis, spread over seeds.
 *
 * @param id lower-case kebab name, unique in the experiment; the files are named after it
 * @param title shown above it; may be empty
 * @param x what stands on the horizontal: a parameter, or an expression over parameters
 * @param along the parameter that runs along it: {@code x} itself, or the first swept one in it
 * @param xLabel what to call it; empty for the parameter's own name
 * @param metrics what is drawn
 * @param arrangement where several metrics are drawn
 * @param yLabel what to call the vertical of metrics on one pair of axes; may be empty
 * @param lines parameter with one line a value, or null
 * @param panels parameter with one column of panels a value, or null
 * @param logX whether the horizontal scale is logarithmic
 * @param logY whether the vertical scale is logarithmic
 * @param references curves to compare with, in every panel
 * @param where predicate over parameter names that selects what is drawn; empty selects all
 */
public record Figure(
    String id,
    String title,
    String x,
    String along,
    String xLabel,
    List<String> metrics,
    Arrangement arrangement,
    String yLabel,
    String lines,
    String panels,
    boolean logX,
    boolean logY,
    List<Reference> references,
    String where) {

  /** The name by which a reference's formula calls the horizontal value. */
  public static final String HORIZONTAL = "x";

  /** Where several metrics are drawn. */
  public enum Arrangement {
    /** One row of panels each. */
    ROWS,
    /** On one pair of axes, lines of their own each. */
    LINES
  }

  /**
   * A curve to compare with.
   *
   * @param label written beside it
   * @param formula its height, an expression over the horizontal value {@code x}, and over the
   *     parameter that runs along the horizontal where nothing else moves it
   */
  public record Reference(String label, String formula) {}

  public Figure {
    metrics = List.copyOf(metrics);
    references = List.copyOf(references);
  }

  /** A figure over a parameter, one row of panels a metric, without references. */
  public Figure(
      String id,
      String title,
      String x,
      List<String> metrics,
      String lines,
      String panels,
      boolean logX,
      boolean logY) {
    this(
        id,
        title,
        x,
        x,
        "",
        metrics,
        Arrangement.ROWS,
        "",
        lines,
        panels,
        logX,
        logY,
        List.of(),
        "");
  }
}
