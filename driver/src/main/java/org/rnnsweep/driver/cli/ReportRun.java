package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.rnnsweep.driver.analyse.ClaimsText;
import org.rnnsweep.driver.analyse.Judge;
import org.rnnsweep.driver.analyse.Scoreboard;
import org.rnnsweep.driver.analyse.Stopping;
import org.rnnsweep.driver.analyse.Summary;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.Suite;
import org.rnnsweep.driver.report.ExperimentReport;
import org.rnnsweep.driver.report.ReportWriter;
import org.rnnsweep.driver.report.RunFacts;
import org.rnnsweep.driver.report.SuiteReportWriter;
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
    List<TrialRecord> records = new ArrayList<>();
    store.scan(records::add).forEach(problem -> err.println("store: " + problem));
    out.println();
    if (sweep.suite().isPresent()) {
      write(store, sweep.suite().get(), sweep.experiments(), records);
    } else {
      write(store, sweep.experiments().get(0), records);
    }
    out.flush();
    err.flush();
  }

  private void write(FolderTrialStore store, Experiment experiment, List<TrialRecord> records)
      throws IOException {
    RunFacts.Builder facts = RunFacts.builder();
    records.forEach(facts);
    Summary.Builder summaries = Summary.of(experiment);
    records.forEach(summaries);
    Summary summary = summaries.build();
    Scoreboard scoreboard = new Judge(experiment).judge(records);
    ReportWriter.Written written =
        ReportWriter.write(
            store.files(), folder(store, experiment), summary, scoreboard, facts.build());
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
  }

  /**
   * Every experiment's page first, so that the scoreboard links only to what is there.
   *
   * @param told whose claims are printed; the scoreboard is of all that the store holds
   */
  private void write(
      FolderTrialStore store, Suite suite, List<Experiment> told, List<TrialRecord> records)
      throws IOException {
    List<ExperimentReport> reports = new ArrayList<>();
    Set<String> notes = new LinkedHashSet<>();
    for (Experiment experiment : suite.experiments()) {
      Summary.Builder summaries = Summary.of(experiment);
      RunFacts.Builder own = RunFacts.builder();
      for (TrialRecord record : records) {
        summaries.accept(record);
        if (summaries.belongs(record.trial())) {
          own.accept(record);
        }
      }
      Summary summary = summaries.build();
      Scoreboard scoreboard = new Judge(experiment).judge(records);
      RunFacts facts = own.build();
      ReportWriter.Written written =
          ReportWriter.write(store.files(), folder(store, experiment), summary, scoreboard, facts);
      notes.addAll(written.notes());
      reports.add(
          new ExperimentReport(
              summary,
              summary.endedTrials() > 0
                  ? scoreboard
                  : new Scoreboard(experiment.name(), List.of()), // no rows for what was never run
              written.figures(),
              facts));
    }
    List<Path> files =
        SuiteReportWriter.write(store.files(), store.folder("report"), suite, reports);
    out.print(
        ClaimsText.of(
            suite.name(),
            reports.stream()
                .filter(report -> told.contains(report.summary().experiment()))
                .map(ExperimentReport::scoreboard)
                .toList()));
    out.println();
    files.forEach(file -> out.println(file.toUri().getPath()));
    notes.forEach(err::println);
  }

  /** In the store of a suite the first page is the suite's, whoever writes last. */
  private static Path folder(FolderTrialStore store, Experiment experiment) throws IOException {
    return store.folder(store.suites().isEmpty() ? "report" : "report/" + experiment.name());
  }
}
