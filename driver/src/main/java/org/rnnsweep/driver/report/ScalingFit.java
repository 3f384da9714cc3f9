package org.rnnsweep.driver.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.rnnsweep.driver.analyse.SummaryStatistics;

/**
 * A straight line through the points of one line of a figure, where the vertical scale is
 * logarithmic: {@code log y = intercept + slope u} with u = log x (a power law) or u = x (an
 * exponential). For show; claims are judged over their own ranges.
 *
 * <p>One slope a seed (least squares over the points), over the seeds that every point has; their
 * mean and its t interval. That is right whatever the spread at each point, and when points share
 * draws.
 *
 * @param spacing of the horizontal scale
 * @param slope mean of the seeds' slopes, natural logarithms
 * @param low lower end of its 95% interval; NaN with one seed
 * @param high upper end of the same
 * @param intercept mean of the seeds' intercepts
 * @param from smallest x
 * @param to largest x
 * @param seeds how many
 * @param localSlopes between neighbours on the axis, means over the same seeds
 */
public record ScalingFit(
    Scale.Spacing spacing,
    double slope,
    double low,
    double high,
    double intercept,
    double from,
    double to,
    int seeds,
    List<Double> localSlopes) {

  public ScalingFit {
    localSlopes = List.copyOf(localSlopes);
  }

  /**
   * Of positive values by x and seed index; empty with fewer than three x, without a seed that all
   * of them have, or where a value is not positive.
   */
  static Optional<ScalingFit> of(
      Scale.Spacing spacing, SortedMap<Double, Map<Integer, Double>> values) {
    int k = values.size();
    if (k < 3) {
      return Optional.empty();
    }
    List<Double> xs = new ArrayList<>(values.keySet());
    Set<Integer> seeds = null;
    for (Map<Integer, Double> cell : values.values()) {
      if (cell.values().stream().anyMatch(value -> !(value > 0))) {
        return Optional.empty();
      }
      if (seeds == null) {
        seeds = new HashSet<>(cell.keySet());
      } else {
        seeds.retainAll(cell.keySet());
      }
    }
    if (seeds.isEmpty()) {
      return Optional.empty();
    }
    List<Integer> order = seeds.stream().sorted().toList();

    double[] u = xs.stream().mapToDouble(x -> coordinate(spacing, x)).toArray();
    double centre = SummaryStatistics.of(u).mean();
    double spread = 0;
    for (double value : u) {
      spread += (value - centre) * (value - centre);
    }
    double[] slopes = new double[order.size()];
    double[] heights = new double[order.size()];
    double[] local = new double[k - 1];
    for (int s = 0; s < slopes.length; s++) {
      double before = 0;
      for (int i = 0; i < k; i++) {
        double y = Math.log(values.get(xs.get(i)).get(order.get(s)));
        slopes[s] += (u[i] - centre) / spread * y;
        heights[s] += y / k;
        if (i > 0) {
          local[i - 1] += (y - before) / (u[i] - u[i - 1]) / slopes.length;
        }
        before = y;
      }
    }
    SummaryStatistics slope = SummaryStatistics.of(slopes);
    double intercept = SummaryStatistics.of(heights).mean() - slope.mean() * centre;
    List<Double> localSlopes = new ArrayList<>();
    for (double value : local) {
      localSlopes.add(value);
    }
    return Optional.of(
        new ScalingFit(
            spacing,
            slope.mean(),
            slope.ci95Low(),
            slope.ci95High(),
            intercept,
            xs.get(0),
            xs.get(k - 1),
            slopes.length,
            localSlopes));
  }

  private static double coordinate(Scale.Spacing spacing, double x) {
    return spacing == Scale.Spacing.LOGARITHMIC ? Math.log(x) : x;
  }

  /** Height of the line at x. */
  double at(double x) {
    return Math.exp(intercept + slope * coordinate(spacing, x));
  }

  /** {@code −0.503 [−0.512, −0.494]}, or the slope and why there is no interval. */
  String text() {
    String interval =
        Double.isNaN(low) ? " (one seed)" : " [" + signed(low) + ", " + signed(high) + "]";
    return signed(slope) + interval;
  }

  /** Three decimals and a typographic minus. */
  static String signed(double value) {
    return Numbers.fixed(value, 3).replace('-', '−');
  }
}
