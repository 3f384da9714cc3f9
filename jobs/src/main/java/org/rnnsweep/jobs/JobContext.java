package org.rnnsweep.jobs;

import org.rnnsweep.kernels.linalg.Arena;

/** What a running group may use of the world around it. */
public interface JobContext {

  /** Off-heap memory, limited to what {@link Job#cost} declared; freed by the caller. */
  Arena arena();

  /** Says how much of the group is done, from 0 to 1. Cheap; call it a few times a second. */
  void progress(double fraction);

  /**
   * To be called between blocks of work of at most about a second.
   *
   * @throws InterruptedException if the group is to be abandoned
   */
  void checkCancelled() throws InterruptedException;
}
