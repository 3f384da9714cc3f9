package org.rnnsweep.kernels.ntk;

/** What a network says of a sequence of length L. */
public enum Output {
  /** {@code f_L}. */
  LAST,
  /** {@code (f_1 + .. + f_L) / L}. */
  AVERAGE,
  /** {@code f_1, .., f_L}: L rows and columns of a matrix. */
  EVERY_STEP
}
