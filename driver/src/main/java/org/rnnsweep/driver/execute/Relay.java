package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.rnnsweep.driver.execute.RunSummary.Ending;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.store.TrialStore;

/**
 * Runs plans in their order on one set of slots, so that none stands idle while the last trials of
 * a plan are under way: the next plan is handed over when no more bundles of the one before it wait
 * than run, and is served after it. The executors must serve first what was handed over first, as
 * Spark does.
 *
 * <p>Not sooner, although it would only wait: bundles that need several slots at once, trials that
 * run again and the next look of an adaptive plan would find the slots taken by later plans.
 *
 * <p>An adaptive plan begins when all before it have ended: how far it goes follows from what is
 * stored, and some of its trials may be theirs.
 */
public final class Relay {
  private final TrialStore store;
  private final SuiteProgress progress;
  private final Cancellation cancellation;

  private Relay(TrialStore store, SuiteProgress progress, Cancellation cancellation) {
    this.store = store;
    this.progress = progress;
    this.cancellation = cancellation;
  }

  /**
   * A plan and who runs it, of whom each plan may have one of its own.
   *
   * @param executor may run beside those of the other parts
   */
  public record Part(Plan plan, TrialExecutor executor) {}

  /** A part that was handed to its thread, and its end. */
  private record Ended(Part part, RunSummary summary) {}

  /** How far a part is. */
  private static final class Stage {
    final CountDownLatch draining = new CountDownLatch(1);
    final CountDownLatch ended = new CountDownLatch(1);
  }

  /**
   * Runs the parts. The first that fails cancels the others.
   *
   * @param listener told of all plans together, from one thread at a time
   * @param ended told of each part that was not cancelled, in the order in which they end, on the
   *     calling thread
   * @return how the parts ended, in that order
   * @throws IOException if one of them throws it; all have ended then
   */
  public static List<RunSummary> run(
      List<Part> parts,
      TrialStore store,
      Consumer<RunProgress> listener,
      BiConsumer<Plan, RunSummary> ended,
      Cancellation cancellation)
      throws IOException {
    Cancellation all = new Cancellation(); // also for a part's failure, which is no request
    cancellation.onCancel(all::cancel);
    List<Plan> plans = parts.stream().map(Part::plan).toList();
    return new Relay(store, SuiteProgress.of(plans, listener), all).run(parts, ended);
  }

  private List<RunSummary> run(List<Part> parts, BiConsumer<Plan, RunSummary> ended)
      throws IOException {
    ExecutorService threads =
        Executors.newCachedThreadPool(task -> SparkExecutor.daemon(task, "rnnsweep-plan"));
    CompletionService<Ended> running = new ExecutorCompletionService<>(threads);
    List<Stage> before = new ArrayList<>();
    for (Part part : parts) {
      List<Stage> earlier = List.copyOf(before);
      Stage own = new Stage();
      before.add(own);
      running.submit(() -> new Ended(part, run(part, own, earlier)));
    }
    threads.shutdown();
    List<RunSummary> summaries = new ArrayList<>();
    Throwable failure = null;
    boolean interrupted = false;
    for (int left = parts.size(); left > 0; ) {
      try {
        Future<Ended> next = running.take();
        left--;
        summaries.add(next.get().summary());
        if (next.get().summary().ending() != Ending.CANCELLED) {
          ended.accept(next.get().part().plan(), next.get().summary());
        }
      } catch (ExecutionException | RuntimeException | Error e) {
        Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
        failure = failure == null ? cause : failure;
        if (left > 0) {
          cancellation.cancel();
        }
      } catch (InterruptedException e) {
        interrupted = true;
        cancellation.cancel();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure != null) {
      throw SparkExecutor.failure(failure);
    }
    return summaries;
  }

  /** On a thread of its own. */
  private RunSummary run(Part part, Stage own, List<Stage> before)
      throws InterruptedException, IOException {
    try {
      await(part.plan(), before);
      if (cancellation.isCancelled()) {
        return new RunSummary(Ending.CANCELLED, Map.of(), List.of(), 0, 0);
      }
      Consumer<RunProgress> told = progress.next();
      return part.executor()
          .run(
              part.plan(),
              store,
              now -> {
                told.accept(now);
                if (now.bundles() - now.bundlesDone() <= 2 * now.running()) {
                  own.draining.countDown();
                }
              },
              cancellation);
    } finally {
      own.draining.countDown();
      own.ended.countDown();
    }
  }

  private static void await(Plan plan, List<Stage> before) throws InterruptedException {
    if (plan.experiment().seeds().isAdaptive()) {
      for (Stage each : before) {
        each.ended.await();
      }
    } else if (!before.isEmpty()) {
      before.get(before.size() - 1).draining.await();
    }
  }
}
