package org.rnnsweep.driver.analyse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;

/**
 * One scalar metric of one experiment: for every configuration, by seed index, how the trial ended
 * and its value. A store may be partial and may hold other experiments; only trials of this one are
 * taken, and a trial that is there twice counts once.
 */
final class Cells {

  /** How a trial ended, and its X; NaN where the trial has none. */
  record Observation(Outcome outcome, double value) {}

  private final Map<Configuration, Map<Integer, Observation>> cells;

  private Cells(Map<Configuration, Map<Integer, Observation>> cells) {
    this.cells = cells;
  }

  /** Of the records of a store. */
  static Cells of(Experiment experiment, Iterable<TrialRecord> records, String metric) {
    Set<Configuration> configurations = new HashSet<>(experiment.configurations());
    Map<Configuration, Map<Integer, Observation>> cells = new HashMap<>();
    for (TrialRecord record : records) {
      Trial trial = record.trial();
      if (trial.job().equals(experiment.job().id())
          && trial.jobVersion() == experiment.job().version()
          && trial.numerics().equals(experiment.numerics())
          && trial.rootSeed() == experiment.seeds().root()
          && trial.seedIndex() < experiment.seeds().count()
          && configurations.contains(trial.configuration())) {
        double value = record.metrics().getOrDefault(metric, Double.NaN);
        cells
            .computeIfAbsent(trial.configuration(), c -> new HashMap<>())
            .merge(
                trial.seedIndex(),
                new Observation(record.outcome(), value),
                (a, b) -> a.outcome().settled() ? a : b); // a failure repaired by a later run
      }
    }
    return new Cells(cells);
  }

  /** The observation, or null where the trial has not been run. */
  Observation at(Configuration configuration, int seed) {
    return cells.getOrDefault(configuration, Map.of()).get(seed);
  }

  /** Whether every one of these seeds has been run, however it ended, in every configuration. */
  boolean complete(List<Configuration> configurations, int seeds) {
    for (Configuration configuration : configurations) {
      for (int seed = 0; seed < seeds; seed++) {
        if (at(configuration, seed) == null) {
          return false;
        }
      }
    }
    return true;
  }

  /** How many of these trials are there and ended so. */
  int count(List<Configuration> configurations, int seeds, Predicate<Observation> which) {
    int count = 0;
    for (Configuration configuration : configurations) {
      for (int seed = 0; seed < seeds; seed++) {
        Observation observation = at(configuration, seed);
        if (observation != null && which.test(observation)) {
          count++;
        }
      }
    }
    return count;
  }

  /** How many of these seeds have been run in some of these configurations. */
  int begun(List<Configuration> configurations, int seeds) {
    return (int)
        IntStream.range(0, seeds)
            .filter(seed -> configurations.stream().anyMatch(c -> at(c, seed) != null))
            .count();
  }

  /**
   * X of the seeds that were run in all of these configurations, 0 where a trial diverged or was
   * rejected: one row a seed, one column a configuration.
   */
  double[][] successes(List<Configuration> configurations, int seeds) {
    return IntStream.range(0, seeds)
        .mapToObj(seed -> configurations.stream().mapToDouble(c -> success(at(c, seed))).toArray())
        .filter(row -> Arrays.stream(row).allMatch(Double::isFinite))
        .toArray(double[][]::new);
  }

  private static double success(Observation observation) {
    if (observation == null || !observation.outcome().settled()) {
      return Double.NaN;
    }
    return observation.outcome() == Outcome.COMPLETED ? observation.value() : 0;
  }

  /**
   * X of the seeds that completed in all of these configurations: one row a seed in the order of
   * indices, one column a configuration.
   */
  double[][] blocks(List<Configuration> configurations, int seeds) {
    List<double[]> blocks = new ArrayList<>();
    for (int seed = 0; seed < seeds; seed++) {
      double[] block = new double[configurations.size()];
      boolean whole = true;
      for (int i = 0; i < block.length && whole; i++) {
        Observation observation = at(configurations.get(i), seed);
        whole =
            observation != null
                && observation.outcome() == Outcome.COMPLETED
                && Double.isFinite(observation.value());
        block[i] = whole ? observation.value() : Double.NaN;
      }
      if (whole) {
        blocks.add(block);
      }
    }
    return blocks.toArray(double[][]::new);
  }
}
