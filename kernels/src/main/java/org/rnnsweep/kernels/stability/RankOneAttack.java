package org.rnnsweep.kernels.stability;

import java.util.Arrays;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.SignPattern;

/**
 * Changes {@code W' = p q^T} of a given spectral norm, chosen after everything is known of one
 * sequence, to make one of the statements on perturbations as wrong as possible.
 */
public enum RankOneAttack {
  /** {@code p ~ D_L B^T e_1, q ~ h_(L-1)}: along the gradient of the last output. */
  GRADIENT("gradient") {
    @Override
    void aim(
        Arena arena,
        Trajectory states,
        OffHeapMatrix readout,
        double size,
        OffHeapMatrix p,
        OffHeapMatrix q) {
      int length = states.steps();
      p.copyFrom(readout.rowRange(0, 1));
      SignPattern.apply(states.state(length, 0), p);
      q.copyFrom(states.state(length - 1, 0));
      RowMeasures.scale(p, 0, size / RowMeasures.norm(p, 0));
      RowMeasures.scale(q, 0, 1 / RowMeasures.norm(q, 0));
    }
  },
  /**
   * Reflects the smallest preactivations of the last layer where the output's weight is positive:
   * {@code p_k = -2 g_(L,k)} on as many as |p| &lt;= size |h_(L-1)| allows, {@code q = h_(L-1) /
   * |h_(L-1)|^2}. Makes the bounds on sign changes, on Back' and on the first-order error tight:
   * the errors of all flipped neurons have one sign.
   */
  REFLECT("reflect") {
    @Override
    void aim(
        Arena arena,
        Trajectory states,
        OffHeapMatrix readout,
        double size,
        OffHeapMatrix p,
        OffHeapMatrix q) {
      int length = states.steps();
      q.copyFrom(states.state(length - 1, 0));
      double norm = RowMeasures.norm(q, 0);
      RowMeasures.scale(q, 0, 1 / (norm * norm));
      double[] weight = row(readout.rowRange(0, 1));
      smallest(row(states.preactivation(length, 0)), weight, 2, size * norm, p);
    }
  },
  /**
   * Carries the smallest preactivations of the last layer just over 0, whatever the output's
   * weight, along the part of h_(L-1) that no earlier state has: so no earlier layer changes. The
   * largest number of sign changes for its size.
   */
  SIGN_FLIP("sign-flip") {
    @Override
    void aim(
        Arena arena,
        Trajectory states,
        OffHeapMatrix readout,
        double size,
        OffHeapMatrix p,
        OffHeapMatrix q) {
      int length = states.steps();
      int rows = length - 1;
      OffHeapMatrix basis = arena.matrix(rows, q.columns(), q.precision());
      for (int l = 1; l <= rows; l++) {
        basis.rowRange(l - 1, l).copyFrom(states.state(l, 0));
        for (int sweep = 0; sweep < 2; sweep++) {
          for (int k = 0; k < l - 1; k++) {
            RowMeasures.add(basis, l - 1, -RowMeasures.dot(basis, l - 1, basis, k), basis, k);
          }
        }
        RowMeasures.scale(basis, l - 1, 1 / RowMeasures.norm(basis, l - 1));
      }
      q.copyFrom(basis.rowRange(rows - 1, rows));
      arena.release(basis);
      double part = RowMeasures.dot(q, 0, states.states(length - 1), 0);
      RowMeasures.scale(q, 0, 1 / part);
      smallest(row(states.preactivation(length, 0)), null, 1 + 1e-6, size * part, p);
    }
  };

  private final String label;

  RankOneAttack(String label) {
    this.label = label;
  }

  /** The name used in experiment files. */
  public String label() {
    return label;
  }

  /** The attack of this name. */
  public static RankOneAttack ofLabel(String label) {
    for (RankOneAttack attack : values()) {
      if (attack.label.equals(label)) {
        return attack;
      }
    }
    throw new IllegalArgumentException("no attack is called '" + label + "'");
  }

  /**
   * Sets p and q, 1 x m each, so that {@code |p q^T|_2} is at most {@code size}.
   *
   * @param arena for L - 1 vectors, for a while
   * @param states a pass of one sequence, of 3 steps at least
   * @param readout B, d x m
   */
  abstract void aim(
      Arena arena,
      Trajectory states,
      OffHeapMatrix readout,
      double size,
      OffHeapMatrix p,
      OffHeapMatrix q);

  /** {@link #aim} with its arguments checked. */
  public void choose(
      Arena arena,
      Trajectory states,
      OffHeapMatrix readout,
      double size,
      OffHeapMatrix p,
      OffHeapMatrix q) {
    if (!(size > 0 && size < Double.POSITIVE_INFINITY) || states.steps() < 3) {
      throw new IllegalArgumentException(
          "a positive finite size and 3 steps at least, found "
              + size
              + " and "
              + states.steps()
              + " steps");
    }
    aim(arena, states, readout, size, p, q);
  }

  /**
   * Of a pass of two sequences or more, of 2 steps or more: carries the preactivations of step 2
   * that have different signs in the first two sequences over 0 in one of them, the smaller, so
   * that both have the other's sign; as many as {@code |p q^T|_2 <= size} allows, the smallest
   * first. q has the inner product 1 with both h_1. Sequences at distance delta differ in about
   * {@code delta m} neurons of {@code |g| <= delta / sqrt(m)}, all of which it takes {@code size =
   * delta^(3/2)} to align.
   *
   * @throws ArithmeticException if both h_1 are one vector
   */
  public static void align(Trajectory states, double size, OffHeapMatrix p, OffHeapMatrix q) {
    OffHeapMatrix h = states.states(1);
    double a = RowMeasures.dot(h, 0, h, 0);
    double b = RowMeasures.dot(h, 1, h, 1);
    double c = RowMeasures.dot(h, 0, h, 1);
    double determinant = a * b - c * c;
    if (!(determinant > 0)) {
      throw new ArithmeticException("two sequences of one first state cannot be aligned");
    }
    q.copyFrom(states.state(1, 0));
    RowMeasures.scale(q, 0, (b - c) / determinant);
    RowMeasures.add(q, 0, (a - c) / determinant, h, 1);
    double[] g = row(states.preactivation(2, 0));
    double[] other = row(states.preactivation(2, 1));
    double[] weight = new double[g.length];
    for (int k = 0; k < g.length; k++) {
      weight[k] = (g[k] >= 0) == (other[k] >= 0) ? 0 : 1;
      g[k] = Math.abs(g[k]) <= Math.abs(other[k]) ? g[k] : other[k];
    }
    smallest(g, weight, 1 + 1e-6, size / RowMeasures.norm(q, 0), p);
  }

  /** Bytes taken from the arena for a while. */
  public static long memoryBytes(long width, int length, int bytesOfANumber) {
    return (length - 1L) * width * bytesOfANumber;
  }

  /**
   * The largest of the preactivations, by size, that a vector of this norm can carry over 0
   * together with all smaller ones; negative if none.
   *
   * @param g 1 x m
   */
  public static double reach(OffHeapMatrix g, double limit) {
    return reach(row(g), null, 1, limit);
  }

  private static double[] row(OffHeapMatrix g) {
    double[] values = new double[Math.toIntExact(g.columns())];
    g.getRow(0, values);
    return values;
  }

  private static double reach(double[] values, double[] weight, double factor, double limit) {
    double[] sizes = new double[values.length];
    int count = 0;
    for (int k = 0; k < values.length; k++) {
      if (weight == null || weight[k] > 0) {
        sizes[count++] = Math.abs(values[k]);
      }
    }
    Arrays.sort(sizes, 0, count);
    double square = 0;
    double largest = -1;
    for (int k = 0; k < count; k++) {
      square += factor * factor * sizes[k] * sizes[k];
      if (!(square <= limit * limit)) {
        break;
      }
      largest = sizes[k];
    }
    return largest;
  }

  /** p = -factor g on the smallest |g| (of positive weight) as long as |p| stays within a limit. */
  private static void smallest(
      double[] values, double[] weight, double factor, double limit, OffHeapMatrix p) {
    double largest = reach(values, weight, factor, limit);
    for (int k = 0; k < values.length; k++) {
      boolean chosen = Math.abs(values[k]) <= largest && (weight == null || weight[k] > 0);
      values[k] = chosen ? -factor * values[k] : 0;
    }
    p.putRow(0, values);
  }
}
