package org.rnnsweep.jobs;

import java.util.List;
import java.util.Set;

/**
 * A kind of trial: which parameters it takes, which metrics it returns, what it costs and how it is
 * computed. Implementations are stateless, have a public no-argument constructor, and are listed in
 * {@code META-INF/services/org.rnnsweep.jobs.Job}.
 *
 * <p>Most jobs are a {@link TrialJob}, of trials that share nothing.
 *
 * <p>Contract (checked by {@code JobContract} in this module's test-jar): {@link #run} is a pure
 * function of its trials. It gives the same bits whatever else runs beside it, and whether a trial
 * is run alone or in a group with others that differ from it on {@link #sharedAxes()} only, or,
 * where {@link #seedsTogether} allows it, by their seed.
 */
public interface Job {

  /** Lower-case kebab name, unique among jobs; part of every trial id. */
  String id();

  /**
   * Version of the meaning of the results; part of every trial id. Raise it when the numbers of any
   * trial change; leave it alone in a refactoring.
   */
  int version();

  /** One line for {@code rnnsweep list}. */
  String summary();

  /** Whether no list shows it: the program's own measurements are jobs, but nobody's experiment. */
  default boolean hidden() {
    return false;
  }

  /** Parameters in the order in which help and reports show them. */
  List<Parameter> parameters();

  /** Metrics in the order in which tables show them. */
  List<Metric> metrics();

  /**
   * Names of the parameters whose values one pass can serve together. The planner puts trials that
   * differ on these alone into one group.
   */
  default Set<String> sharedAxes() {
    return Set.of();
  }

  /**
   * How many seeds of one configuration a pass takes side by side, at least 1. The planner puts
   * trials of so many seeds, that differ by the seed and on {@link #sharedAxes()} alone, into one
   * group; fewer, and of a seed not every value of the axes, where some are stored or seeds run
   * out. Where such a pass fails, each of its seeds is run by itself.
   *
   * @param configuration any of those that share the pass: the answer must not depend on the values
   *     of the shared axes
   */
  default int seedsTogether(Configuration configuration) {
    return 1;
  }

  /**
   * What is wrong with a configuration whose values are each inside their domain, for example
   * {@code eps_x} not below 1/L; empty when it can be run. Called at planning.
   */
  default List<String> check(Configuration configuration) {
    return List.of();
  }

  /**
   * Floating-point operations and memory of one group, everything included. Called at planning. It
   * depends on how many seeds there are, but not on which.
   */
  Cost cost(TrialGroup group);

  /**
   * Computes every trial of the group.
   *
   * @return one result a trial, in the order of {@link TrialGroup#trials()}
   * @throws InterruptedException if {@link JobContext#checkCancelled()} said so
   */
  List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException;
}
