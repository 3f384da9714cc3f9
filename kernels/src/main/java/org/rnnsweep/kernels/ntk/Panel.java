package org.rnnsweep.kernels.ntk;

import java.util.List;
import java.util.Locale;

/**
 * What the recursions need of each of n sequences of one length L alone, laid out so that the
 * sequences of one step are neighbours: entry {@code [t * n + j]} belongs to step t of sequence j.
 * Step 0 is the initial state.
 */
final class Panel {
  final int length;
  final int count;
  final int dimension;

  /** {@code sqrt(s) x_t}, entry {@code [((t - 1) * d + k) * n + j]}. */
  final double[] input;

  /** E z_t^2. */
  final double[] variance;

  /** E h_t^2. */
  final double[] moment;

  /** Of a rectifier: sqrt(E z_t^2); of erf: sqrt(1 + 2 E z_t^2). */
  final double[] root;

  /** Of a rectifier: the inverse of root, 0 where that is 0; of erf: sqrt(1 + 4 E z_t^2). */
  final double[] second;

  /** Of a rectifier: the root of the variance that input and bias bring at a step. */
  final double[] drive;

  /**
   * Of a rectifier: the unit vector along (A's part, b's part) of that variance, {@code directions}
   * numbers as in {@code input}. Half a squared distance of two of them is 1 - cosine with all its
   * digits.
   */
  final double[] direction;

  final int directions;

  private final NetworkLaw law;

  /**
   * @param sequences all of one length and dimension, checked by the caller
   * @throws IllegalArgumentException if a variance overflows
   */
  Panel(NetworkLaw law, List<double[][]> sequences) {
    this.law = law;
    count = sequences.size();
    length = sequences.get(0).length;
    dimension = sequences.get(0)[0].length;
    directions = law.activation() == Activation.RELU ? dimension + 1 : 0;
    input = new double[length * dimension * count];
    direction = new double[length * directions * count];
    int states = (length + 1) * count;
    variance = new double[states];
    moment = new double[states];
    root = new double[states];
    second = new double[states];
    drive = new double[states];
    for (int j = 0; j < count; j++) {
      fill(j, sequences.get(j));
    }
  }

  private void fill(int j, double[][] sequence) {
    double scale = Math.sqrt(law.inputScale().factor(dimension));
    setState(j, law.initialVariance());
    for (int t = 1; t <= length; t++) {
      double square = 0;
      for (int k = 0; k < dimension; k++) {
        double x = scale * sequence[t - 1][k];
        input[((t - 1) * dimension + k) * count + j] = x;
        square += x * x;
      }
      int at = t * count + j;
      double driving = law.inputVariance() * square + law.biasVariance();
      drive[at] = Math.sqrt(driving);
      if (directions > 0 && driving > 0) {
        double weight = Math.sqrt(law.inputVariance()) / drive[at];
        int base = (t - 1) * directions * count + j;
        for (int k = 0; k < dimension; k++) {
          direction[base + k * count] = weight * scale * sequence[t - 1][k];
        }
        direction[base + dimension * count] = Math.sqrt(law.biasVariance()) / drive[at];
      }
      double z = law.weightVariance() * moment[at - count] + driving;
      if (!(z < 1e150)) { // so that products of two stay finite
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "the variance of the preactivations reaches %s at step %d, allowed is below 1e150",
                z,
                t));
      }
      setState(at, z);
    }
  }

  private void setState(int at, double z) {
    variance[at] = z;
    if (law.activation() == Activation.RELU) {
      moment[at] = 0.5 * z;
      root[at] = Math.sqrt(z);
      second[at] = z > 0 ? 1 / root[at] : 0;
    } else {
      second[at] = Math.sqrt(1 + 4 * z);
      root[at] = Math.sqrt(1 + 2 * z);
      moment[at] = 2 / Math.PI * ArcCosine.arctan(2 * z / second[at]);
    }
  }
}
