package org.rnnsweep.determinism;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.execute.Cancellation;
import org.rnnsweep.driver.execute.InProcessExecutor;
import org.rnnsweep.driver.execute.SparkExecutor;
import org.rnnsweep.driver.execute.SparkSettings;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.plan.Rerun;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.InMemoryTrialStore;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;

/**
 * One sweep, many ways to run it, one result: equal trial ids, outcomes, and bits of every metric
 * and series. The reference is one thread of this process with one group a bundle.
 */
class SameBitsTest {
  private static final List<Experiment> EXPERIMENTS = Sweeps.read(Sweeps.INVERSION);
  private static SortedMap<String, String> reference;

  @TempDir Path folder;

  @BeforeAll
  static void runOnce() throws Exception {
    reference = run(1, 1);
    assertThat(reference).hasSize(84);
    assertThat(Set.copyOf(reference.values())).as("no two trials give the same").hasSize(84);
  }

  private static List<Plan> plans(List<Experiment> experiments, int groupsPerBundle) {
    return experiments.stream().map(e -> Planner.plan(e, Set.of(), groupsPerBundle)).toList();
  }

  private static SortedMap<String, String> run(int threads, int groupsPerBundle) throws Exception {
    InMemoryTrialStore store = new InMemoryTrialStore();
    Sweeps.run(InProcessExecutor.of(threads), plans(EXPERIMENTS, groupsPerBundle), store);
    return Sweeps.bits(store);
  }

  private static List<Trial> trials(List<Plan> plans) {
    List<Trial> trials = new ArrayList<>();
    for (Plan plan : plans) {
      for (Bundle bundle : plan.bundles()) {
        for (TrialGroup group : bundle.groups()) {
          trials.addAll(group.trials());
        }
      }
    }
    return trials;
  }

  /** The comparison is worth something: one bit of one metric makes it fail. */
  @Test
  void anotherRootSeedAndOneBitAreSeen() throws Exception {
    List<Experiment> other =
        Sweeps.read(Sweeps.INVERSION.stream().map(t -> t.replace("20261122", "20261123")).toList());
    assertThat(trials(plans(other, 64)))
        .extracting(Trial::id)
        .doesNotContainAnyElementsOf(reference.keySet());
    InMemoryTrialStore store = new InMemoryTrialStore();
    Sweeps.run(InProcessExecutor.of(1), plans(EXPERIMENTS.subList(1, 2), 64), store);
    List<TrialRecord> records = new ArrayList<>();
    store.scan(records::add);
    TrialRecord record = records.get(0);
    record.series().values().iterator().next()[0] =
        Math.nextUp(record.series().values().iterator().next()[0]);
    assertThat(Sweeps.bits(record)).isNotEqualTo(reference.get(record.trialId()));
  }

  @Test
  void bundlesAndThreadsDoNotMatter() throws Exception {
    assertThat(run(2, 1)).isEqualTo(reference);
    assertThat(run(2, 7)).isEqualTo(reference);
    assertThat(run(1, 64)).isEqualTo(reference);
  }

  /** Lengths share a pass in the reference; here each has one of its own. */
  @Test
  void aTrialAloneEqualsTheSameTrialInAGroup() throws Exception {
    List<Plan> plans = plans(EXPERIMENTS, 64);
    assertThat(plans.get(0).bundles().get(0).groups())
        .as("groups of the reference")
        .anyMatch(group -> group.trials().size() > 1);
    List<Plan> alone = Rerun.of("alone", trials(plans), JobCatalog.load());
    assertThat(alone)
        .allMatch(
            plan ->
                plan.bundles().stream()
                    .allMatch(b -> b.groups().stream().allMatch(g -> g.trials().size() == 1)));
    InMemoryTrialStore store = new InMemoryTrialStore();
    Sweeps.run(InProcessExecutor.of(2), alone, store);
    assertThat(Sweeps.bits(store)).isEqualTo(reference);
  }

  @Test
  void theOrderOfAxesAndValuesInTheFileDoesNotMatter() throws Exception {
    List<Experiment> turned = Sweeps.read(Sweeps.TURNED);
    assertThat(turned.get(0).configurations())
        .isNotEqualTo(EXPERIMENTS.get(0).configurations())
        .containsExactlyInAnyOrderElementsOf(EXPERIMENTS.get(0).configurations());
    InMemoryTrialStore store = new InMemoryTrialStore();
    Sweeps.run(InProcessExecutor.of(2), plans(turned, 7), store);
    assertThat(Sweeps.bits(store)).isEqualTo(reference);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void sparkGivesTheSame(int cores) throws Exception {
    FolderTrialStore store = Sweeps.store(folder);
    try (JavaSparkContext spark = new JavaSparkContext(SparkSettings.embedded(cores))) {
      Sweeps.run(SparkExecutor.of(spark), plans(EXPERIMENTS, 7), store);
    }
    assertThat(Sweeps.bits(store)).isEqualTo(reference);
  }

  /**
   * A run is cancelled half-way, then parts are lost as a crash would lose them, and one is torn;
   * what resumes computes groups that are only partly missing, so in other company than before.
   */
  @Test
  void aCrashAndAResumeChangeNothing() throws Exception {
    FolderTrialStore store = Sweeps.store(folder);
    for (Plan plan : plans(EXPERIMENTS, 1)) {
      Cancellation cancellation = new Cancellation();
      InProcessExecutor.of(1)
          .run(
              plan,
              store,
              progress -> {
                if (progress.fraction() > 0.5) {
                  cancellation.cancel();
                }
              },
              cancellation);
    }
    List<Path> parts = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder.resolve("trials"))) {
      files.filter(file -> file.toString().endsWith(".parquet")).sorted().forEach(parts::add);
    }
    Collections.shuffle(parts, new Random(1));
    for (Path part : parts.subList(0, parts.size() / 2)) {
      Files.delete(part);
    }
    Path torn = parts.get(parts.size() - 1);
    Files.write(torn, Arrays.copyOf(Files.readAllBytes(torn), 100));
    Set<String> left = store.settledIds();
    assertThat(left.size()).isBetween(1, reference.size() - 1);
    List<Plan> resumed = EXPERIMENTS.stream().map(e -> Planner.plan(e, left, 7)).toList();
    assertThat(trials(resumed)).hasSize(reference.size() - left.size());
    Sweeps.run(InProcessExecutor.of(2), resumed, store);
    assertThat(store.scan(record -> {})).singleElement().asString().contains("is skipped");
    Files.delete(torn);
    assertThat(Sweeps.bits(store)).isEqualTo(reference);
  }

  /** Both plan an empty store and compute everything; every trial is there twice and agrees. */
  @Test
  void twoDriversOnOneStoreAtOnceDoNoHarm() throws Exception {
    ExecutorService drivers = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int driver = 0; driver < 2; driver++) {
        runs.add(
            drivers.submit(
                () -> {
                  Sweeps.run(InProcessExecutor.of(1), plans(EXPERIMENTS, 7), Sweeps.store(folder));
                  return null;
                }));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } finally {
      drivers.shutdownNow();
    }
    FolderTrialStore store = Sweeps.store(folder);
    assertThat(store.records("")).hasSize(2 * reference.size());
    assertThat(Sweeps.bits(store)).isEqualTo(reference);
    assertThat(trials(EXPERIMENTS.stream().map(e -> Planner.plan(e, idsOf(store))).toList()))
        .isEmpty();
  }

  private static Set<String> idsOf(FolderTrialStore store) {
    try {
      return store.settledIds();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
