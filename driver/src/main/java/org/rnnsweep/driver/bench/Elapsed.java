package org.rnnsweep.driver.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What a piece of work took.
 *
 * @param wallSeconds by the clock: what a user waits
 * @param cpuSeconds of what worked, for one thread the same on an idle machine, less on a busy one
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

  /** Runs work that starts threads of its own: the time of the whole process is taken. */
  static Elapsed ofProcess(Piece work) throws InterruptedException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    Elapsed own = of(work);
    return new Elapsed(own.wallSeconds(), (system.getProcessCpuTime() - cpu) / 1e9);
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
