package org.rnnsweep.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Job} promises, as tests. Extend it beside your job and say which trials to try;
 * the job must be listed in {@code META-INF/services/org.rnnsweep.jobs.Job}.
 *
 * <p>Choose samples that take well under a second each: every one is computed about eight times.
 * They must cover every choice of every parameter and every metric, and, if the job shares axes, at
 * least two values on one of them, and, if it takes seeds together, at least two seeds of one
 * configuration; {@link #samplesCoverTheJob()} checks that.
 */
public abstract class JobContract {

  /** Columns that the store writes itself: no parameter and no metric may have such a name. */
  public static final Set<String> RESERVED =
      Set.of(
          "trial_id",
          "job",
          "job_version",
          "numerics",
          "root_seed",
          "seed_index",
          "outcome",
          "message",
          "experiment",
          "spec_hash",
          "commit",
          "host",
          "cpu",
          "blas",
          "fingerprint",
          "java",
          "spark",
          "executor",
          "attempt",
          "started_ms",
          "seconds",
          "peak_bytes");

  /** Arenas round small blocks up; below this the declared memory need not be close. */
  private static final long MEMORY_SLACK_BYTES = 1 << 16;

  /** The job under test. */
  protected abstract Job job();

  /** Small trials that between them cover the job. */
  protected abstract List<Trial> samples();

  /** Configurations that {@link Job#check} must refuse; each value is inside its domain. */
  protected List<Configuration> refused() {
    return List.of();
  }

  @Test
  public final void identityIsWellFormed() {
    assertThat(job().id()).matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    assertThat(job().version()).isPositive();
    assertThat(job().summary()).isNotBlank().doesNotContain("\n");
  }

  @Test
  public final void isFoundByTheServiceLoader() {
    Job found = JobCatalog.load().find(job().id());
    assertThat(found)
        .as("%s in META-INF/services/%s", job().getClass().getName(), Job.class.getName())
        .isNotNull()
        .isExactlyInstanceOf(job().getClass());
  }

  @Test
  public final void namesAreUniqueAndFree() {
    List<String> names = new ArrayList<>();
    job().parameters().forEach(parameter -> names.add(parameter.name()));
    job().metrics().forEach(metric -> names.add(metric.name()));
    assertThat(names).doesNotHaveDuplicates().doesNotContainAnyElementsOf(RESERVED);

    List<String> words = new ArrayList<>();
    for (Parameter parameter : job().parameters()) {
      words.add(parameter.name());
      if (!parameter.symbol().equals(parameter.name())) {
        words.add(parameter.symbol());
      }
    }
    assertThat(words).as("names and symbols of parameters").doesNotHaveDuplicates();
  }

  @Test
  public final void parametersAreConsistent() {
    Map<String, Parameter> byName = byName();
    for (Parameter parameter : job().parameters()) {
      assertThat(parameter.meaning()).as("meaning of %s", parameter).isNotBlank();
      if (parameter.defaultValue() != null) {
        assertThat(parameter.problem(parameter.defaultValue())).isNull();
      }
      if (parameter.relevantParameter() != null) {
        Parameter decides = byName.get(parameter.relevantParameter());
        assertThat(decides).as("what decides on %s", parameter).isNotNull();
        assertThat(decides.choices()).containsAll(parameter.relevantChoices());
        assertThat(parameter.relevantChoices()).isNotEmpty();
      }
    }
    assertThat(byName.keySet()).containsAll(job().sharedAxes());
  }

  @Test
  public final void samplesAreTrialsOfTheJob() {
    assertThat(samples()).isNotEmpty();
    for (Trial trial : samples()) {
      assertThat(trial.job()).isEqualTo(job().id());
      assertThat(trial.jobVersion()).isEqualTo(job().version());
      Configuration configuration = trial.configuration();
      Set<String> relevant = new HashSet<>();
      for (Parameter parameter : job().parameters()) {
        String decides = parameter.relevantParameter();
        if (decides == null || parameter.relevantChoices().contains(configuration.get(decides))) {
          relevant.add(parameter.name());
          assertThat(configuration.has(parameter.name())).as("%s in %s", parameter, trial).isTrue();
          assertThat(parameter.problem(configuration.get(parameter.name()))).isNull();
        }
      }
      assertThat(relevant).containsAll(configuration.names());
      assertThat(job().check(configuration)).as("problems of %s", configuration).isEmpty();
    }
  }

  @Test
  public final void samplesCoverTheJob() throws InterruptedException {
    Set<String> tried = new HashSet<>();
    Set<String> returned = new HashSet<>();
    for (Trial trial : samples()) {
      Configuration configuration = trial.configuration();
      configuration.asMap().forEach((name, value) -> tried.add(name + "=" + value));
      TrialResult result = alone(job(), trial);
      returned.addAll(result.metrics().keySet());
      returned.addAll(result.series().keySet());
    }
    for (Parameter parameter : job().parameters()) {
      for (String choice : parameter.choices()) {
        assertThat(tried).as("choices tried").contains(parameter.name() + "=" + choice);
      }
    }
    assertThat(returned)
        .as("metrics returned by some sample")
        .containsExactlyInAnyOrderElementsOf(job().metrics().stream().map(Metric::name).toList());
    if (!job().sharedAxes().isEmpty()) {
      assertThat(groups())
          .as("groups that share")
          .anyMatch(group -> group.bySeed().stream().anyMatch(seed -> seed.trials().size() >= 2));
    }
    if (samples().stream().anyMatch(trial -> job().seedsTogether(trial.configuration()) > 1)) {
      assertThat(groups()).as("groups of seeds").anyMatch(group -> group.bySeed().size() >= 2);
    }
  }

  @Test
  public final void seedsTogetherAreOfThePass() {
    Map<Configuration, Integer> byPass = new LinkedHashMap<>();
    for (Trial trial : samples()) {
      Configuration configuration = trial.configuration();
      int together = job().seedsTogether(configuration);
      assertThat(together).as("seeds together of %s", configuration).isPositive();
      assertThat(byPass.merge(configuration.without(job().sharedAxes()), together, (a, b) -> a))
          .as("whatever the shared axes of %s", configuration)
          .isEqualTo(together);
      if (job() instanceof TrialJob) {
        assertThat(together).as("a trial job takes a seed alone").isOne();
        assertThat(job().sharedAxes()).as("a trial job shares nothing").isEmpty();
      }
    }
  }

  @Test
  public final void resultsAreAsDeclared() throws InterruptedException {
    Map<String, Metric> declared = new LinkedHashMap<>();
    job().metrics().forEach(metric -> declared.put(metric.name(), metric));
    for (Trial trial : samples()) {
      TrialResult result = alone(job(), trial);
      assertThat(result.outcome().settled()).as("%s", result).isTrue();
      for (Map.Entry<String, Double> entry : result.metrics().entrySet()) {
        assertThat(declared).containsKey(entry.getKey());
        assertThat(declared.get(entry.getKey()).shape()).isEqualTo(Metric.Shape.SCALAR);
      }
      for (Map.Entry<String, double[]> entry : result.series().entrySet()) {
        assertThat(declared).containsKey(entry.getKey());
        assertThat(declared.get(entry.getKey()).shape()).isEqualTo(Metric.Shape.SERIES);
      }
      if (result.outcome() == Outcome.COMPLETED) {
        assertThat(result.metrics().values()).allMatch(Double::isFinite);
        for (double[] series : result.series().values()) {
          assertThat(Arrays.stream(series).allMatch(Double::isFinite)).isTrue();
        }
        assertThat(result.message()).isEmpty();
      } else {
        assertThat(result.message()).as("why %s", result.outcome()).isNotBlank();
      }
    }
  }

  @Test
  public final void runTwiceGivesTheSameBits() throws InterruptedException {
    for (Trial trial : samples()) {
      List<Long> first = bits(alone(job(), trial));
      assertThat(bits(alone(job(), trial))).as("again: %s", trial).isEqualTo(first);
    }
  }

  @Test
  public final void anotherInstanceGivesTheSameBits() throws ReflectiveOperationException {
    Job another = job().getClass().getConstructor().newInstance();
    assertThat(samples())
        .allSatisfy(
            trial -> assertThat(bits(alone(another, trial))).isEqualTo(bits(alone(job(), trial))));
  }

  @Test
  public final void runAloneOrInAGroupGivesTheSameBits() throws InterruptedException {
    for (TrialGroup group : groups()) {
      List<TrialResult> grouped = run(job(), group);
      assertThat(grouped).hasSameSizeAs(group.trials());
      List<Trial> backwards = new ArrayList<>(group.trials());
      Collections.reverse(backwards);
      List<TrialResult> reversed = run(job(), new TrialGroup(backwards));
      Collections.reverse(reversed = new ArrayList<>(reversed));
      for (int i = 0; i < grouped.size(); i++) {
        Trial trial = group.trials().get(i);
        List<Long> alone = bits(alone(job(), trial));
        assertThat(bits(grouped.get(i))).as("grouped: %s", trial).isEqualTo(alone);
        assertThat(bits(reversed.get(i))).as("grouped backwards: %s", trial).isEqualTo(alone);
      }
    }
  }

  @Test
  public final void runBesideOthersGivesTheSameBits() throws Exception {
    List<List<Long>> alone = new ArrayList<>();
    for (Trial trial : samples()) {
      alone.add(bits(alone(job(), trial)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<List<Long>>> beside = new ArrayList<>();
      for (Trial trial : samples()) {
        beside.add(threads.submit(() -> bits(alone(job(), trial))));
      }
      for (int i = 0; i < beside.size(); i++) {
        assertThat(beside.get(i).get()).as("%s", samples().get(i)).isEqualTo(alone.get(i));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  public final void memoryIsDeclaredHonestly() throws InterruptedException {
    for (TrialGroup group : groups()) {
      for (TrialGroup asked : List.of(group, TrialGroup.of(group.first()))) {
        Cost cost = job().cost(asked);
        try (TestJobContext context = TestJobContext.of(cost)) {
          job().run(asked, context);
          long peak = context.arena().peak();
          assertThat(peak).as("peak of %s", asked).isLessThanOrEqualTo(cost.memoryBytes());
          assertThat(cost.memoryBytes())
              .as("declared for %s, which took %d", asked, peak)
              .isLessThanOrEqualTo(2 * peak + MEMORY_SLACK_BYTES);
          assertThat(context.arena().used()).as("left by %s", asked).isLessThanOrEqualTo(peak);
        }
      }
    }
  }

  @Test
  public final void costIsPositiveAndSharingDoesNotCostMore() {
    for (TrialGroup group : groups()) {
      Cost cost = job().cost(group);
      assertThat(cost.flops()).isPositive();
      double apart = 0;
      for (Trial trial : group.trials()) {
        Cost alone = job().cost(TrialGroup.of(trial));
        assertThat(cost.flops()).isGreaterThanOrEqualTo(alone.flops());
        assertThat(cost.memoryBytes()).isGreaterThanOrEqualTo(alone.memoryBytes());
        apart += alone.flops();
      }
      // A sum in another order: 1e-9 is far above its rounding and far below any real saving.
      assertThat(cost.flops()).isLessThanOrEqualTo(apart * (1 + 1e-9));
    }
  }

  @Test
  public final void reportsProgress() throws InterruptedException {
    for (TrialGroup group : groups()) {
      try (TestJobContext context = TestJobContext.of(job().cost(group))) {
        job().run(group, context);
        assertThat(context.progress()).as("progress of %s", group).isNotEmpty();
        assertThat(context.progress()).allMatch(fraction -> fraction >= 0 && fraction <= 1);
        assertThat(context.progress()).isSorted();
      }
    }
  }

  @Test
  public final void stopsWhenCancelled() throws InterruptedException {
    for (TrialGroup group : groups()) {
      Cost cost = job().cost(group);
      long checks;
      try (TestJobContext context = TestJobContext.of(cost)) {
        job().run(group, context);
        checks = context.cancellationChecks();
      }
      assertThat(checks).as("how often %s asks whether to stop", group).isPositive();
      for (long call : new TreeSet<>(List.of(1L, (checks + 1) / 2, checks))) {
        try (TestJobContext context = TestJobContext.cancelledAt(call, cost)) {
          assertThatThrownBy(() -> job().run(group, context))
              .as("cancelled at call %d of %d", call, checks)
              .isInstanceOf(InterruptedException.class);
          assertThat(context.cancellationChecks()).isEqualTo(call);
        }
      }
    }
  }

  @Test
  public final void refusesInWords() {
    for (Configuration configuration : refused()) {
      for (String name : configuration.names()) {
        Parameter parameter = byName().get(name);
        assertThat(parameter).as(name).isNotNull();
        assertThat(parameter.problem(configuration.get(name))).isNull();
      }
      assertThatCode(() -> job().check(configuration)).doesNotThrowAnyException();
      assertThat(job().check(configuration))
          .as("problems of %s", configuration)
          .isNotEmpty()
          .allMatch(problem -> !problem.isBlank());
    }
  }

  /** The samples in groups, as the planner makes them. */
  protected final List<TrialGroup> groups() {
    return groups(job(), samples());
  }

  /**
   * Trials in groups, as the planner makes them: equal but for the shared axes, and of as many
   * seeds as the job takes together.
   */
  public static List<TrialGroup> groups(Job job, List<Trial> trials) {
    Map<Trial, List<Trial>> byRest = new LinkedHashMap<>();
    for (Trial trial : trials) {
      Trial rest =
          new Trial(
              trial.job(),
              trial.jobVersion(),
              trial.numerics(),
              trial.rootSeed(),
              0,
              trial.configuration().without(job.sharedAxes()));
      byRest.computeIfAbsent(rest, key -> new ArrayList<>()).add(trial);
    }
    List<TrialGroup> groups = new ArrayList<>();
    for (List<Trial> members : byRest.values()) {
      int together = job.seedsTogether(members.get(0).configuration());
      assertThat(together).as("seeds together").isPositive();
      List<TrialGroup> seeds = new TrialGroup(members).bySeed();
      for (int from = 0; from < seeds.size(); from += together) {
        groups.add(
            new TrialGroup(
                seeds.subList(from, Math.min(from + together, seeds.size())).stream()
                    .flatMap(seed -> seed.trials().stream())
                    .toList()));
      }
    }
    return groups;
  }

  private Map<String, Parameter> byName() {
    Map<String, Parameter> byName = new LinkedHashMap<>();
    job().parameters().forEach(parameter -> byName.put(parameter.name(), parameter));
    return byName;
  }

  private static TrialResult alone(Job job, Trial trial) throws InterruptedException {
    List<TrialResult> results = run(job, TrialGroup.of(trial));
    assertThat(results).hasSize(1);
    return results.get(0);
  }

  private static List<TrialResult> run(Job job, TrialGroup group) throws InterruptedException {
    try (TestJobContext context = TestJobContext.of(job.cost(group))) {
      return job.run(group, context);
    }
  }

  /** Everything in a result that must be equal, numbers as their raw bits. */
  private static List<Long> bits(TrialResult result) {
    List<Long> bits = new ArrayList<>();
    bits.add((long) result.outcome().ordinal());
    bits.add((long) result.message().hashCode());
    result
        .metrics()
        .forEach(
            (name, value) -> {
              bits.add((long) name.hashCode());
              bits.add(Double.doubleToRawLongBits(value));
            });
    result
        .series()
        .forEach(
            (name, values) -> {
              bits.add((long) name.hashCode());
              for (double value : values) {
                bits.add(Double.doubleToRawLongBits(value));
              }
            });
    return bits;
  }
}
