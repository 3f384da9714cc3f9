package org.rnnsweep.driver.execute;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.rnnsweep.driver.plan.Plan;

/**
 * Turns the progress of plans that are begun one after another, and may run beside each other, into
 * the progress of all of them. Work is counted in operations over all plans alike.
 *
 * <p>The time left is that of the plans under way, each weighted by the slots that it holds, plus
 * the work of all others at the mean rate of what is behind; at least that of the first under way,
 * which is served before the others and so has its own estimate to itself.
 */
public final class SuiteProgress {
  private final Consumer<RunProgress> listener;
  private final int bundles;
  private final int trials;
  private final double flops;
  private final List<Part> parts = new ArrayList<>(); // as they began
  private double elapsed;

  /** A plan that has begun. */
  private static final class Part {
    final double from;
    RunProgress last = new RunProgress(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    Part(double from) {
      this.from = from;
    }
  }

  private SuiteProgress(List<Plan> plans, Consumer<RunProgress> listener) {
    this.listener = listener;
    this.bundles = plans.stream().mapToInt(plan -> plan.bundles().size()).sum();
    this.trials = plans.stream().mapToInt(Plan::trials).sum();
    this.flops = plans.stream().mapToDouble(Plan::flops).sum();
  }

  /** Tells {@code listener} of all plans together. */
  public static SuiteProgress of(List<Plan> plans, Consumer<RunProgress> listener) {
    return new SuiteProgress(plans, listener);
  }

  /** What the run of the next plan, which begins now, is to tell. */
  public synchronized Consumer<RunProgress> next() {
    Part part = new Part(elapsed);
    parts.add(part);
    return progress -> accept(part, progress);
  }

  private synchronized void accept(Part part, RunProgress own) {
    part.last = own;
    elapsed = Math.max(elapsed, part.from + own.elapsedSeconds());
    double done = parts.stream().mapToDouble(each -> each.last.flopsDone()).sum();
    listener.accept(
        new RunProgress(
            sum(RunProgress::bundlesDone),
            bundles,
            sum(RunProgress::trialsDone),
            trials,
            done,
            flops,
            sum(RunProgress::running),
            sum(RunProgress::failed),
            elapsed,
            secondsLeft(done)));
  }

  private int sum(ToIntFunction<RunProgress> of) {
    return parts.stream().mapToInt(part -> of.applyAsInt(part.last)).sum();
  }

  /** NaN while nothing is known. */
  private double secondsLeft(double done) {
    if (done == 0) {
      return Double.NaN;
    }
    List<RunProgress> known =
        parts.stream()
            .map(part -> part.last)
            .filter(last -> last.running() > 0 && !Double.isNaN(last.secondsLeft()))
            .toList();
    if (known.isEmpty()) {
      return (flops - done) * elapsed / done;
    }
    double slots = sum(known, RunProgress::running);
    double left = sum(known, last -> last.running() * last.secondsLeft()) / slots;
    double other = flops - done - sum(known, last -> last.flops() - last.flopsDone());
    return Math.max(known.get(0).secondsLeft(), left + Math.max(other, 0) * elapsed / done);
  }

  private static double sum(List<RunProgress> known, ToDoubleFunction<RunProgress> of) {
    return known.stream().mapToDouble(of).sum();
  }
}
