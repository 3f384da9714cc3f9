package org.rnnsweep.driver.execute;

import java.util.List;
import java.util.function.Consumer;
import org.rnnsweep.driver.plan.Plan;

/**
 * Turns the progress of plans that are run one after another into the progress of all of them. Work
 * is counted in operations over all plans alike, and the time left assumes that plans to come run
 * at the mean rate of what is behind.
 */
public final class SuiteProgress {
  private final Consumer<RunProgress> listener;
  private final int bundles;
  private final int trials;
  private final double flops;
  private RunProgress before = new RunProgress(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  private RunProgress last = before;

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

  /** What the run of the next plan is to tell; the plan before it has ended. */
  public synchronized Consumer<RunProgress> next() {
    before = last;
    return this::accept;
  }

  private synchronized void accept(RunProgress own) {
    double elapsed = before.elapsedSeconds() + own.elapsedSeconds();
    double done = before.flopsDone() + own.flopsDone();
    double later = Math.max(flops - before.flopsDone() - own.flops(), 0);
    last =
        new RunProgress(
            before.bundlesDone() + own.bundlesDone(),
            bundles,
            before.trialsDone() + own.trialsDone(),
            trials,
            done,
            flops,
            own.running(),
            before.failed() + own.failed(),
            elapsed,
            own.secondsLeft() + (later > 0 ? later * elapsed / done : 0));
    listener.accept(last);
  }
}
