package org.rnnsweep.kernels.quadrature;

import java.util.function.DoubleUnaryOperator;

/**
 * Nodes and weights of Gauss and Legendre on an interval: exact for polynomials to degree {@code 2
 * count - 1}. The arrays are not to be changed.
 *
 * @param nodes from the right end to the left one
 * @param weights of the nodes, in the same order
 */
public record GaussLegendre(double[] nodes, double[] weights) {

  /**
   * A rule on an interval.
   *
   * @param count of nodes, at least 1
   */
  public static GaussLegendre on(int count, double from, double to) {
    if (count < 1) {
      throw new IllegalArgumentException("a rule has at least 1 node, found " + count);
    }
    double[] nodes = new double[count];
    double[] weights = new double[count];
    for (int i = 0; i < count; i++) {
      double t = StrictMath.cos(Math.PI * (i + 0.75) / (count + 0.5));
      double slope = 0;
      for (int newton = 0; newton < 6; newton++) {
        double previous = 1;
        double value = t;
        for (int k = 2; k <= count; k++) {
          double next = ((2 * k - 1) * t * value - (k - 1) * previous) / k;
          previous = value;
          value = next;
        }
        slope = count * (t * value - previous) / (t * t - 1);
        t -= value / slope;
      }
      nodes[i] = (from + to) / 2 + (to - from) / 2 * t;
      weights[i] = (to - from) / ((1 - t * t) * slope * slope);
    }
    return new GaussLegendre(nodes, weights);
  }

  /** How many nodes there are. */
  public int count() {
    return nodes.length;
  }

  /** The integral of a function over the interval. */
  public double integral(DoubleUnaryOperator function) {
    double sum = 0;
    for (int i = 0; i < nodes.length; i++) {
      sum += weights[i] * function.applyAsDouble(nodes[i]);
    }
    return sum;
  }
}
