package org.rnnsweep.kernels.stability;

import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.SignPattern;

/**
 * How far the change of the last output is from linear in W', and from what changed states and maps
 * make of another W'' (Allen-Zhu and Li, [F] Lemmas 5.1 to 5.3):
 *
 * <pre>
 * linear part      sum over i = 2..L of Back_(i->L) D_i W' h_(i-1)
 * error            |B h'_L - linear part|
 * coupling error   |sum_i (Back + Back') (D + D') V (h + h') - Back D V h|,
 *                  V = m^(-1/2) q h_(L-1)^T / (|q| |h_(L-1)|), q_k = (D'_L)_kk B_1k
 * </pre>
 *
 * V is the direction that couples worst: it puts all of q where signs change. Where no sign of the
 * last layer changes the coupling error is 0.
 *
 * @param linearPart its norm in R^d
 * @param error norm in R^d
 * @param couplingError norm in R^d, for {@code |V|_2 = 1 / sqrt(m)}
 */
public record FirstOrder(double linearPart, double error, double couplingError) {

  /**
   * @param readout B
   * @param recurrent W, with L - 1 right products left
   * @param changed W + W', with as many left: W' h is (W + W') h - W h
   * @param states under W, one sequence
   * @param statesChanged under W + W'
   * @param back to target L, of W
   * @param backChanged to target L, of W + W'
   */
  public static FirstOrder measure(
      Arena arena,
      OffHeapMatrix readout,
      GaussianOperator recurrent,
      GaussianOperator changed,
      Trajectory states,
      Trajectory statesChanged,
      BackwardVectors back,
      BackwardVectors backChanged) {
    int length = states.steps();
    int d = Math.toIntExact(readout.rows());
    OffHeapMatrix image = arena.matrix(1, readout.columns(), readout.precision());
    OffHeapMatrix spread = arena.matrix(1, readout.columns(), readout.precision());
    double[] linear = new double[d];
    for (int i = 2; i <= length; i++) {
      changed.right(states.state(i - 1, 0), image);
      recurrent.right(states.state(i - 1, 0), spread);
      RowMeasures.add(image, 0, -1, spread, 0);
      SignPattern.apply(states.state(i, 0), image);
      for (int s = 0; s < d; s++) {
        linear[s] += RowMeasures.dot(back.block(i, length, 0), s, image, 0);
      }
    }
    double size = 0;
    double error = 0;
    for (int s = 0; s < d; s++) {
      double total =
          RowMeasures.dot(readout, s, statesChanged.states(length), 0)
              - RowMeasures.dot(readout, s, states.states(length), 0);
      size += linear[s] * linear[s];
      error += (total - linear[s]) * (total - linear[s]);
    }
    double coupling = coupling(readout, states, statesChanged, back, backChanged, image, spread);
    arena.release(spread);
    arena.release(image);
    return new FirstOrder(Math.sqrt(size), Math.sqrt(error), coupling);
  }

  private static double coupling(
      OffHeapMatrix readout,
      Trajectory states,
      Trajectory changed,
      BackwardVectors back,
      BackwardVectors backChanged,
      OffHeapMatrix direction,
      OffHeapMatrix masked) {
    int length = states.steps();
    // D'_L B^T e_1: the changed pattern's part minus the old one's.
    direction.copyFrom(readout.rowRange(0, 1));
    SignPattern.apply(changed.state(length, 0), direction);
    masked.copyFrom(readout.rowRange(0, 1));
    SignPattern.apply(states.state(length, 0), masked);
    RowMeasures.add(direction, 0, -1, masked, 0);
    double norm = RowMeasures.norm(direction, 0) * RowMeasures.norm(states.state(length - 1, 0), 0);
    if (norm == 0) {
      return 0;
    }
    double factor = 1 / (Math.sqrt(readout.columns()) * norm);
    double square = 0;
    for (int s = 0; s < readout.rows(); s++) {
      double sum = 0;
      for (int i = 2; i <= length; i++) {
        sum += term(changed, backChanged, i, s, states, direction, masked);
        sum -= term(states, back, i, s, states, direction, masked);
      }
      square += sum * sum;
    }
    return factor * Math.sqrt(square);
  }

  /** {@code <v_(L,i), D_i q> <h_(L-1), h_(i-1)>} of one network, h_(L-1) that of the unchanged. */
  private static double term(
      Trajectory of,
      BackwardVectors back,
      int i,
      int s,
      Trajectory unchanged,
      OffHeapMatrix direction,
      OffHeapMatrix masked) {
    int length = of.steps();
    masked.copyFrom(direction);
    SignPattern.apply(of.state(i, 0), masked);
    return RowMeasures.dot(back.block(i, length, 0), s, masked, 0)
        * RowMeasures.dot(unchanged.state(length - 1, 0), 0, of.state(i - 1, 0), 0);
  }

  /** Bytes taken from the arena for a while. */
  public static long memoryBytes(long width, int bytesOfANumber) {
    return 2 * width * bytesOfANumber;
  }
}
