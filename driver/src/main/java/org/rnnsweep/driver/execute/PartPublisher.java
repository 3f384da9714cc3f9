package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.driver.store.TrialStore;
import org.rnnsweep.jobs.Job;

/**
 * Stores a bundle's records as they come: all of them when it is closed, and now and then before,
 * so that a lost executor costs no more than the last interval. The timer has a thread of its own
 * because the bundle's may be deep in a long group.
 */
final class PartPublisher implements AutoCloseable {
  private final Job job;
  private final TrialStore store;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "rnnsweep-publish");
            thread.setDaemon(true);
            return thread;
          });
  private List<TrialRecord> pending = new ArrayList<>();

  PartPublisher(Job job, TrialStore store, Duration interval) {
    this.job = job;
    this.store = store;
    timer.scheduleWithFixedDelay(
        this::publishEarly, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  synchronized void add(List<TrialRecord> records) {
    pending.addAll(records);
  }

  private void publishEarly() {
    try {
      publish();
    } catch (IOException | RuntimeException e) {
      // Still pending: the next attempt, at the latest that of close, says what is wrong.
    }
  }

  private synchronized void publish() throws IOException {
    store.append(job, pending);
    pending = new ArrayList<>();
  }

  /**
   * Stores what is pending, also on a thread that was interrupted: what is complete is worth
   * keeping, and file systems refuse to work under an interrupt.
   */
  @Override
  public void close() throws IOException {
    timer.shutdown();
    boolean interrupted = Thread.interrupted();
    try {
      publish();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
