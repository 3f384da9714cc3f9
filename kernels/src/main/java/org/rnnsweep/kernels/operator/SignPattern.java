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
    if (v.precision() == Precision.SINGLE) {
      applySingle(pattern, v);
    } else {
      applyDouble(pattern, v);
    }
  }

  // Signs are as good as random: a branch on them costs 5 ns, and a choice of doubles is not
  // widened by the compiler. (bits >>> 63) - 1 is 0 where the sign is set and all ones elsewhere.
  private static void applySingle(OffHeapMatrix pattern, OffHeapMatrix v) {
    int[] signs = new int[piece(v)];
    int[] values = new int[piece(v)];
    for (long i = 0; i < v.rows(); i++) {
      for (long j = 0; j < v.columns(); j += PIECE) {
        int length = (int) Math.min(PIECE, v.columns() - j);
        pattern.getBits(pattern.rows() == 1 ? 0 : i, j, signs, length);
        v.getBits(i, j, values, length);
        for (int k = 0; k < length; k++) {
          values[k] &= (signs[k] >>> 31) - 1;
        }
        v.putBits(i, j, values, length);
      }
    }
  }

  private static void applyDouble(OffHeapMatrix pattern, OffHeapMatrix v) {
    long[] signs = new long[piece(v)];
    long[] values = new long[piece(v)];
    for (long i = 0; i < v.rows(); i++) {
      for (long j = 0; j < v.columns(); j += PIECE) {
        int length = (int) Math.min(PIECE, v.columns() - j);
        pattern.getBits(pattern.rows() == 1 ? 0 : i, j, signs, length);
        v.getBits(i, j, values, length);
        for (int k = 0; k < length; k++) {
          values[k] &= (signs[k] >>> 63) - 1;
        }
        v.putBits(i, j, values, length);
      }
    }
  }

  private static int piece(OffHeapMatrix v) {
    return (int) Math.min(PIECE, v.columns());
  }

  /**
   * The rectifier in place: z becomes D z, +0 or positive where z is at least 0 (either zero
   * included) and -0 elsewhere, so that it is its own pattern.
   */
  public static void rectify(OffHeapMatrix z) {
    if (z.precision() == Precision.SINGLE) {
      rectifySingle(z);
    } else {
      rectifyDouble(z);
    }
  }

  // Adding +0 first makes -0 into +0, which counts as on; max puts -0 below +0.
  private static void rectifySingle(OffHeapMatrix z) {
    float[] piece = new float[piece(z)];
    for (long i = 0; i < z.rows(); i++) {
      for (long j = 0; j < z.columns(); j += PIECE) {
        int length = (int) Math.min(PIECE, z.columns() - j);
        z.getRow(i, j, piece, 0, length);
        for (int k = 0; k < length; k++) {
          piece[k] = Math.max(piece[k] + 0f, -0f);
        }
        z.putRow(i, j, piece, 0, length);
      }
    }
  }

  private static void rectifyDouble(OffHeapMatrix z) {
    double[] piece = new double[piece(z)];
    for (long i = 0; i < z.rows(); i++) {
      for (long j = 0; j < z.columns(); j += PIECE) {
        int length = (int) Math.min(PIECE, z.columns() - j);
        z.getRow(i, j, piece, 0, length);
        for (int k = 0; k < length; k++) {
          piece[k] = Math.max(piece[k] + 0.0, -0.0);
        }
        z.putRow(i, j, piece, 0, length);
      }
    }
  }
}
