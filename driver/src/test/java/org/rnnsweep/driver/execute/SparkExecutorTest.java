package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.execute.RunSummary.Ending;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.InMemoryTrialStore;
import org.rnnsweep.driver.store.StoreException;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;

class SparkExecutorTest extends TrialExecutorContract {
  @Override
  TrialExecutor executor() {
    return SparkExecutor.of(SharedSpark.context());
  }

  @Test
  void sparkAndThreadsGiveOneStore() throws Exception {
    Plan plan =
        Plans.of(
            Plans.trials(30, "well", 0, 5),
            Plans.trials(7, "nan", 0, 2),
            Plans.trials(7, "exhaust", 0, 1),
            Plans.trials(3, "refuse", 0, 1));
    FolderTrialStore ofSpark = store();
    executor().run(plan, ofSpark, progress -> {}, new Cancellation());
    FolderTrialStore ofThreads =
        FolderTrialStore.create(folder.resolve("threads").toString(), new Configuration());
    new InProcessExecutorTest().executor().run(plan, ofThreads, p -> {}, new Cancellation());
    Map<String, TrialRecord> one = scanned(ofSpark);
    Map<String, TrialRecord> other = scanned(ofThreads);
    assertThat(one).hasSize(9).hasSameSizeAs(other);
    one.forEach(
        (id, record) -> {
          TrialRecord twin = other.get(id);
          assertThat(record.trial()).isEqualTo(twin.trial());
          assertThat(record.outcome()).isEqualTo(twin.outcome());
          assertThat(record.message()).isEqualTo(twin.message());
          assertThat(record.metrics()).isEqualTo(twin.metrics());
          assertThat(record.series().keySet()).isEqualTo(twin.series().keySet());
          record
              .series()
              .forEach((name, values) -> assertThat(values).isEqualTo(twin.series().get(name)));
          assertThat(record.provenance().spark()).isEqualTo(SharedSpark.context().version());
          assertThat(twin.provenance().spark()).isEqualTo("none");
          assertThat(record.provenance().executor()).isEqualTo("driver"); // local[2]
          assertThat(twin.provenance().executor()).isEqualTo("none");
        });
  }

  /** A store that vanishes under the run is no trial's failure. */
  @Test
  void aStoreThatExecutorsCannotOpenEndsTheRun() {
    assertThatThrownBy(
            () ->
                executor()
                    .run(
                        Plans.of(Plans.trials(2, "well", 0, 1)),
                        new InMemoryTrialStore(),
                        progress -> {},
                        new Cancellation()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("host " + Host.ofThisProcess().name() + ": cannot use memory:");
  }

  @Test
  void theProbePassesWhereAllSeeTheFolder() throws Exception {
    FolderTrialStore store = store();
    NumericsProfile numerics =
        new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE);
    StoreProbe.check(SharedSpark.context(), store.location(), List.of(FakeJob.NUMERICS, numerics));
    assertThat(scanned(store)).isEmpty();
    assertThat(folder.resolve("store").toFile().list()).containsOnlyOnce("rnnsweep-store.json");
    assertThat(folder.resolve("store"))
        .isDirectoryNotContaining(path -> path.getFileName().toString().contains("probe"));
  }

  @Test
  void theProbeTellsKernelsApart() {
    List<byte[]> answers =
        Stream.of("executor-1 alpha aaaa", "executor-2 beta aaaa", "executor-3 gamma cccc", "!no")
            .map(String::getBytes)
            .collect(Collectors.toList());
    assertThat(StoreProbe.kernels(answers))
        .isEqualTo(new TreeMap<>(Map.of("aaaa", "alpha", "cccc", "gamma")));
    assertThat(StoreProbe.kernels(List.of("executor-1 alpha none".getBytes()))).isEmpty();
    assertThat(OneKernel.mixed(StoreProbe.kernels(answers), "the executors have"))
        .hasMessageStartingWith(
            "the executors have two BLAS kernels: fingerprint aaaa on host alpha, fingerprint cccc"
                + " on host gamma");
    NumericsProfile held = new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.SINGLE);
    assertThat(OneKernel.held(List.of(FakeJob.NUMERICS, held))).isEqualTo(held.canonical());
    assertThat(OneKernel.held(List.of(FakeJob.NUMERICS))).isEmpty();
  }

  /**
   * One trial of the first plan is under way until the run is cancelled, which happens when the
   * second has ended: on two slots, of which Spark gives the other to what was submitted next.
   */
  @Test
  @Timeout(60)
  void plansRunBesideEachOtherAndLeaveEachOthersMarksAlone() throws Exception {
    FakeJob.waiting = new CountDownLatch(1);
    FolderTrialStore store = store();
    Cancellation cancellation = new Cancellation();
    RunOptions options = RunOptions.standard();
    SparkExecutor spark = SparkExecutor.of(SharedSpark.context());
    List<Relay.Part> parts = new ArrayList<>();
    for (Plan plan :
        List.of(
            RelayTest.plan("long", Plans.of(Plans.trials(8, "wait", 0, 1))),
            RelayTest.plan(
                "quick", Plans.of(Plans.trials(8, "well", 0, 3), Plans.trials(8, "nan", 0, 1))),
            RelayTest.plan("last", Plans.of(Plans.trials(9, "well", 0, 2))))) {
      parts.add(new Relay.Part(plan, spark.withOptions(options)));
    }
    List<String> ended = new ArrayList<>();
    List<RunSummary> summaries =
        Relay.run(
            parts,
            store,
            progress -> {},
            (plan, summary) -> {
              assertThat(summary.ending()).isEqualTo(Ending.FINISHED);
              ended.add(plan.experiment().name());
              String marks = "store/_started/" + options.runId(plan.experiment());
              assertThat(folder.resolve(marks)).doesNotExist();
              if (ended.size() == 2) {
                String others = options.runId(parts.get(0).plan().experiment());
                assertThat(marked(store, others)).containsExactly(FakeJob.trial(8, "wait", 0).id());
                cancellation.cancel();
              }
            },
            cancellation);
    assertThat(ended).containsExactlyInAnyOrder("quick", "last");
    assertThat(summaries).hasSize(3).last().returns(true, s -> s.ending() == Ending.CANCELLED);
    assertThat(scanned(store)).hasSize(6);
    assertThat(folder.resolve("store/_started")).doesNotExist();
  }

  private static Set<String> marked(FolderTrialStore store, String runId) {
    try {
      return StartedMarks.of(store, runId).left(0).trialIds();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stands for a path that means another folder on the executors: only they fail to see it. */
  @Test
  void theProbeNamesTheHostThatCannotUseTheFolder() throws Exception {
    Configuration drivers = SharedSpark.context().hadoopConfiguration();
    drivers.set("fs.driveronly.impl", DriverOnly.class.getName());
    drivers.set("fs.driveronly.impl.disable.cache", "true"); // the executor is in this process
    try {
      assertThatThrownBy(
              () ->
                  StoreProbe.check(
                      SharedSpark.context(),
                      "driveronly://" + folder.resolve("store"),
                      List.of(FakeJob.NUMERICS)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("host " + Host.ofThisProcess().name())
          .hasMessageContaining("driveronly");
      assertThat(folder.resolve("store")).as("nothing is left behind").doesNotExist();
    } finally {
      drivers.unset("fs.driveronly.impl");
    }
  }

  /** A file system that is configured on the driver alone. */
  public static final class DriverOnly extends org.apache.hadoop.fs.RawLocalFileSystem {
    @Override
    public java.net.URI getUri() {
      return java.net.URI.create("driveronly:///");
    }
  }
}
