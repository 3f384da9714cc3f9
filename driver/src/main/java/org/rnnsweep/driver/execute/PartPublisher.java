package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSError;
import org.rnnsweep.driver.store.StoreException;
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
          task -> SparkExecutor.daemon(task, "rnnsweep-publish"));
  private List<TrialRecord> pending = new ArrayList<>();
  private int pendingGroups;
  private int storedGroups;
  private BundleReport storedReport;

  /**
   * @param before what earlier attempts of the bundle have stored
   */
  PartPublisher(Job job, TrialStore store, Duration interval, StartedMarks.Mark before) {
    this.job = job;
    this.store = store;
    this.storedGroups = before.stored();
    this.storedReport = before.report();
    timer.scheduleWithFixedDelay(
        this::publishEarly, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Takes the records of the bundle's next group. */
  synchronized void add(List<TrialRecord> records) {
    pending.addAll(records);
    pendingGroups++;
  }

  /** A mark that says what is stored, and what comes next. */
  synchronized StartedMarks.Mark mark(java.util.Set<String> trialIds) {
    return new StartedMarks.Mark(storedGroups, storedReport, trialIds, System.currentTimeMillis());
  }

  private void publishEarly() {
    try {
      publish();
    } catch (IOException | RuntimeException e) {
      // Still pending: the next attempt, at the latest that of close, says what is wrong.
    }
  }

  /** Stores what is pending now. */
  synchronized void publish() throws IOException {
    if (pendingGroups == 0) {
      return;
    }
    storing(store, () -> store.append(job, pending));
    BundleReport report = new BundleReport(); // a new one: marks hold the old
    report.add(storedReport);
    pending.forEach(report::add);
    storedReport = report;
    storedGroups += pendingGroups;
    pending = new ArrayList<>();
    pendingGroups = 0;
  }

  interface Storing {
    void run() throws IOException;
  }

  /** Writes to the store; says where and what to do when that fails. */
  static void storing(TrialStore store, Storing writing) throws IOException {
    try {
      writing.run();
    } catch (FSError e) { // Hadoop's local file system makes errors of a full disk
      throw broken(store, e.getCause() == null ? e : e.getCause());
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw broken(store, e);
    }
  }

  private static StoreException broken(TrialStore store, Throwable cause) {
    return new StoreException(
        "host "
            + Host.ofThisProcess().name()
            + " cannot write to the store "
            + store.location()
            + ": "
            + cause.getMessage()
            + ". What is stored stays; when that is mended, the same command goes on from there",
        cause);
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
