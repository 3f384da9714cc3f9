package org.rnnsweep.driver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;

/** What every store promises, run on each implementation. */
abstract class TrialStoreContract {
  static final FakeJob JOB = new FakeJob();

  /** A fresh empty store. */
  abstract TrialStore store() throws Exception;

  static Provenance provenance(String host, long startedEpochMillis) {
    return new Provenance(
        "quick",
        "5bec",
        "abc-dirty",
        host,
        "a CPU",
        "java",
        "f00d",
        "a JVM 17",
        "none",
        "7",
        "attempt-of-" + host,
        startedEpochMillis,
        0.25,
        1L << 40);
  }

  static TrialRecord record(Trial trial, Outcome outcome, Map<String, Double> metrics) {
    return record(trial, outcome, metrics, provenance("alpha", 1_700_000_000_123L));
  }

  static TrialRecord record(
      Trial trial, Outcome outcome, Map<String, Double> metrics, Provenance provenance) {
    return new TrialRecord(
        trial.id(),
        trial,
        outcome,
        outcome == Outcome.COMPLETED ? "" : "why\nand where: \u03b5 < 1/L",
        metrics,
        Map.of("draws", new double[] {1, -0.0, Double.MIN_VALUE}),
        provenance);
  }

  static List<TrialRecord> scanned(TrialStore store) throws Exception {
    List<TrialRecord> records = new ArrayList<>();
    assertThat(store.scan(records::add)).isEmpty();
    return records;
  }

  /** Metrics and series as bits, every NaN being the one that Java and Parquet know. */
  static Map<String, List<Long>> bits(TrialRecord record) {
    Map<String, List<Long>> bits = new LinkedHashMap<>();
    record
        .metrics()
        .forEach((name, value) -> bits.put(name, List.of(Double.doubleToLongBits(value))));
    record
        .series()
        .forEach(
            (name, values) -> {
              List<Long> list = new ArrayList<>();
              for (double value : values) {
                list.add(Double.doubleToLongBits(value));
              }
              bits.put(name, list);
            });
    return bits;
  }

  @Test
  final void everyDoubleComesBackWithItsBits() throws Exception {
    double[] values = {
      0.0,
      -0.0,
      0.1,
      Double.MIN_VALUE,
      -Double.MIN_NORMAL,
      Double.MAX_VALUE,
      Math.nextUp(1.0),
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.NaN,
      Double.longBitsToDouble(0x7ff8_0000_dead_beefL) // a NaN that carries something
    };
    List<TrialRecord> written = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      Trial trial = FakeJob.trial(2, "well", i);
      written.add(
          new TrialRecord(
              trial.id(),
              trial,
              Outcome.DIVERGED,
              "",
              Map.of("drawn", values[i]),
              Map.of("draws", values),
              provenance("alpha", i)));
    }
    TrialStore store = store();
    store.append(JOB, written);
    List<TrialRecord> read = scanned(store);
    assertThat(read).hasSize(values.length);
    for (TrialRecord record : read) {
      TrialRecord original = written.get(record.trial().seedIndex());
      assertThat(bits(record)).isEqualTo(bits(original));
    }
  }

  @Test
  final void everythingElseComesBack() throws Exception {
    Trial whole = FakeJob.trial(3, "well", 0);
    Trial lacksScale =
        new Trial(
            "fake",
            7,
            FakeJob.NUMERICS,
            Long.MIN_VALUE,
            Integer.MAX_VALUE,
            Configuration.of(Map.of("width", 1L << 40, "manner", "fail")));
    TrialRecord completed = record(whole, Outcome.COMPLETED, Map.of("drawn", 1.5));
    TrialRecord failed =
        new TrialRecord(
            lacksScale.id(),
            lacksScale,
            Outcome.FAILED,
            "no luck\n  at line 3, \u03b5",
            Map.of(),
            Map.of(),
            provenance("beta", 0));
    TrialRecord emptySeries =
        new TrialRecord(
            FakeJob.trial(4, "well", 0).id(),
            FakeJob.trial(4, "well", 0),
            Outcome.COMPLETED,
            "",
            Map.of(),
            Map.of("draws", new double[0]),
            provenance("beta", 0));
    TrialStore store = store();
    store.append(JOB, List.of(completed, failed, emptySeries));
    assertThat(scanned(store))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyInAnyOrder(completed, failed, emptySeries);
  }

  @Test
  final void settledAreThoseThatNeedNoSecondRun() throws Exception {
    TrialStore store = store();
    Set<String> settled = new TreeSet<>();
    List<TrialRecord> records = new ArrayList<>();
    for (Outcome outcome : Outcome.values()) {
      TrialRecord record =
          record(FakeJob.trial(2, "well", outcome.ordinal()), outcome, Map.of("drawn", 1.0));
      records.add(record);
      if (outcome.settled()) {
        settled.add(record.trialId());
      }
    }
    store.append(JOB, records);
    assertThat(store.settledIds()).isEqualTo(settled).hasSize(3);
    assertThat(scanned(store)).hasSize(Outcome.values().length);
  }

  @Test
  final void nothingIsStoredOfNothing() throws Exception {
    TrialStore store = store();
    store.append(JOB, List.of());
    assertThat(store.settledIds()).isEmpty();
    assertThat(scanned(store)).isEmpty();
  }

  @Test
  final void trialsComeInTheOrderOfTheirIds() throws Exception {
    TrialStore store = store();
    for (int i = 20; i-- > 0; ) {
      store.append(JOB, List.of(record(FakeJob.trial(2, "well", i), Outcome.COMPLETED, Map.of())));
    }
    assertThat(scanned(store)).hasSize(20).extracting(TrialRecord::trialId).isSorted();
  }

  @Test
  final void equalDuplicatesAreOneTrial() throws Exception {
    Trial trial = FakeJob.trial(2, "nan", 0);
    TrialStore store = store();
    store.append(JOB, List.of(record(trial, Outcome.DIVERGED, Map.of("drawn", Double.NaN))));
    store.append(
        JOB,
        List.of(
            record(trial, Outcome.DIVERGED, Map.of("drawn", Double.NaN), provenance("beta", 99))));
    assertThat(scanned(store)).hasSize(1);
    assertThat(store.settledIds()).containsExactly(trial.id());
  }

  @Test
  final void aSettledRecordStandsBeforeAnUnsettledOne() throws Exception {
    Trial trial = FakeJob.trial(2, "well", 0);
    TrialRecord failedFirst = record(trial, Outcome.FAILED, Map.of(), provenance("alpha", 1));
    TrialRecord completed =
        record(trial, Outcome.COMPLETED, Map.of("drawn", 1.0), provenance("beta", 2));
    TrialRecord failedLast = record(trial, Outcome.OUT_OF_MEMORY, Map.of(), provenance("gamma", 3));
    TrialStore store = store();
    store.append(JOB, List.of(failedFirst));
    store.append(JOB, List.of(failedLast));
    assertThat(scanned(store))
        .extracting(TrialRecord::outcome)
        .containsExactly(Outcome.OUT_OF_MEMORY);
    store.append(JOB, List.of(completed));
    assertThat(scanned(store)).extracting(TrialRecord::outcome).containsExactly(Outcome.COMPLETED);
  }

  @Test
  final void aDisagreementIsNamedAndNeverDelivered() throws Exception {
    Trial disputed = FakeJob.trial(2, "well", 0);
    Trial sound = FakeJob.trial(2, "well", 1);
    TrialStore store = store();
    store.append(
        JOB,
        List.of(
            record(disputed, Outcome.COMPLETED, Map.of("drawn", 1.0), provenance("alpha", 1)),
            record(sound, Outcome.COMPLETED, Map.of("drawn", 1.0))));
    store.append(
        JOB,
        List.of(
            record(
                disputed,
                Outcome.COMPLETED,
                Map.of("drawn", Math.nextUp(1.0)),
                provenance("beta", 2))));
    List<TrialRecord> delivered = new ArrayList<>();
    List<String> problems = store.scan(delivered::add);
    assertThat(delivered).extracting(TrialRecord::trialId).containsExactly(sound.id());
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0))
        .contains(disputed.id(), "drawn", "1.0", "1.0000000000000002", "alpha", "beta", "f00d");
  }

  @Test
  final void disagreementsOfOutcomesSeriesAndAbsenceAreSeen() throws Exception {
    Trial[] trials = {
      FakeJob.trial(2, "well", 0), FakeJob.trial(2, "well", 1), FakeJob.trial(2, "well", 2)
    };
    TrialStore store = store();
    List<TrialRecord> one = new ArrayList<>();
    for (Trial trial : trials) {
      one.add(record(trial, Outcome.COMPLETED, Map.of("drawn", 1.0)));
    }
    store.append(JOB, one);
    Provenance beta = provenance("beta", 2);
    store.append(
        JOB,
        List.of(
            record(trials[0], Outcome.DIVERGED, Map.of("drawn", 1.0), beta),
            record(trials[1], Outcome.COMPLETED, Map.of(), beta),
            new TrialRecord(
                trials[2].id(),
                trials[2],
                Outcome.COMPLETED,
                "",
                Map.of("drawn", 1.0),
                Map.of("draws", new double[] {1, 0.0, Double.MIN_VALUE}), // -0.0 in the first
                beta)));
    assertThat(store.scan(record -> {})).hasSize(3);
  }

  @Test
  final void whatTheJobDoesNotDeclareIsRefused() throws Exception {
    TrialStore store = store();
    Trial trial = FakeJob.trial(2, "well", 0);
    assertThatThrownBy(
            () ->
                store.append(
                    JOB, List.of(record(trial, Outcome.COMPLETED, Map.of("surprise", 1.0)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("job fake declares no scalar metric surprise; it has drawn, rarely");
    Trial other = new Trial("other", 1, FakeJob.NUMERICS, 1, 0, trial.configuration());
    assertThatThrownBy(() -> store.append(JOB, List.of(record(other, Outcome.COMPLETED, Map.of()))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a part of job fake cannot hold a trial of job other");
    Trial mistyped =
        new Trial("fake", 1, FakeJob.NUMERICS, 1, 0, Configuration.of(Map.of("width", 1.5)));
    assertThatThrownBy(
            () -> store.append(JOB, List.of(record(mistyped, Outcome.COMPLETED, Map.of()))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parameter width of job fake is INTEGER, found 1.5 (Double)");
    assertThat(scanned(store)).isEmpty();
  }

  @Test
  final void writersDoNotDisturbEachOther() throws Exception {
    TrialStore store = store();
    int writers = 4;
    int parts = 10;
    ExecutorService pool = Executors.newFixedThreadPool(writers);
    try {
      List<Future<?>> tasks = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        int first = w * parts;
        tasks.add(
            pool.submit(
                () -> {
                  for (int i = first; i < first + parts; i++) {
                    store.append(
                        JOB,
                        List.of(record(FakeJob.trial(2, "well", i), Outcome.COMPLETED, Map.of())));
                  }
                  return null;
                }));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(scanned(store)).hasSize(writers * parts);
  }
}
