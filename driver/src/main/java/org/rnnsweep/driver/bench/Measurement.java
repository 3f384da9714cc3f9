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
    return yardstick.of(work).wallSeconds() / took.wallSeconds();
  }

  /** The same in time of the thread alone: nearer to what an idle machine would show. */
  public double cpuEfficiency(Yardstick yardstick) {
    return yardstick.of(work).cpuSeconds() / took.cpuSeconds();
  }
}
