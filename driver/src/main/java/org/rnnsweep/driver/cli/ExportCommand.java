package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.rnnsweep.driver.report.TrialText;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.StoreColumns;
import org.rnnsweep.driver.store.StoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnnsweep export}: every trial of a store once, for other programs. */
@Command(
    name = "export",
    description = {
      "Writes every trial of a store once, in the order of ids, with all parameters, metrics,",
      "series and provenance as flat columns; numbers exactly."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  rnnsweep export stores/inversion-quick --format csv --out trials.csv",
      "  rnnsweep export stores/inversion-quick --format parquet --out trials.parquet"
    })
final class ExportCommand implements Callable<Integer> {
  /** What is written. */
  enum Format {
    CSV,
    JSONL,
    PARQUET
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "Folder or URI of a store.")
  private String store;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description = "csv, jsonl or parquet; a series is a JSON array in a csv field.")
  private Format format;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to; default: standard output. Parquet needs it.")
  private Path file;

  @Option(
      names = "--job",
      paramLabel = "JOB",
      description = "Trials of this job alone; Parquet needs it where a store has several.")
  private String job;

  @Override
  public Integer call() throws IOException {
    FolderTrialStore opened = StoreInput.of(store).open();
    try {
      if (file == null) {
        if (format == Format.PARQUET) {
          throw new WrongInputException("a Parquet file cannot be printed: say --out FILE");
        }
        PrintWriter out = spec.commandLine().getOut();
        warn(write(opened, out));
        out.flush();
      } else {
        toFile(opened);
      }
    } catch (StoreException e) {
      throw new WrongInputException(e.getMessage());
    }
    return ExitCode.FINISHED;
  }

  private void toFile(FolderTrialStore opened) throws IOException {
    if (Files.exists(file)) {
      throw new WrongInputException(file + " is there already; name another file");
    }
    if (format == Format.PARQUET) {
      warn(opened.exportParquet(job, file));
      return;
    }
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
      warn(write(opened, out));
      if (out.checkError()) {
        throw new IOException("cannot write " + file);
      }
    }
  }

  private List<String> write(FolderTrialStore opened, PrintWriter out) throws IOException {
    StoreColumns columns = opened.columns();
    if (format == Format.CSV) {
      out.print(TrialText.csvHeader(columns));
    }
    return opened.scan(
        record -> {
          if (job == null || job.equals(record.trial().job())) {
            out.print(
                format == Format.CSV
                    ? TrialText.csvLine(columns, record)
                    : TrialText.jsonLine(record));
          }
        });
  }

  private void warn(List<String> problems) {
    problems.forEach(problem -> spec.commandLine().getErr().println("left out: " + problem));
    spec.commandLine().getErr().flush();
  }
}
