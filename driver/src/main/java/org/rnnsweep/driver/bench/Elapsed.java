package org.rnnsweep.driver.bench;

import java.lang.management.ManagementFactory;

/**
 * What a piece of work took.
 *
 * @param wallSeconds by the clock: what a user waits
 * @param cpuSeconds of the thread that worked: the same on an idle machine, less on a busy one
 */
public record Elapsed(double wallSeconds, double cpuSeconds) {

  /** Work that may be interrupted. */
  interface Piece {
    void run() throws InterruptedException;
  }

  /** Runs the work on this thread. */
  static Elapsed of(Piece work) throws InterruptedException {
    long wall = System.nanoTime();
    long cpu = cpuNanos();
    work.run();
    return new Elapsed((System.nanoTime() - wall) / 1e9, (cpuNanos() - cpu) / 1e9);
  }

  /** The smaller of both times, each for itself. */
  Elapsed best(Elapsed other) {
    return new Elapsed(
        Math.min(wallSeconds, other.wallSeconds), Math.min(cpuSeconds, other.cpuSeconds));
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
