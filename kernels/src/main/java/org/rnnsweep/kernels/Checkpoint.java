package org.rnnsweep.kernels;

/** Told of work done; where a long computation may be stopped. */
@FunctionalInterface
public interface Checkpoint {

  /** Lets everything go on. */
  Checkpoint NONE = flops -> {};

  /**
   * This many floating-point operations were done since the last call. Called between pieces of
   * about a second or less.
   *
   * @throws InterruptedException to abandon the computation
   */
  void worked(double flops) throws InterruptedException;
}
