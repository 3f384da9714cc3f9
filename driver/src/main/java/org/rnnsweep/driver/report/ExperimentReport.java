package org.rnnsweep.driver.report;

import java.util.List;
import org.rnnsweep.driver.analyse.Scoreboard;
import org.rnnsweep.driver.analyse.Summary;

/**
 * What one experiment of a suite came to; its own page is in the folder of its name.
 *
 * @param figures those of its page, in the same order
 * @param facts of its own trials
 */
public record ExperimentReport(
    Summary summary, Scoreboard scoreboard, List<FigureData> figures, RunFacts facts) {
  public ExperimentReport {
    figures = List.copyOf(figures);
  }

  String name() {
    return summary.experiment().name();
  }
}
