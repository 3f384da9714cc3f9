package org.rnnsweep.kernels.ntk;

/**
 * Runs the second moments of one row sequence beside a block of column sequences along one diagonal
 * {@code (a, b), (a + 1, b + 1), ..} of steps: each moment needs only the one before it on the same
 * diagonal. Reused from block to block; not safe for use by several threads.
 */
abstract class Walk {
  final NetworkLaw law;

  /** E[h_a h'_b] at the present steps. */
  final double[] covariance;

  /** E[phi'(z_a) phi'(z'_b)] at the present steps; not set before the first. */
  final double[] gate;

  Panel rows;
  Panel columns;
  int row;
  int from;
  int count;
  int rowStep;
  int columnStep;

  Walk(NetworkLaw law, int capacity) {
    this.law = law;
    covariance = new double[capacity];
    gate = new double[capacity];
  }

  static Walk of(NetworkLaw law, int capacity) {
    return law.activation() == Activation.RELU
        ? new RectifierWalk(law, capacity)
        : new ErfWalk(law, capacity);
  }

  /**
   * To the start of a diagonal, where one sequence or both have their initial state.
   *
   * @param offset the row's step less the columns'
   */
  final void start(Panel rows, int row, Panel columns, int from, int count, int offset) {
    this.rows = rows;
    this.row = row;
    this.columns = columns;
    this.from = from;
    this.count = count;
    rowStep = Math.max(offset, 0);
    columnStep = Math.max(-offset, 0);
    start(offset);
  }

  /** How many steps are left before one sequence ends. */
  final int stepsLeft() {
    return Math.min(rows.length - rowStep, columns.length - columnStep);
  }

  /** One step of all. */
  final void step() {
    rowStep++;
    columnStep++;
    advance();
  }

  /** Place of the row's present step in a panel's arrays. */
  final int rowAt() {
    return rowStep * rows.count + row;
  }

  /** Place of the first column's present step in a panel's arrays. */
  final int columnAt() {
    return columnStep * columns.count + from;
  }

  abstract void start(int offset);

  abstract void advance();
}
