package org.rnnsweep.driver.execute;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.rnnsweep.driver.execute.RunSummary.Ending;
import org.rnnsweep.driver.execute.RunSummary.TrialError;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.store.StoreException;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;

/**
 * Adds up what the bundles of one run report, and says what is to run next: the plan, then what was
 * lost or ran out of memory, each trial alone, at most twice. Bundles in other processes report
 * only their end; those in this one are found by the run's id and also say how far they are.
 */
final class RunMeter {
  /** How often a trial that was lost or ran out of memory runs once more. */
  static final int REPEATS = 2;

  private static final Map<String, RunMeter> OF_THIS_PROCESS = new ConcurrentHashMap<>();

  private final Job job;
  private final int planTrials;
  private final int stopAfterSameError;
  private final long startedNanos = System.nanoTime();
  private final BundleReport total = new BundleReport();
  private final List<Bundle> waiting;

  /** What was given out, over all rounds; the indices of reports. */
  private final List<Bundle> bundles = new ArrayList<>();

  private final BitSet done = new BitSet();
  private final Map<Integer, Double> underWay = new HashMap<>();
  private final AtomicInteger runningHere = new AtomicInteger();
  private double flops;
  private double flopsDone;
  private boolean stopped;

  /** Bundles that may run beside each other, with the index of the first. */
  record Round(int first, List<Bundle> bundles) {}

  RunMeter(Plan plan, RunOptions options) {
    this.job = plan.experiment().job();
    this.planTrials = plan.trials();
    this.stopAfterSameError = options.stopAfterSameError();
    this.waiting = new ArrayList<>(plan.bundles());
    this.flops = plan.flops();
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

  /** What runs now that all rounds before have ended; empty at the end. */
  synchronized Optional<Round> nextRound() {
    if (waiting.isEmpty() || stopped) {
      return Optional.empty();
    }
    int repeat = waiting.stream().mapToInt(Bundle::repeat).min().orElseThrow();
    List<Bundle> next = waiting.stream().filter(bundle -> bundle.repeat() == repeat).toList();
    waiting.removeIf(bundle -> bundle.repeat() == repeat);
    int first = bundles.size();
    bundles.addAll(next);
    return Optional.of(new Round(first, next));
  }

  /** Whether the run ends for its errors. */
  synchronized boolean isStopped() {
    return stopped;
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

  synchronized void advanced(int bundle, double flopsOfIt) {
    if (!done.get(bundle)) {
      underWay.put(bundle, flopsOfIt);
    }
  }

  /**
   * Takes note of a bundle's end, whatever its task's attempts.
   *
   * @return whether the run goes on
   * @throws StoreException if the bundle says that results cannot be stored
   */
  synchronized boolean finished(int index, BundleReport report) throws StoreException {
    if (!report.broken().isEmpty()) {
      throw new StoreException(report.broken());
    }
    if (!done.get(index)) {
      Bundle bundle = bundles.get(index);
      done.set(index);
      underWay.remove(index);
      flopsDone += bundle.flops();
      total.add(report);
      if (bundle.repeat() < REPEATS && !report.repeatable().isEmpty()) {
        repeat(bundle, report);
      }
      stopped |= failsTheSameWay();
    }
    return !stopped;
  }

  private void repeat(Bundle bundle, BundleReport report) {
    List<String> ids = List.copyOf(report.repeatable());
    for (TrialGroup group : bundle.groups()) {
      for (Trial trial : group.trials()) {
        if (ids.contains(trial.id())) {
          TrialGroup alone = TrialGroup.of(trial);
          Bundle again = Bundle.again(alone, job.cost(alone), bundle.repeat() + 1);
          waiting.add(again);
          flops += again.flops();
          total.withdraw(trial.id());
        }
      }
    }
  }

  /** Whether all that has ended so far failed, and with one error. */
  private boolean failsTheSameWay() {
    return stopAfterSameError > 0
        && total.trials() >= stopAfterSameError
        && total.errors().size() == 1
        && total.counts().getOrDefault(Outcome.FAILED, 0) == total.trials();
  }

  synchronized RunProgress progress(int running) {
    double partial = 0;
    for (Map.Entry<Integer, Double> entry : underWay.entrySet()) {
      Bundle bundle = bundles.get(entry.getKey());
      partial += Math.min(entry.getValue(), bundle.flops());
    }
    return new RunProgress(
        done.cardinality(),
        bundles.size() + waiting.size(),
        total.trials(),
        planTrials,
        flopsDone + partial,
        flops,
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
    return new RunSummary(
        stopped ? Ending.STOPPED : ending, Map.copyOf(total.counts()), errors, seconds());
  }

  private double seconds() {
    return (System.nanoTime() - startedNanos) * 1e-9;
  }
}
