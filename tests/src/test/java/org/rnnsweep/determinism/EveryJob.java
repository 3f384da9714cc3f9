package org.rnnsweep.determinism;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.execute.InProcessExecutor;
import org.rnnsweep.driver.execute.SparkExecutor;
import org.rnnsweep.driver.execute.SparkSettings;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.Rerun;
import org.rnnsweep.driver.store.InMemoryTrialStore;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;

/**
 * Every job of ours, many ways to run it, one result. The trials are the samples of its contract
 * test, so that a new job joins by itself, and one without a contract test is found.
 */
abstract class EveryJob {
  @TempDir Path folder;

  /** How many samples of a job are run, the cheapest first. */
  abstract int samples();

  private static List<JobContract> contracts() throws ReflectiveOperationException {
    List<JobContract> contracts = new ArrayList<>();
    for (JavaClass type : new ClassFileImporter().importPackages("org.rnnsweep.jobs")) {
      if (type.isAssignableTo(JobContract.class)
          && type.isTopLevelClass()
          && !type.getModifiers().contains(JavaModifier.ABSTRACT)) {
        Constructor<?> constructor = Class.forName(type.getName()).getDeclaredConstructor();
        constructor.setAccessible(true);
        contracts.add((JobContract) constructor.newInstance());
      }
    }
    return contracts;
  }

  private static Object told(JobContract contract, String method)
      throws ReflectiveOperationException {
    Method asked = JobContract.class.getDeclaredMethod(method);
    asked.setAccessible(true);
    return asked.invoke(contract);
  }

  /** The cheapest samples of every job, by its id. */
  private SortedMap<String, List<Trial>> trials() throws ReflectiveOperationException {
    SortedMap<String, List<Trial>> trials = new TreeMap<>();
    for (JobContract contract : contracts()) {
      Job job = (Job) told(contract, "job");
      List<Trial> samples = new ArrayList<>();
      for (Object sample : (Collection<?>) told(contract, "samples")) {
        samples.add((Trial) sample);
      }
      samples.sort(Comparator.comparingDouble(t -> job.cost(TrialGroup.of(t)).flops()));
      trials.put(job.id(), samples.stream().distinct().limit(samples()).toList());
    }
    return trials;
  }

  private static Plan with(Plan plan, List<List<TrialGroup>> bundles) {
    Job job = plan.experiment().job();
    List<Bundle> made = new ArrayList<>();
    for (List<TrialGroup> groups : bundles) {
      List<Cost> costs = groups.stream().map(job::cost).toList();
      made.add(
          new Bundle(
              groups,
              costs.stream().mapToDouble(Cost::flops).sum(),
              costs.stream().mapToLong(Cost::memoryBytes).max().orElse(0)));
    }
    return new Plan(plan.experiment(), plan.totalTrials(), 0, made);
  }

  private static List<TrialGroup> groups(Plan plan) {
    return plan.bundles().stream().flatMap(bundle -> bundle.groups().stream()).toList();
  }

  /** A bundle a trial. */
  private static Plan alone(Plan plan) {
    return with(plan, groups(plan).stream().map(List::of).toList());
  }

  /** One bundle, and in it one pass for all trials that can share one, the last trial first. */
  private static Plan shared(Plan plan) {
    List<Trial> turned =
        new ArrayList<>(groups(plan).stream().flatMap(group -> group.trials().stream()).toList());
    Collections.reverse(turned);
    return with(plan, List.of(JobContract.groups(plan.experiment().job(), turned)));
  }

  private static SortedMap<String, String> bits(int threads, List<Plan> plans) throws Exception {
    InMemoryTrialStore store = new InMemoryTrialStore();
    Sweeps.run(InProcessExecutor.of(threads), plans, store);
    return Sweeps.bits(store);
  }

  @Test
  void everyJobGivesTheSameBitsHoweverItIsRun() throws Exception {
    SortedMap<String, List<Trial>> trials = trials();
    JobCatalog catalog = JobCatalog.load();
    assertThat(trials.keySet())
        .as("jobs of ours with a contract test in the module jobs")
        .containsAll(
            catalog.jobs().stream()
                .filter(job -> job.getClass().getName().startsWith("org.rnnsweep.jobs."))
                .map(Job::id)
                .toList());
    List<Trial> all = trials.values().stream().flatMap(List::stream).toList();
    List<Plan> plans = Rerun.of("bits", all, catalog);
    List<Plan> alone = plans.stream().map(EveryJob::alone).toList();
    SortedMap<String, String> reference = bits(1, alone);
    assertThat(reference).hasSize(all.size());
    assertThat(bits(2, alone)).as("two threads").isEqualTo(reference);
    assertThat(bits(1, plans.stream().map(EveryJob::shared).toList()))
        .as("passes shared, order turned")
        .isEqualTo(reference);
    var store = Sweeps.store(folder);
    try (JavaSparkContext spark = new JavaSparkContext(SparkSettings.embedded(2))) {
      Sweeps.run(SparkExecutor.of(spark), plans, store);
    }
    assertThat(Sweeps.bits(store)).as("Spark").isEqualTo(reference);
  }
}
