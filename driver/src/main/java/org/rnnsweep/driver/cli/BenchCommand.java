package org.rnnsweep.driver.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.rnnsweep.driver.bench.Bench;
import org.rnnsweep.driver.bench.BenchText;
import org.rnnsweep.driver.bench.DescentBench;
import org.rnnsweep.driver.bench.LimitBench;
import org.rnnsweep.driver.bench.Measurement;
import org.rnnsweep.driver.bench.OperatorBench;
import org.rnnsweep.driver.bench.Units;
import org.rnnsweep.driver.bench.Yardstick;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.descent.LaneDescent;
import org.rnnsweep.kernels.training.Activation;
import org.rnnsweep.kernels.training.ElmanShape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnnsweep bench}: how fast the main job's parts run, beside plain products. */
@Command(
    name = "bench",
    description =
        "Measures the main job's parts, training, the Gaussian operator and infinite-width kernels on"
            + " this machine. Takes about four minutes.",
    mixinStandardHelpOptions = true,
    subcommands = EngineBenchCommand.class,
    footer = {
      "",
      "Examples:",
      "  rnnsweep bench",
      "  rnnsweep bench trial --widths 4000 --cores 2",
      "  rnnsweep bench languages training",
      "  rnnsweep bench operator --widths 1048576,4194304",
      "  rnnsweep bench --full          # m = 10000 on all its sequences too: half an hour",
      "  rnnsweep bench engine          # what planning, running and storing trials costs"
    })
final class BenchCommand implements Callable<Integer> {
  private static final List<Long> WIDTHS = List.of(1000L, 4000L, 10_000L);
  private static final List<Long> SHORT_TRIALS = List.of(1000L, 4000L);
  private static final List<Long> NORMALS = List.of(10_000L);
  private static final List<Long> TRAINED = List.of(32L);
  private static final List<Long> TANGENT = List.of(8192L);
  private static final List<Long> DESCENT = List.of(256L, 1024L, 4096L);
  private static final List<Integer> BATCHES = List.of(1, 64);
  private static final List<Long> IN_LANES = List.of(8L, 16L, 32L);

  private static final List<Long> OPERATOR =
      List.of(1L << 16, 1L << 17, 1L << 18, 1L << 19, 1L << 20);
  private static final long DRAWN_ROWS = 1 << 12;
  private static final int LIMIT_SEQUENCES = 2000;
  private static final int LIMIT_LENGTH = 50;
  private static final int LONG = 1_000_000;
  private static final double UNIT_SECONDS = 0.1;

  /** The widest with a formed W. */
  private static final long WIDEST_FORMED = 32_768;

  /** From this width on n = m in place of 8m, unless --full. */
  private static final long REDUCED_FROM = 8000;

  /** What can be measured. */
  enum Part {
    KERNELS,
    TRIAL,
    TANGENT,
    NORMALS,
    LANGUAGES,
    TRAINING,
    OPERATOR,
    LIMIT
  }

  /** These form no matrix. */
  private static final Set<Part> VECTORS_ONLY = EnumSet.of(Part.OPERATOR, Part.LIMIT);

  /** These have a measure of their own beside them. */
  private static final Set<Part> NO_YARDSTICK =
      EnumSet.of(Part.TRAINING, Part.OPERATOR, Part.LIMIT);

  /** A measurement; several run at once. */
  private interface Measuring<T> {
    T run() throws InterruptedException;
  }

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PART",
      description =
          "kernels (forward pass, normal equations), trial (least squares), tangent (Gram matrix of"
              + " the finite-width tangent kernel), normals, languages (training on words), training"
              + " (gradient descent on W; small networks side by side), operator (a W never formed), limit (kernels of infinite width); default: all.")
  private Set<Part> parts = EnumSet.allOf(Part.class);

  @Option(
      names = "--widths",
      split = ",",
      paramLabel = "M",
      description =
          "Widths m; default 1000, 4000 and 10000, a trial only up to 4000 without --full, normals"
              + " only 10000, tangent only 8192, languages 32, training 256, 1024 and 4096 (small"
              + " networks side by side 8, 16 and 32), operator"
              + " 2^16 to 2^20. At most 32768,"
              + " or, for the operator alone, what the machine's memory holds.")
  private List<Long> widths = List.of();

  @Option(
      names = "--cores",
      paramLabel = "N",
      description = "How many run the same at once; a line each. Default 1.")
  private int cores = 1;

  @Option(
      names = "--full",
      description = "All sequences at every width: without it n = m from m = 8000 on.")
  private boolean full;

  @Option(names = "--yardstick", hidden = true, description = "Size of the yardstick's products.")
  private int yardstickSize = Yardstick.SIZE;

  @Override
  public Integer call() throws InterruptedException, ExecutionException, IOException {
    if (cores < 1) {
      throw new WrongInputException("--cores: found " + cores + ", allowed is 1 or more");
    }
    boolean formed = !VECTORS_ONLY.containsAll(parts);
    long widest = formed ? WIDEST_FORMED : widestOperator();
    for (long width : widths) {
      if (!(width >= 1 && width <= widest)) {
        throw new WrongInputException(
            "--widths: found " + width + ", allowed is from 1 to " + widest + " neurons");
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Consumer<String> log =
        line -> {
          err.println("rnnsweep: " + line);
          err.flush();
        };
    ExecutorService threads = Executors.newFixedThreadPool(cores);
    try {
      if (!NO_YARDSTICK.containsAll(parts)) {
        formed(threads, out, log);
      }
      if (parts.contains(Part.TRAINING)) {
        training(threads, out, new DescentBench(Library.NATIVE, log));
      }
      if (parts.contains(Part.OPERATOR)) {
        operator(threads, out, new OperatorBench(Library.NATIVE, log));
      }
      if (parts.contains(Part.LIMIT)) {
        LimitBench limit = new LimitBench(Runtime.getRuntime().availableProcessors(), log);
        LimitBench.Gram gram = limit.gram(LIMIT_SEQUENCES, LIMIT_LENGTH);
        out.print(BenchText.row(gram, Units.measure(UNIT_SECONDS)));
        out.print(BenchText.row(limit.longPair(LONG)));
      }
    } finally {
      threads.shutdownNow();
    }
    OptionalLong resident = peakResidentBytes();
    if (resident.isPresent()) {
      out.print(BenchText.memory(resident.getAsLong()));
    }
    out.flush();
    return ExitCode.FINISHED;
  }

  /** What is compared with plain products. */
  private void formed(ExecutorService threads, PrintWriter out, Consumer<String> log)
      throws InterruptedException, ExecutionException {
    Bench bench = new Bench(Library.NATIVE, full ? Long.MAX_VALUE : REDUCED_FROM, log);
    log.accept("yardsticks");
    Yardstick yardstick = Yardstick.measure(Library.NATIVE, yardstickSize);
    out.print(BenchText.yardstick(yardstick, Library.NATIVE));
    Set<Part> others = EnumSet.copyOf(NO_YARDSTICK);
    others.add(Part.NORMALS);
    boolean rows = !others.containsAll(parts);
    if (rows) {
      out.print(BenchText.head());
    }
    if (parts.contains(Part.KERNELS)) {
      for (long width : widths(WIDTHS)) {
        print(out, atOnce(threads, () -> bench.forward(width)), yardstick);
        print(out, atOnce(threads, () -> bench.normalEquations(width)), yardstick);
      }
    }
    if (parts.contains(Part.TRIAL)) {
      for (long width : widths(full ? WIDTHS : SHORT_TRIALS)) {
        print(out, atOnce(threads, () -> bench.trial(width)), yardstick);
      }
    }
    List<Measurement> onWords = new ArrayList<>();
    if (parts.contains(Part.LANGUAGES)) {
      for (long width : widths(TRAINED)) {
        for (Activation activation : Activation.values()) {
          int neurons = (int) Math.min(width, ElmanShape.MAX_WIDTH);
          onWords.addAll(atOnce(threads, () -> bench.training(activation, neurons)));
        }
      }
      print(out, onWords, yardstick);
    }
    if (parts.contains(Part.TANGENT)) {
      for (long width : widths(TANGENT)) {
        print(out, atOnce(threads, () -> bench.tangentGram(width)), yardstick);
      }
    }
    if (rows) {
      out.print(BenchText.legend());
    }
    if (!onWords.isEmpty()) {
      out.print(BenchText.ofFusedMultiplyAdds(onWords, Units.measure(UNIT_SECONDS)));
    }
    if (parts.contains(Part.NORMALS)) {
      for (long width : widths(NORMALS)) {
        atOnce(threads, () -> bench.normals(width))
            .forEach(normals -> out.print(BenchText.row(normals)));
      }
    }
  }

  private void training(ExecutorService threads, PrintWriter out, DescentBench bench)
      throws InterruptedException, ExecutionException {
    for (long width : widths(DESCENT)) {
      for (int batch : BATCHES) {
        atOnce(threads, () -> bench.measure((int) width, batch))
            .forEach(steps -> out.print(BenchText.row(steps)));
        out.flush();
      }
    }
    for (long width : widths(IN_LANES)) {
      if (width <= LaneDescent.WIDEST) {
        atOnce(threads, () -> bench.sideBySide((int) width))
            .forEach(steps -> out.print(BenchText.row(steps)));
        out.flush();
      }
    }
  }

  private void operator(ExecutorService threads, PrintWriter out, OperatorBench bench)
      throws InterruptedException, ExecutionException {
    out.print(BenchText.operatorHead());
    List<OperatorBench.Asked> rows = new ArrayList<>();
    for (long width : widths(OPERATOR)) {
      List<OperatorBench.Asked> found = atOnce(threads, () -> bench.measure(width));
      found.forEach(row -> out.print(BenchText.row(row)));
      out.flush();
      rows.add(found.get(0));
    }
    out.print(BenchText.operator(rows, bench.normals(DRAWN_ROWS)));
    out.flush();
  }

  /** The widest, in powers of two, of which as many as run at once fit into the machine. */
  private long widestOperator() {
    long memory =
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    long widest = 1;
    while (OperatorBench.declaredBytes(2 * widest) <= memory / cores) {
      widest *= 2;
    }
    return widest;
  }

  private List<Long> widths(List<Long> otherwise) {
    return widths.isEmpty() ? otherwise : widths;
  }

  private static void print(PrintWriter out, List<Measurement> rows, Yardstick yardstick) {
    rows.forEach(row -> out.print(BenchText.row(row, yardstick)));
    out.flush();
  }

  private <T> List<T> atOnce(ExecutorService threads, Measuring<T> measuring)
      throws InterruptedException, ExecutionException {
    List<Future<T>> futures = new ArrayList<>();
    for (int i = 0; i < cores; i++) {
      futures.add(threads.submit(measuring::run));
    }
    List<T> found = new ArrayList<>();
    for (Future<T> future : futures) {
      found.add(future.get());
    }
    return found;
  }

  /** Where the system says it (Linux). */
  private static OptionalLong peakResidentBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return OptionalLong.empty();
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmHWM:")) {
        return OptionalLong.of(1024 * Long.parseLong(line.replaceAll("\\D", "")));
      }
    }
    return OptionalLong.empty();
  }
}
