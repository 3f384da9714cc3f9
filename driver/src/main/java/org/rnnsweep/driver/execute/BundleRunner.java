package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import java.util.stream.Collectors;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.store.Provenance;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.driver.store.TrialStore;
import org.rnnsweep.jobs.Cost;
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
  private static final int TRACE_LINES = 12;

  private final Job job;
  private final TrialStore store;
  private final MemoryTicket memory;
  private final RunIdentity run;
  private final BooleanSupplier abandoned;

  /**
   * @param run what goes into every record of the run
   * @param abandoned whether the bundle is to be given up, beside an interrupt of its thread
   */
  BundleRunner(
      Job job, TrialStore store, MemoryTicket memory, RunIdentity run, BooleanSupplier abandoned) {
    this.job = job;
    this.store = store;
    this.memory = memory;
    this.run = run;
    this.abandoned = abandoned;
  }

  /**
   * Runs the bundle. Its complete groups are stored when this returns, and also when it throws.
   *
   * @param flopsDone told the estimated work done so far, in any rhythm
   * @throws InterruptedException if the bundle was abandoned
   * @throws IOException if records cannot be stored
   */
  BundleReport run(Bundle bundle, DoubleConsumer flopsDone)
      throws InterruptedException, IOException {
    NumericsProfile numerics = bundle.groups().get(0).first().numerics();
    if (run.refuses(numerics)) {
      return BundleReport.refused(
          Host.ofThisProcess().name(), RunIdentity.fingerprintHere(numerics));
    }
    BundleReport report = new BundleReport();
    String attempt = UUID.randomUUID().toString();
    double done = 0;
    try (PartPublisher publisher = new PartPublisher(job, store, PUBLISH_INTERVAL)) {
      for (TrialGroup group : bundle.groups()) {
        double before = done;
        double flops = flops(group);
        List<TrialRecord> records =
            run(group, attempt, fraction -> flopsDone.accept(before + fraction * flops));
        publisher.add(records);
        records.forEach(report::add);
        done += flops;
        flopsDone.accept(done);
      }
    }
    return report;
  }

  private double flops(TrialGroup group) {
    try {
      return job.cost(group).flops();
    } catch (RuntimeException e) {
      return 0; // the group will fail for the same reason, and say so
    }
  }

  private List<TrialRecord> run(TrialGroup group, String attempt, DoubleConsumer fraction)
      throws InterruptedException {
    long startedMillis = System.currentTimeMillis();
    long startedNanos = System.nanoTime();
    Measured measured = new Measured();
    List<TrialResult> results;
    try {
      results = compute(group, fraction, measured);
    } catch (OutOfMemoryError | ArenaExhaustedException e) {
      results = all(group, Outcome.OUT_OF_MEMORY, text(e));
    } catch (IllegalArgumentException e) {
      results = all(group, Outcome.REJECTED, text(e));
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
      results = all(group, Outcome.FAILED, text(e));
    }
    double seconds = (System.nanoTime() - startedNanos) * 1e-9 / group.trials().size();
    Provenance provenance =
        run.provenance(
            group.first().numerics(), attempt, startedMillis, seconds, measured.peakBytes);
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

  private static final class Measured {
    long peakBytes;
  }

  private List<TrialResult> compute(TrialGroup group, DoubleConsumer fraction, Measured measured)
      throws InterruptedException {
    Cost cost = job.cost(group);
    if (cost.memoryBytes() > memory.capacityBytes()) {
      return all(
          group,
          Outcome.OUT_OF_MEMORY,
          String.format(
              Locale.ROOT,
              "needs %d bytes off the heap, but trials may take %d here;"
                  + " raise spark.rnnsweep.memory or use a larger machine",
              cost.memoryBytes(),
              memory.capacityBytes()));
    }
    memory.take(cost.memoryBytes());
    try (Arena arena = Arena.ofBytes(cost.memoryBytes())) {
      try {
        Context context = new Context(arena, fraction);
        context.checkCancelled();
        BlasLibrary.load(group.first().numerics()); // before Breeze chooses, and for provenance
        return checked(group, job.run(group, context));
      } finally {
        measured.peakBytes = arena.peak();
      }
    } finally {
      memory.give(cost.memoryBytes());
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

  private static List<TrialResult> all(TrialGroup group, Outcome outcome, String message) {
    TrialResult result = new TrialResult(outcome, Map.of(), Map.of(), message);
    return group.trials().stream().map(trial -> result).toList();
  }

  /** What was thrown and where, causes included, without the depths of the engine. */
  private static String text(Throwable thrown) {
    StringBuilder text = new StringBuilder(thrown.toString());
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t != thrown) {
        text.append("\ncaused by ").append(t);
      }
      StackTraceElement[] trace = t.getStackTrace();
      for (int i = 0; i < Math.min(trace.length, TRACE_LINES); i++) {
        if (trace[i].getClassName().equals(BundleRunner.class.getName())) {
          break;
        }
        text.append("\n  at ").append(trace[i]);
      }
    }
    return text.toString();
  }

  private final class Context implements JobContext {
    private final Arena arena;
    private final DoubleConsumer fraction;

    Context(Arena arena, DoubleConsumer fraction) {
      this.arena = arena;
      this.fraction = fraction;
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
      if (Thread.interrupted() || abandoned.getAsBoolean()) {
        throw new InterruptedException("the bundle is abandoned");
      }
    }
  }
}
