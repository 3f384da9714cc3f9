package org.rnnsweep.kernels.learning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.RecurrentKernel;

/**
 * The prediction {@code k(x)^T (K + r I)^-1 y} of the infinite-width tangent kernel from N labelled
 * sequences: what descent on the squared loss comes to at infinite width, from an output of 0.
 */
public final class KernelPredictor {
  /** Of a pair of sequences and a step, in flops of a large product. */
  private static final double FLOPS_OF_A_PAIR = 400;

  private KernelPredictor() {}

  /**
   * Predictions for other sequences.
   *
   * @param ridge r over the mean diagonal entry; positive, so that Cholesky finds its way
   */
  public static double[] predict(
      Blas blas,
      Arena arena,
      RecurrentKernel kernel,
      List<double[][]> sequences,
      double[] labels,
      List<double[][]> others,
      double ridge) {
    int n = labels.length;
    List<double[][]> all = new ArrayList<>(sequences);
    all.addAll(others);
    double[][] gram = kernel.gram(all, Output.LAST, 1);
    double mean = 0;
    for (int i = 0; i < n; i++) {
      mean += gram[i][i] / n;
    }
    OffHeapMatrix factor = arena.matrix(n, n, Precision.DOUBLE);
    OffHeapMatrix side = arena.matrix(1, n, Precision.DOUBLE);
    try {
      for (int i = 0; i < n; i++) {
        factor.putRow(i, Arrays.copyOf(gram[i], n));
        factor.set(i, i, gram[i][i] + ridge * mean);
      }
      side.putRow(0, labels);
      if (!blas.cholesky(factor)) {
        throw new IllegalStateException("a kernel's matrix is not positive definite");
      }
      blas.choleskySolve(factor, side);
      double[] found = new double[others.size()];
      for (int j = 0; j < found.length; j++) {
        for (int i = 0; i < n; i++) {
          found[j] += gram[n + j][i] * side.get(0, i);
        }
      }
      return found;
    } finally {
      arena.release(side);
      arena.release(factor);
    }
  }

  /** Bytes from the arena. */
  public static long memoryBytes(int count) {
    return (long) count * (count + 1) * Double.BYTES;
  }

  /** Recursions of all pairs, and Cholesky. */
  public static double flops(int count, int others, int length) {
    double all = (double) count + others;
    return FLOPS_OF_A_PAIR * all * all * length / 2 + (double) count * count * count / 3;
  }
}
