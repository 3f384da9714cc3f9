package org.rnnsweep.kernels.descent;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link LaneLoops} by the Vector API: four sums at a time, so that a loaded x is of use for four
 * weights. Only operations that IEEE 754 defines to the last bit: no {@code lanewise} function that
 * is rounded otherwise once compiled, no {@code reduceLanes}.
 */
final class VectorLanes implements LaneLoops {
  /** All lanes in one vector, or as many as this machine has in one. */
  private static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() >= LANES
          ? FloatVector.SPECIES_256
          : FloatVector.SPECIES_PREFERRED;

  private static final int WIDE = SPECIES.length();
  private static final int BLOCK = 4; // sums that are kept in registers

  @Override
  public void addProduct(float[] w, int rows, int columns, float[] x, int xAt, float[] y, int yAt) {
    int stride = columns * LANES;
    for (int s = 0; s < LANES; s += WIDE) {
      for (int i = 0; i < rows; i += BLOCK) {
        int to = yAt + i * LANES + s;
        add(rows - i, columns, w, i * stride + s, stride, LANES, x, xAt + s, LANES, y, to, LANES);
      }
    }
  }

  @Override
  public void addTransposed(
      float[] w, int rows, int columns, float[] x, int xAt, float[] y, int yAt) {
    int stride = columns * LANES;
    for (int s = 0; s < LANES; s += WIDE) {
      for (int k = 0; k < columns; k += BLOCK) {
        int to = yAt + k * LANES + s;
        add(columns - k, rows, w, k * LANES + s, LANES, stride, x, xAt + s, LANES, y, to, LANES);
      }
    }
  }

  @Override
  public void addOuter(
      float[] w, int rows, int columns, int terms, float[] u, int uAt, float[] h, int hAt) {
    int stride = columns * LANES;
    int step = rows * LANES;
    for (int s = 0; s < LANES; s += WIDE) {
      for (int i = 0; i < rows; i += BLOCK) {
        int from = uAt + i * LANES + s;
        for (int k = 0; k < columns; k++) {
          int right = hAt + k * LANES + s;
          int to = i * stride + k * LANES + s;
          add(rows - i, terms, u, from, LANES, step, h, right, stride, w, to, stride);
        }
      }
    }
  }

  /**
   * {@code c_r = a_r1 x_1 + c_r}, and so on to x_terms, for up to {@link #BLOCK} sums c_r.
   *
   * @param left how many sums there are
   * @param aAt where a_11 is
   * @param aApart how far a_r1 is from the next sum's
   * @param aStep how far a_r1 is from a_r2
   */
  private static void add(
      int left,
      int terms,
      float[] a,
      int aAt,
      int aApart,
      int aStep,
      float[] x,
      int xAt,
      int xStep,
      float[] c,
      int cAt,
      int cApart) {
    if (left < BLOCK) {
      for (int r = 0; r < left; r++) {
        addOne(terms, a, aAt + r * aApart, aStep, x, xAt, xStep, c, cAt + r * cApart);
      }
      return;
    }
    FloatVector c0 = FloatVector.fromArray(SPECIES, c, cAt);
    FloatVector c1 = FloatVector.fromArray(SPECIES, c, cAt + cApart);
    FloatVector c2 = FloatVector.fromArray(SPECIES, c, cAt + 2 * cApart);
    FloatVector c3 = FloatVector.fromArray(SPECIES, c, cAt + 3 * cApart);
    for (int k = 0; k < terms; k++) {
      FloatVector factor = FloatVector.fromArray(SPECIES, x, xAt + k * xStep);
      int from = aAt + k * aStep;
      c0 = FloatVector.fromArray(SPECIES, a, from).fma(factor, c0);
      c1 = FloatVector.fromArray(SPECIES, a, from + aApart).fma(factor, c1);
      c2 = FloatVector.fromArray(SPECIES, a, from + 2 * aApart).fma(factor, c2);
      c3 = FloatVector.fromArray(SPECIES, a, from + 3 * aApart).fma(factor, c3);
    }
    c0.intoArray(c, cAt);
    c1.intoArray(c, cAt + cApart);
    c2.intoArray(c, cAt + 2 * cApart);
    c3.intoArray(c, cAt + 3 * cApart);
  }

  private static void addOne(
      int terms, float[] a, int aAt, int aStep, float[] x, int xAt, int xStep, float[] c, int cAt) {
    FloatVector sum = FloatVector.fromArray(SPECIES, c, cAt);
    for (int k = 0; k < terms; k++) {
      FloatVector factor = FloatVector.fromArray(SPECIES, x, xAt + k * xStep);
      sum = FloatVector.fromArray(SPECIES, a, aAt + k * aStep).fma(factor, sum);
    }
    sum.intoArray(c, cAt);
  }

  @Override
  public void rectify(float[] z, int from, int to) {
    for (int i = from * LANES; i < to * LANES; i += WIDE) {
      FloatVector.fromArray(SPECIES, z, i).add(0f).max(-0f).intoArray(z, i);
    }
  }

  @Override
  public void mask(float[] z, int zAt, float[] v, int vAt, int entries) {
    for (int i = 0; i < entries * LANES; i += WIDE) {
      FloatVector values = FloatVector.fromArray(SPECIES, v, vAt + i);
      values
          .blend(0f, FloatVector.fromArray(SPECIES, z, zAt + i).test(VectorOperators.IS_NEGATIVE))
          .intoArray(v, vAt + i);
    }
  }
}
