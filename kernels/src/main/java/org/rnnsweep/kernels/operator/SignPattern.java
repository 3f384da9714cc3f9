package org.rnnsweep.kernels.operator;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/**
 * Diagonal 0-1 matrices kept in the signs of other numbers: an entry is 0 where the sign bit is set
 * (negative, or -0) and 1 elsewhere. So a state {@code h = D z}, as the forward pass leaves it, is
 * its own pattern D, and any set of rows is a vector of 1 and -1.
 */
public final class SignPattern {
  private static final int PIECE = 4096;

  private SignPattern() {}

  /**
   * Sets the entries of v to +0 where the pattern is 0.
   *
   * @param pattern as many columns as v, and as many rows or one row for all
   * @param v overwritten
   * @throws IllegalArgumentException if shapes or precisions do not fit
   */
  public static void apply(OffHeapMatrix pattern, OffHeapMatrix v) {
    if (pattern.columns() != v.columns()
        || (pattern.rows() != v.rows() && pattern.rows() != 1)
        || pattern.precision() != v.precision()) {
      throw new IllegalArgumentException(
          "a pattern has the columns, precision and rows (or one row) of what it masks, found "
              + pattern
              + " for "
              + v);
    }
    boolean single = v.precision() == Precision.SINGLE;
    for (long i = 0; i < v.rows(); i++) {
      long p = pattern.rows() == 1 ? 0 : i;
      for (long j = 0; j < v.columns(); j += PIECE) {
        int length = (int) Math.min(PIECE, v.columns() - j);
        if (single) {
          applySingle(pattern, p, v, i, j, length);
        } else {
          applyDouble(pattern, p, v, i, j, length);
        }
      }
    }
  }

  /**
   * The rectifier in place: z becomes D z, +0 or positive where z is at least 0 (either zero
   * included) and -0 elsewhere, so that it is its own pattern.
   */
  public static void rectify(OffHeapMatrix z) {
    double[] piece = new double[(int) Math.min(PIECE, z.columns())];
    for (long i = 0; i < z.rows(); i++) {
      for (long j = 0; j < z.columns(); j += PIECE) {
        int width = (int) Math.min(PIECE, z.columns() - j);
        z.getRow(i, j, piece, 0, width);
        for (int k = 0; k < width; k++) {
          // Adding +0 first makes -0 into +0, which counts as on; max puts -0 below +0.
          piece[k] = Math.max(piece[k] + 0.0, -0.0);
        }
        z.putRow(i, j, piece, 0, width);
      }
    }
  }

  private static void applySingle(
      OffHeapMatrix pattern, long p, OffHeapMatrix v, long i, long j, int length) {
    float[] signs = new float[length];
    float[] values = new float[length];
    pattern.getRow(p, j, signs, 0, length);
    v.getRow(i, j, values, 0, length);
    for (int k = 0; k < length; k++) {
      values[k] = Float.floatToRawIntBits(signs[k]) < 0 ? 0 : values[k];
    }
    v.putRow(i, j, values, 0, length);
  }

  private static void applyDouble(
      OffHeapMatrix pattern, long p, OffHeapMatrix v, long i, long j, int length) {
    double[] signs = new double[length];
    double[] values = new double[length];
    pattern.getRow(p, j, signs, 0, length);
    v.getRow(i, j, values, 0, length);
    for (int k = 0; k < length; k++) {
      values[k] = Double.doubleToRawLongBits(signs[k]) < 0 ? 0 : values[k];
    }
    v.putRow(i, j, values, 0, length);
  }
}
