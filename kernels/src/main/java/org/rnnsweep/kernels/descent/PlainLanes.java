package org.rnnsweep.kernels.descent;

/** {@link LaneLoops} one number at a time. */
final class PlainLanes implements LaneLoops {

  @Override
  public void addProduct(float[] w, int rows, int columns, float[] x, int xAt, float[] y, int yAt) {
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < columns; k++) {
        addTimes(w, (i * columns + k) * LANES, x, xAt + k * LANES, y, yAt + i * LANES);
      }
    }
  }

  @Override
  public void addTransposed(
      float[] w, int rows, int columns, float[] x, int xAt, float[] y, int yAt) {
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < columns; k++) {
        addTimes(w, (i * columns + k) * LANES, x, xAt + i * LANES, y, yAt + k * LANES);
      }
    }
  }

  @Override
  public void addOuter(
      float[] w, int rows, int columns, int terms, float[] u, int uAt, float[] h, int hAt) {
    for (int l = 0; l < terms; l++) {
      for (int i = 0; i < rows; i++) {
        int left = uAt + (l * rows + i) * LANES;
        for (int k = 0; k < columns; k++) {
          addTimes(u, left, h, hAt + (l * columns + k) * LANES, w, (i * columns + k) * LANES);
        }
      }
    }
  }

  /** {@code c = a b + c} in every lane. */
  private static void addTimes(float[] a, int aAt, float[] b, int bAt, float[] c, int cAt) {
    for (int s = 0; s < LANES; s++) {
      c[cAt + s] = Math.fma(a[aAt + s], b[bAt + s], c[cAt + s]);
    }
  }

  @Override
  public void rectify(float[] z, int from, int to) {
    for (int i = from * LANES; i < to * LANES; i++) {
      z[i] = Math.max(z[i] + 0f, -0f);
    }
  }

  @Override
  public void mask(float[] z, int zAt, float[] v, int vAt, int entries) {
    for (int i = 0; i < entries * LANES; i++) {
      int bits = Float.floatToRawIntBits(z[zAt + i]);
      v[vAt + i] = Float.intBitsToFloat(Float.floatToRawIntBits(v[vAt + i]) & ((bits >>> 31) - 1));
    }
  }
}
