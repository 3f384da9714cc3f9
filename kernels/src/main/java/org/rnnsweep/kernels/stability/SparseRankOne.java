package org.rnnsweep.kernels.stability;

import java.util.Arrays;
import java.util.Locale;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.SignPattern;

/**
 * The special change {@code W' = y z^T} of Allen-Zhu, Li and Song (Lemmas C.10, C.11): z of norm 1,
 * y with N entries of one size that are not 0. Here z = h_1 / |h_1|, so that W' moves single
 * neurons of step 2, and the N entries are the first ones, or push the N smallest preactivations of
 * step 2 towards 0.
 *
 * @param forward max over l &lt; L and k of {@code |((W + W') h'_l)_k|}, h' the states' change
 * @param signs max over l of the number of signs that change
 * @param backSigns max over i &lt; L and k of {@code |b^T (prod D W - prod D~ W) e_k|}, products
 *     from step i + 1 to L, D~ the patterns before the change and D those after it
 * @param backWeights the same of {@code prod D (W + W') - prod D W}
 */
public record SparseRankOne(double forward, long signs, double backSigns, double backWeights) {
  /** Vectors of m numbers that {@link #measure} takes from the arena for a while. */
  public static final int VECTORS = 4;

  /**
   * Sets y and z, 1 x m each.
   *
   * @param states a pass of one sequence, of 2 steps at least
   * @param support N, from 1 to m
   * @param size of y's entries
   * @param rows which entries of y are not 0
   */
  public static void aim(
      Trajectory states, int support, double size, Rows rows, OffHeapMatrix y, OffHeapMatrix z) {
    int m = Math.toIntExact(y.columns());
    if (!(support >= 1 && support <= m && size > 0 && size < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "from 1 to %d entries of a positive finite size, found %d of %s",
              m,
              support,
              size));
    }
    double[] g = new double[m];
    states.preactivation(2, 0).getRow(0, g);
    double limit = Double.POSITIVE_INFINITY;
    if (rows == Rows.NEAREST) {
      double[] sizes = new double[m];
      Arrays.setAll(sizes, k -> Math.abs(g[k]));
      Arrays.sort(sizes);
      limit = sizes[support - 1];
    }
    double[] entries = new double[m];
    int taken = 0;
    for (int k = 0; k < m && taken < support; k++) {
      if (Math.abs(g[k]) <= limit) {
        entries[k] = g[k] >= 0 ? -size : size;
        taken++;
      }
    }
    y.putRow(0, entries);
    z.copyFrom(states.state(1, 0));
    RowMeasures.scale(z, 0, 1 / RowMeasures.norm(z, 0));
  }

  /** Which entries of y are not 0. */
  public enum Rows {
    /** The first N, whatever is known of them. */
    FIRST("first"),
    /** The N smallest preactivations of step 2 in absolute value. */
    NEAREST("nearest");

    private final String label;

    Rows(String label) {
      this.label = label;
    }

    /** The name used in experiment files. */
    public String label() {
      return label;
    }
  }

  /**
   * Measures the change. Asks W for 3 (L - 1) left products, a third of them through the sum.
   *
   * @param w W
   * @param sum W + y z^T
   * @param readout b, 1 x m, independent of y and z
   * @param states a pass under W
   * @param changed the same tokens under the sum
   */
  public static SparseRankOne measure(
      Arena arena,
      GaussianOperator w,
      GaussianOperator sum,
      OffHeapMatrix readout,
      Trajectory states,
      Trajectory changed,
      OffHeapMatrix y,
      OffHeapMatrix z) {
    int length = states.steps();
    OffHeapMatrix before = arena.matrix(1, y.columns(), y.precision());
    OffHeapMatrix patterns = arena.matrix(1, y.columns(), y.precision());
    OffHeapMatrix both = arena.matrix(1, y.columns(), y.precision());
    OffHeapMatrix masked = arena.matrix(1, y.columns(), y.precision());
    double forward = 0;
    long signs = 0;
    for (int l = 2; l <= length; l++) {
      // (W + W') h'_(l-1) = (g of the changed pass) - g - W' h_(l-1)
      masked.copyFrom(changed.preactivation(l, 0));
      RowMeasures.add(masked, 0, -1, states.preactivation(l, 0), 0);
      RowMeasures.add(masked, 0, -RowMeasures.dot(z, 0, states.states(l - 1), 0), y, 0);
      forward = Math.max(forward, RowMeasures.maxAbs(masked, 0));
      signs =
          Math.max(
              signs,
              RowMeasures.signChanges(states.preactivations(l), 0, changed.preactivations(l), 0));
    }
    before.copyFrom(readout);
    patterns.copyFrom(readout);
    both.copyFrom(readout);
    double backSigns = 0;
    double backWeights = 0;
    for (int l = length; l >= 2; l--) {
      back(w, states.state(l, 0), before, masked);
      back(w, changed.state(l, 0), patterns, masked);
      back(sum, changed.state(l, 0), both, masked);
      backSigns = Math.max(backSigns, RowMeasures.maxDistance(before, 0, patterns, 0));
      backWeights = Math.max(backWeights, RowMeasures.maxDistance(both, 0, patterns, 0));
    }
    arena.release(masked);
    arena.release(both);
    arena.release(patterns);
    arena.release(before);
    return new SparseRankOne(forward, signs, backSigns, backWeights);
  }

  private static void back(
      GaussianOperator w, OffHeapMatrix pattern, OffHeapMatrix vector, OffHeapMatrix masked) {
    masked.copyFrom(vector);
    SignPattern.apply(pattern, masked);
    w.left(masked, vector);
  }
}
