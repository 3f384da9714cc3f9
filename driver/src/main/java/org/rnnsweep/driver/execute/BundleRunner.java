package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.store.Provenance;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.driver.store.TrialStore;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.ArenaExhaustedException;
import org.rnnsweep.kernels.linalg.BlasLibrary;

/** Runs the groups of a bundle one after the other and stores every trial's record. */
final class BundleRunner {
  private static final Duration PUBLISH_INTERVAL = Duration.ofSeconds(60);

  /** Writing marks may take this part of the time. */
  private static final int MARK_SHARE = 100;

  /** Groups that one mark names; what is learned in one bundle serves the next. */
  private static final AtomicInteger GROUPS_PER_MARK = new AtomicInteger(1);

  private final Job job;
  private final TrialStore store;
  private final MemoryTicket memory;
  private final RunIdentity run;
  private final BooleanSupplier abandoned;
  private final Duration timeout;
  private final IntConsumer halt;

  /**
   * @param run what goes into every record of the run
   * @param abandoned whether the bundle is to be given up, beside an interrupt of its thread
   */
  BundleRunner(
      Job job, TrialStore store, MemoryTicket memory, RunIdentity run, BooleanSupplier abandoned) {
    this(job, store, memory, run, abandoned, Duration.ZERO);
  }

  /**
   * @param timeout how long a trial may run; zero for as long as it likes. This process is ended
   *     where one does not stop
   */
  BundleRunner(
      Job job,
      TrialStore store,
      MemoryTicket memory,
      RunIdentity run,
      BooleanSupplier abandoned,
      Duration timeout) {
    this(job, store, memory, run, abandoned, timeout, Runtime.getRuntime()::halt);
  }

  /**
   * @param halt ends this process with that code
   */
  BundleRunner(
      Job job,
      TrialStore store,
      MemoryTicket memory,
      RunIdentity run,
      BooleanSupplier abandoned,
      Duration timeout,
      IntConsumer halt) {
    this.job = job;
    this.store = store;
    this.memory = memory;
    this.run = run;
    this.abandoned = abandoned;
    this.timeout = timeout;
    this.halt = halt;
  }

  /** Runs a bundle without marks: who shares the process's fate needs none. */
  BundleReport run(Bundle bundle, DoubleConsumer flopsDone)
      throws InterruptedException, IOException {
    return run(bundle, null, StartedMarks.Mark.NONE, flopsDone);
  }

  /**
   * Runs the bundle. Its complete groups are stored when this returns, and also when it throws.
   *
   * @param marks where to say what is about to start; null for nowhere
   * @param before what an earlier attempt left: what it stored is skipped, and what it had started
   *     is recorded as lost, since it may have been the reason of that attempt's end
   * @param flopsDone told the estimated work done so far, in any rhythm
   * @throws InterruptedException if the bundle was abandoned
   * @throws IOException if records cannot be stored
   */
  BundleReport run(
      Bundle bundle, StartedMarks.Writer marks, StartedMarks.Mark before, DoubleConsumer flopsDone)
      throws InterruptedException, IOException {
    NumericsProfile numerics = bundle.groups().get(0).first().numerics();
    if (run.refuses(numerics)) {
      return BundleReport.refused(
          Host.ofThisProcess().name(), RunIdentity.fingerprintHere(numerics));
    }
    try (Attempt attempt = new Attempt(bundle, marks, before)) {
      BundleReport report = attempt.run(flopsDone);
      attempt.publisher.publish();
      if (marks != null) {
        marks.delete();
      }
      return report;
    }
  }

  /** One bundle under way. */
  private final class Attempt implements AutoCloseable {
    private final String id = UUID.randomUUID().toString();
    private final Bundle bundle;
    private final StartedMarks.Writer marks;
    private final StartedMarks.Mark before;
    private final PartPublisher publisher;
    private final Watchdog watchdog;

    /** The group under way and when it began; for the watchdog's thread. */
    private volatile TrialGroup current;

    private volatile long startedMillis;

    /** First group that the mark does not name, and when that mark was begun and written. */
    private int marked;

    private long markBeganNanos;
    private long markNanos;

    Attempt(Bundle bundle, StartedMarks.Writer marks, StartedMarks.Mark before) {
      this.bundle = bundle;
      this.marks = marks;
      this.before = before;
      this.publisher = new PartPublisher(job, store, PUBLISH_INTERVAL, before);
      this.watchdog = new Watchdog(timeout, this::storeComplete, this::storeTimedOut, halt);
    }

    BundleReport run(DoubleConsumer flopsDone) throws InterruptedException, IOException {
      BundleReport report = new BundleReport();
      report.add(before.report());
      double done = 0;
      for (int i = 0; i < bundle.groups().size(); i++) {
        TrialGroup group = bundle.groups().get(i);
        double from = done;
        double flops = flops(group);
        if (i >= before.stored()) {
          List<TrialRecord> records =
              group.trials().stream().anyMatch(t -> before.trialIds().contains(t.id()))
                  ? records(group, lost(), before.epochMillis(), 0, 0)
                  : run(i, group, fraction -> flopsDone.accept(from + fraction * flops));
          publisher.add(records);
          records.forEach(report::add);
        }
        done += flops;
        flopsDone.accept(done);
      }
      return report;
    }

    private TrialResult lost() {
      return all(
          Outcome.LOST,
          bundle.repeat() == 0
              ? "its process ended while it ran or was about to, beside others"
              : "its process ended while it ran there alone");
    }

    /** Where a pass of several seeds failed, each once more by itself: it may be one's fault. */
    private List<TrialRecord> run(int index, TrialGroup group, DoubleConsumer fraction)
        throws InterruptedException, IOException {
      List<TrialRecord> records = pass(index, group, fraction);
      if (records.stream().map(TrialRecord::outcome).anyMatch(BundleRunner::isComputed)) {
        return records;
      }
      List<TrialGroup> seeds = group.bySeed();
      if (seeds.size() == 1) {
        return records;
      }
      List<TrialRecord> apart = new ArrayList<>();
      for (TrialGroup seed : seeds) {
        apart.addAll(pass(index, seed, done -> {})); // a bar does not go back
      }
      return apart;
    }

    private List<TrialRecord> pass(int index, TrialGroup group, DoubleConsumer fraction)
        throws InterruptedException, IOException {
      Measured measured = new Measured();
      startedMillis = System.currentTimeMillis();
      long startedNanos = System.nanoTime();
      List<TrialResult> results;
      try {
        results = compute(index, group, fraction, measured);
      } catch (MarkException e) {
        throw e.getCause();
      } catch (InterruptedException e) {
        throw e;
      } catch (OutOfMemoryError | ArenaExhaustedException e) {
        results = same(group, all(Outcome.OUT_OF_MEMORY, text(e)));
      } catch (IllegalArgumentException e) {
        results = same(group, all(Outcome.REJECTED, text(e)));
      } catch (Throwable e) { // a third party's code may throw what it likes
        results = same(group, all(Outcome.FAILED, text(e)));
      }
      return records(
          group,
          results,
          startedMillis,
          (System.nanoTime() - startedNanos) * 1e-9,
          measured.peakBytes);
    }

    private List<TrialResult> compute(
        int index, TrialGroup group, DoubleConsumer fraction, Measured measured)
        throws InterruptedException {
      long declared = job.cost(group).memoryBytes();
      if (declared > memory.capacityBytes()) {
        return same(group, all(Outcome.OUT_OF_MEMORY, tooLarge(declared)));
      }
      boolean alone = bundle.repeat() > 0;
      long limit =
          alone
              ? Math.max(declared, Math.min(bundle.memoryBytes(), memory.capacityBytes()))
              : declared;
      long taken = alone ? memory.capacityBytes() : declared; // all of it keeps others out
      memory.take(taken);
      boolean late = false;
      try (Arena arena = Arena.ofBytes(limit)) {
        try {
          Context context = new Context(arena, fraction, watchdog);
          context.checkCancelled();
          mark(index);
          current = bundle.groups().get(index); // of which this may be one seed
          startedMillis = System.currentTimeMillis();
          watchdog.begin(group.trials().size());
          BlasLibrary.load(group.first().numerics()); // before Breeze chooses, and for provenance
          return checked(group, job.run(group, context));
        } finally {
          late = watchdog.end();
          current = null;
          measured.peakBytes = arena.peak();
        }
      } catch (InterruptedException e) {
        if (abandoned.getAsBoolean() || !late) {
          throw e;
        }
        return same(group, timedOut());
      } catch (RuntimeException | Error e) {
        if (!late || e instanceof MarkException) {
          throw e;
        }
        return same(group, timedOut()); // it made another exception of the interrupt
      } finally {
        memory.give(taken);
      }
    }

    private String tooLarge(long declared) {
      return String.format(
          Locale.ROOT,
          "needs %d bytes off the heap, but trials may take %d here;"
              + " raise spark.rnnsweep.memory or use a larger machine",
          declared,
          memory.capacityBytes());
    }

    private TrialResult timedOut() {
      return all(
          Outcome.TIMED_OUT,
          String.format(
              Locale.ROOT, "ran longer than %s s allow a trial", timeout.toMillis() / 1000.0));
    }

    /** Of several seeds: which of them it was is not known before each has run alone. */
    private TrialResult lostBesideLate() {
      return all(
          Outcome.LOST, "its process was ended for a trial in the same pass that took too long");
    }

    /** Says what starts with this group, where the last mark does not. */
    private void mark(int index) {
      if (marks == null || index < marked) {
        return;
      }
      long now = System.nanoTime();
      int size = GROUPS_PER_MARK.get();
      if (markNanos > 0) {
        long between = now - markBeganNanos;
        if (between < MARK_SHARE * markNanos) {
          size = Math.min(2 * size, 1 << 16);
        } else if (between > 4 * MARK_SHARE * markNanos) {
          size = Math.max(size / 2, 1);
        }
        GROUPS_PER_MARK.set(size);
      }
      marked = (int) Math.min((long) index + size, bundle.groups().size());
      Set<String> ids =
          bundle.groups().subList(index, marked).stream()
              .flatMap(group -> group.trials().stream())
              .map(Trial::id)
              .collect(Collectors.toSet());
      try {
        PartPublisher.storing(store, () -> marks.write(publisher.mark(ids)));
      } catch (IOException e) {
        throw new MarkException(e);
      }
      markBeganNanos = now;
      markNanos = System.nanoTime() - now;
    }

    /** The last words of a process that ends for another bundle's sake. */
    private void storeComplete() {
      try {
        publisher.publish();
        if (marks != null) {
          marks.write(publisher.mark(Set.of())); // nobody is to suspect what it runs
        }
      } catch (IOException | RuntimeException e) {
        // Then it is computed again.
      }
    }

    private void storeTimedOut() {
      TrialGroup group = current;
      if (group != null) {
        double seconds = (System.currentTimeMillis() - startedMillis) * 1e-3;
        TrialResult result = group.bySeed().size() == 1 ? timedOut() : lostBesideLate();
        publisher.add(records(group, result, startedMillis, seconds, 0));
      }
      storeComplete();
    }

    private List<TrialRecord> records(
        TrialGroup group, TrialResult result, long started, double seconds, long peakBytes) {
      return records(group, same(group, result), started, seconds, peakBytes);
    }

    private List<TrialRecord> records(
        TrialGroup group, List<TrialResult> results, long started, double seconds, long peakBytes) {
      Provenance provenance =
          run.provenance(
              group.first().numerics(), id, started, seconds / group.trials().size(), peakBytes);
      List<TrialRecord> records = new ArrayList<>();
      for (int i = 0; i < results.size(); i++) {
        Trial trial = group.trials().get(i);
        TrialResult result = results.get(i);
        records.add(
            new TrialRecord(
                trial.id(),
                trial,
                result.outcome(),
                result.message(),
                result.metrics(),
                result.series(),
                provenance));
      }
      return records;
    }

    @Override
    public void close() throws IOException {
      watchdog.close();
      publisher.close();
    }
  }

  /** A mark that cannot be written, on its way out of what a trial may throw. */
  private static final class MarkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MarkException(IOException cause) {
      super(cause);
    }

    @Override
    public synchronized IOException getCause() {
      return (IOException) super.getCause();
    }
  }

  private static final class Measured {
    long peakBytes;
  }

  private double flops(TrialGroup group) {
    try {
      return job.cost(group).flops();
    } catch (RuntimeException | Error e) {
      return 0; // the group will fail for the same reason, and say so
    }
  }

  /** Holds the job to its contract before anything of it is stored. */
  private List<TrialResult> checked(TrialGroup group, List<TrialResult> results) {
    if (results.size() != group.trials().size()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "job %s gave %d results for %d trials",
              job.id(),
              results.size(),
              group.trials().size()));
    }
    Set<String> scalars = declared(Metric.Shape.SCALAR);
    Set<String> series = declared(Metric.Shape.SERIES);
    for (TrialResult result : results) {
      requireDeclared(scalars, result.metrics());
      requireDeclared(series, result.series());
      if (!result.outcome().settled()) {
        throw new IllegalStateException(
            "job " + job.id() + " gave outcome " + result.outcome() + ", which is the engine's");
      }
      if (result.outcome() == Outcome.COMPLETED) {
        result
            .metrics()
            .forEach(
                (name, value) -> {
                  if (!Double.isFinite(value)) {
                    throw new IllegalStateException(
                        "job "
                            + job.id()
                            + " calls a trial completed whose "
                            + name
                            + " is "
                            + value);
                  }
                });
      }
    }
    return results;
  }

  private Set<String> declared(Metric.Shape shape) {
    return job.metrics().stream()
        .filter(metric -> metric.shape() == shape)
        .map(Metric::name)
        .collect(Collectors.toSet());
  }

  private void requireDeclared(Set<String> declared, Map<String, ?> found) {
    for (String name : found.keySet()) {
      if (!declared.contains(name)) {
        throw new IllegalStateException(
            "job " + job.id() + " gave a metric that it does not declare: " + name);
      }
    }
  }

  /** Whether the trial's pass came to its end: what ends one before befalls every trial of it. */
  private static boolean isComputed(Outcome outcome) {
    return outcome == Outcome.COMPLETED || outcome == Outcome.DIVERGED;
  }

  private static TrialResult all(Outcome outcome, String message) {
    return new TrialResult(outcome, Map.of(), Map.of(), message);
  }

  private static List<TrialResult> same(TrialGroup group, TrialResult result) {
    return Collections.nCopies(group.trials().size(), result);
  }

  private static String text(Throwable thrown) {
    return ErrorText.of(thrown, BundleRunner.class);
  }

  private final class Context implements JobContext {
    private final Arena arena;
    private final DoubleConsumer fraction;
    private final Watchdog watchdog;

    Context(Arena arena, DoubleConsumer fraction, Watchdog watchdog) {
      this.arena = arena;
      this.fraction = fraction;
      this.watchdog = watchdog;
    }

    @Override
    public Arena arena() {
      return arena;
    }

    @Override
    public void progress(double done) {
      if (done >= 0 && done <= 1) { // a wrong estimate is no reason to lose a trial
        fraction.accept(done);
      }
    }

    @Override
    public void checkCancelled() throws InterruptedException {
      if (watchdog.isLate()) {
        throw new InterruptedException("the trial has had its time");
      }
      if (Thread.interrupted() || abandoned.getAsBoolean()) {
        throw new InterruptedException("the bundle is abandoned");
      }
    }
  }
}
