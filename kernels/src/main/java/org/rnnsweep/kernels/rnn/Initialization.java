package org.rnnsweep.kernels.rnn;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Laws of the independent Gaussian entries of W and A, by name. */
public enum Initialization {
  /** N(0, 2/m): for W and A independent of h and x, E||relu(W h + A x)||^2 = ||h||^2 + ||x||^2. */
  HE("he") {
    @Override
    public double standardDeviation(long width) {
      return Math.sqrt(2.0 / checked(width));
    }
  },
  /** N(0, 1). */
  UNIT("unit") {
    @Override
    public double standardDeviation(long width) {
      checked(width);
      return 1;
    }
  };

  private final String label;

  Initialization(String label) {
    this.label = label;
  }

  /** The name used in experiment files. */
  public String label() {
    return label;
  }

  /** Standard deviation of an entry in a network of this width. */
  public abstract double standardDeviation(long width);

  /** The law of this name. */
  public static Initialization ofLabel(String label) {
    for (Initialization initialization : values()) {
      if (initialization.label.equals(label)) {
        return initialization;
      }
    }
    throw new IllegalArgumentException(
        "no initialization is called '"
            + label
            + "', the names are "
            + Arrays.stream(values()).map(Initialization::label).collect(Collectors.joining(", ")));
  }

  private static long checked(long width) {
    if (width < 1) {
      throw new IllegalArgumentException("a width is at least 1, found " + width);
    }
    return width;
  }
}
