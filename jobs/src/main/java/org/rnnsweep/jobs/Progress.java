package org.rnnsweep.jobs;

import org.rnnsweep.kernels.Checkpoint;

/**
 * The checkpoint of a job's kernels: adds up what was done, says it as a share of the whole, and
 * lets the group be cancelled between pieces.
 */
public final class Progress implements Checkpoint {
  private final JobContext context;
  private final double total;
  private double done;

  /**
   * @param total work of the whole group, positive, in the unit of {@link #worked}
   */
  public Progress(JobContext context, double total) {
    this.context = context;
    this.total = total;
  }

  @Override
  public void worked(double flops) throws InterruptedException {
    done += flops;
    context.progress(Math.min(1, done / total));
    context.checkCancelled();
  }
}
