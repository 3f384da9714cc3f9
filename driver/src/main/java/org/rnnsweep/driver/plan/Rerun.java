package org.rnnsweep.driver.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentSource;
import org.rnnsweep.driver.config.SeedPlan;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.kernels.NumericsProfile;

/**
 * Plans that compute given trials once more, whatever experiments they came from and whatever is
 * stored. Each trial is a group of its own: its bits may not depend on whom it was grouped with.
 */
public final class Rerun {
  private Rerun() {}

  /**
   * Plans that hold every trial once between them: one for each job, numerics profile and root
   * seed, in the order of the first trial of each.
   *
   * @param name what runs them, for provenance
   * @throws IllegalArgumentException if this program cannot compute one of them, see {@link
   *     #problem}
   */
  public static List<Plan> of(String name, Collection<Trial> trials, JobCatalog catalog) {
    Map<Kind, List<Trial>> kinds = new LinkedHashMap<>();
    for (Trial trial : trials) {
      String problem = problem(trial, catalog);
      if (!problem.isEmpty()) {
        throw new IllegalArgumentException(problem);
      }
      Kind kind = new Kind(trial.job(), trial.numerics(), trial.rootSeed());
      kinds.computeIfAbsent(kind, key -> new ArrayList<>()).add(trial);
    }
    List<Plan> plans = new ArrayList<>();
    kinds.forEach((kind, of) -> plans.add(plan(name, catalog.find(kind.job()), of)));
    return plans;
  }

  /** Why this program cannot compute the trial that an id stands for; empty if it can. */
  public static String problem(Trial trial, JobCatalog catalog) {
    Job job = catalog.find(trial.job());
    if (job == null) {
      return "no job '" + trial.job() + "' is on the class path here; give its jar";
    }
    if (job.version() != trial.jobVersion()) {
      return String.format(
          Locale.ROOT,
          "trial %s was computed by version %d of job %s, which is at version %d here",
          trial.id(),
          trial.jobVersion(),
          job.id(),
          job.version());
    }
    return "";
  }

  private record Kind(String job, NumericsProfile numerics, long rootSeed) {}

  private static Plan plan(String name, Job job, List<Trial> trials) {
    Trial first = trials.get(0);
    int seeds = 1 + trials.stream().mapToInt(Trial::seedIndex).max().orElse(0);
    Experiment experiment =
        new Experiment(
            name,
            "",
            job,
            first.numerics(),
            new SeedPlan(first.rootSeed(), seeds, List.of(seeds)),
            List.of(),
            trials.stream().map(Trial::configuration).distinct().toList(),
            List.of(),
            List.of(),
            name,
            new ExperimentSource("", List.of()));
    List<TrialGroup> groups = trials.stream().map(TrialGroup::of).toList();
    return new Plan(experiment, trials.size(), 0, Planner.bundles(job, groups));
  }
}
