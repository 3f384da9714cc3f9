package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.InMemoryTrialStore;
import org.rnnsweep.driver.store.StoreException;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.linalg.Arena;

@Timeout(60)
class BundleRunnerTest {
  private static final RunIdentity RUN = new RunIdentity("sample", "5bec", "none");

  private final InMemoryTrialStore store = new InMemoryTrialStore();
  private final MemoryTicket memory = MemoryTicket.ofBytes(1 << 20);

  private BundleRunner runner() {
    return new BundleRunner(new FakeJob(), store, memory, RUN, () -> false);
  }

  /** The only trial's result without any engine. */
  static TrialResult plainCall(TrialGroup group) throws InterruptedException {
    try (Arena arena = Arena.ofBytes(1 << 20)) {
      JobContext context =
          new JobContext() {
            @Override
            public Arena arena() {
              return arena;
            }

            @Override
            public void progress(double fraction) {}

            @Override
            public void checkCancelled() {}
          };
      return new FakeJob().run(group, context).get(0);
    }
  }

  private static Bundle bundle(List<Trial> trials) {
    return Plans.of(trials).bundles().get(0);
  }

  @Test
  void memoryIsGivenBackHoweverTrialsEnd() throws Exception {
    List<Trial> trials = new ArrayList<>();
    for (String manner : List.of("well", "fail", "exhaust", "nan", "refuse", "lie")) {
      trials.addAll(Plans.trials(300, manner, 0, 2)); // 720,000 of 1,048,576 bytes each
    }
    BundleReport report = runner().run(bundle(trials), flops -> {});
    assertThat(report.trials()).isEqualTo(12);
    memory.take(memory.capacityBytes()); // does not wait: the class has a time limit
  }

  @Test
  void provenanceSaysWhatTheGroupTook() throws Exception {
    runner().run(bundle(Plans.trials(100, "well", 0, 1)), flops -> {});
    List<TrialRecord> records = new ArrayList<>();
    store.scan(records::add);
    assertThat(records.get(0).provenance().peakBytes()).isEqualTo(8 * 100 * 100);
    assertThat(records.get(0).provenance().seconds()).isBetween(0.0, 60.0);
    assertThat(records.get(0).provenance().startedEpochMillis())
        .isCloseTo(System.currentTimeMillis(), org.assertj.core.data.Offset.offset(60_000L));
  }

  @Test
  void progressIsToldInFlopsWithinAGroupToo() throws Exception {
    TrialGroup group = new TrialGroup(Plans.trials(10, "well", 0, 4));
    Bundle bundle = new Bundle(List.of(group, TrialGroup.of(FakeJob.trial(6, "well", 0))), 46, 800);
    List<Double> told = new ArrayList<>();
    runner().run(bundle, told::add);
    assertThat(told).containsExactly(10.0, 20.0, 30.0, 40.0, 40.0, 46.0, 46.0);
  }

  @Test
  void anInterruptStoresWhatIsCompleteAndPropagates() throws Exception {
    FakeJob.waiting = new CountDownLatch(1);
    List<Trial> trials = new ArrayList<>(Plans.trials(4, "well", 0, 2));
    trials.addAll(Plans.trials(4, "wait", 0, 1));
    Thread runner = Thread.currentThread();
    Thread interrupter =
        new Thread(
            () -> {
              try {
                FakeJob.waiting.await();
                runner.interrupt();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    interrupter.start();
    assertThatThrownBy(() -> runner().run(bundle(trials), flops -> {}))
        .isInstanceOf(InterruptedException.class);
    assertThat(store.settledIds())
        .containsExactlyInAnyOrderElementsOf(
            Plans.trials(4, "well", 0, 2).stream().map(Trial::id).toList());
  }

  @Test
  void anAbandonedBundleStopsWithoutAnInterrupt() {
    BundleRunner abandoned = new BundleRunner(new FakeJob(), store, memory, RUN, () -> true);
    assertThatThrownBy(() -> abandoned.run(bundle(Plans.trials(4, "wait", 0, 1)), flops -> {}))
        .isInstanceOf(InterruptedException.class)
        .hasMessage("the bundle is abandoned");
  }

  private static Set<String> ids(List<Trial> trials) {
    return trials.stream().map(Trial::id).collect(Collectors.toSet());
  }

  /** As Spark calls it after an executor's death: what that one stored is there, and its mark. */
  @Test
  void aReattemptSkipsWhatIsStoredAndHandsBackWhatWasStarted(@TempDir Path folder)
      throws Exception {
    FolderTrialStore files = FolderTrialStore.create(folder.toString(), new Configuration());
    StartedMarks marks = StartedMarks.of(files, "run");
    List<Trial> trials = Plans.trials(4, "well", 0, 5);
    BundleReport ofFirst = new BundleReport();
    new BundleRunner(new FakeJob(), files, memory, RUN, () -> false)
        .run(bundle(trials.subList(0, 1)), flops -> {});
    files.scan(ofFirst::add);
    marks
        .writer(3, 0)
        .write(new StartedMarks.Mark(1, ofFirst, ids(trials.subList(1, 3)), 1_000_000));

    BundleReport report =
        new BundleRunner(new FakeJob(), files, memory, RUN, () -> false)
            .run(bundle(trials), marks.writer(3, 1), marks.left(3), flops -> {});
    assertThat(report.counts()).isEqualTo(Map.of(Outcome.COMPLETED, 3, Outcome.LOST, 2));
    assertThat(report.repeatable()).containsExactlyInAnyOrderElementsOf(ids(trials.subList(1, 3)));
    assertThat(files.records("")).as("none is there twice").hasSize(5);
    assertThat(files.records(trials.get(1).id()))
        .singleElement()
        .returns(Outcome.LOST, TrialRecord::outcome)
        .returns(1_000_000L, record -> record.provenance().startedEpochMillis());
    assertThat(marks.left(3).trialIds()).as("the second attempt's mark is gone").isNotEmpty();
    marks.close();
    assertThat(folder.resolve("_started")).doesNotExist();
  }

  @Test
  void aTrialThatHearsItTimesOutAndTheBundleGoesOn() throws Exception {
    FakeJob.waiting = new CountDownLatch(1);
    List<Trial> trials = new ArrayList<>(Plans.trials(4, "wait", 0, 1));
    trials.addAll(Plans.trials(4, "well", 0, 2));
    BundleRunner limited =
        new BundleRunner(new FakeJob(), store, memory, RUN, () -> false, Duration.ofMillis(200));
    BundleReport report = limited.run(bundle(trials), flops -> {});
    assertThat(report.counts()).isEqualTo(Map.of(Outcome.TIMED_OUT, 1, Outcome.COMPLETED, 2));
    assertThat(report.repeatable()).isEmpty();
    assertThat(report.errors())
        .singleElement()
        .returns("ran longer than 0.2 s allow a trial", RunSummary.TrialError::message);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    memory.take(memory.capacityBytes());
  }

  @Test
  void aStoreThatRefusesIsNoTrialsFailure() {
    var refusing =
        new org.rnnsweep.driver.store.TrialStore() {
          @Override
          public String location() {
            return "refusing:";
          }

          @Override
          public java.util.Set<String> settledIds() {
            return java.util.Set.of();
          }

          @Override
          public List<String> scan(java.util.function.Consumer<TrialRecord> consumer) {
            return List.of();
          }

          @Override
          public void append(Job job, List<TrialRecord> records) throws IOException {
            throw new IOException("the disk is full");
          }
        };
    BundleRunner runner = new BundleRunner(new FakeJob(), refusing, memory, RUN, () -> false);
    assertThatThrownBy(() -> runner.run(bundle(Plans.trials(4, "well", 0, 1)), flops -> {}))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("cannot write to the store refusing:: the disk is full");
  }
}
