package org.rnnsweep.driver.execute;

import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * How long the rest of a run takes: what the job declares of each bundle, at the rate at which
 * bundles of its kind have run so far, laid out over the slots in the order in which they start.
 *
 * <p>Kinds are powers of two of the operations in a group, since small matrices are slower an
 * operation than large ones, and the largest run first: a rate of the whole run would be wrong
 * twice. A kind that has not run yet takes the rate of the nearest that has.
 */
final class TimeLeft {
  private final TreeMap<Integer, Rate> rates = new TreeMap<>();
  private final PriorityQueue<Double> slots = new PriorityQueue<>();
  private double last;

  private static final class Rate {
    double flops;
    double seconds;
  }

  private static int kind(double flops, double groups) {
    return Math.getExponent(Math.max(flops / groups, 1));
  }

  /** Work of that kind took that long on one slot. Times of one kind add up. */
  void took(double flops, double groups, double seconds) {
    if (flops > 0 && seconds > 0) {
      Rate rate = rates.computeIfAbsent(kind(flops, groups), key -> new Rate());
      rate.flops += flops;
      rate.seconds += seconds;
    }
  }

  /** Whether anything is known. */
  boolean isCalibrated() {
    return !rates.isEmpty();
  }

  /** Seconds of one slot for so many operations in so many groups; NaN before anything ran. */
  double seconds(double flops, int groups) {
    if (rates.isEmpty()) {
      return Double.NaN;
    }
    int kind = kind(flops, groups);
    Map.Entry<Integer, Rate> below = rates.floorEntry(kind);
    Map.Entry<Integer, Rate> above = rates.ceilingEntry(kind);
    boolean isBelow =
        above == null || below != null && kind - below.getKey() <= above.getKey() - kind;
    Rate rate = (isBelow ? below : above).getValue();
    return flops * rate.seconds / rate.flops;
  }

  /** Begins a new layout with so many free slots, at least one. */
  void begin(int free) {
    slots.clear();
    last = 0;
    for (int slot = 0; slot < Math.max(free, 1); slot++) {
      slots.add(0.0);
    }
  }

  /** The next task takes the slot that is free first. */
  void add(double seconds) {
    double end = slots.remove() + seconds;
    slots.add(end);
    last = Math.max(last, end);
  }

  /** When the last task of the layout ends. */
  double end() {
    return last;
  }
}
