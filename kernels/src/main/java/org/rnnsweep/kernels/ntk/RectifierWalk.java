package org.rnnsweep.kernels.ntk;

import java.util.Arrays;

/**
 * The moments of a rectifier's network, carried as 1 - correlation of the states.
 *
 * <p>With r^2 = a + p the variance of z, a what W brings and p what A and b bring, and E the
 * deficit of the states one step before,
 *
 * <pre>
 * r r' (1 - rho) = (sqrt(a p') - sqrt(p a'))^2 / (r r' + sqrt(a a') + sqrt(p p'))
 *                  + sqrt(a a') E + sqrt(p p') (1 - cos(input and bias)),
 * </pre>
 *
 * three terms that are never negative: nothing cancels, and sequences that are equal bit for bit
 * have the deficit 0.
 */
final class RectifierWalk extends Walk {
  /** 1 - Gamma(0): of h_0 beside the state at another step, which is independent of it. */
  private static final double UNRELATED = 1 - 1 / Math.PI;

  /** 1 - correlation of the states. */
  final double[] deficit;

  private final double[] distance;
  private final double[] angle;

  RectifierWalk(NetworkLaw law, int capacity) {
    super(law, capacity);
    deficit = new double[capacity];
    distance = new double[capacity];
    angle = new double[capacity];
  }

  @Override
  void start(int offset) {
    Arrays.fill(deficit, 0, count, offset == 0 ? 0 : UNRELATED);
    covariances();
  }

  @Override
  void advance() {
    distances();
    deficits();
    for (int j = 0; j < count; j++) {
      angle[j] = ArcCosine.angle(deficit[j]);
    }
    for (int j = 0; j < count; j++) {
      gate[j] = 0.5 * ArcCosine.step(angle[j]);
    }
    for (int j = 0; j < count; j++) {
      deficit[j] = ArcCosine.deficit(deficit[j], angle[j]);
    }
    covariances();
  }

  /** Squared distances of the unit vectors of what drives the present step. */
  private void distances() {
    Arrays.fill(distance, 0, count, 0);
    int directions = columns.directions;
    for (int k = 0; k < directions; k++) {
      double u = rows.direction[((rowStep - 1) * directions + k) * rows.count + row];
      addSquares(
          u,
          columns.direction,
          ((columnStep - 1) * directions + k) * columns.count + from,
          distance,
          count);
    }
  }

  private static void addSquares(double u, double[] v, int from, double[] sum, int count) {
    for (int j = 0; j < count; j++) {
      double difference = u - v[from + j];
      sum[j] += difference * difference;
    }
  }

  private void deficits() {
    double weight = Math.sqrt(0.5 * law.weightVariance());
    int before = rowAt() - rows.count;
    deficits(
        weight,
        weight * rows.root[before],
        rows.drive[rowAt()],
        rows.root[rowAt()],
        rows.second[rowAt()],
        columns,
        columnAt(),
        distance,
        deficit,
        count);
  }

  private static void deficits(
      double weight,
      double state,
      double drive,
      double root,
      double inverse,
      Panel columns,
      int at,
      double[] distance,
      double[] deficit,
      int count) {
    double[] roots = columns.root;
    double[] inverses = columns.second;
    double[] drives = columns.drive;
    int before = at - columns.count;
    for (int j = 0; j < count; j++) {
      double otherState = weight * roots[before + j];
      double otherDrive = drives[at + j];
      double states = state * otherState;
      double inputs = drive * otherDrive;
      double cross = state * otherDrive - drive * otherState;
      // The least normal number keeps 0 / 0 out where both variances are 0.
      double sum = root * roots[at + j] + states + inputs + Double.MIN_NORMAL;
      double total = cross * cross / sum + states * deficit[j] + 0.5 * inputs * distance[j];
      deficit[j] = total * (inverse * inverses[at + j]);
    }
  }

  private void covariances() {
    covariances(0.5 * rows.root[rowAt()], columns.root, columnAt(), deficit, covariance, count);
  }

  private static void covariances(
      double half, double[] roots, int at, double[] deficit, double[] covariance, int count) {
    for (int j = 0; j < count; j++) {
      covariance[j] = half * roots[at + j] * (1 - deficit[j]);
    }
  }
}
