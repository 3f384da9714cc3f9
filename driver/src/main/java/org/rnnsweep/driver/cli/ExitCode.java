package org.rnnsweep.driver.cli;

/** What the process says when it ends. */
public final class ExitCode {
  /** Finished; every trial is settled. */
  public static final int FINISHED = 0;

  /** The program failed: a bug, or a cluster that broke. */
  public static final int PROGRAM_FAILED = 1;

  /** The input is wrong; nothing was written. */
  public static final int WRONG_INPUT = 2;

  /** Finished, but some trials failed. */
  public static final int TRIALS_FAILED = 3;

  /** Finished, but two results of one trial disagree: an alarm. */
  public static final int DISAGREEMENT = 3;

  /** Stopped by Ctrl-C; what finished is stored. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
