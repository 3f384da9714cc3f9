package org.rnnsweep.kernels.ntk;

/**
 * Which numbers gradient descent moves. The network is the same; the tangent kernel is not: the
 * part of each matrix differs by the factor of its variance.
 */
public enum Parametrization {
  /**
   * {@code W = omega / sqrt(m)} with entries of omega N(0, v), likewise B; A and b themselves. In
   * the papers, whose A too has the variance 2/m, this is the gradient by the entries divided by m.
   */
  ENTRIES,
  /** {@code W = sqrt(v / m) omega} with entries of omega N(0, 1), and so for A, b and B. */
  UNIT_VARIANCE
}
