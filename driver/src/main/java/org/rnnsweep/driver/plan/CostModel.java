package org.rnnsweep.driver.plan;

import java.util.Comparator;
import java.util.Locale;
import java.util.PriorityQueue;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;

/**
 * Time from counted operations, at one rate for a core.
 *
 * @param flopsPerSecond what one core does; positive and finite
 */
public record CostModel(double flopsPerSecond) {

  public CostModel {
    if (!(flopsPerSecond > 0) || Double.isInfinite(flopsPerSecond)) {
      throw new IllegalArgumentException(
          "flopsPerSecond must be positive and finite: " + flopsPerSecond);
    }
  }

  /** At a rate that was measured or is assumed. */
  public static CostModel of(double flopsPerSecond) {
    return new CostModel(flopsPerSecond);
  }

  /**
   * Before anything has run: what a current x86 core reaches with ease, so that the first estimate
   * is rather too long than too short.
   */
  public static CostModel of(NumericsProfile numerics) {
    double doubles =
        switch (numerics.library()) {
          case NATIVE -> 40e9;
          case NATIVE_PORTABLE -> 25e9;
          case JAVA -> 2e9;
        };
    // Not twice: what decides about a result stays in double under either precision.
    return of(numerics.precision() == Precision.SINGLE ? 1.5 * doubles : doubles);
  }

  /**
   * The same, corrected by what has finished. The assumed rate counts like ten seconds of
   * measurement, so that a first short trial does not turn the estimate upside down.
   *
   * @param flops operations of the finished trials
   * @param coreSeconds their time, summed over cores
   */
  public CostModel withFinished(double flops, double coreSeconds) {
    double assumedSeconds = 10;
    return of((flopsPerSecond * assumedSeconds + flops) / (assumedSeconds + coreSeconds));
  }

  /** Time of one core for so many operations. */
  public double seconds(double flops) {
    return flops / flopsPerSecond;
  }

  /** Time until the last of {@code slots} tasks ends: each slot takes the next bundle when free. */
  public double seconds(Plan plan, int slots) {
    if (slots < 1) {
      throw new IllegalArgumentException("slots must be at least 1: " + slots);
    }
    PriorityQueue<Double> free = new PriorityQueue<>(Comparator.naturalOrder());
    double last = 0;
    for (Bundle bundle : plan.bundles()) {
      double start = free.size() < slots ? 0 : free.remove();
      double end = start + seconds(bundle.flops());
      free.add(end);
      last = Math.max(last, end);
    }
    return last;
  }

  /**
   * A duration as one reads it: {@code 40 s}, {@code 3 min 20 s}, {@code 2 h 05 min}, {@code 3 d 4
   * h}.
   */
  public static String formatted(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 1) {
      return "under 1 s";
    }
    if (whole < 60) {
      return whole + " s";
    }
    if (whole < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
    }
    if (whole < 86_400) {
      return String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
    }
    return String.format(Locale.ROOT, "%d d %d h", whole / 86_400, whole % 86_400 / 3600);
  }
}
