package org.rnnsweep.kernels;

/** The floating-point format in which arrays that grow with the width are held. */
public enum Precision {
  /** IEEE binary32, 4 bytes. */
  SINGLE("single", Float.BYTES),
  /** IEEE binary64, 8 bytes. */
  DOUBLE("double", Double.BYTES);

  private final String label;
  private final int bytes;

  Precision(String label, int bytes) {
    this.label = label;
    this.bytes = bytes;
  }

  /** The name used in experiment files, trial ids and results. */
  public String label() {
    return label;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }
}
