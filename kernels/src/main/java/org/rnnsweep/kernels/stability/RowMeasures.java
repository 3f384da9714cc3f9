package org.rnnsweep.kernels.stability;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;

/**
 * Numbers of long vectors, each a row of a matrix. Sums are in double, over pieces of fixed size
 * and in order, whatever the matrix's precision.
 */
public final class RowMeasures {
  private static final int PIECE = 4096;

  private RowMeasures() {}

  /** A term of a sum over coordinates of two vectors. */
  private interface Term {
    double of(double x, double y);
  }

  /** Inner product of row i of x and row j of y. */
  public static double dot(OffHeapMatrix x, long i, OffHeapMatrix y, long j) {
    return sum(x, i, y, j, (a, b) -> a * b);
  }

  /** Euclidean norm of row i. */
  public static double norm(OffHeapMatrix x, long i) {
    return Math.sqrt(sum(x, i, x, i, (a, b) -> a * a));
  }

  /** Euclidean distance of row i of x and row j of y. */
  public static double distance(OffHeapMatrix x, long i, OffHeapMatrix y, long j) {
    return Math.sqrt(sum(x, i, y, j, (a, b) -> (a - b) * (a - b)));
  }

  /** How many coordinates of row i are at most this far from 0. */
  public static long countWithin(OffHeapMatrix x, long i, double threshold) {
    return (long) sum(x, i, x, i, (a, b) -> Math.abs(a) <= threshold ? 1 : 0);
  }

  /**
   * In how many coordinates the pattern {@code 1[. >= 0]} of two rows of preactivations differs.
   */
  public static long signChanges(OffHeapMatrix x, long i, OffHeapMatrix y, long j) {
    return (long) sum(x, i, y, j, (a, b) -> (a >= 0) == (b >= 0) ? 0 : 1);
  }

  /** Largest absolute value of row i. */
  public static double maxAbs(OffHeapMatrix x, long i) {
    return maxDistance(x, i, null, 0);
  }

  /** Largest absolute difference between row i of x and row j of y; y = null stands for zeros. */
  public static double maxDistance(OffHeapMatrix x, long i, OffHeapMatrix y, long j) {
    double[] a = new double[PIECE];
    double[] b = new double[PIECE];
    double max = 0;
    for (long k = 0; k < x.columns(); k += PIECE) {
      int count = (int) Math.min(PIECE, x.columns() - k);
      x.getRow(i, k, a, 0, count);
      if (y != null) {
        y.getRow(j, k, b, 0, count);
      }
      for (int c = 0; c < count; c++) {
        max = Math.max(max, Math.abs(a[c] - b[c]));
      }
    }
    return max;
  }

  private static double sum(OffHeapMatrix x, long i, OffHeapMatrix y, long j, Term term) {
    double[] a = new double[PIECE];
    double[] b = new double[PIECE];
    double sum = 0;
    for (long k = 0; k < x.columns(); k += PIECE) {
      int count = (int) Math.min(PIECE, x.columns() - k);
      x.getRow(i, k, a, 0, count);
      y.getRow(j, k, b, 0, count);
      double part = 0;
      for (int c = 0; c < count; c++) {
        part += term.of(a[c], b[c]);
      }
      sum += part;
    }
    return sum;
  }

  /** Adds a factor times row j of y to row i of x. */
  public static void add(OffHeapMatrix x, long i, double factor, OffHeapMatrix y, long j) {
    double[] a = new double[PIECE];
    double[] b = new double[PIECE];
    for (long k = 0; k < x.columns(); k += PIECE) {
      int count = (int) Math.min(PIECE, x.columns() - k);
      x.getRow(i, k, a, 0, count);
      y.getRow(j, k, b, 0, count);
      for (int c = 0; c < count; c++) {
        a[c] += factor * b[c];
      }
      x.putRow(i, k, a, 0, count);
    }
  }

  /** Multiplies row i by a number. */
  public static void scale(OffHeapMatrix x, long i, double factor) {
    double[] piece = new double[PIECE];
    for (long k = 0; k < x.columns(); k += PIECE) {
      int count = (int) Math.min(PIECE, x.columns() - k);
      x.getRow(i, k, piece, 0, count);
      for (int c = 0; c < count; c++) {
        piece[c] *= factor;
      }
      x.putRow(i, k, piece, 0, count);
    }
  }

  /** Inner products of all pairs of rows, in double. Takes {@link #gramBytes} for a while. */
  public static double[][] gram(Blas blas, Arena arena, OffHeapMatrix x) {
    int rows = Math.toIntExact(x.rows());
    double[][] gram = new double[rows][rows];
    OffHeapMatrix part = arena.matrix(rows, rows, Precision.DOUBLE);
    long whole = x.columns() / PIECE * PIECE;
    for (long from = 0; from < x.columns(); from = from < whole ? from + PIECE : x.columns()) {
      int count = (int) (from < whole ? PIECE : x.columns() - whole);
      OffHeapMatrix piece = arena.matrix(rows, count, Precision.DOUBLE);
      double[] values = new double[count];
      for (int i = 0; i < rows; i++) {
        x.getRow(i, from, values, 0, count);
        piece.putRow(i, values);
      }
      blas.syrk(Transpose.NO, 1, piece, 0, part);
      arena.release(piece);
      double[] row = new double[rows];
      for (int i = 0; i < rows; i++) {
        part.getRow(i, row);
        for (int j = i; j < rows; j++) {
          gram[i][j] += row[j];
        }
      }
    }
    arena.release(part);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < i; j++) {
        gram[i][j] = gram[j][i];
      }
    }
    return gram;
  }

  /** What {@link #gram} takes from the arena for a while. */
  public static long gramBytes(long rows, long columns) {
    return rows * (rows + Math.min(PIECE, columns)) * Double.BYTES;
  }
}
