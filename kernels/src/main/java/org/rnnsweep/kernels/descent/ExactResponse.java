package org.rnnsweep.kernels.descent;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.operator.DenseGaussian;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * How well two exact formulas hold in floating point, for a change of W of any size (Allen-Zhu, Li
 * and Song, (7.1) and (7.2); their h is that of W + W', here h', and their breve h that of W):
 *
 * <pre>
 * h'_l - h_l = r_l,   r_l = (D_l + D''_l) (W r_(l-1) + W' h'_(l-1)),
 * f(W + W') = f(W) + &lt;grad f(W), W'&gt; + sum &lt;e_l, B (r_l - t_l)&gt; + sum |B (h'_l - h_l)|^2 / 2
 * </pre>
 *
 * with D''_kk = 0 where g_k and g'_k have one sign, {@code g'_k / (g_k - g'_k)} where g_k &gt;= 0
 * &gt; g'_k, {@code g'_k / (g'_k - g_k)} where g_k &lt; 0 &lt;= g'_k, and t_l the first-order
 * change.
 *
 * @param response largest |h'_l - h_l - r_l| over the largest |h'_l - h_l|
 * @param remainder difference of both sides of the second formula, over its last two terms' sizes
 * @param flips coordinates where g and g' differ in sign
 */
public record ExactResponse(double response, double remainder, long flips) {

  /**
   * @param network at W, squared errors at every step from the second, nothing but W trained, scale
   *     1, no bias, h_0 = 0, double
   * @param change whose W is W'
   */
  public static ExactResponse of(
      Blas blas,
      Arena arena,
      Network network,
      Network change,
      double[][][] sequences,
      double[][][] targets) {
    int n = sequences.length;
    int length = sequences[0].length;
    long m = network.shape().width();
    try (Network changed = network.copy(arena);
        Pass pass = new Pass(blas, arena, network.shape(), Precision.DOUBLE, n, length, true);
        Trajectory before = trajectory(blas, arena, network, sequences)) {
      changed.add(1, change);
      try (Trajectory after = trajectory(blas, arena, changed, sequences)) {
        OffHeapMatrix r = arena.matrix((long) n * length, m, Precision.DOUBLE);
        long flips = fill(blas, before, after, network, change, r);
        double worst = 0;
        double size = 0;
        for (int l = 2; l <= length; l++) {
          for (int s = 0; s < n; s++) {
            long row = (l - 1L) * n + s;
            size = Math.max(size, RowMeasures.distance(after.states(l), s, before.states(l), s));
            RowMeasures.add(r, row, 1, before.states(l), s); // h + r, to be h'
            worst = Math.max(worst, RowMeasures.distance(after.states(l), s, r, row));
            RowMeasures.add(r, row, -1, before.states(l), s);
          }
        }
        double remainder =
            remainder(blas, arena, pass, network, changed, change, r, sequences, targets);
        arena.release(r);
        return new ExactResponse(worst / size, remainder, flips);
      }
    }
  }

  private static Trajectory trajectory(
      Blas blas, Arena arena, Network network, double[][][] sequences) {
    DenseGaussian w = DenseGaussian.of(blas, network.recurrent());
    return Trajectory.of(blas, arena, w, network.input(), sequences);
  }

  /** r_l of sequence s into row (l - 1) n + s; returns how many signs differ. */
  private static long fill(
      Blas blas,
      Trajectory before,
      Trajectory after,
      Network network,
      Network change,
      OffHeapMatrix r) {
    int n = before.batch();
    int m = network.shape().width();
    double[] g = new double[m];
    double[] moved = new double[m];
    double[] row = new double[m];
    long flips = 0;
    for (int l = 2; l <= before.steps(); l++) {
      OffHeapMatrix now = r.rowRange((l - 1L) * n, (long) l * n);
      OffHeapMatrix last = r.rowRange((l - 2L) * n, (l - 1L) * n);
      blas.gemm(Transpose.NO, Transpose.YES, 1, last, network.recurrent(), 0, now);
      blas.gemm(Transpose.NO, Transpose.YES, 1, after.states(l - 1), change.recurrent(), 1, now);
      for (int s = 0; s < n; s++) {
        before.preactivations(l).getRow(s, g);
        after.preactivations(l).getRow(s, moved);
        now.getRow(s, row);
        for (int k = 0; k < m; k++) {
          double factor = g[k] >= 0 ? 1 : 0;
          if (g[k] >= 0 != moved[k] >= 0) {
            factor += moved[k] / Math.abs(g[k] - moved[k]);
            flips++;
          }
          row[k] *= factor;
        }
        now.putRow(s, row);
      }
    }
    return flips;
  }

  private static double remainder(
      Blas blas,
      Arena arena,
      Pass pass,
      Network network,
      Network changed,
      Network change,
      OffHeapMatrix r,
      double[][][] sequences,
      double[][][] targets) {
    int n = sequences.length;
    int length = sequences[0].length;
    int d = network.shape().outputs();
    pass.forward(changed, sequences);
    double there = pass.loss(Loss.SQUARED, targets);
    double[][][] moved = outputs(pass, n);
    pass.forward(network, sequences);
    double here = pass.loss(Loss.SQUARED, targets);
    double[][][] base = outputs(pass, n);
    pass.backward(Loss.SQUARED, targets);
    double along;
    try (Network gradient = network.zeros(arena)) {
      pass.addGradient(1, 0, gradient);
      along = gradient.dot(change);
    }
    pass.linearised(change);
    double[][][] linear = outputs(pass, n);
    OffHeapMatrix answers = arena.matrix(r.rows(), d, Precision.DOUBLE);
    blas.gemm(Transpose.NO, Transpose.YES, 1, r, network.readout(), 0, answers);
    double rough = 0;
    double smooth = 0;
    for (int s = 0; s < n; s++) {
      for (int a = 0; a < length - 1; a++) {
        for (int c = 0; c < d; c++) {
          double error = base[s][a][c] - targets[s][a][c];
          double tangent = linear[s][a][c] - base[s][a][c];
          double difference = moved[s][a][c] - base[s][a][c];
          rough += error * (answers.get((a + 1L) * n + s, c) - tangent);
          smooth += difference * difference / 2;
        }
      }
    }
    arena.release(answers);
    return Math.abs(there - here - along - rough - smooth) / (Math.abs(rough) + smooth);
  }

  private static double[][][] outputs(Pass pass, int sequences) {
    double[][][] outputs = new double[sequences][][];
    for (int s = 0; s < sequences; s++) {
      outputs[s] = pass.outputs(s);
    }
    return outputs;
  }

  /** Bytes taken from the arena for a while. */
  public static long memoryBytes(NetworkShape shape, int sequences, int length) {
    long m = shape.width();
    return 2 * Network.memoryBytes(shape, Precision.DOUBLE)
        + Pass.memoryBytes(shape, Precision.DOUBLE, sequences, length, true)
        + 2 * Trajectory.memoryBytes(m, shape.dimension(), sequences, length, Precision.DOUBLE)
        + (long) sequences * length * (m + shape.outputs()) * Double.BYTES;
  }
}
