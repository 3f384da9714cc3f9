package org.rnnsweep.driver.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.descent.LaneDescent;
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

  /** Steps of descent beside their products. */
  public static String row(DescentBench.Steps found) {
    boolean stream = found.batch() == 1;
    double work = found.repeats() * (stream ? found.bytes() : found.flops()) / GIGA;
    return format(
        "descent on W, m = %d, batch %d, L = %d, double: %.3f ms a step, %.1f %s; its products alone"
            + " %.3f ms, %.1f %s: %.1f%%%n",
        found.width(),
        found.batch(),
        DescentBench.LENGTH,
        1000 * found.steps().wallSeconds() / found.repeats(),
        work / found.steps().wallSeconds(),
        stream ? "GB/s of W" : "Gflop/s",
        1000 * found.products().wallSeconds() / found.repeats(),
        work / found.products().wallSeconds(),
        stream ? "GB/s" : "Gflop/s",
        100 * found.products().wallSeconds() / found.steps().wallSeconds());
  }

  /** Steps of small networks side by side beside the same one after another. */
  public static String row(DescentBench.SideBySide found) {
    double work = found.repeats() * found.flops() / GIGA;
    return format(
        "%d networks, m = %d, batch 1, L = %d, single: side by side %.1f us a step of all, %.1f Gflop/s;"
            + " one after another %.1f us, %.1f Gflop/s: %.1f times%n",
        LaneDescent.LANES,
        found.width(),
        DescentBench.LENGTH,
        1e6 * found.together().wallSeconds() / found.repeats(),
        work / found.together().wallSeconds(),
        1e6 * found.apart().wallSeconds() / found.repeats(),
        work / found.apart().wallSeconds(),
        found.apart().wallSeconds() / found.together().wallSeconds());
  }

  /** Names of the columns of {@link #row(OperatorBench.Asked)}. */
  public static String operatorHead() {
    return format(
        "%-17s %8s  %-22s %9s %9s %9s %9s %9s%n",
        "", "m", "ran", "wall s", "cpu s", "ns / m", "declared", "arena GiB");
  }

  /** Two sequences forward and back at one width. */
  public static String row(OperatorBench.Asked asked) {
    return format(
        "%-17s %8d  %-22s %9.3f %9.3f %9.0f %9.3f %9.3f%n",
        "operator",
        asked.width(),
        format("%d times, L = %d", asked.repeats(), OperatorBench.LENGTH),
        asked.took().wallSeconds(),
        asked.took().cpuSeconds(),
        asked.nanosPerCoordinate(),
        asked.declaredBytes() / GIB,
        asked.takenBytes() / GIB);
  }

  /** What the columns mean, how the cost grows, and what is asked. */
  public static String operator(List<OperatorBench.Asked> rows, OperatorBench.Drawn drawn) {
    String legend =
        format(
            "two sequences forward and the backward vectors of all pairs of steps, W never formed,"
                + " single, one%nthread; means; asked at m = 2^20: under 6 s, under 3 GiB%n");
    String growth =
        rows.get(0).width() == rows.get(rows.size() - 1).width()
            ? ""
            : format(
                "from m = %d to %d the thread's time grows as m^%.3f, time / m stays within a factor"
                    + " %.2f; asked: 1%n",
                rows.get(0).width(),
                rows.get(rows.size() - 1).width(),
                OperatorBench.exponent(rows),
                OperatorBench.spread(rows));
    return legend
        + growth
        + format(
            "normals: %.0f million a second, single, one thread (%.0f of its own time); asked: at"
                + " least 80%n",
            drawn.normals() / drawn.took().wallSeconds() / MEGA,
            drawn.normals() / drawn.took().cpuSeconds() / MEGA);
  }

  /** Training in single beside twice what the vector unit does in double. */
  public static String ofFusedMultiplyAdds(List<Measurement> onWords, Units units) {
    double peak = 2 * units.vectorFlops();
    String shares =
        onWords.stream()
            .map(row -> format("%.1f%%", 100 * row.work().flops() / row.took().cpuSeconds() / peak))
            .collect(Collectors.joining(", "));
    return format(
        "on words, of the fused multiply-adds that one thread does here (%.1f Gflop/s single, twice"
            + " those along%nan array of double): %s; asked: 2.6e7 symbols in 4 s, 6.5 M a second%n",
        peak / GIGA, shares);
  }

  /** A Gram matrix beside what the machine's units give. */
  public static String row(LimitBench.Gram gram, Units units) {
    double cpuSeconds = gram.took().cpuSeconds();
    return format(
        "infinite-width tangent kernel (relu), n = %d, L = %d, %d threads: %.2f s (%.2f s of CPU);"
            + " asked: under 5 s on two%n"
            + "       %.1f million pairs and steps a second; in time of CPU %.1f ns each, %.1f"
            + " Gflop/s by the count 60 n^2 L,%n"
            + "       %.1f with each pair counted once; a thread of this JVM beside it, in its own"
            + " time:%n"
            + "       fused multiply-adds %.1f Gflop/s scalar, %.1f along an array; Math.acos %.0f ns,"
            + " %.1f s for as many pairs and steps%n",
        gram.sequences(),
        gram.length(),
        gram.threads(),
        gram.took().wallSeconds(),
        cpuSeconds,
        gram.pairSteps() / gram.took().wallSeconds() / MEGA,
        cpuSeconds / gram.pairSteps() * GIGA,
        gram.flops() / cpuSeconds / GIGA,
        gram.flops() / cpuSeconds / 2 / GIGA,
        units.scalarFlops() / GIGA,
        units.vectorFlops() / GIGA,
        units.acosSeconds() * GIGA,
        units.acosSeconds() * gram.pairSteps());
  }

  /** A long recursion. */
  public static String row(LimitBench.LongPair found) {
    return format(
        "       L = %d: one pair %.2f s (%.2f s of CPU), the scalar recursion of orthogonal inputs %.2f"
            + " s (%.2f); asked: seconds%n",
        found.length(),
        found.pair().wallSeconds(),
        found.pair().cpuSeconds(),
        found.orthogonal().wallSeconds(),
        found.orthogonal().cpuSeconds());
  }

  /** A plan beside what it may take. */
  public static String row(EngineBench.Planned planned) {
    return format(
        "plan:  %,d configurations in %.1f s (read %.1f, bundled %.1f into %,d), within %.2f GiB of"
            + " heap,%n       %.2f of them held by the plan; ideal: under 60 s within 2.00%n",
        planned.configurations(),
        planned.readSeconds() + planned.planSeconds(),
        planned.readSeconds(),
        planned.planSeconds(),
        planned.bundles(),
        planned.heapLimitBytes() / GIB,
        planned.heapBytes() / GIB);
  }

  /** A sweep beside its ideal. */
  public static String row(EngineBench.Swept swept) {
    String head =
        format(
            "run:   %,d trials of %d ms on %d cores in %.1f s (%.1f s of the process's own time),"
                + " %,d parts; aggregated in %.1f s%n",
            swept.trials(),
            swept.milliseconds(),
            swept.cores(),
            swept.runSeconds(),
            swept.cpuSeconds(),
            swept.parts(),
            swept.aggregateSeconds());
    String beside =
        swept.milliseconds() == 0
            ? format(
                "       %.2f ms of a core a trial; ideal: at most 1%n",
                swept.overheadMilliseconds())
            : format(
                "       %.1f%% of the ideal %.1f s; ideal: at least 95%%%n",
                100 * swept.idealSeconds() / swept.runSeconds(), swept.idealSeconds());
    return head + beside;
  }

  /** A store opened. */
  public static String row(EngineBench.Opened opened) {
    return format(
        "open:  %,d trials in %,d parts: %.1f s; compacted in %.1f s into %,d parts: %.1f s; ideal:"
            + " seconds%n",
        opened.trials(),
        opened.parts(),
        opened.openSeconds(),
        opened.compactSeconds(),
        opened.compacted(),
        opened.compactedOpenSeconds());
  }

  /** The largest resident set of the process so far. */
  public static String memory(long peakBytes) {
    return format("process: %.2f GiB resident at its peak%n", peakBytes / GIB);
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
