package org.rnnsweep.kernels.ntk;

/** What multiplies the input's part of a preactivation. */
public enum InputScale {
  /** {@code A x}. */
  ONE {
    @Override
    double factor(int dimension) {
      return 1;
    }
  },
  /** {@code A x / sqrt(d)}: the entries of the whole matrix have variance v/d. */
  ONE_OVER_DIMENSION {
    @Override
    double factor(int dimension) {
      return 1.0 / dimension;
    }
  };

  /** What multiplies {@code <x, x'>}. */
  abstract double factor(int dimension);
}
