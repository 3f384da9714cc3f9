package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.rnnsweep.driver.bench.BenchText;
import org.rnnsweep.driver.bench.EngineBench;
import org.rnnsweep.driver.execute.SparkConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnnsweep bench engine}: what a trial costs beyond itself. */
@Command(
    name = "engine",
    description = {
      "Measures the engine: a million configurations planned, trials that do nothing run, stored",
      "and aggregated, trials that sleep beside their ideal time, a store of a million trials",
      "opened. Takes about ten minutes and 1 GB below --folder, which is deleted."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  RNNSWEEP_HEAP=2g rnnsweep bench engine",
      "  rnnsweep bench engine run sleep --scale 0.01"
    })
final class EngineBenchCommand implements Callable<Integer> {
  private static final int CONFIGURATIONS = 1_000_000;
  private static final int TRIALS = 100_000;
  private static final int SLEEPERS = 10_000;
  private static final int SLEEP_MILLISECONDS = 50;
  private static final int STORED = 1_000_000;

  /** What can be measured. */
  enum Part {
    PLAN,
    RUN,
    SLEEP,
    OPEN
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PART", description = "${COMPLETION-CANDIDATES}; default: all.")
  private Set<Part> parts = EnumSet.allOf(Part.class);

  @Option(
      names = "--scale",
      paramLabel = "S",
      description = "Part of the full size, above 0 and at most 1; default 1.")
  private double scale = 1;

  @Option(names = "--cores", paramLabel = "N", description = "Tasks at once; default 2.")
  private int cores = 2;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where stores are made and deleted; default: the system's for such files.")
  private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    if (!(scale > 0 && scale <= 1)) {
      throw new WrongInputException("--scale: found " + scale + ", allowed is above 0 to 1");
    }
    if (cores < 1) {
      throw new WrongInputException("--cores: found " + cores + ", allowed is 1 or more");
    }
    if (!Files.isDirectory(folder)) {
      throw new WrongInputException("--folder: there is no folder " + folder);
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Path stores = Files.createTempDirectory(folder, "rnnsweep-bench");
    EngineBench bench =
        new EngineBench(
            stores,
            cores,
            line -> {
              err.println("rnnsweep: " + line);
              err.flush();
            });
    try {
      if (parts.contains(Part.PLAN)) {
        print(out, BenchText.row(bench.plan(scaled(CONFIGURATIONS))));
      }
      if (parts.contains(Part.RUN) || parts.contains(Part.SLEEP)) {
        try (SparkConnection spark = SparkConnection.open("engine-bench", cores, List.of())) {
          if (parts.contains(Part.RUN)) {
            print(out, BenchText.row(bench.sweep(spark, scaled(TRIALS), 0)));
          }
          if (parts.contains(Part.SLEEP)) {
            print(out, BenchText.row(bench.sweep(spark, scaled(SLEEPERS), SLEEP_MILLISECONDS)));
          }
        }
      }
      if (parts.contains(Part.OPEN)) {
        print(out, BenchText.row(bench.open(scaled(STORED))));
      }
    } finally {
      delete(stores);
    }
    return ExitCode.FINISHED;
  }

  private int scaled(int full) {
    return (int) Math.max(1, Math.round(scale * full));
  }

  private static void print(PrintWriter out, String rows) {
    out.print(rows);
    out.flush();
  }

  private static void delete(Path folder) throws IOException {
    List<Path> content;
    try (Stream<Path> files = Files.walk(folder)) {
      content = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : content) {
      Files.delete(path);
    }
  }
}
