package org.rnnsweep.kernels.ntk;

/**
 * How far a finite-width matrix H is from its limit H_inf (Wang, Shen, Hu and Cao, (18), with the
 * limit for "a matrix H_inf").
 *
 * @param relativeFrobenius |H - H_inf|_F / |H_inf|_F
 * @param relativeMaximum largest |H_ij - H_inf,ij| over the largest entry of H_inf
 * @param shapeFrobenius the first after H was scaled to the trace of H_inf: most of the error is
 *     one factor common to all entries
 * @param traceRatio tr H / tr H_inf
 * @param admissible the smallest |e|_F with H + e^T e >= H_inf: the root of the sum of the negative
 *     eigenvalues' sizes of H - H_inf
 * @param smallest the smallest eigenvalue of H
 * @param smallestLimit the smallest eigenvalue of H_inf
 */
public record GramDistance(
    double relativeFrobenius,
    double relativeMaximum,
    double shapeFrobenius,
    double traceRatio,
    double admissible,
    double smallest,
    double smallestLimit) {

  /** Of two symmetric matrices of one size; takes a few n^3 operations. */
  public static GramDistance of(double[][] found, double[][] limit) {
    int n = found.length;
    double traceFound = 0;
    double traceLimit = 0;
    for (int i = 0; i < n; i++) {
      traceFound += found[i][i];
      traceLimit += limit[i][i];
    }
    double scale = traceLimit / traceFound;
    double[][] difference = new double[n][n];
    double squares = 0;
    double shape = 0;
    double largest = 0;
    double limitSquares = 0;
    double limitLargest = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double error = found[i][j] - limit[i][j];
        double scaled = scale * found[i][j] - limit[i][j];
        difference[i][j] = error;
        squares += error * error;
        shape += scaled * scaled;
        largest = Math.max(largest, Math.abs(error));
        limitSquares += limit[i][j] * limit[i][j];
        limitLargest = Math.max(limitLargest, Math.abs(limit[i][j]));
      }
    }
    double negative = 0;
    for (double value : SymmetricSpectrum.of(difference)) {
      negative += Math.max(0, -value);
    }
    return new GramDistance(
        Math.sqrt(squares / limitSquares),
        largest / limitLargest,
        Math.sqrt(shape / limitSquares),
        traceFound / traceLimit,
        Math.sqrt(negative),
        SymmetricSpectrum.of(found)[0],
        SymmetricSpectrum.of(limit)[0]);
  }
}
