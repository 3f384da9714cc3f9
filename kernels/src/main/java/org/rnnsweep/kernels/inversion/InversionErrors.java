package org.rnnsweep.kernels.inversion;

/**
 * Errors of recovered sequences {@code r} against the true ones {@code x}, both in R^(L d). Sums go
 * in the order in which sequences are added. With no sequence every accessor is NaN.
 */
public final class InversionErrors {
  private final int dimension;
  private final double[] squaresByPosition;
  private double relativeSum;
  private double largestSum;
  private long sequences;

  /** For sequences of this length and dimension. */
  public InversionErrors(int length, int dimension) {
    this.dimension = dimension;
    this.squaresByPosition = new double[length];
  }

  /** Adds one sequence: L d numbers each, position by position. */
  public void add(double[] recovered, double[] actual) {
    double norm = 0;
    double error = 0;
    double largest = 0;
    for (int position = 0; position < squaresByPosition.length; position++) {
      double square = 0;
      for (int i = position * dimension; i < (position + 1) * dimension; i++) {
        double difference = recovered[i] - actual[i];
        square += difference * difference;
        norm += actual[i] * actual[i];
        largest = Math.max(largest, Math.abs(difference)); // NaN stays NaN
      }
      squaresByPosition[position] += square;
      error += square;
    }
    relativeSum += Math.sqrt(error / norm);
    largestSum += largest;
    sequences++;
  }

  /** Mean over sequences of {@code ||r - x|| / ||x||}: the L2 error of Appendix I. */
  public double relativeL2() {
    return relativeSum / sequences;
  }

  /** Mean over sequences of {@code max_i |r_i - x_i|}: the L-infinity error of Appendix I. */
  public double linf() {
    return largestSum / sequences;
  }

  /** Root of the mean of {@code (r_i - x_i)^2} over sequences and coordinates. */
  public double rms() {
    double sum = 0;
    for (double squares : squaresByPosition) {
      sum += squares;
    }
    return Math.sqrt(sum / ((double) sequences * squaresByPosition.length * dimension));
  }

  /** For each position l = 1..L, the same root over the d coordinates of that token alone. */
  public double[] positionRms() {
    double[] rms = new double[squaresByPosition.length];
    for (int position = 0; position < rms.length; position++) {
      rms[position] = Math.sqrt(squaresByPosition[position] / ((double) sequences * dimension));
    }
    return rms;
  }
}
