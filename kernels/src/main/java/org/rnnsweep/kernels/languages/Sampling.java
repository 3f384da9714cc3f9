package org.rnnsweep.kernels.languages;

/** The law by which words are drawn. It fixes the trivial scores, so it is part of every result. */
public enum Sampling {
  /** As the benchmark's generator draws them; uniform for languages that it cannot draw. */
  BENCHMARK("benchmark"),
  /** A length uniform among those that have members, then a member of it uniformly. */
  UNIFORM("uniform");

  private final String label;

  Sampling(String label) {
    this.label = label;
  }

  /** The name used in experiment files and reports. */
  public String label() {
    return label;
  }
}
