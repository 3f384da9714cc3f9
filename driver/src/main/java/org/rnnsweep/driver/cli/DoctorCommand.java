package org.rnnsweep.driver.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.rnnsweep.driver.execute.SparkVersion;
import org.rnnsweep.driver.report.ReportWriter;
import org.rnnsweep.driver.store.Build;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.BlasLibrary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rnnsweep doctor}: what this machine really runs, and what is wrong with it. */
@Command(
    name = "doctor",
    description = "Shows Java, memory, Spark, and the BLAS that really runs with its rate.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final double GIB = 1L << 30;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
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
    blas(out, problems);
    line(out, "PNG", ReportWriter.pngProblem().map(why -> "no: " + why).orElse("yes"));
    problems.forEach(problem -> line(out, "PROBLEM", problem));
    out.flush();
    return problems.isEmpty() ? ExitCode.FINISHED : ExitCode.PROGRAM_FAILED;
  }

  private static void blas(PrintWriter out, List<String> problems) {
    NumericsProfile profile = new NumericsProfile(Library.NATIVE, Precision.DOUBLE);
    String coretype = System.getenv("OPENBLAS_CORETYPE");
    if ("Haswell".equalsIgnoreCase(coretype)) {
      profile = new NumericsProfile(Library.NATIVE_PORTABLE, Precision.DOUBLE);
    }
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
    line(
        out,
        "rate",
        String.format(
            Locale.ROOT,
            "%.0f Gflop/s double, %.0f single, one core",
            BlasRate.flopsPerSecond(profile) / 1e9,
            BlasRate.flopsPerSecond(new NumericsProfile(profile.library(), Precision.SINGLE))
                / 1e9));
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf("%-9s %s%n", name, value);
  }
}
