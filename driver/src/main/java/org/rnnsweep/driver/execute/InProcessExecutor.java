package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.rnnsweep.driver.execute.RunSummary.Ending;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.store.TrialStore;

/** Runs bundles on threads of this process, without Spark: for replays and tests. */
public final class InProcessExecutor implements TrialExecutor {
  private static final long TELL_MILLIS = 250;

  private final int threads;
  private final MemoryTicket memory;

  private InProcessExecutor(int threads, MemoryTicket memory) {
    this.threads = threads;
    this.memory = memory;
  }

  /**
   * @param threads bundles run at once, at least 1
   * @param memory what their groups share
   */
  public static InProcessExecutor of(int threads, MemoryTicket memory) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, found " + threads);
    }
    return new InProcessExecutor(threads, memory);
  }

  /** With the memory that Spark inside this process would give to trials. */
  public static InProcessExecutor of(int threads) {
    return of(
        threads,
        MemoryTicket.ofBytes(SparkSettings.capacityBytes(SparkSettings.embedded(threads))));
  }

  @Override
  public RunSummary run(
      Plan plan, TrialStore store, Consumer<RunProgress> listener, Cancellation cancellation)
      throws IOException {
    RunMeter meter = new RunMeter(plan, RunOptions.standard());
    OneKernel kernel = OneKernel.of(plan.experiment().numerics(), store);
    BundleRunner runner =
        new BundleRunner(
            plan.experiment().job(),
            store,
            memory,
            new RunIdentity(plan.experiment().name(), plan.experiment().specHash(), "none")
                .withExpectedFingerprint(kernel.expected()),
            cancellation::isCancelled);
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads, task -> SparkExecutor.daemon(task, "rnnsweep-bundle"));
    cancellation.onCancel(pool::shutdownNow);
    Optional<RunMeter.Round> round = meter.nextRound();
    try {
      while (round.isPresent() && !cancellation.isCancelled()) {
        run(round.get(), runner, pool, kernel, meter, listener, cancellation);
        round = meter.nextRound();
      }
    } catch (ExecutionException e) {
      if (!cancellation.isCancelled()) {
        throw SparkExecutor.failure(e.getCause());
      }
    } catch (RejectedExecutionException e) {
      // Cancelled between the question and the submission.
    } catch (InterruptedException e) {
      cancellation.cancel();
      Thread.currentThread().interrupt();
    } finally {
      pool.shutdownNow();
      awaitEnd(pool, cancellation);
    }
    return meter.summary(cancellation.isCancelled() ? Ending.CANCELLED : Ending.FINISHED);
  }

  private static void run(
      RunMeter.Round round,
      BundleRunner runner,
      ExecutorService pool,
      OneKernel kernel,
      RunMeter meter,
      Consumer<RunProgress> listener,
      Cancellation cancellation)
      throws InterruptedException, ExecutionException {
    CompletionService<Boolean> ended = new ExecutorCompletionService<>(pool);
    for (int i = 0; i < round.bundles().size() && !cancellation.isCancelled(); i++) {
      int index = round.first() + i;
      Bundle bundle = round.bundles().get(i);
      ended.submit(
          () -> {
            meter.began();
            meter.advanced(index, 0);
            try {
              BundleReport report = runner.run(bundle, flops -> meter.advanced(index, flops));
              kernel.accept(report);
              return meter.finished(index, report);
            } finally {
              meter.ended();
            }
          });
    }
    boolean goesOn = true;
    for (int left = round.bundles().size(); left > 0 && goesOn && !cancellation.isCancelled(); ) {
      Future<Boolean> task = ended.poll(TELL_MILLIS, TimeUnit.MILLISECONDS);
      if (task != null) {
        goesOn = task.get();
        left--;
      }
      listener.accept(meter.progress(meter.runningHere()));
    }
  }

  private static void awaitEnd(ExecutorService pool, Cancellation cancellation) {
    try {
      pool.awaitTermination(cancellation.patienceLeft().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
