package org.rnnsweep.driver.execute;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
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

  /** Of its whole time, what a bundle is given that has taken all of it. */
  private static final double LATE = 0.05;

  private static final Map<String, RunMeter> OF_THIS_PROCESS = new ConcurrentHashMap<>();

  private final Job job;
  private final int planTrials;
  private final int stopAfterSameError;
  private final LongSupplier clock;
  private final long startedNanos;
  private final TimeLeft timeLeft = new TimeLeft();
  private final BundleReport total = new BundleReport();
  private final List<Bundle> waiting;

  /** What was given out, over all rounds; the indices of reports. */
  private final List<Bundle> bundles = new ArrayList<>();

  private final BitSet done = new BitSet();
  private final Map<Integer, Double> underWay = new HashMap<>();
  private final AtomicInteger runningHere = new AtomicInteger();

  /** When bundles that are not done began, or were first seen to. */
  private final SortedMap<Integer, Long> began = new TreeMap<>();

  private int slots;
  private double flops;
  private double flopsDone;
  private boolean stopped;

  /** Bundles that may run beside each other, with the index of the first. */
  record Round(int first, List<Bundle> bundles) {}

  RunMeter(Plan plan, RunOptions options) {
    this(plan, options, System::nanoTime);
  }

  RunMeter(Plan plan, RunOptions options, LongSupplier clock) {
    this.clock = clock;
    this.startedNanos = clock.getAsLong();
    this.job = plan.experiment().job();
    if (options.aftermath() != null) {
      total.add(options.aftermath().report());
    }
    this.planTrials = plan.trials() + total.trials();
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
      began.putIfAbsent(bundle, clock.getAsLong());
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
      began.remove(index);
      timeLeft.took(bundle.flops(), bundle.groups().size(), report.seconds());
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
        seconds(),
        secondsLeft(running));
  }

  /** NaN while nothing is known. */
  private double secondsLeft(int running) {
    slots = Math.max(slots, running);
    long now = clock.getAsLong();
    // Other processes do not say what they have begun, but they begin in order.
    for (int i = done.nextClearBit(0); i < bundles.size() && began.size() < running; i++) {
      if (!done.get(i)) {
        began.putIfAbsent(i, now);
      }
    }
    TimeLeft known = timeLeft.isCalibrated() ? timeLeft : ofWhatIsUnderWay(now);
    known.begin(slots);
    began.forEach(
        (index, start) -> {
          Bundle bundle = bundles.get(index);
          double whole = seconds(known, bundle);
          Double flopsOfIt = underWay.get(index);
          known.add(
              flopsOfIt != null
                  ? whole * (1 - Math.min(flopsOfIt / Math.max(bundle.flops(), 1), 1))
                  : Math.max(whole - (now - start) * 1e-9, whole * LATE));
        });
    for (int i = done.nextClearBit(0); i < bundles.size(); i = done.nextClearBit(i + 1)) {
      if (!began.containsKey(i)) {
        known.add(seconds(known, bundles.get(i)));
      }
    }
    waiting.forEach(bundle -> known.add(seconds(known, bundle)));
    return known.isCalibrated() ? known.end() : Double.NaN;
  }

  private static double seconds(TimeLeft known, Bundle bundle) {
    return known.seconds(bundle.flops(), bundle.groups().size());
  }

  private TimeLeft ofWhatIsUnderWay(long now) {
    TimeLeft known = new TimeLeft();
    underWay.forEach(
        (index, flopsOfIt) -> {
          Bundle bundle = bundles.get(index);
          // At the size of the bundle's groups, however little of it is done.
          double groups = bundle.groups().size() * flopsOfIt / Math.max(bundle.flops(), 1);
          known.took(flopsOfIt, groups, (now - began.get(index)) * 1e-9);
        });
    return known;
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
        stopped ? Ending.STOPPED : ending,
        Map.copyOf(total.counts()),
        errors,
        seconds(),
        total.seconds());
  }

  private double seconds() {
    return (clock.getAsLong() - startedNanos) * 1e-9;
  }
}
