package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.execute.Cancellation;
import org.rnnsweep.driver.execute.InProcessExecutor;
import org.rnnsweep.driver.execute.MemoryTicket;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.Rerun;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.Provenance;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.Trial;
import picocli.CommandLine;

/** Commands as a user calls them, and small stores to call them on. */
final class CommandLines {
  static final FakeJob JOB = new FakeJob();
  static final JobCatalog CATALOG = JobCatalog.of(List.of(JOB));

  private CommandLines() {}

  /** What a command left. */
  record Result(int exitCode, String out, String err) {}

  static Result call(Callable<Integer> command, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(command)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(
                (exception, commandLine, result) -> {
                  if (exception instanceof WrongInputException) {
                    err.write(exception.getMessage());
                    return ExitCode.WRONG_INPUT;
                  }
                  throw exception;
                })
            .execute(arguments);
    return new Result(code, out.toString(), err.toString());
  }

  static FolderTrialStore store(Path folder) throws IOException {
    return FolderTrialStore.create(folder.toString(), new Configuration());
  }

  /** A store with these trials, computed in this process. */
  static FolderTrialStore store(Path folder, Trial... trials) throws IOException {
    FolderTrialStore store = store(folder);
    for (Plan plan : Rerun.of("sample", List.of(trials), CATALOG)) {
      InProcessExecutor.of(1, MemoryTicket.ofBytes(1 << 24))
          .run(plan, store, progress -> {}, new Cancellation());
    }
    return store;
  }

  static List<TrialRecord> records(FolderTrialStore store) throws IOException {
    List<TrialRecord> records = new ArrayList<>();
    store.scan(records::add);
    return records;
  }

  /** A record of the same trial as another machine could have left it, one metric changed. */
  static TrialRecord altered(TrialRecord record, String metric, double value) {
    Map<String, Double> metrics = new LinkedHashMap<>(record.metrics());
    metrics.put(metric, value);
    Provenance p = record.provenance();
    Provenance elsewhere =
        new Provenance(
            p.experiment(),
            p.specHash(),
            p.commit(),
            "faraway",
            "another CPU",
            "openblas-0",
            "bad0bad0bad0bad0",
            "another JVM",
            p.spark(),
            "7",
            "attempt-there",
            p.startedEpochMillis() + 1,
            p.seconds(),
            p.peakBytes());
    return new TrialRecord(
        record.trialId(),
        record.trial(),
        record.outcome(),
        record.message(),
        metrics,
        record.series(),
        elsewhere);
  }
}
