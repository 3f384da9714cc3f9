package org.rnnsweep.driver.report;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.rnnsweep.driver.analyse.ClaimsJson;
import org.rnnsweep.driver.config.Suite;

/**
 * Writes what a suite's experiments say together into {@code <store>/report/}: {@code
 * scoreboard.csv}, {@code claims.json} and {@code index.html}, which comes last. The experiments'
 * own reports are written before, by {@link ReportWriter}, each into a folder of its name.
 */
public final class SuiteReportWriter {
  private SuiteReportWriter() {}

  /**
   * @param files the file system of {@code folder}
   * @param reports of every experiment of the suite, in its order
   * @return paths, the page last
   */
  public static List<Path> write(
      FileSystem files, Path folder, Suite suite, List<ExperimentReport> reports)
      throws IOException {
    ReportFolder report = new ReportFolder(files, folder);
    List<ScoreboardRow> rows = ScoreboardRow.of(suite, reports);
    report.put("scoreboard.csv", ScoreboardCsv.render(rows));
    report.put(
        "claims.json",
        new ClaimsJson().write(reports.stream().map(ExperimentReport::scoreboard).toList()));
    report.put("index.html", ScoreboardPage.render(suite, reports, rows));
    return report.paths();
  }
}
