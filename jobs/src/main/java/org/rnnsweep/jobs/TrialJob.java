package org.rnnsweep.jobs;

import java.util.List;

/**
 * A job whose trials share no pass: every group is one trial. {@link #sharedAxes} stays empty and
 * {@link #seedsTogether} 1; the contract test says so of one that overrides them.
 */
public interface TrialJob extends Job {

  /** Floating-point operations and memory of one trial, everything included. */
  Cost cost(Trial trial);

  /**
   * What {@link Job#run} does, of one trial. Whether it is to be abandoned is asked before, and
   * that all is done is said after it.
   *
   * @throws InterruptedException if {@link JobContext#checkCancelled} threw it
   */
  TrialResult run(Trial trial, JobContext context) throws InterruptedException;

  @Override
  default Cost cost(TrialGroup group) {
    return cost(group.only());
  }

  @Override
  default List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    context.checkCancelled();
    TrialResult result = run(group.only(), context);
    context.progress(1);
    return List.of(result);
  }
}
