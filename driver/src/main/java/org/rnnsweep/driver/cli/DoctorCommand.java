package org.rnnsweep.driver.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.rnnsweep.driver.bench.Yardstick;
import org.rnnsweep.driver.execute.SparkVersion;
import org.rnnsweep.driver.report.ReportWriter;
import org.rnnsweep.driver.store.Build;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.BlasLibrary;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code rnnsweep doctor}: what this machine really runs, and what is wrong with it. */
@Command(
    name = "doctor",
    description = "Shows Java, memory, Spark, and the BLAS that really runs with its rate.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  rnnsweep doctor", "  rnnsweep doctor --library native-portable"})
final class DoctorCommand implements Callable<Integer> {
  private static final double GIB = 1L << 30;

  /** Rows of the products that show the rate: under a second. */
  private static final int YARDSTICK_SIZE = 1536;

  @Spec private CommandSpec spec;

  @Option(
      names = "--library",
      paramLabel = "NAME",
      converter = NativeLibrary.class,
      description = "native or native-portable, as experiments name them; default: native.")
  private Library library = Library.NATIVE;

  @Override
  public Integer call() throws IOException, InterruptedException {
    NumericsProfile profile = new NumericsProfile(library, Precision.DOUBLE);
    OptionalInt elsewhere = Relaunch.run(profile, spec);
    if (elsewhere.isPresent()) {
      return elsewhere.getAsInt();
    }
    PrintWriter out = spec.commandLine().getOut();
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    line(out, "rnnsweep", "commit " + Build.commit());
    line(out, "Java", System.getProperty("java.vm.name") + " " + Runtime.version());
    line(
        out,
        "system",
        String.format(
            Locale.ROOT,
            "%s %s, %d cores, %.1f GiB",
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors(),
            system.getTotalMemorySize() / GIB));
    line(
        out,
        "heap",
        String.format(Locale.ROOT, "%.1f GiB at most", Runtime.getRuntime().maxMemory() / GIB));
    line(out, "Spark", SparkVersion.spark() + ", Scala " + SparkVersion.scala());
    List<String> problems = new ArrayList<>(SparkVersion.problems());
    blas(out, profile, problems);
    line(out, "PNG", ReportWriter.pngProblem().map(why -> "no: " + why).orElse("yes"));
    problems.forEach(problem -> line(out, "PROBLEM", problem));
    out.flush();
    return problems.isEmpty() ? ExitCode.FINISHED : ExitCode.PROGRAM_FAILED;
  }

  /** By the name that experiments use. */
  private static final class NativeLibrary implements ITypeConverter<Library> {
    @Override
    public Library convert(String name) {
      return Stream.of(Library.NATIVE, Library.NATIVE_PORTABLE)
          .filter(library -> library.label().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "found '" + name + "', allowed are native, native-portable"));
    }
  }

  private static void blas(PrintWriter out, NumericsProfile profile, List<String> problems)
      throws InterruptedException {
    try {
      BlasLibrary.load(profile);
    } catch (IllegalStateException e) {
      problems.add(e.getMessage());
      return;
    }
    line(
        out,
        "BLAS",
        String.format(
            Locale.ROOT,
            "OpenBLAS %s, 1 thread, profile %s, fingerprint %s",
            BlasLibrary.version(),
            profile.library().label(),
            BlasLibrary.fingerprint()));
    Yardstick yardstick = Yardstick.measure(profile.library(), YARDSTICK_SIZE);
    line(
        out,
        "rate",
        String.format(
            Locale.ROOT,
            "%.0f Gflop/s double, %.0f single, one core",
            yardstick.flopsPerSecond(Precision.DOUBLE) / 1e9,
            yardstick.flopsPerSecond(Precision.SINGLE) / 1e9));
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf("%-9s %s%n", name, value);
  }
}
