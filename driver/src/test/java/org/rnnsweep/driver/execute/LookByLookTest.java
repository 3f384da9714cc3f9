package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.analyse.Stopping;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentReader;
import org.rnnsweep.driver.config.ExperimentSource;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.store.InMemoryTrialStore;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.Outcome;

class LookByLookTest {
  private static final List<Integer> LOOKS = List.of(4, 8, 16, 32);
  private static final String UNTIL = "until { metric = drawn, relative-half-width = 0.5 }";

  private static Experiment experiment(String seeds, String manner) {
    String text =
        "experiment = x\njob = fake\nnumerics { library = java }\nseeds { root = 3, "
            + seeds
            + " }\nparameters { manner = "
            + manner
            + " }\naxes { width = [3, 4, 5] }\n";
    return ExperimentReader.read(
        new ExperimentSource(text, List.of()), "a test's", JobCatalog.of(List.of(new FakeJob())));
  }

  private static RunSummary run(Experiment experiment, InMemoryTrialStore store) throws Exception {
    return LookByLook.of(InProcessExecutor.of(2, MemoryTicket.ofBytes(1 << 20)))
        .run(
            Planner.plan(experiment, store.settledIds()),
            store,
            progress -> {},
            new Cancellation());
  }

  private static SortedMap<String, TrialRecord> records(InMemoryTrialStore store) {
    SortedMap<String, TrialRecord> records = new TreeMap<>();
    assertThat(store.scan(record -> records.put(record.trialId(), record))).isEmpty();
    return records;
  }

  /** Half-width over mean of the first seeds' numbers, by another route; the widest of all. */
  private static double widest(Iterable<TrialRecord> records, int seeds) {
    Map<Object, List<Double>> values = new TreeMap<>();
    for (TrialRecord record : records) {
      if (record.trial().seedIndex() < seeds) {
        values
            .computeIfAbsent(
                record.trial().configuration().integer("width"), width -> new ArrayList<>())
            .add(record.metrics().get("drawn"));
      }
    }
    double t = TDistribution.of(seeds - 1).inverseSurvivalProbability(0.025 / LOOKS.size());
    double widest = 0;
    for (List<Double> sample : values.values()) {
      double mean = sample.stream().mapToDouble(v -> v).average().orElseThrow();
      double squares = sample.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
      widest = Math.max(widest, t * Math.sqrt(squares / (seeds - 1) / seeds) / mean);
    }
    return widest;
  }

  @Test
  void aRunEndsAtTheFirstLookThatIsNarrowAndIsAPrefixOfTheFullOne() throws Exception {
    Experiment adaptive = experiment("min = 4, max = 32, " + UNTIL, "well");
    assertThat(adaptive.seeds().looks()).isEqualTo(LOOKS);
    InMemoryTrialStore store = new InMemoryTrialStore();
    RunSummary summary = run(adaptive, store);
    SortedMap<String, TrialRecord> stopped = records(store);
    int look = Stopping.of(adaptive).look(stopped.values());
    assertThat(look).as("an early look, or the test shows nothing").isIn(8, 16);
    assertThat(widest(stopped.values(), look)).isLessThanOrEqualTo(0.5);
    for (int before : LOOKS.subList(0, LOOKS.indexOf(look))) {
      assertThat(widest(stopped.values(), before)).isGreaterThan(0.5);
    }
    assertThat(summary.trials()).isEqualTo(3 * look);

    InMemoryTrialStore full = new InMemoryTrialStore();
    run(experiment("count = 32", "well"), full);
    Map<String, TrialRecord> prefix =
        records(full).entrySet().stream()
            .filter(entry -> entry.getValue().trial().seedIndex() < look)
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    assertThat(stopped.keySet()).isEqualTo(prefix.keySet());
    prefix.forEach(
        (id, record) -> assertThat(stopped.get(id).metrics()).isEqualTo(record.metrics()));
    assertThat(Stopping.of(adaptive).look(records(full).values())).isEqualTo(look);
    assertThat(Stopping.of(adaptive).saved(stopped.values()))
        .isEqualTo(
            "with "
                + look
                + " of 32 seeds the mean of drawn is known to 0.5 of itself in every"
                + " configuration, which saved "
                + 3 * (32 - look)
                + " of 96 trials");
    assertThat(Stopping.of(adaptive).saved(records(full).values())).isEmpty();
  }

  @Test
  void theSameCommandAgainComputesNothing() throws Exception {
    Experiment adaptive = experiment("min = 4, max = 32, " + UNTIL, "well");
    InMemoryTrialStore store = new InMemoryTrialStore();
    run(adaptive, store);
    assertThat(LookByLook.isNeeded(Planner.plan(adaptive, store.settledIds()), store)).isFalse();
    assertThat(run(adaptive, store).trials()).isZero();
    // Half of a run that was cut off is gone on with.
    InMemoryTrialStore half = new InMemoryTrialStore();
    half.append(
        new FakeJob(),
        records(store).values().stream().filter(r -> r.trial().seedIndex() % 2 == 0).toList());
    assertThat(LookByLook.isNeeded(Planner.plan(adaptive, half.settledIds()), half)).isTrue();
    run(adaptive, half);
    assertThat(records(half).keySet()).isEqualTo(records(store).keySet());
  }

  /** Nothing is known of a metric that no trial has: every seed is run, and failures stay. */
  @Test
  void whatIsNeverNarrowGoesOnToTheLastSeed() throws Exception {
    Experiment failing = experiment("min = 4, max = 8, " + UNTIL, "fail");
    InMemoryTrialStore store = new InMemoryTrialStore();
    assertThat(run(failing, store).count(Outcome.FAILED)).isEqualTo(24);
    assertThat(Stopping.of(failing).look(store)).isZero();
    assertThat(LookByLook.isNeeded(Planner.plan(failing, store.settledIds()), store)).isTrue();
  }
}
