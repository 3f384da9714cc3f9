package org.rnnsweep.kernels.descent;

import java.util.Comparator;
import java.util.List;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.SignPattern;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.SymmetricEigen;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * {@code K = J J^T}, J the Jacobian by W of all outputs {@code e_c^T B h_(i,a)}, a = 2..L:
 *
 * <pre>
 * K_((i,a,c),(j,b,e)) = sum over l &lt;= a, k &lt;= b of &lt;p_l, p'_k&gt; &lt;h_(i,l-1), h_(j,k-1)&gt;,
 * p_l = D_(i,l) Back_(i,l->a)^T e_c
 * </pre>
 *
 * For loss vectors r the gradient has {@code |grad|_F^2 = r^T K r}, so K's least eigenvalue is the
 * constant of Theorem 3 of Allen-Zhu, Li and Song for every choice of labels at once, and its
 * largest one the curvature that a step size must respect.
 */
public final class TangentMatrix {
  private TangentMatrix() {}

  /**
   * K in double, index {@code (i (L - 1) + a - 2) d + c}. Asks W for {@link
   * BackwardVectors#products} of targets 2 to L.
   */
  public static double[][] of(
      Blas blas,
      Arena arena,
      GaussianOperator recurrent,
      OffHeapMatrix readout,
      Trajectory states) {
    int n = states.batch();
    int length = states.steps();
    int d = Math.toIntExact(readout.rows());
    int rows = rows(n, d, length);
    OffHeapMatrix vectors = arena.matrix(rows, readout.columns(), readout.precision());
    int[] output = new int[rows];
    int[] state = new int[rows];
    try (BackwardVectors back = BackwardVectors.ask(arena, recurrent, readout, states, 2, length)) {
      int row = 0;
      for (int i = 0; i < n; i++) {
        for (int a = 2; a <= length; a++) {
          for (int l = 2; l <= a; l++) {
            OffHeapMatrix p = vectors.rowRange(row, row + d);
            p.copyFrom(back.block(l, a, i));
            SignPattern.apply(states.state(l, i), p);
            for (int c = 0; c < d; c++) {
              output[row] = (i * (length - 1) + a - 2) * d + c;
              state[row++] = (l - 2) * n + i; // of h_(l-1) among all states
            }
          }
        }
      }
    }
    double[][] ofVectors = RowMeasures.gram(blas, arena, vectors);
    double[][] ofStates = RowMeasures.gram(blas, arena, states.statesTo(length - 1));
    arena.release(vectors);
    double[][] kernel = new double[n * (length - 1) * d][n * (length - 1) * d];
    for (int x = 0; x < rows; x++) {
      for (int y = 0; y < rows; y++) {
        kernel[output[x]][output[y]] += ofVectors[x][y] * ofStates[state[x]][state[y]];
      }
    }
    return kernel;
  }

  /** Eigenvalues with their vectors, from the least to the largest. */
  public static List<SymmetricEigen> spectrum(double[][] kernel) {
    return SymmetricEigen.all(kernel).stream()
        .sorted(Comparator.comparingDouble(SymmetricEigen::value))
        .toList();
  }

  private static int rows(int sequences, int outputs, int length) {
    return Math.multiplyExact(sequences * outputs, length * (length - 1) / 2);
  }

  /** What {@link #of} takes from the arena for a while. */
  public static long memoryBytes(
      long width, int sequences, int outputs, int length, Precision precision) {
    int rows = rows(sequences, outputs, length);
    return rows * width * precision.bytes()
        + Math.max(
            BackwardVectors.memoryBytes(width, sequences, outputs, 2, length, precision),
            RowMeasures.gramBytes(rows, width));
  }

  /** Products with W, inner products, and the eigenvalues by some sweeps. */
  public static double flops(long width, int sequences, int outputs, int length) {
    double rows = rows(sequences, outputs, length);
    double order = (double) sequences * outputs * (length - 1);
    return rows * width * (2.0 * width + rows) + 60 * order * order * order;
  }
}
