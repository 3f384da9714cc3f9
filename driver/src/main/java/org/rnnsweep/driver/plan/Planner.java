package org.rnnsweep.driver.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.InvalidExperimentException;
import org.rnnsweep.driver.config.JobFault;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;

/**
 * What is left to run, in groups that share work and bundles that one task runs.
 *
 * <p>A pure function of the experiment and of the settled trials: the number of cores, the clock
 * and the order of a set do not enter, so that every process plans the same.
 */
public final class Planner {
  /** Enough bundles for some hundred slots to end together, and for a progress bar to move. */
  private static final int BUNDLES = 256;

  /** About a second of a core: less would go mostly into starting tasks. */
  private static final double MIN_BUNDLE_FLOPS = 3e10;

  /** About two minutes of a core: what a lost executor costs. */
  private static final double MAX_BUNDLE_FLOPS = 6e12;

  /** So many trials of a millisecond make the shortest bundle worth a task and a part file. */
  private static final int MAX_GROUPS = 256;

  private Planner() {}

  /**
   * Plans an experiment.
   *
   * @param settledIds ids of the trials that the store has settled; others in it are ignored
   * @throws InvalidExperimentException if the job cannot say what a group costs or how many seeds
   *     it takes
   */
  public static Plan plan(Experiment experiment, Set<String> settledIds) {
    return plan(experiment, settledIds, MAX_GROUPS);
  }

  /**
   * Plans experiments that share a store, in their order. A trial that several of them ask for is
   * run by the first: to the others it counts as stored.
   */
  public static List<Plan> plan(List<Experiment> experiments, Set<String> settledIds) {
    if (experiments.size() == 1) {
      return List.of(plan(experiments.get(0), settledIds));
    }
    Set<String> taken = new HashSet<>(settledIds);
    List<Plan> plans = new ArrayList<>();
    for (Experiment experiment : experiments) {
      Plan plan = plan(experiment, taken);
      for (Bundle bundle : plan.bundles()) {
        for (TrialGroup group : bundle.groups()) {
          group.trials().forEach(trial -> taken.add(trial.id()));
        }
      }
      plans.add(plan);
    }
    return plans;
  }

  /**
   * The same with a limit on the size of bundles, on which no result depends.
   *
   * @param groupsPerBundle at least 1
   */
  public static Plan plan(Experiment experiment, Set<String> settledIds, int groupsPerBundle) {
    if (groupsPerBundle < 1) {
      throw new IllegalArgumentException("groupsPerBundle must be at least 1: " + groupsPerBundle);
    }
    Set<Integer> ends = seedEnds(experiment);
    List<CostedGroup> groups = new ArrayList<>();
    for (List<Configuration> members : shared(experiment)) {
      group(experiment, members, settledIds, ends, groups);
    }
    int total = Math.multiplyExact(experiment.configurations().size(), experiment.seeds().count());
    int left = groups.stream().mapToInt(group -> group.group().trials().size()).sum();
    return new Plan(experiment, total, total - left, bundles(groups, groupsPerBundle));
  }

  /**
   * Adds what is left of the configurations that share a pass, as many seeds together as may be.
   */
  private static void group(
      Experiment experiment,
      List<Configuration> members,
      Set<String> settledIds,
      Set<Integer> ends,
      List<CostedGroup> groups) {
    int together = seedsTogether(experiment, members.get(0));
    Cost[] wholeCosts = new Cost[together + 1]; // by the number of seeds
    List<Trial> trials = new ArrayList<>();
    int seeds = 0;
    for (int seed = 0; seed < experiment.seeds().count(); seed++) {
      int before = trials.size();
      for (Configuration configuration : members) {
        Trial trial = trial(experiment, configuration, seed);
        if (settledIds.isEmpty() || !settledIds.contains(trial.id())) {
          trials.add(trial);
        }
      }
      seeds += trials.size() > before ? 1 : 0;
      if (seeds == together || seeds > 0 && ends.contains(seed + 1)) {
        TrialGroup group = new TrialGroup(trials);
        boolean whole = trials.size() == seeds * members.size();
        // A cost depends on the parameters alone, so whole groups of as many seeds cost the same.
        Cost known = whole ? wholeCosts[seeds] : null;
        Cost cost = known != null ? known : cost(experiment.job(), group);
        if (whole) {
          wholeCosts[seeds] = cost;
        }
        groups.add(new CostedGroup(group, cost));
        trials.clear();
        seeds = 0;
      }
    }
  }

  /** Counts of seeds at which a group ends: all of them, and where a run may stop before. */
  private static Set<Integer> seedEnds(Experiment experiment) {
    Set<Integer> ends = new HashSet<>();
    if (experiment.seeds().isAdaptive()) {
      ends.addAll(experiment.seeds().looks());
    }
    ends.add(experiment.seeds().count());
    return ends;
  }

  /** At most as many as there are. */
  private static int seedsTogether(Experiment experiment, Configuration configuration) {
    int together =
        asked(
            experiment.job(),
            "seedsTogether",
            configuration,
            () -> {
              int seeds = experiment.job().seedsTogether(configuration);
              if (seeds < 1) {
                throw new IllegalStateException("not at least 1: " + seeds);
              }
              return seeds;
            });
    return Math.min(together, experiment.seeds().count());
  }

  /**
   * The plan of an adaptive run in parts, one a look and in their order: the i-th holds the seeds
   * from the look before it up to its own, which no group crosses. Together they are the whole
   * plan; where seeds are not adaptive it is the only part.
   */
  public static List<Plan> byLook(Plan plan) {
    Experiment experiment = plan.experiment();
    if (!experiment.seeds().isAdaptive()) {
      return List.of(plan);
    }
    List<Plan> parts = new ArrayList<>();
    int from = 0;
    for (int look : experiment.seeds().looks()) {
      int first = from;
      parts.add(
          only(
              plan,
              group -> group.first().seedIndex() >= first && group.first().seedIndex() < look));
      from = look;
    }
    return parts;
  }

  /** A part of a plan, as a plan of its own of which nothing is stored. */
  public static Plan only(Plan plan, Predicate<TrialGroup> here) {
    List<TrialGroup> groups =
        plan.bundles().stream()
            .filter(bundle -> bundle.repeat() == 0)
            .flatMap(bundle -> bundle.groups().stream())
            .filter(here)
            .toList();
    List<Bundle> bundles = new ArrayList<>(bundles(plan.experiment().job(), groups));
    plan.bundles().stream()
        .filter(bundle -> bundle.repeat() > 0) // one trial, with the memory it was given
        .filter(bundle -> here.test(bundle.groups().get(0)))
        .forEach(bundles::add);
    int trials = bundles.stream().mapToInt(Bundle::trials).sum();
    return new Plan(plan.experiment(), trials, 0, List.copyOf(bundles));
  }

  /** Groups of one job in bundles, as {@link #plan} makes them. */
  static List<Bundle> bundles(Job job, List<TrialGroup> groups) {
    return bundles(
        groups.stream()
            .map(group -> new CostedGroup(group, cost(job, group)))
            .collect(Collectors.toCollection(ArrayList::new)),
        MAX_GROUPS);
  }

  private static Cost cost(Job job, TrialGroup group) {
    return asked(
        job,
        "cost",
        group.first().configuration(),
        () -> Objects.requireNonNull(job.cost(group), "no cost"));
  }

  private static <T> T asked(
      Job job, String question, Configuration configuration, Supplier<T> answer) {
    try {
      return answer.get();
    } catch (RuntimeException | Error e) { // a third party's code
      throw new InvalidExperimentException(List.of(JobFault.of(job, question, configuration, e)));
    }
  }

  private record CostedGroup(TrialGroup group, Cost cost) {}

  private static Trial trial(Experiment experiment, Configuration configuration, int seed) {
    Job job = experiment.job();
    return new Trial(
        job.id(),
        job.version(),
        experiment.numerics(),
        experiment.seeds().root(),
        seed,
        configuration);
  }

  /** Configurations that are equal but for the job's shared axes, in the order of the first. */
  private static Iterable<List<Configuration>> shared(Experiment experiment) {
    Set<String> sharedAxes = experiment.job().sharedAxes();
    if (sharedAxes.isEmpty()) {
      return experiment.configurations().stream().map(List::of).toList();
    }
    Map<Configuration, List<Configuration>> groups = new LinkedHashMap<>();
    for (Configuration configuration : experiment.configurations()) {
      groups
          .computeIfAbsent(configuration.without(sharedAxes), key -> new ArrayList<>())
          .add(configuration);
    }
    return groups.values();
  }

  /** Longest first; the sort is stable, so ties keep the order of configurations and seeds. */
  private static List<Bundle> bundles(List<CostedGroup> groups, int groupsPerBundle) {
    groups.sort(Comparator.comparingDouble((CostedGroup group) -> group.cost().flops()).reversed());
    double total = groups.stream().mapToDouble(group -> group.cost().flops()).sum();
    double target = Math.max(MIN_BUNDLE_FLOPS, Math.min(MAX_BUNDLE_FLOPS, total / BUNDLES));
    List<Bundle> bundles = new ArrayList<>();
    Map<Integer, Open> openByMemory = new HashMap<>();
    for (CostedGroup group : groups) {
      int memory = memoryClass(group.cost().memoryBytes());
      Open open = openByMemory.computeIfAbsent(memory, key -> new Open());
      if (!open.groups.isEmpty()
          && (open.groups.size() >= groupsPerBundle
              || open.flops + group.cost().flops() > target)) {
        bundles.add(open.close());
        open = new Open();
        openByMemory.put(memory, open);
      }
      open.add(group);
    }
    openByMemory.keySet().stream()
        .sorted()
        .forEach(memory -> bundles.add(openByMemory.get(memory).close()));
    bundles.sort(Comparator.comparingDouble(Bundle::flops).reversed());
    return List.copyOf(bundles);
  }

  /** Groups within a factor of two share a class: a task reserves memory for its largest. */
  private static int memoryClass(long bytes) {
    return Long.SIZE - Long.numberOfLeadingZeros(bytes);
  }

  /** A bundle that still takes groups. */
  private static final class Open {
    private final List<TrialGroup> groups = new ArrayList<>();
    private double flops;
    private long memoryBytes;

    void add(CostedGroup group) {
      groups.add(group.group());
      flops += group.cost().flops();
      memoryBytes = Math.max(memoryBytes, group.cost().memoryBytes());
    }

    Bundle close() {
      return new Bundle(List.copyOf(groups), flops, memoryBytes);
    }
  }
}
