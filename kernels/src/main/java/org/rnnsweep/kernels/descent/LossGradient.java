package org.rnnsweep.kernels.descent;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.SignPattern;
import org.rnnsweep.kernels.stability.LossVectors;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * Derivatives by W of a loss of the outputs {@code B h_(i,l)}, l = 2..L, whose own gradients by
 * them are the errors e (Allen-Zhu, Li and Song, Fact 2.5), at any W. In double.
 *
 * @param readout B, d x m
 */
public record LossGradient(Blas blas, Arena arena, OffHeapMatrix readout) {

  /** B h_(i,l) for l from 2: [i][l - 2]. */
  public double[][][] outputs(Trajectory states) {
    int n = states.batch();
    int d = Math.toIntExact(readout.rows());
    double[][][] outputs = new double[n][states.steps() - 1][d];
    OffHeapMatrix answer = arena.matrix(n, d, Precision.DOUBLE);
    for (int l = 2; l <= states.steps(); l++) {
      blas.gemm(Transpose.NO, Transpose.YES, 1, states.states(l), readout, 0, answer);
      for (int i = 0; i < n; i++) {
        answer.getRow(i, outputs[i][l - 2]);
      }
    }
    arena.release(answer);
    return outputs;
  }

  /**
   * {@code sum of u_(i,l) h_(i,l-1)^T, u_l = D_l v_l, v_l = B^T e_l + W^T u_(l+1)}. Asks W for n (L
   * - 2) left products.
   */
  public OuterSum of(GaussianOperator w, Trajectory states, double[][][] errors) {
    OuterSum gradient = new OuterSum(blas, arena, w.rows(), terms(states.batch(), states.steps()));
    OffHeapMatrix signal = arena.matrix(1, w.rows(), Precision.DOUBLE);
    for (int i = 0; i < errors.length; i++) {
      int sequence = i;
      LossVectors.Visitor visitor =
          (l, vector) -> {
            signal.copyFrom(vector);
            SignPattern.apply(states.state(l, sequence), signal);
            gradient.add(1, signal, states.state(l - 1, sequence));
          };
      LossVectors.ask(blas, arena, w, readout, states, i, errors[i], visitor);
    }
    arena.release(signal);
    return gradient;
  }

  /** The inner product of errors or outputs. */
  public static double dot(double[][][] x, double[][][] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      for (int a = 0; a < x[i].length; a++) {
        for (int c = 0; c < x[i][a].length; c++) {
          sum += x[i][a][c] * y[i][a][c];
        }
      }
    }
    return sum;
  }

  /** Outer products of a gradient. */
  public static int terms(int sequences, int length) {
    return sequences * (length - 1);
  }

  /**
   * The Hessian times a matrix X, by differentiating the gradient along it:
   *
   * <pre>
   * g'_l = W h'_(l-1) + X h_(l-1),       h'_l = D_l g'_l,
   * v'_l = B^T e'_l + W^T u'_(l+1) + X^T u_(l+1),
   * u'_l = D_l v'_l + 1[|g_l| &lt;= kappa_l] / (2 kappa_l) g'_l v_l,
   * H X = sum of u'_l h_(l-1)^T + u_l h'_(l-1)^T
   * </pre>
   *
   * <p>Almost everywhere the signs D do not depend on W, and kappa = 0 gives that Hessian, without
   * the last term of u'. With kappa positive it is that of activations whose derivative climbs from
   * 0 to 1 over {@code |g| <= kappa}: the average of what signs near 0 do. Asks W for n (L - 2)
   * right and 2 n (L - 2) left products.
   *
   * @param squares whether the errors move with the outputs, as those of a squared loss, {@code e'
   *     = B h'}, or stay, e' = 0
   * @param kappa [i][l - 2]
   */
  public OuterSum hessian(
      GaussianOperator w,
      Trajectory states,
      double[][][] errors,
      boolean squares,
      double[][] kappa,
      OuterSum x) {
    int n = states.batch();
    int length = states.steps();
    long m = w.rows();
    OuterSum product = new OuterSum(blas, arena, m, hessianTerms(n, length));
    OffHeapMatrix moves = arena.matrix((long) terms(n, length), m, Precision.DOUBLE); // g'
    OffHeapMatrix tangents = arena.matrix((long) terms(n, length), m, Precision.DOUBLE); // h'
    for (int l = 2; l <= length; l++) {
      OffHeapMatrix move = block(moves, l, n);
      if (l > 2) {
        w.right(block(tangents, l - 1, n), move);
      }
      x.addRight(states.states(l - 1), move);
      block(tangents, l, n).copyFrom(move);
      SignPattern.apply(states.states(l), block(tangents, l, n));
    }
    OffHeapMatrix vectors = arena.matrix(4L * n, m, Precision.DOUBLE);
    OffHeapMatrix v = vectors.rowRange(0, n);
    OffHeapMatrix dv = vectors.rowRange(n, 2L * n);
    OffHeapMatrix u = vectors.rowRange(2L * n, 3L * n);
    OffHeapMatrix du = vectors.rowRange(3L * n, 4L * n);
    OffHeapMatrix e = arena.matrix(n, readout.rows(), Precision.DOUBLE);
    for (int l = length; l >= 2; l--) {
      if (l < length) {
        w.left(u, v);
        w.left(du, dv);
        x.addLeft(u, dv);
      }
      for (int i = 0; i < n; i++) {
        e.putRow(i, errors[i][l - 2]);
      }
      blas.gemm(Transpose.NO, Transpose.NO, 1, e, readout, 1, v);
      if (squares) {
        blas.gemm(Transpose.NO, Transpose.YES, 1, block(tangents, l, n), readout, 0, e);
        blas.gemm(Transpose.NO, Transpose.NO, 1, e, readout, 1, dv);
      }
      u.copyFrom(v);
      SignPattern.apply(states.states(l), u);
      du.copyFrom(dv);
      SignPattern.apply(states.states(l), du);
      for (int i = 0; i < n; i++) {
        bend(states.preactivations(l), kappa[i][l - 2], block(moves, l, n), v, i, du);
      }
      product.add(1, du, states.states(l - 1));
      if (l > 2) {
        product.add(1, u, block(tangents, l - 1, n));
      }
    }
    arena.release(e);
    arena.release(vectors);
    arena.release(tangents);
    arena.release(moves);
    return product;
  }

  /** Outer products of a Hessian times a matrix. */
  public static int hessianTerms(int sequences, int length) {
    return sequences * (2 * length - 3);
  }

  /** What {@link #hessian} takes beside X, with its result. */
  public static long hessianBytes(long width, int sequences, int outputs, int length) {
    long vectors = 2L * hessianTerms(sequences, length) + 2L * terms(sequences, length);
    long small = outputs + terms(sequences, length);
    return Precision.DOUBLE.bytes() * ((vectors + 4L * sequences) * width + sequences * small);
  }

  private static OffHeapMatrix block(OffHeapMatrix rows, int l, int n) {
    return rows.rowRange((l - 2L) * n, (l - 1L) * n);
  }

  private static void bend(
      OffHeapMatrix g,
      double kappa,
      OffHeapMatrix move,
      OffHeapMatrix v,
      int row,
      OffHeapMatrix du) {
    if (!(kappa > 0)) {
      return;
    }
    double[][] rows = new double[4][Math.toIntExact(g.columns())];
    g.getRow(row, rows[0]);
    move.getRow(row, rows[1]);
    v.getRow(row, rows[2]);
    du.getRow(row, rows[3]);
    for (int k = 0; k < rows[0].length; k++) {
      if (Math.abs(rows[0][k]) <= kappa) {
        rows[3][k] += rows[1][k] * rows[2][k] / (2 * kappa);
      }
    }
    du.putRow(row, rows[3]);
  }
}
