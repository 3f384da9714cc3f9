package org.rnnsweep.driver.bench;

/**
 * One line of the bench.
 *
 * @param what the computation
 * @param width m
 * @param ran how much of it ran, in words
 * @param work its counted operations
 * @param took their time
 * @param arenaBytes peak of its memory off the heap
 */
public record Measurement(
    String what, long width, String ran, Work work, Elapsed took, long arenaBytes) {

  /** Counted operations a second, by the clock. */
  public double flopsPerSecond() {
    return work.flops() / took.wallSeconds();
  }

  /** The time that the yardsticks of each precision would take, over the time by the clock. */
  public double efficiency(Yardstick yardstick) {
    return yardstick.seconds(work) / took.wallSeconds();
  }

  /** The same over the thread's own time: what an idle machine would show, or nearly. */
  public double cpuEfficiency(Yardstick yardstick) {
    return yardstick.seconds(work) / took.cpuSeconds();
  }
}
