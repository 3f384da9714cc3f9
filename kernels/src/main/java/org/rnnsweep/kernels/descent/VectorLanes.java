package org.rnnsweep.kernels.descent;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link LaneLoops} by the Vector API: four rows, or columns, at a time, so that a loaded x is of
 * use for four weights. Only operations that IEEE 754 defines to the last bit: no {@code lanewise}
 * function that is rounded otherwise once compiled, no {@code reduceLanes}.
 */
final class VectorLanes implements LaneLoops {
  /** All lanes in one vector, or as many as this machine has in one. */
  private static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() >= LANES
          ? FloatVector.SPECIES_256
          : FloatVector.SPECIES_PREFERRED;

  private static final int WIDE = SPECIES.length();
  private static final int BLOCK = 4;

  @Override
  public void addProduct(float[] w, int rows, int columns, float[] x, int xAt, float[] y, int yAt) {
    int stride = columns * LANES;
    for (int s = 0; s < LANES; s += WIDE) {
      int i = 0;
      for (; i + BLOCK <= rows; i += BLOCK) {
        sums(w, i * stride + s, stride, LANES, columns, x, xAt + s, y, yAt + i * LANES + s);
      }
      for (; i < rows; i++) {
        sum(w, i * stride + s, LANES, columns, x, xAt + s, y, yAt + i * LANES + s);
      }
    }
  }

  @Override
  public void addTransposed(
      float[] w, int rows, int columns, float[] x, int xAt, float[] y, int yAt) {
    int stride = columns * LANES;
    for (int s = 0; s < LANES; s += WIDE) {
      int k = 0;
      for (; k + BLOCK <= columns; k += BLOCK) {
        sums(w, k * LANES + s, LANES, stride, rows, x, xAt + s, y, yAt + k * LANES + s);
      }
      for (; k < columns; k++) {
        sum(w, k * LANES + s, stride, rows, x, xAt + s, y, yAt + k * LANES + s);
      }
    }
  }

  /**
   * Four sums, of {@code count} products each.
   *
   * @param apart how far the weights of one sum are from those of the next
   * @param step how far a weight is from the next of its sum
   */
  private static void sums(
      float[] w, int at, int apart, int step, int count, float[] x, int xAt, float[] y, int yAt) {
    FloatVector y0 = FloatVector.fromArray(SPECIES, y, yAt);
    FloatVector y1 = FloatVector.fromArray(SPECIES, y, yAt + LANES);
    FloatVector y2 = FloatVector.fromArray(SPECIES, y, yAt + 2 * LANES);
    FloatVector y3 = FloatVector.fromArray(SPECIES, y, yAt + 3 * LANES);
    for (int k = 0; k < count; k++) {
      FloatVector factor = FloatVector.fromArray(SPECIES, x, xAt + k * LANES);
      int from = at + k * step;
      y0 = FloatVector.fromArray(SPECIES, w, from).fma(factor, y0);
      y1 = FloatVector.fromArray(SPECIES, w, from + apart).fma(factor, y1);
      y2 = FloatVector.fromArray(SPECIES, w, from + 2 * apart).fma(factor, y2);
      y3 = FloatVector.fromArray(SPECIES, w, from + 3 * apart).fma(factor, y3);
    }
    y0.intoArray(y, yAt);
    y1.intoArray(y, yAt + LANES);
    y2.intoArray(y, yAt + 2 * LANES);
    y3.intoArray(y, yAt + 3 * LANES);
  }

  private static void sum(
      float[] w, int at, int step, int count, float[] x, int xAt, float[] y, int yAt) {
    FloatVector sum = FloatVector.fromArray(SPECIES, y, yAt);
    for (int k = 0; k < count; k++) {
      FloatVector factor = FloatVector.fromArray(SPECIES, x, xAt + k * LANES);
      sum = FloatVector.fromArray(SPECIES, w, at + k * step).fma(factor, sum);
    }
    sum.intoArray(y, yAt);
  }

  @Override
  public void addOuter(
      float[] w, int rows, int columns, int terms, float[] u, int uAt, float[] h, int hAt) {
    int stride = columns * LANES;
    int between = rows * LANES;
    for (int s = 0; s < LANES; s += WIDE) {
      int i = 0;
      for (; i + BLOCK <= rows; i += BLOCK) {
        for (int k = 0; k < columns; k++) {
          int left = uAt + i * LANES + s;
          int at = i * stride + k * LANES + s;
          outers(w, at, stride, terms, u, left, between, h, hAt + k * LANES + s, stride);
        }
      }
      for (; i < rows; i++) {
        for (int k = 0; k < columns; k++) {
          int left = uAt + i * LANES + s;
          int at = i * stride + k * LANES + s;
          outer(w, at, terms, u, left, between, h, hAt + k * LANES + s, stride);
        }
      }
    }
  }

  /** Four entries of a column, {@code apart} from each other. */
  private static void outers(
      float[] w,
      int at,
      int apart,
      int terms,
      float[] u,
      int uAt,
      int uStep,
      float[] h,
      int hAt,
      int hStep) {
    FloatVector w0 = FloatVector.fromArray(SPECIES, w, at);
    FloatVector w1 = FloatVector.fromArray(SPECIES, w, at + apart);
    FloatVector w2 = FloatVector.fromArray(SPECIES, w, at + 2 * apart);
    FloatVector w3 = FloatVector.fromArray(SPECIES, w, at + 3 * apart);
    for (int l = 0; l < terms; l++) {
      FloatVector right = FloatVector.fromArray(SPECIES, h, hAt + l * hStep);
      int left = uAt + l * uStep;
      w0 = FloatVector.fromArray(SPECIES, u, left).fma(right, w0);
      w1 = FloatVector.fromArray(SPECIES, u, left + LANES).fma(right, w1);
      w2 = FloatVector.fromArray(SPECIES, u, left + 2 * LANES).fma(right, w2);
      w3 = FloatVector.fromArray(SPECIES, u, left + 3 * LANES).fma(right, w3);
    }
    w0.intoArray(w, at);
    w1.intoArray(w, at + apart);
    w2.intoArray(w, at + 2 * apart);
    w3.intoArray(w, at + 3 * apart);
  }

  private static void outer(
      float[] w, int at, int terms, float[] u, int uAt, int uStep, float[] h, int hAt, int hStep) {
    FloatVector sum = FloatVector.fromArray(SPECIES, w, at);
    for (int l = 0; l < terms; l++) {
      FloatVector right = FloatVector.fromArray(SPECIES, h, hAt + l * hStep);
      sum = FloatVector.fromArray(SPECIES, u, uAt + l * uStep).fma(right, sum);
    }
    sum.intoArray(w, at);
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
