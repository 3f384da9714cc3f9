package org.rnnsweep.kernels.learning;

import java.util.List;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.descent.Pass;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.ntk.Trained;

/**
 * The Rademacher complexity of the network itself in the Frobenius ball, from below: for given
 * signs, the largest value found of
 *
 * <pre>(1/N) sum over q of xi_q (F(x_q; W + W') - F(x_q; W)),   |W'|_F &lt;= Delta/sqrt(m),</pre>
 *
 * and likewise with A', where A is trained, in a ball of its own, by {@code W' <- Delta/sqrt(m)
 * G/|G|_F} with G the gradient of the sum at W + W'. The first step is the exact maximiser of the
 * linearised class; more steps climb from there. F(x; W) is taken off: at W' = 0 it is of order 1
 * and no part of what the ball can do.
 *
 * @param first the value at the linearised class's maximiser
 * @param best the largest value of all steps
 */
public record NetworkComplexity(double first, double best) {
  /** Of an entry of W': plain loops, in flops of a large product. */
  private static final double FLOPS_OF_AN_ENTRY = 600;

  /**
   * For one draw of signs.
   *
   * @param network W, A and B, not changed; with one output after the last step
   * @param signs xi, one a sequence
   * @param radius Delta
   * @param steps at least 1
   */
  public static NetworkComplexity climb(
      Blas blas,
      Arena arena,
      Network network,
      List<double[][]> sequences,
      double[] signs,
      double radius,
      int steps) {
    double[][][] batch = sequences.toArray(double[][][]::new);
    double[][][] errors = TangentFactors.errors(signs);
    double first = 0;
    double best = Double.NEGATIVE_INFINITY;
    try (Network changed = network.copy(arena);
        Network gradient = network.zeros(arena);
        Pass pass =
            new Pass(
                blas,
                arena,
                network.shape(),
                network.precision(),
                batch.length,
                batch[0].length,
                false)) {
      pass.forward(changed, batch);
      double before = mean(pass, signs);
      for (int k = 0; k < steps; k++) {
        pass.backward(errors);
        pass.addGradient(1, 0, gradient);
        balance(gradient);
        changed.set(network);
        double norm = norm(gradient.recurrent());
        changed.add(radius / Math.sqrt(network.shape().width()) / norm, gradient);
        pass.forward(changed, batch);
        double value = mean(pass, signs) - before;
        first = k == 0 ? value : first;
        best = Math.max(best, value);
      }
    }
    return new NetworkComplexity(first, best);
  }

  /** Gives A's part, where it is trained, the norm of W's. */
  private static void balance(Network gradient) {
    if (gradient.shape().trained() == Trained.RECURRENT) {
      return;
    }
    OffHeapMatrix input = gradient.input();
    double factor = norm(gradient.recurrent()) / norm(input);
    double[] row = new double[Math.toIntExact(input.columns())];
    for (long i = 0; i < input.rows(); i++) {
      input.getRow(i, row);
      for (int k = 0; k < row.length; k++) {
        row[k] *= factor;
      }
      input.putRow(i, row);
    }
  }

  private static double mean(Pass pass, double[] signs) {
    double sum = 0;
    for (int q = 0; q < signs.length; q++) {
      sum += signs[q] * pass.outputs(q)[0][0];
    }
    return sum / signs.length;
  }

  private static double norm(OffHeapMatrix matrix) {
    double sum = 0;
    double[] row = new double[Math.toIntExact(matrix.columns())];
    for (long i = 0; i < matrix.rows(); i++) {
      matrix.getRow(i, row);
      for (double x : row) {
        sum += x * x;
      }
    }
    return Math.sqrt(sum);
  }

  /** Bytes beside the network. */
  public static long memoryBytes(NetworkShape shape, Precision precision, int count, int length) {
    return 2 * Network.memoryBytes(shape, precision)
        + Pass.memoryBytes(shape, precision, count, length, false);
  }

  /** Of a draw. */
  public static double flops(NetworkShape shape, int count, int length, int steps) {
    double entries = (double) shape.width() * shape.width();
    return (steps + 1.0) * (Pass.stepFlops(shape, count, length) + FLOPS_OF_AN_ENTRY * entries);
  }
}
