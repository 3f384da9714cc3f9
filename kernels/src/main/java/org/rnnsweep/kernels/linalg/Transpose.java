package org.rnnsweep.kernels.linalg;

/** Whether an operand of a product is read transposed. */
public enum Transpose {
  NO,
  YES
}
