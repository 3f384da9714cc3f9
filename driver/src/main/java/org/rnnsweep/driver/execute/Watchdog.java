package org.rnnsweep.driver.execute;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Ends groups that run longer than they may: first it asks, by an interrupt and by what {@code
 * checkCancelled} says; then, after {@link #GRACE}, it ends the process. Java has no other way to
 * end a thread that does not listen or is in native code. Before that every bundle of the process
 * stores what it has complete, so that only what is under way is run again.
 */
final class Watchdog implements AutoCloseable {
  /** How long a group may take to notice that it is to stop: blocks of work last a second. */
  static final Duration GRACE = Duration.ofSeconds(5);

  /** The exit code of a process that was ended for a trial that did not stop. */
  static final int HALTED = 86;

  private static final long TICK_MILLIS = 100;
  private static final long STORE_SECONDS = 20;
  private static final Set<Watchdog> OF_THIS_PROCESS = ConcurrentHashMap.newKeySet();

  private final long timeoutNanos;
  private final Runnable store;
  private final Runnable storeTimedOut;
  private final IntConsumer halt;
  private final Thread runner = Thread.currentThread();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> SparkExecutor.daemon(task, "rnnsweep-watchdog"));
  private long deadlineNanos;
  private boolean running;
  private boolean late;

  /**
   * Of the bundle that this thread runs.
   *
   * @param timeout of a trial; zero for none
   * @param store stores what the bundle has complete, from any thread
   * @param storeTimedOut the same, and that the group under way timed out
   * @param halt ends the process with that code
   */
  Watchdog(Duration timeout, Runnable store, Runnable storeTimedOut, IntConsumer halt) {
    this.timeoutNanos = timeout.toNanos();
    this.store = store;
    this.storeTimedOut = storeTimedOut;
    this.halt = halt;
    OF_THIS_PROCESS.add(this);
    if (timeoutNanos > 0) {
      timer.scheduleWithFixedDelay(this::look, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** A group of so many trials begins. */
  synchronized void begin(int trials) {
    deadlineNanos = System.nanoTime() + timeoutNanos * trials;
    running = timeoutNanos > 0;
    late = false;
  }

  /**
   * The group has ended.
   *
   * @return whether it was asked to
   */
  synchronized boolean end() {
    running = false;
    if (late) {
      Thread.interrupted(); // it may have missed it
    }
    return late;
  }

  /** Whether the group under way has had its time. */
  synchronized boolean isLate() {
    return running && late;
  }

  private void look() {
    synchronized (this) {
      long over = System.nanoTime() - deadlineNanos;
      if (!running || over < 0) {
        return;
      }
      if (!late) {
        late = true;
        runner.interrupt();
      }
      if (over < GRACE.toNanos()) {
        return;
      }
      running = false;
    }
    // A file system that does not answer must not keep a process alive that is to end.
    Thread storing =
        SparkExecutor.daemon(
            () -> {
              storeTimedOut.run();
              for (Watchdog other : OF_THIS_PROCESS) {
                if (other != this) {
                  other.store.run();
                }
              }
            },
            "rnnsweep-last-words");
    storing.start();
    try {
      storing.join(TimeUnit.SECONDS.toMillis(STORE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    halt.accept(HALTED);
  }

  @Override
  public void close() {
    OF_THIS_PROCESS.remove(this);
    timer.shutdownNow();
  }
}
