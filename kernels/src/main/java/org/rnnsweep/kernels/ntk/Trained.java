package org.rnnsweep.kernels.ntk;

/** The matrices whose gradients a tangent kernel sums. */
public enum Trained {
  /** W. */
  RECURRENT,
  /** W and A. */
  RECURRENT_AND_INPUT,
  /** W, A, the bias b and the readout B. */
  ALL
}
