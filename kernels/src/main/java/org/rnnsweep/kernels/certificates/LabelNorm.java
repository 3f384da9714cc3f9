package org.rnnsweep.kernels.certificates;

import java.util.Arrays;
import java.util.Locale;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/**
 * {@code Lambda = y^T H^-1 y}, the squared norm of a target on a sample in the kernel's space
 * (Theorem 4 of Wang, Shen, Hu and Cao bounds its root), by Cholesky.
 *
 * @param squared Lambda
 * @param largest the largest eigenvalue of H, from below, to about 1e-6
 * @param smallest the smallest eigenvalue of H + jitter I, from above, to about 1e-2
 * @param jitter what was added to the diagonal: 0 unless H is not positive definite in double
 */
public record LabelNorm(double squared, double largest, double smallest, double jitter) {
  private static final int ITERATIONS = 60;
  private static final double FIRST_JITTER = 1e-15; // of the mean diagonal entry
  private static final double LAST_JITTER = 1e-8;

  /** The largest eigenvalue over the smallest. */
  public double condition() {
    return largest / smallest;
  }

  /** Bytes that {@link #of} takes from its arena. */
  public static long memoryBytes(long count) {
    return (count * count + count) * Double.BYTES;
  }

  /** {@code n^3 / 3} for Cholesky and some 250 n^2 for the eigenvalues. */
  public static double flops(double count) {
    return count * count * count / 3 + 4.0 * ITERATIONS * count * count;
  }

  /**
   * Of a sample.
   *
   * @param gram H, n x n, symmetric
   * @param target y, n numbers
   * @throws IllegalStateException if H is not positive definite even with a jitter of 1e-8
   */
  public static LabelNorm of(Blas blas, Arena arena, double[][] gram, double[] target) {
    int n = gram.length;
    OffHeapMatrix factor = arena.matrix(n, n, Precision.DOUBLE);
    OffHeapMatrix side = arena.matrix(1, n, Precision.DOUBLE);
    try {
      double jitter = factorise(blas, factor, gram);
      double squared = dot(target, solve(blas, factor, side, target));
      return new LabelNorm(squared, largest(gram), smallest(blas, factor, side, n), jitter);
    } finally {
      arena.release(side);
      arena.release(factor);
    }
  }

  /**
   * {@code H^-1 y}, the coefficients of the function of least norm that is y on the sample, without
   * the eigenvalues: {@code n^3 / 3} operations and the same memory.
   *
   * @throws IllegalStateException as {@link #of}
   */
  public static double[] coefficients(Blas blas, Arena arena, double[][] gram, double[] target) {
    int n = gram.length;
    OffHeapMatrix factor = arena.matrix(n, n, Precision.DOUBLE);
    OffHeapMatrix side = arena.matrix(1, n, Precision.DOUBLE);
    try {
      factorise(blas, factor, gram);
      return solve(blas, factor, side, target);
    } finally {
      arena.release(side);
      arena.release(factor);
    }
  }

  /** {@code y^T H^-1 y} alone, at the cost of {@link #coefficients}. */
  public static double squared(Blas blas, Arena arena, double[][] gram, double[] target) {
    return dot(target, coefficients(blas, arena, gram, target));
  }

  /** Returns the jitter that was needed. */
  private static double factorise(Blas blas, OffHeapMatrix factor, double[][] gram) {
    int n = gram.length;
    double mean = 0;
    for (int i = 0; i < n; i++) {
      mean += gram[i][i] / n;
    }
    double jitter = 0;
    while (!factorised(blas, factor, gram, jitter)) {
      jitter = Math.max(10 * jitter, FIRST_JITTER * mean);
      if (!(jitter <= LAST_JITTER * mean)) {
        throw new IllegalStateException(
            String.format(Locale.ROOT, "the %d x %d Gram matrix is not positive definite", n, n));
      }
    }
    return jitter;
  }

  private static boolean factorised(
      Blas blas, OffHeapMatrix factor, double[][] gram, double jitter) {
    for (int i = 0; i < gram.length; i++) {
      factor.putRow(i, gram[i]);
      factor.set(i, i, gram[i][i] + jitter);
    }
    return blas.cholesky(factor);
  }

  private static double[] solve(
      Blas blas, OffHeapMatrix factor, OffHeapMatrix side, double[] right) {
    for (int i = 0; i < right.length; i++) {
      side.set(0, i, right[i]);
    }
    blas.choleskySolve(factor, side);
    double[] solution = new double[right.length];
    Arrays.setAll(solution, i -> side.get(0, i));
    return solution;
  }

  /** Power iteration from the row sums: kernels of this kind have one eigenvalue far above. */
  private static double largest(double[][] gram) {
    double[] vector = new double[gram.length];
    Arrays.fill(vector, 1);
    double value = 0;
    for (int k = 0; k < ITERATIONS; k++) {
      normalise(vector);
      double[] next = new double[vector.length];
      for (int i = 0; i < next.length; i++) {
        next[i] = dot(gram[i], vector);
      }
      value = dot(vector, next);
      vector = next;
    }
    return value;
  }

  /** Inverse iteration from an irregular vector. */
  private static double smallest(Blas blas, OffHeapMatrix factor, OffHeapMatrix side, int n) {
    double[] vector = new double[n];
    Arrays.setAll(vector, i -> (i * 0.6180339887498949) % 1 - 0.5 + 1e-3);
    double value = 0;
    for (int k = 0; k < ITERATIONS; k++) {
      normalise(vector);
      double[] next = solve(blas, factor, side, vector);
      value = dot(vector, next);
      vector = next;
    }
    return 1 / value;
  }

  private static void normalise(double[] vector) {
    double norm = Math.sqrt(dot(vector, vector));
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= norm;
    }
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }
}
