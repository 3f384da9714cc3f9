package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.execute.RunSummary.Ending;
import org.rnnsweep.driver.execute.RunSummary.TrialError;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.store.Build;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.Provenance;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.driver.store.TrialStore;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;

/** What both executors promise. */
abstract class TrialExecutorContract {
  @TempDir Path folder;

  abstract TrialExecutor executor();

  FolderTrialStore store() throws IOException {
    return FolderTrialStore.create(folder.resolve("store").toString(), new Configuration());
  }

  static Map<String, TrialRecord> scanned(TrialStore store) throws IOException {
    List<TrialRecord> records = new ArrayList<>();
    assertThat(store.scan(records::add)).isEmpty();
    return records.stream().collect(Collectors.toMap(TrialRecord::trialId, r -> r));
  }

  private RunSummary run(Plan plan) throws IOException {
    return executor().run(plan, store(), progress -> {}, new Cancellation());
  }

  /** The oracle is the job itself, called here and now without any engine. */
  @Test
  final void everyTrialHasTheBitsOfAPlainCall() throws Exception {
    Plan plan =
        Plans.of(
            Plans.trials(20, "well", 0, 4),
            Plans.trials(9, "well", 0, 3),
            Plans.trials(1, "well", 5, 6));
    RunSummary summary = run(plan);
    assertThat(summary.ending()).isEqualTo(Ending.FINISHED);
    assertThat(summary.counts()).isEqualTo(Map.of(Outcome.COMPLETED, 8));
    assertThat(summary.errors()).isEmpty();
    Map<String, TrialRecord> stored = scanned(store());
    assertThat(stored).hasSize(8);
    for (var bundle : plan.bundles()) {
      for (TrialGroup group : bundle.groups()) {
        TrialRecord record = stored.get(group.first().id());
        TrialResult expected = BundleRunnerTest.plainCall(group);
        assertThat(record.trial()).isEqualTo(group.first());
        assertThat(record.outcome()).isEqualTo(expected.outcome());
        assertThat(record.metrics()).isEqualTo(expected.metrics());
        assertThat(record.series().get("draws")).isEqualTo(expected.series().get("draws"));
        assertThat(record.provenance().experiment()).isEqualTo("sample");
        assertThat(record.provenance().specHash()).isEqualTo("5bec");
        assertThat(record.provenance().host()).isNotEmpty();
      }
    }
  }

  /** Job version, spec hash, root seed and seed index are compared with the trial above. */
  @Test
  final void everyRowSaysWhereItComesFrom() throws Exception {
    long before = System.currentTimeMillis();
    run(Plans.of(Plans.trials(4, "well", 0, 2), Plans.trials(4, "fail", 0, 1)));
    Map<String, TrialRecord> stored = scanned(store());
    assertThat(stored).hasSize(3);
    for (TrialRecord record : stored.values()) {
      Provenance from = record.provenance();
      assertThat(from.commit()).isEqualTo(Build.commit());
      assertThat(from.host()).isNotBlank();
      assertThat(from.cpu()).isNotBlank();
      assertThat(from.blas()).isEqualTo("java"); // FakeJob's profile
      assertThat(from.fingerprint()).isEqualTo("java");
      assertThat(from.java()).contains(System.getProperty("java.vm.version"));
      assertThat(from.spark()).isNotBlank();
      assertThat(from.executor()).isNotBlank();
      assertThat(UUID.fromString(from.attempt())).isNotNull();
      assertThat(from.startedEpochMillis()).isBetween(before, System.currentTimeMillis());
      assertThat(from.seconds()).isPositive();
      assertThat(from.peakBytes()).isEqualTo(record.outcome() == Outcome.COMPLETED ? 128 : 0);
    }
  }

  @Test
  final void failuresAreStoredOutcomesAndEndNothing() throws Exception {
    Plan plan =
        Plans.of(
            Plans.trials(4, "fail", 0, 2),
            Plans.trials(4, "nan", 0, 1),
            Plans.trials(4, "refuse", 0, 1),
            Plans.trials(4, "exhaust", 0, 1),
            Plans.trials(4, "lie", 0, 1),
            Plans.trials(4, "fail", 2, 3),
            Plans.trials(4, "throw", 0, 1),
            Plans.trials(1 << 12, "well", 0, 1), // 128 MiB where 64 are allowed
            Plans.trials(4, "well", 0, 1));
    RunSummary summary = run(plan);
    assertThat(summary.counts())
        .isEqualTo(
            Map.of(
                Outcome.FAILED, 5,
                Outcome.DIVERGED, 1,
                Outcome.REJECTED, 1,
                Outcome.OUT_OF_MEMORY, 2,
                Outcome.COMPLETED, 1));
    assertThat(summary.trials()).isEqualTo(10);
    assertThat(summary.unsettled()).isEqualTo(7);
    TrialError most = summary.errors().get(0);
    assertThat(most.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(most.message()).isEqualTo("java.lang.IllegalStateException: no luck");
    assertThat(most.trials()).isEqualTo(3);
    assertThat(most.trialId()).isIn(Plans.trials(4, "fail", 0, 3).stream().map(Trial::id).toList());
    assertThat(summary.errors())
        .extracting(TrialError::message)
        .hasSize(7)
        .anyMatch(m -> m.equals("drawn is NaN"))
        .anyMatch(m -> m.contains("width 4 is not for me"))
        .anyMatch(m -> m.equals("java.lang.Error: an error of its own"))
        .as("twice doubled, then given up")
        .anyMatch(m -> m.contains("needs 520 bytes, but only 512 of the 512 declared are free"))
        .anyMatch(m -> m.contains("a metric that it does not declare: undeclared"))
        .anyMatch(
            m -> m.startsWith("needs 134217728 bytes off the heap, but trials may take 6710"));
    Map<String, TrialRecord> stored = scanned(store());
    assertThat(stored).hasSize(10);
    String trace = stored.get(FakeJob.trial(4, "fail", 0).id()).message();
    assertThat(trace)
        .contains("at org.rnnsweep.driver.FakeJob.run", "caused by java.lang.ArithmeticException")
        .doesNotContain("org.rnnsweep.driver.execute");
    assertThat(stored.get(FakeJob.trial(4, "nan", 0).id()).metrics()).containsKey("drawn");
  }

  /** What it declared, then twice that, which is enough; the first end is stored, too. */
  @Test
  final void whatRanOutOfMemoryRunsAgainWithMore() throws Exception {
    List<Trial> hungry = Plans.trials(6, "hungry", 0, 3);
    RunSummary summary = run(Plans.of(hungry, Plans.trials(8, "well", 0, 2)));
    assertThat(summary.counts()).isEqualTo(Map.of(Outcome.COMPLETED, 5));
    assertThat(summary.errors()).isEmpty();
    assertThat(scanned(store()).values())
        .extracting(TrialRecord::outcome)
        .containsOnly(Outcome.COMPLETED)
        .hasSize(5);
    for (Trial trial : hungry) {
      assertThat(store().records(trial.id()))
          .extracting(TrialRecord::outcome)
          .containsExactlyInAnyOrder(Outcome.OUT_OF_MEMORY, Outcome.COMPLETED);
    }
  }

  /** One group a bundle, so that no bundle in flight hides how soon it stops. */
  private static Plan failing(String first, int trials) {
    List<List<Trial>> bundles = new ArrayList<>();
    bundles.add(Plans.trials(4, first, 0, 1));
    for (int seed = 1; seed < trials; seed++) {
      bundles.add(Plans.trials(2 + seed, "fail", seed, seed + 1));
    }
    return Plans.of(bundles.<List<Trial>>toArray(List[]::new));
  }

  @Test
  final void oneErrorInTheFirstTrialsStopsTheRun() throws Exception {
    RunSummary summary = run(failing("fail", 60));
    assertThat(summary.ending()).isEqualTo(Ending.STOPPED);
    assertThat(summary.trials()).isBetween(RunOptions.SAME_ERROR, RunOptions.SAME_ERROR + 2);
    assertThat(summary.errors()).singleElement();
    assertThat(scanned(store()).size()).isGreaterThanOrEqualTo(RunOptions.SAME_ERROR);
  }

  /** The twin: one other end among the first, and nothing is concluded from the rest. */
  @Test
  final void oneErrorAmongOtherEndsStopsNothing() throws Exception {
    RunSummary summary = run(failing("nan", 30));
    assertThat(summary.ending()).isEqualTo(Ending.FINISHED);
    assertThat(summary.counts()).isEqualTo(Map.of(Outcome.FAILED, 29, Outcome.DIVERGED, 1));
  }

  @Test
  final void aSecondRunHasNothingToDo() throws Exception {
    List<Trial> well = Plans.trials(8, "well", 0, 3);
    List<Trial> failing = Plans.trials(8, "fail", 0, 1);
    run(Plans.of(well, failing));
    Plan second = Plans.without(store().settledIds(), well, failing);
    assertThat(second.storedTrials()).isEqualTo(3);
    assertThat(second.trials()).isEqualTo(1); // what failed is tried again
    Plan third = Plans.without(store().settledIds(), well);
    RunSummary summary = run(third);
    assertThat(summary.trials()).isZero();
    assertThat(summary.ending()).isEqualTo(Ending.FINISHED);
  }

  @Test
  final void runningWhatIsStoredAlreadyDoesNoHarm() throws Exception {
    Plan plan = Plans.of(Plans.trials(8, "well", 0, 3), Plans.trials(8, "nan", 0, 1));
    run(plan);
    run(plan);
    assertThat(scanned(store())).hasSize(4); // and scanned() saw no disagreement
  }

  @Test
  final void progressEndsAtTheEnd() throws Exception {
    List<RunProgress> seen = new ArrayList<>();
    Plan plan = Plans.of(Plans.trials(8, "well", 0, 5), Plans.trials(4, "fail", 0, 1));
    executor().run(plan, store(), seen::add, new Cancellation());
    RunProgress last = seen.get(seen.size() - 1);
    assertThat(last.bundlesDone()).isEqualTo(2);
    assertThat(last.trialsDone()).isEqualTo(6);
    assertThat(last.flopsDone()).isEqualTo(plan.flops());
    assertThat(last.failed()).isEqualTo(1);
    assertThat(last.fraction()).isEqualTo(1);
    assertThat(seen).extracting(RunProgress::fraction).isSorted();
  }

  @Test
  final void aCancelledRunReturnsSoonAndKeepsWhatIsComplete() throws Exception {
    FakeJob.waiting = new CountDownLatch(1);
    List<Trial> mixed = new ArrayList<>(Plans.trials(8, "well", 0, 3));
    mixed.addAll(Plans.trials(8, "wait", 0, 1));
    mixed.addAll(Plans.trials(8, "well", 3, 4)); // never reached
    Plan plan = Plans.of(mixed);
    Cancellation cancellation = new Cancellation();
    Thread keyboard =
        new Thread(
            () -> {
              try {
                FakeJob.waiting.await(30, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              cancellation.cancel();
            });
    keyboard.start();
    RunSummary summary = executor().run(plan, store(), progress -> {}, cancellation);
    keyboard.join();
    assertThat(summary.ending()).isEqualTo(Ending.CANCELLED);
    assertThat(cancellation.patienceLeft()).isPositive();
    assertThat(scanned(store()).keySet())
        .isEqualTo(
            Plans.trials(8, "well", 0, 3).stream().map(Trial::id).collect(Collectors.toSet()));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  final void aRunCancelledBeforeItBeganRunsNothing() throws Exception {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    RunSummary summary =
        executor().run(Plans.of(Plans.trials(8, "wait", 0, 1)), store(), p -> {}, cancellation);
    assertThat(summary.ending()).isEqualTo(Ending.CANCELLED);
    assertThat(summary.trials()).isZero();
  }
}
