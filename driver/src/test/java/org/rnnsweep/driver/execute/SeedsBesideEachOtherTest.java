package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.SideBySideJob;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentSource;
import org.rnnsweep.driver.config.SeedPlan;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.store.InMemoryTrialStore;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;

/** Three seeds at two lengths in one pass: what one of them does is nothing to the others. */
@Timeout(60)
class SeedsBesideEachOtherTest {
  private static final RunIdentity RUN = new RunIdentity("sample", "5bec", "none");
  private static final int BAD = 1;

  private final SideBySideJob job = new SideBySideJob();
  private final InMemoryTrialStore store = new InMemoryTrialStore();
  private MemoryTicket memory = MemoryTicket.ofBytes(1 << 20);

  private static Bundle bundle(int bad, String manner) {
    List<Trial> trials = new ArrayList<>();
    for (int seed = 0; seed < 3; seed++) {
      for (long length : new long[] {8, 4}) {
        Configuration configuration =
            Configuration.of(
                Map.of("together", 3L, "length", length, "bad", (long) bad, "manner", manner));
        trials.add(new Trial("side-by-side", 1, FakeJob.NUMERICS, 42, seed, configuration));
      }
    }
    return new Bundle(List.of(new TrialGroup(trials)), 6, 3 * SideBySideJob.SEED_BYTES);
  }

  private Plan plan(Bundle bundle) {
    Experiment experiment =
        new Experiment(
            "sample",
            "",
            job,
            FakeJob.NUMERICS,
            new SeedPlan(42, 3, List.of(3)),
            List.of("length"),
            List.of(),
            List.of(),
            List.of(),
            "5bec",
            new ExperimentSource("", List.of()));
    return new Plan(experiment, bundle.trials(), 0, List.of(bundle));
  }

  private BundleReport run(Bundle bundle) throws Exception {
    return new BundleRunner(job, store, memory, RUN, () -> false, Duration.ofMillis(200))
        .run(bundle, flops -> {});
  }

  /** Outcomes by seed; those that completed have the numbers they must have. */
  private Map<Integer, List<Outcome>> outcomes() throws Exception {
    Map<Integer, List<Outcome>> outcomes = new TreeMap<>();
    store.scan(
        record -> {
          outcomes
              .computeIfAbsent(record.trial().seedIndex(), seed -> new ArrayList<>())
              .add(record.outcome());
          if (record.outcome() == Outcome.COMPLETED) {
            assertThat(record.metrics())
                .isEqualTo(Map.of("drawn", SideBySideJob.value(record.trial())));
          }
        });
    return outcomes;
  }

  private static Map<Integer, List<Outcome>> expected(Outcome ofBad) {
    Map<Integer, List<Outcome>> expected = new TreeMap<>();
    for (int seed = 0; seed < 3; seed++) {
      Outcome outcome = seed == BAD ? ofBad : Outcome.COMPLETED;
      expected.put(seed, List.of(outcome, outcome));
    }
    return expected;
  }

  private List<Integer> trialsOfPasses() {
    return job.passes.stream().map(pass -> pass.trials().size()).toList();
  }

  @Test
  void onePassIsEnoughWhereAllGoesWell() throws Exception {
    run(bundle(100, "fail"));
    assertThat(outcomes()).isEqualTo(expected(Outcome.COMPLETED));
    assertThat(trialsOfPasses()).containsExactly(6);
  }

  @ParameterizedTest
  @CsvSource({
    "fail, FAILED",
    "refuse, REJECTED",
    "exhaust, OUT_OF_MEMORY",
    "wait, TIMED_OUT",
  })
  void whatEndsThePassIsFoundOutSeedBySeed(String manner, Outcome outcome) throws Exception {
    Bundle bundle = bundle(BAD, manner);
    BundleReport report = run(bundle);
    assertThat(outcomes()).isEqualTo(expected(outcome));
    assertThat(trialsOfPasses()).containsExactly(6, 2, 2, 2);
    assertThat(report.counts()).isEqualTo(Map.of(Outcome.COMPLETED, 4, outcome, 2));
    assertThat(report.repeatable()).hasSize(outcome == Outcome.OUT_OF_MEMORY ? 2 : 0);
    memory.take(memory.capacityBytes()); // all of it was given back: this does not wait
  }

  @Test
  void whatDoesNotFitTogetherRunsApart() throws Exception {
    memory = MemoryTicket.ofBytes(2 * SideBySideJob.SEED_BYTES);
    run(bundle(100, "fail"));
    assertThat(outcomes()).isEqualTo(expected(Outcome.COMPLETED));
    assertThat(trialsOfPasses()).containsExactly(2, 2, 2);

    SparkConf two = new SparkConf(false).setMaster("local[1]").set(SparkSettings.MEMORY, "16000b");
    assertThat(SparkSettings.memoryProblems(two, plan(bundle(100, "fail")))).isEmpty();
    SparkConf none = two.clone().set(SparkSettings.MEMORY, "7999b");
    assertThat(SparkSettings.memoryProblems(none, plan(bundle(100, "fail"))))
        .singleElement()
        .asString()
        .contains("6 of 6 trials");
  }

  /** It does not stop when it is told to, and the process is ended: here, only the trial. */
  @Test
  void aProcessThatIsEndedForOneSeedHasLostThemAll() throws Exception {
    AtomicInteger code = new AtomicInteger();
    List<TrialRecord> lastWords = new ArrayList<>();
    Bundle bundle = bundle(BAD, "deaf");
    new BundleRunner(
            job,
            store,
            memory,
            RUN,
            () -> false,
            Duration.ofMillis(1),
            halted -> {
              store.scan(lastWords::add);
              code.set(halted);
              job.deaf = false;
            })
        .run(bundle, flops -> {});
    assertThat(code).hasValue(Watchdog.HALTED);
    assertThat(lastWords).hasSize(6).allMatch(record -> record.outcome() == Outcome.LOST);
  }

  /** As after an executor's death: the mark that it left names one trial of the pass. */
  @Test
  void whatIsLostTogetherRunsAgainTrialByTrial() throws Exception {
    Bundle bundle = bundle(BAD, "fail");
    RunMeter meter = new RunMeter(plan(bundle), RunOptions.standard());
    assertThat(meter.nextRound().orElseThrow().bundles()).containsExactly(bundle);
    List<Trial> trials = bundle.groups().get(0).trials();
    StartedMarks.Mark left =
        new StartedMarks.Mark(0, new BundleReport(), Set.of(trials.get(0).id()), 1_000_000);
    BundleReport report =
        new BundleRunner(job, store, memory, RUN, () -> false).run(bundle, null, left, flops -> {});
    assertThat(report.counts()).isEqualTo(Map.of(Outcome.LOST, 6));
    assertThat(meter.finished(0, report)).isTrue();
    assertThat(meter.nextRound().orElseThrow().bundles())
        .allMatch(again -> again.repeat() == 1 && again.trials() == 1)
        .extracting(again -> again.groups().get(0).only())
        .containsExactlyElementsOf(trials);
  }
}
