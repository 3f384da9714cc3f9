package org.rnnsweep.kernels.stability;

/**
 * By how much the states of two passes of equal length differ, one sequence of each.
 *
 * @param states max over l of |h'_l - h_l|
 * @param preactivations max over l of |g'_l - g_l|
 * @param signs max over l of the number of signs of g_l that differ
 */
public record StateChange(double states, double preactivations, long signs) {

  /** Between sequence {@code ofA} of a and {@code ofB} of b; b may be a. */
  public static StateChange between(Trajectory a, int ofA, Trajectory b, int ofB) {
    if (a.steps() != b.steps()) {
      throw new IllegalArgumentException(
          "passes of one length, found " + a.steps() + " and " + b.steps() + " steps");
    }
    double states = 0;
    double preactivations = 0;
    long signs = 0;
    for (int l = 1; l <= a.steps(); l++) {
      states = Math.max(states, RowMeasures.distance(a.states(l), ofA, b.states(l), ofB));
      preactivations =
          Math.max(
              preactivations,
              RowMeasures.distance(a.preactivations(l), ofA, b.preactivations(l), ofB));
      signs =
          Math.max(
              signs, RowMeasures.signChanges(a.preactivations(l), ofA, b.preactivations(l), ofB));
    }
    return new StateChange(states, preactivations, signs);
  }
}
