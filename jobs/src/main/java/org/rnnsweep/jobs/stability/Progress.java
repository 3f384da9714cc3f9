package org.rnnsweep.jobs.stability;

import org.rnnsweep.jobs.JobContext;

/** Adds up what was done; between pieces the group may be cancelled. */
final class Progress {
  private final JobContext context;
  private final double total;
  private double done;

  /**
   * @param total operations of the whole group
   */
  Progress(JobContext context, double total) {
    this.context = context;
    this.total = total;
  }

  /** This many operations more. */
  void worked(double flops) throws InterruptedException {
    done += flops;
    context.progress(Math.min(1, done / total));
    context.checkCancelled();
  }
}
