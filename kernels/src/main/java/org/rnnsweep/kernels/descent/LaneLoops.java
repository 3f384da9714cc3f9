package org.rnnsweep.kernels.descent;

/**
 * Products of small matrices each entry of which is {@value #LANES} numbers, one a lane: entry (i,
 * k) of a matrix with c columns is at {@code (i c + k) LANES}, entry i of a vector at {@code i
 * LANES}. Lanes never meet. In each of them the order of operations is fixed, every multiplication
 * and the addition after it rounded once (a fused multiply-add), so all implementations give the
 * same bits, compiled or not.
 */
interface LaneLoops {
  int LANES = 8;

  /** {@code y_i = w_i1 x_1 + y_i}, then {@code w_i2 x_2 + y_i}, and so on. */
  void addProduct(float[] w, int rows, int columns, float[] x, int xAt, float[] y, int yAt);

  /** {@code y_k = w_1k x_1 + y_k}, then {@code w_2k x_2 + y_k}, and so on. */
  void addTransposed(float[] w, int rows, int columns, float[] x, int xAt, float[] y, int yAt);

  /**
   * {@code w_ik = u_1i h_1k + w_ik}, then {@code u_2i h_2k + w_ik}, and so on.
   *
   * @param terms vectors u_1, u_2, .. one after the other from {@code uAt} on, h likewise
   */
  void addOuter(
      float[] w, int rows, int columns, int terms, float[] u, int uAt, float[] h, int hAt);

  /** The rectifier of the entries from, to - 1: as {@code SignPattern.rectify}. */
  void rectify(float[] z, int from, int to);

  /** {@code v = 0} where the sign of z is set, entry by entry: as {@code SignPattern.apply}. */
  void mask(float[] z, int zAt, float[] v, int vAt, int entries);

  /** The fastest here: by the Vector API where its module is there. */
  static LaneLoops fastest() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? new VectorLanes()
        : new PlainLanes();
  }
}
