/**
 * Shows what was measured and judged: {@code summary.csv}, the printed table, figures as SVG and
 * PNG, and one self-contained page; of a suite, {@code scoreboard.csv} and a page of all claims.
 * Start at {@link org.rnnsweep.driver.report.ReportWriter} and {@link
 * org.rnnsweep.driver.report.SuiteReportWriter}.
 *
 * <p>May use {@code analyse}, {@code config}, {@code store} and Hadoop's file systems; never Spark,
 * the clock or the default locale. Equal input gives equal bytes, PNG excepted: it depends on the
 * JDK's rasteriser. Only {@link org.rnnsweep.driver.report.PngFigure} touches AWT. Every text from
 * files, jobs and errors is escaped where it is written.
 */
package org.rnnsweep.driver.report;
