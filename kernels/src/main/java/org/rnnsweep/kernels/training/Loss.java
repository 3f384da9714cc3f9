package org.rnnsweep.kernels.training;

/**
 * What an update makes smaller, of the answers p = sigmoid(D h + bias) and the labels y in {0, 1}:
 * the mean over the bits of a position, then over all positions of the batch, so that longer words
 * weigh more.
 */
public enum Loss {
  /** (p - y)^2, the benchmark's. */
  SQUARED("squared"),
  /** -ln p for y = 1 and -ln(1 - p) for y = 0, each at most 100. */
  CROSS_ENTROPY("cross-entropy");

  static final double LARGEST = 100;

  private final String label;

  Loss(String label) {
    this.label = label;
  }

  /** The name used in experiment files and reports. */
  public String label() {
    return label;
  }

  /** The loss of this name. */
  public static Loss ofLabel(String label) {
    for (Loss loss : values()) {
      if (loss.label.equals(label)) {
        return loss;
      }
    }
    throw new IllegalArgumentException(
        "no loss is called '" + label + "', the names are squared, cross-entropy");
  }
}
