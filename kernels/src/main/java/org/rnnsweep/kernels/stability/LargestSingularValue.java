package org.rnnsweep.kernels.stability;

import java.util.Arrays;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * The largest singular value of a square map that is touched only through products, by
 * Golub-Kahan-Lanczos bidiagonalisation from a random start, one product with the map and one with
 * its transpose an iteration. Both bases are kept in double and made orthogonal by two full sweeps
 * of Gram-Schmidt at every step, so no copies of converged values appear.
 *
 * <p>{@link #value} is the largest singular value of the bidiagonal matrix so far: never above the
 * true one (beyond rounding of the map's products), and growing. {@link #residual} is {@code |M^T p
 * - value q|} for the approximate singular vectors (M q = value p holds exactly): some singular
 * value of M lies within it of {@code value}. That this one is the largest is not certified; a
 * random start misses it with probability 0.
 */
public final class LargestSingularValue implements AutoCloseable {

  /** A linear map of R^m to itself, on 1 x m matrices of its own precision. */
  public interface Map {
    /** y becomes M x. */
    void apply(OffHeapMatrix x, OffHeapMatrix y);

    /** x becomes M^T y. */
    void applyTranspose(OffHeapMatrix y, OffHeapMatrix x);
  }

  private static final int PIECE = 4096;

  private final Blas blas;
  private final Arena arena;
  private final Map map;
  private final int capacity;
  private final OffHeapMatrix left;
  private final OffHeapMatrix right;
  private final OffHeapMatrix question;
  private final OffHeapMatrix answer;
  private final double[] diagonal;
  private final double[] above;
  private int iterations;
  private double value;
  private double residual = Double.POSITIVE_INFINITY;

  /**
   * Nothing asked yet.
   *
   * @param precision of the map's vectors
   * @param capacity the most iterations, at most m
   * @param start key of the start vector
   */
  public LargestSingularValue(
      Blas blas,
      Arena arena,
      Map map,
      long width,
      Precision precision,
      int capacity,
      StreamKey start) {
    if (!(capacity >= 1 && capacity <= width)) {
      throw new IllegalArgumentException(
          "iterations are from 1 to the width " + width + ", found " + capacity);
    }
    this.blas = blas;
    this.arena = arena;
    this.map = map;
    this.capacity = capacity;
    left = arena.matrix(capacity, width, Precision.DOUBLE);
    right = arena.matrix(capacity + 1L, width, Precision.DOUBLE);
    question = arena.matrix(1, width, precision);
    answer = arena.matrix(1, width, precision);
    diagonal = new double[capacity];
    above = new double[capacity];
    double[] piece = new double[PIECE];
    NormalStream normals = NormalStream.of(start);
    for (long k = 0; k < width; k += PIECE) {
      int count = (int) Math.min(PIECE, width - k);
      normals.fill(piece, 0, count);
      right.putRow(0, k, piece, 0, count);
    }
    normalise(right, 0);
  }

  /** Bytes taken from the arena. */
  public static long memoryBytes(long width, int capacity, Precision precision) {
    return width * ((2L * capacity + 1) * Double.BYTES + 2L * precision.bytes())
        + (long) capacity * Double.BYTES; // inner products with the basis, for a while
  }

  /**
   * One more iteration.
   *
   * @return false if nothing is left to be learnt: the capacity is used up, or the vectors so far
   *     span an invariant space
   */
  public boolean iterate() {
    if (iterations == capacity || (iterations > 0 && above[iterations - 1] == 0)) {
      return false;
    }
    int k = iterations;
    question.copyFrom(right.rowRange(k, k + 1));
    map.apply(question, answer);
    left.rowRange(k, k + 1).copyFrom(answer);
    double size = RowMeasures.norm(answer, 0);
    diagonal[k] = orthonormalise(left, k, size);
    if (diagonal[k] > 0) {
      question.copyFrom(left.rowRange(k, k + 1));
      map.applyTranspose(question, answer);
      right.rowRange(k + 1, k + 2).copyFrom(answer);
      above[k] = orthonormalise(right, k + 1, RowMeasures.norm(answer, 0));
    }
    iterations++;
    solve();
    return true;
  }

  /** The estimate, a lower bound. */
  public double value() {
    return value;
  }

  /** Within which of the estimate there is a singular value. */
  public double residual() {
    return residual;
  }

  /** Products with the map so far. */
  public int iterations() {
    return iterations;
  }

  /**
   * The largest singular value of the bidiagonal matrix, by bisection on its tridiagonal Gram
   * matrix T, and the last component of its vector: two steps of inverse iteration from just above
   * the largest eigenvalue, where lambda - T is positive definite.
   */
  private void solve() {
    int n = iterations;
    double[] onDiagonal = new double[n];
    double[] beside = new double[n];
    double top = 0;
    for (int i = 0; i < n; i++) {
      onDiagonal[i] = diagonal[i] * diagonal[i] + (i > 0 ? above[i - 1] * above[i - 1] : 0);
      beside[i] = i + 1 < n ? diagonal[i] * above[i] : 0;
      top = Math.max(top, onDiagonal[i] + beside[i] + (i > 0 ? beside[i - 1] : 0));
    }
    double low = 0;
    double high = top * (1 + 1e-12);
    for (int step = 0; step < 60; step++) {
      double middle = (low + high) / 2;
      if (isAbove(middle, onDiagonal, beside)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    value = Math.sqrt(low);
    residual =
        value == 0 ? 0 : above[n - 1] * diagonal[n - 1] / value * last(high, onDiagonal, beside);
  }

  /** Whether all eigenvalues of the tridiagonal matrix are below lambda. */
  private static boolean isAbove(double lambda, double[] onDiagonal, double[] beside) {
    double pivot = 1;
    for (int i = 0; i < onDiagonal.length; i++) {
      double before = i > 0 ? beside[i - 1] * beside[i - 1] / pivot : 0;
      pivot = lambda - onDiagonal[i] - before;
      if (!(pivot > 0)) {
        return false;
      }
    }
    return true;
  }

  /** |last component| of the unit eigenvector of the largest eigenvalue, lambda just above it. */
  private static double last(double lambda, double[] onDiagonal, double[] beside) {
    int n = onDiagonal.length;
    double[] vector = new double[n];
    double[] pivots = new double[n];
    Arrays.fill(vector, 1);
    for (int step = 0; step < 3; step++) {
      for (int i = 0; i < n; i++) {
        double factor = i > 0 ? beside[i - 1] / pivots[i - 1] : 0;
        double pivot = lambda - onDiagonal[i] - (i > 0 ? factor * beside[i - 1] : 0);
        pivots[i] = Math.max(pivot, 1e-15 * lambda);
        vector[i] += i > 0 ? factor * vector[i - 1] : 0;
      }
      double square = 0;
      for (int i = n - 1; i >= 0; i--) {
        vector[i] = (vector[i] + (i + 1 < n ? beside[i] * vector[i + 1] : 0)) / pivots[i];
        square += vector[i] * vector[i];
      }
      for (int i = 0; i < n; i++) {
        vector[i] /= Math.sqrt(square);
      }
    }
    return Math.abs(vector[n - 1]);
  }

  /**
   * Makes a row orthogonal to the rows before it and of norm 1.
   *
   * @param size its norm before
   * @return the norm of what was left; 0 where that is rounding, and the row is then not used
   */
  private double orthonormalise(OffHeapMatrix basis, int row, double size) {
    OffHeapMatrix vector = basis.rowRange(row, row + 1);
    if (row > 0) {
      OffHeapMatrix before = basis.rowRange(0, row);
      OffHeapMatrix products = arena.matrix(1, row, Precision.DOUBLE);
      for (int sweep = 0; sweep < 2; sweep++) {
        blas.gemm(Transpose.NO, Transpose.YES, 1, vector, before, 0, products);
        blas.gemm(Transpose.NO, Transpose.NO, -1, products, before, 1, vector);
      }
      arena.release(products);
    }
    double rounding = answer.precision() == Precision.SINGLE ? 1e-6 : 1e-13;
    double norm = RowMeasures.norm(basis, row);
    if (!(norm > rounding * size)) {
      return 0;
    }
    normalise(basis, row);
    return norm;
  }

  private static void normalise(OffHeapMatrix basis, int row) {
    RowMeasures.scale(basis, row, 1 / RowMeasures.norm(basis, row));
  }

  @Override
  public void close() {
    arena.release(answer);
    arena.release(question);
    arena.release(right);
    arena.release(left);
  }
}
