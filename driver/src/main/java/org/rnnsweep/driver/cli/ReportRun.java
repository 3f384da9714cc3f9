package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.rnnsweep.driver.analyse.ClaimsText;
import org.rnnsweep.driver.analyse.Judge;
import org.rnnsweep.driver.analyse.Scoreboard;
import org.rnnsweep.driver.analyse.Stopping;
import org.rnnsweep.driver.analyse.Summary;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.report.ReportWriter;
import org.rnnsweep.driver.report.RunFacts;
import org.rnnsweep.driver.report.SummaryTable;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.TrialRecord;
import picocli.CommandLine;

/** Reads a store, partial or whole, prints the answer and writes the report folder. */
final class ReportRun {
  private static final int TABLE_WIDTH = 110;
  private static final int TABLE_ROWS = 60;

  private final PrintWriter out;
  private final PrintWriter err;

  ReportRun(CommandLine commandLine) {
    this.out = commandLine.getOut();
    this.err = commandLine.getErr();
  }

  void write(FolderTrialStore store, Sweep sweep) throws IOException {
    for (Experiment experiment : sweep.experiments()) {
      write(store, experiment);
    }
  }

  private void write(FolderTrialStore store, Experiment experiment) throws IOException {
    Summary.Builder summaries = Summary.of(experiment);
    RunFacts.Builder facts = RunFacts.builder();
    List<TrialRecord> records = new ArrayList<>();
    List<String> problems =
        store.scan(
            record -> {
              summaries.accept(record);
              facts.accept(record);
              records.add(record);
            });
    problems.forEach(problem -> err.println("store: " + problem));
    Summary summary = summaries.build();
    Scoreboard scoreboard = new Judge(experiment).judge(records);
    ReportWriter.Written written =
        ReportWriter.write(
            store.files(), folder(store, experiment), summary, scoreboard, facts.build());

    out.println();
    out.print(SummaryTable.render(summary, TABLE_WIDTH, TABLE_ROWS, "report/summary.csv"));
    if (!experiment.claims().isEmpty()) {
      out.println();
      out.print(ClaimsText.of(scoreboard));
    }
    String saved = Stopping.of(experiment).saved(records);
    if (!saved.isEmpty()) {
      out.println();
      out.println("adaptive seeds: " + saved);
    }
    out.println();
    written.files().forEach(file -> out.println(file.toUri().getPath()));
    written.notes().forEach(err::println);
    out.flush();
    err.flush();
  }

  /** In the store of a suite the first page is the suite's, whoever writes last. */
  private static Path folder(FolderTrialStore store, Experiment experiment) throws IOException {
    return store.folder(store.suites().isEmpty() ? "report" : "report/" + experiment.name());
  }
}
