package org.rnnsweep.kernels.inversion;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.rnn.ElmanNetwork;
import org.rnnsweep.kernels.rnn.Initialization;

/** Networks for tests, and a second way to compute with them: on the heap, in pure Java. */
final class Nets {
  static final Blas BLAS =
      Blas.of(new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE));

  private Nets() {}

  static ElmanNetwork he(Arena arena, Precision precision, int m, int d, long seed) {
    return ElmanNetwork.draw(arena, precision, m, d, Initialization.HE, StreamKey.of(seed));
  }

  static RealMatrix copy(OffHeapMatrix matrix) {
    double[][] rows = new double[(int) matrix.rows()][(int) matrix.columns()];
    for (int i = 0; i < rows.length; i++) {
      matrix.getRow(i, rows[i]);
    }
    return new Array2DRowRealMatrix(rows, false);
  }

  /** Sequences as a panel draws them in blocks of this plan: sequences x (L d). */
  static double[][] sequences(InputSequences source, int length, BlockPlan plan) {
    int d = source.dimension();
    double[][] all = new double[(int) plan.sequences()][length * d];
    double[] tokens = new double[plan.width() * d];
    for (int i = 0; i < all.length; i++) {
      for (int l = 1; l <= length; l++) {
        source.draw(i / plan.width(), l, plan.sequencesIn(i / plan.width()), tokens);
        System.arraycopy(tokens, i % plan.width() * d, all[i], (l - 1) * d, d);
      }
    }
    return all;
  }

  /** h^(l) for l = 1..L of one sequence of L d numbers. */
  static double[][] states(RealMatrix w, RealMatrix a, double[] sequence) {
    int d = a.getColumnDimension();
    double[][] states = new double[sequence.length / d][];
    double[] h = new double[w.getRowDimension()];
    for (int l = 0; l < states.length; l++) {
      double[] z = w.operate(h);
      double[] input = a.operate(java.util.Arrays.copyOfRange(sequence, l * d, (l + 1) * d));
      for (int i = 0; i < z.length; i++) {
        z[i] = Math.max(0, z[i] + input[i]);
      }
      states[l] = z;
      h = z;
    }
    return states;
  }
}
