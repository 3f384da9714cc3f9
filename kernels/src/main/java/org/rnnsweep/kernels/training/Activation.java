package org.rnnsweep.kernels.training;

/** phi in h_t = phi(W h_{t-1} + A x_t + both biases). */
public enum Activation {
  /** max(0, z); its derivative at 0 counts as 0. */
  RELU("relu"),
  /** The hyperbolic tangent. */
  TANH("tanh");

  private final String label;

  Activation(String label) {
    this.label = label;
  }

  /** The name used in experiment files and reports. */
  public String label() {
    return label;
  }

  /** The activation of this name. */
  public static Activation ofLabel(String label) {
    for (Activation activation : values()) {
      if (activation.label.equals(label)) {
        return activation;
      }
    }
    throw new IllegalArgumentException(
        "no activation is called '" + label + "', the names are relu, tanh");
  }
}
