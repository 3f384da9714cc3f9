package org.rnnsweep.driver.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.rnnsweep.driver.analyse.ClaimResult;
import org.rnnsweep.driver.analyse.JudgedClaim;
import org.rnnsweep.driver.analyse.Scoreboard;
import org.rnnsweep.driver.analyse.Verdict;
import org.rnnsweep.driver.config.CataloguedClaim;
import org.rnnsweep.driver.config.Suite;

/**
 * One claim of one experiment on the scoreboard. Parts and readings of a statement are claims of
 * their own; the settings of the other axes are one row together.
 *
 * @param experiment its name, which is also the folder of its page
 * @param paper whose statement it is
 * @param judged the claim and its verdicts
 * @param survivesHolm whether a REFUTED row of it is also rejected among all rows of the suite
 * @param figure link to its figure, relative to the scoreboard; empty if no figure shows it
 */
record ScoreboardRow(
    String experiment, String paper, JudgedClaim judged, boolean survivesHolm, String figure) {

  /** All of a suite: in the order of its catalogue, then in that of its files. */
  static List<ScoreboardRow> of(Suite suite, List<ExperimentReport> reports) {
    Set<ClaimResult> surviving =
        Scoreboard.of(suite.name(), reports.stream().map(ExperimentReport::scoreboard).toList())
            .survivingHolm();
    List<ScoreboardRow> rows = new ArrayList<>();
    for (ExperimentReport report : reports) {
      for (JudgedClaim judged : report.scoreboard().claims()) {
        int figure = HtmlReport.figureNumber(judged.claim(), report.figures());
        rows.add(
            new ScoreboardRow(
                report.name(),
                suite.paper(judged.claim()),
                judged,
                judged.rows().stream().anyMatch(surviving::contains),
                figure == 0 ? "" : report.name() + "/index.html#figure-" + figure));
      }
    }
    List<String> order = suite.catalogue().stream().map(CataloguedClaim::id).toList();
    rows.sort(
        Comparator.comparingInt(
            row -> {
              int place = order.indexOf(row.judged().claim().id());
              return place < 0 ? order.size() : place;
            }));
    return rows;
  }

  /** The setting that speaks for the claim; empty where no configuration is in its range. */
  Optional<ClaimResult> telling() {
    return judged.telling();
  }

  /** Trials in the range, over all settings. */
  int trials() {
    return judged.rows().stream().mapToInt(ClaimResult::trials).sum();
  }

  /** Settings with this verdict. */
  long settings(Verdict verdict) {
    return judged.rows().stream().filter(row -> row.statement().verdict() == verdict).count();
  }
}
