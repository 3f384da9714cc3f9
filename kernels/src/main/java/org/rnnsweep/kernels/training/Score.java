package org.rnnsweep.kernels.training;

/** Counts of what a network has right. Mutable; not for several threads. */
final class Score {
  long words;
  long rightWords;
  long positions;
  long rightPositions;

  /** The share of words whose every bit is right: the benchmark's accuracy. */
  double words() {
    return (double) rightWords / words;
  }

  /** The share of positions whose every bit is right. */
  double positions() {
    return (double) rightPositions / positions;
  }
}
