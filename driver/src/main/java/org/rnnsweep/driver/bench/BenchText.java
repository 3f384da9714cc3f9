package org.rnnsweep.driver.bench;

import java.util.Locale;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.linalg.BlasLibrary;

/** Lines of the bench, the same under every locale. */
public final class BenchText {
  private static final double GIGA = 1e9;
  private static final double MEGA = 1e6;
  private static final double GIB = 1L << 30;

  private BenchText() {}

  /** What everything is compared with. */
  public static String yardstick(Yardstick yardstick, Library library) {
    return format(
        "yardstick: %d^3 products, best of five, one thread: %.1f Gflop/s single, %.1f double%n"
            + "(%.1f and %.1f a second of the thread's own time)%n"
            + "OpenBLAS %s, profile %s, fingerprint %s%n",
        yardstick.size(),
        yardstick.flops() / yardstick.inSingle().wallSeconds() / GIGA,
        yardstick.flops() / yardstick.inDouble().wallSeconds() / GIGA,
        yardstick.flops() / yardstick.inSingle().cpuSeconds() / GIGA,
        yardstick.flops() / yardstick.inDouble().cpuSeconds() / GIGA,
        BlasLibrary.version(),
        library.label(),
        BlasLibrary.fingerprint());
  }

  /** Names of the columns of {@link #row}. */
  public static String head() {
    return format(
        "%-17s %6s  %-22s %10s %9s %9s %8s %5s %5s %9s%n",
        "", "m", "ran", "Gflop", "wall s", "cpu s", "Gflop/s", "wall%", "cpu%", "arena GiB");
  }

  /** One measurement. */
  public static String row(Measurement measured, Yardstick yardstick) {
    return format(
        "%-17s %6d  %-22s %10.1f %9.2f %9.2f %8.1f %5.1f %5.1f %9.2f%n",
        measured.what(),
        measured.width(),
        measured.ran(),
        measured.work().flops() / GIGA,
        measured.took().wallSeconds(),
        measured.took().cpuSeconds(),
        measured.flopsPerSecond() / GIGA,
        100 * measured.efficiency(yardstick),
        100 * measured.cpuEfficiency(yardstick),
        measured.arenaBytes() / GIB);
  }

  /** What the columns mean. */
  public static String legend() {
    return format(
        "wall%%, cpu%%: the time of the same operations at the yardsticks of their precisions, over"
            + " the%nmeasured one (passes are single, all else is double); cpu in the"
            + " thread's own time, both of them%n");
  }

  /** Draws. */
  public static String row(Bench.Normals normals) {
    return format(
        "normals: %.0f million a second into fresh memory (W and A of m = %d, double: %.2f s), %.0f%%"
            + " of a constructive trial at L = %d (%.2f s)%n",
        normals.perSecond() / MEGA,
        normals.width(),
        normals.draw().wallSeconds(),
        100 * normals.share(),
        Bench.CONSTRUCTIVE_LENGTH,
        normals.constructiveTrial().wallSeconds());
  }

  /** The largest resident set of the process so far. */
  public static String memory(long peakBytes) {
    return format("process: %.2f GiB resident at its peak%n", peakBytes / GIB);
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
