package org.rnnsweep.determinism;

/** A few samples of each job. */
class EveryJobTest extends EveryJob {
  @Override
  int samples() {
    return 4;
  }
}
