package org.rnnsweep.jobs.descent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A training's loss and distance from the start, at steps half as far again each time. */
final class TrainingCurve {
  private static final double GROWTH = 1.5;

  private final List<double[]> points = new ArrayList<>(); // step, loss, distance
  private double next = 1;

  /** Whether the next point is to be added at this step. */
  boolean isDue(int step) {
    return step >= next;
  }

  /** Adds a point; steps grow. */
  void add(int step, double loss, double distance) {
    points.add(new double[] {step, loss, distance});
    next = Math.max(next + 1, next * GROWTH);
  }

  /** The largest distance of a point. */
  double radius() {
    return points.stream().mapToDouble(point -> point[2]).max().orElse(0);
  }

  /** The points up to the last step, which need not be added: training may go on from it. */
  Map<String, double[]> series(int lastStep, double loss, double distance) {
    List<double[]> all = new ArrayList<>(points);
    if (all.get(all.size() - 1)[0] < lastStep) {
      all.add(new double[] {lastStep, loss, distance});
    }
    Map<String, double[]> series = new LinkedHashMap<>();
    String[] names = {"curve_step", "curve_loss", "curve_radius"};
    for (int k = 0; k < names.length; k++) {
      int column = k;
      series.put(names[k], all.stream().mapToDouble(point -> point[column]).toArray());
    }
    return series;
  }
}
