package org.rnnsweep.driver.execute;

import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.rnnsweep.driver.execute.RunSummary.Ending;
import org.rnnsweep.driver.execute.RunSummary.TrialError;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.plan.Plan;

/**
 * Adds up what the bundles of one run report. Bundles in other processes report only their end;
 * those in this one are found by the run's id and also say how far they are.
 */
final class RunMeter {
  private static final Map<String, RunMeter> OF_THIS_PROCESS = new ConcurrentHashMap<>();

  private final Plan plan;
  private final double planFlops;
  private final int planTrials;
  private final long startedNanos = System.nanoTime();
  private final BundleReport total = new BundleReport();
  private final BitSet done = new BitSet();
  private final Map<Integer, Double> underWay = new HashMap<>();
  private final AtomicInteger runningHere = new AtomicInteger();
  private double flopsDone;

  RunMeter(Plan plan) {
    this.plan = plan;
    this.planFlops = plan.flops();
    this.planTrials = plan.trials();
  }

  /** Makes the meter known to bundles of that run in this process, until {@link #forget}. */
  void listen(String runId) {
    OF_THIS_PROCESS.put(runId, this);
  }

  static void forget(String runId) {
    OF_THIS_PROCESS.remove(runId);
  }

  /** The meter of that run, or null when the driver is another process. */
  static RunMeter find(String runId) {
    return OF_THIS_PROCESS.get(runId);
  }

  /** Told by bundles of this process before they do anything, and by {@link #ended} after all. */
  void began() {
    runningHere.incrementAndGet();
  }

  void ended() {
    runningHere.decrementAndGet();
  }

  /** Bundles under way in this process. */
  int runningHere() {
    return runningHere.get();
  }

  synchronized void advanced(int bundle, double flops) {
    if (!done.get(bundle)) {
      underWay.put(bundle, flops);
    }
  }

  synchronized void finished(int bundle, BundleReport report) {
    if (!done.get(bundle)) {
      done.set(bundle);
      underWay.remove(bundle);
      flopsDone += plan.bundles().get(bundle).flops();
      total.add(report);
    }
  }

  synchronized RunProgress progress(int running) {
    double partial = 0;
    for (Map.Entry<Integer, Double> entry : underWay.entrySet()) {
      Bundle bundle = plan.bundles().get(entry.getKey());
      partial += Math.min(entry.getValue(), bundle.flops());
    }
    return new RunProgress(
        done.cardinality(),
        plan.bundles().size(),
        total.trials(),
        planTrials,
        flopsDone + partial,
        planFlops,
        running,
        total.unsettled(),
        seconds());
  }

  synchronized RunSummary summary(Ending ending) {
    List<TrialError> errors =
        total.errors().stream()
            .sorted(
                Comparator.comparingInt(TrialError::trials)
                    .reversed()
                    .thenComparing(TrialError::message))
            .toList();
    return new RunSummary(ending, Map.copyOf(total.counts()), errors, seconds());
  }

  private double seconds() {
    return (System.nanoTime() - startedNanos) * 1e-9;
  }
}
