package org.rnnsweep.kernels.learning;

import java.util.List;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.ntk.SymmetricSpectrum;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.SymmetricEigen;

/**
 * Empirical Rademacher complexities of the linearised class {@code x -> <grad F(x), W'>} on N
 * samples, with G_xi the sum over q of {@code xi_q grad F(x_q)} and H the tangent Gram matrix over
 * m:
 *
 * <pre>
 * |W'|_F &lt;= Delta/sqrt(m):   (1/N) E sup = Delta/N E sqrt(xi^T H xi)           (Frobenius norm of G_xi)
 * |W'|_2 &lt;= Delta/sqrt(m):   (1/N) E sup = Delta/(N sqrt(m)) E |G_xi|_*        (nuclear norm of G_xi)
 * </pre>
 *
 * (Allen-Zhu and Li, [F] Lemma 7.1 and Proposition A.3; Panigrahi and Goyal, Lemma D.4 and Fact
 * A.8). The suprema are exact; the expectation over signs is a mean over draws.
 */
public final class LinearComplexity {
  /** Of n^3: plain loops over columns, in flops of a large product. */
  private static final double JACOBI_FLOPS = 6_000;

  private LinearComplexity() {}

  /** Draw {@code index} of N independent signs. */
  public static double[] signs(StreamKey key, int index, int count) {
    NormalStream stream = NormalStream.of(key.block(index));
    double[] signs = new double[count];
    for (int q = 0; q < count; q++) {
      signs[q] = stream.nextUniform() < 0.5 ? -1 : 1;
    }
    return signs;
  }

  /** {@code sqrt(xi^T H xi)}. */
  public static double norm(double[][] gram, double[] signs) {
    double sum = 0;
    for (int q = 0; q < signs.length; q++) {
      double row = 0;
      for (int r = 0; r < signs.length; r++) {
        row += gram[q][r] * signs[r];
      }
      sum += signs[q] * row;
    }
    return Math.sqrt(Math.max(0, sum));
  }

  /** Over the Frobenius ball of Delta/sqrt(m). */
  public static double frobenius(double[][] gram, double radius, StreamKey key, int draws) {
    double sum = 0;
    for (int k = 0; k < draws; k++) {
      sum += norm(gram, signs(key, k, gram.length));
    }
    return radius * sum / (draws * (double) gram.length);
  }

  /** What Jensen's inequality makes of it, {@code Delta/N sqrt(tr H)}: never less. */
  public static double traceBound(double[][] gram, double radius) {
    double trace = 0;
    for (int q = 0; q < gram.length; q++) {
      trace += gram[q][q];
    }
    return radius * Math.sqrt(trace) / gram.length;
  }

  /**
   * Over the spectral ball of Delta/sqrt(m), for W alone. With V the rows v and K the rows h of the
   * factors, S the signs, the squared singular values of {@code G = V^T S K} are the eigenvalues of
   * {@code R S (V V^T) S R}, R the root of {@code K K^T}.
   */
  public static double spectral(
      Blas blas, Arena arena, TangentFactors factors, double radius, StreamKey key, int draws) {
    int rows = factors.count() * (factors.length() - 1);
    OffHeapMatrix backs = factors.product(factors.recurrentBacks());
    OffHeapMatrix root = root(arena, factors);
    OffHeapMatrix signed = arena.matrix(rows, rows, Precision.DOUBLE);
    OffHeapMatrix half = arena.matrix(rows, rows, Precision.DOUBLE);
    double sum = 0;
    double[] row = new double[rows];
    double[][] squares = new double[rows][rows];
    for (int k = 0; k < draws; k++) {
      double[] signs = signs(key, k, factors.count());
      for (int i = 0; i < rows; i++) {
        backs.getRow(i, row);
        for (int j = 0; j < rows; j++) {
          row[j] *= signs[i % signs.length] * signs[j % signs.length];
        }
        signed.putRow(i, row);
      }
      blas.gemm(Transpose.NO, Transpose.NO, 1, root, signed, 0, half);
      blas.gemm(Transpose.NO, Transpose.NO, 1, half, root, 0, signed);
      for (int i = 0; i < rows; i++) {
        signed.getRow(i, squares[i]);
      }
      for (double value : SymmetricSpectrum.of(squares)) {
        sum += Math.sqrt(Math.max(0, value));
      }
    }
    List.of(half, signed, root, backs).forEach(arena::release);
    return radius * sum / (draws * factors.count() * Math.sqrt(factors.width()));
  }

  /** Bytes that {@link #spectral} takes beside the factors. */
  public static long spectralBytes(int count, int length) {
    long rows = count * (length - 1L);
    return 5 * rows * rows * Double.BYTES;
  }

  /** Some eight sweeps of Jacobi rotations a draw, and twice as much once for the root. */
  public static double spectralFlops(int count, int length, int draws) {
    double rows = count * (length - 1.0);
    return JACOBI_FLOPS * rows * rows * rows * (draws + 2);
  }

  /** The symmetric root of K K^T, where K holds the states. */
  private static OffHeapMatrix root(Arena arena, TangentFactors factors) {
    OffHeapMatrix gram = factors.product(factors.recurrentStates());
    int rows = (int) gram.rows();
    double[][] values = new double[rows][rows];
    for (int i = 0; i < rows; i++) {
      gram.getRow(i, values[i]);
    }
    double[][] sum = new double[rows][rows];
    for (SymmetricEigen eigen : SymmetricEigen.all(values)) {
      double weight = Math.sqrt(Math.max(0, eigen.value()));
      double[] vector = eigen.vector();
      for (int i = 0; i < rows; i++) {
        double scaled = weight * vector[i];
        for (int j = 0; j < rows; j++) {
          sum[i][j] += scaled * vector[j];
        }
      }
    }
    for (int i = 0; i < rows; i++) {
      gram.putRow(i, sum[i]);
    }
    return gram;
  }
}
