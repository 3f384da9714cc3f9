package org.rnnsweep.driver.config;

import java.util.List;

/**
 * One figure of the report: each metric against an axis, spread over seeds.
 *
 * @param id lower-case kebab name, unique in the experiment; the files are named after it
 * @param title shown above it; may be empty
 * @param x axis on the horizontal
 * @param metrics one row of panels each
 * @param lines parameter with one line a value, or null
 * @param panels parameter with one column of panels a value, or null
 * @param logX whether the horizontal scale is logarithmic
 * @param logY whether the vertical scale is logarithmic
 */
public record Figure(
    String id,
    String title,
    String x,
    List<String> metrics,
    String lines,
    String panels,
    boolean logX,
    boolean logY) {}
