package org.rnnsweep.kernels.inversion;

import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/**
 * A linear map from the last state to the sequence, or why there is none.
 *
 * @param length L
 * @param weights {@code Wbar^T}, L d x m, double: the sequence is {@code Wbar^T h^(L)}; of no
 *     meaning where {@code problem} is not empty
 * @param problem empty, or what went wrong and where
 */
public record Readout(int length, OffHeapMatrix weights, String problem) {

  /** Whether the weights are good. */
  public boolean usable() {
    return problem.isEmpty();
  }
}
