package org.rnnsweep.jobs;

/** How a trial ended. Failure is a value: it is stored and counted like a success. */
public enum Outcome {
  /** All metrics are there and finite. */
  COMPLETED(true),
  /** Non-finite numbers appeared: a result, with the step at which. */
  DIVERGED(true),
  /** The job refused its parameters. */
  REJECTED(true),
  /** An exception; its message and trace are kept. */
  FAILED(false),
  /** It ran longer than it may. */
  TIMED_OUT(false),
  /** It asked for more memory than there is. */
  OUT_OF_MEMORY(false),
  /** Its executor died. */
  LOST(false);

  private final boolean settled;

  Outcome(boolean settled) {
    this.settled = settled;
  }

  /** Whether running the trial again could only give the same: a resume skips it. */
  public boolean settled() {
    return settled;
  }
}
