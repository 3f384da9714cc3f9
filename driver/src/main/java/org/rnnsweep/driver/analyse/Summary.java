package org.rnnsweep.driver.analyse;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;

/**
 * What a store says of one experiment, by configuration. It does not depend on the order of the
 * records, and it is as good on a store that is still being filled.
 *
 * <p>Statistics are over {@link Outcome#COMPLETED} trials only; the others are counted and listed,
 * never averaged. Series metrics are not summarised here.
 */
public final class Summary {
  private final Experiment experiment;
  private final List<SummaryCell> cells;
  private final long otherTrials;

  private Summary(Experiment experiment, List<SummaryCell> cells, long otherTrials) {
    this.experiment = experiment;
    this.cells = List.copyOf(cells);
    this.otherTrials = otherTrials;
  }

  /** Collects the records of a store: {@code store.scan(builder)}, then {@link Builder#build()}. */
  public static final class Builder implements Consumer<TrialRecord> {
    private final Experiment experiment;
    private final Map<Configuration, SortedMap<Integer, TrialRecord>> byConfiguration =
        new LinkedHashMap<>();
    private long otherTrials;

    private Builder(Experiment experiment) {
      this.experiment = experiment;
      experiment
          .configurations()
          .forEach(configuration -> byConfiguration.put(configuration, new TreeMap<>()));
    }

    /** Takes a record in; one that is not of this experiment is only counted. */
    @Override
    public void accept(TrialRecord record) {
      SortedMap<Integer, TrialRecord> trials =
          belongs(record.trial()) ? byConfiguration.get(record.trial().configuration()) : null;
      if (trials == null) {
        otherTrials++;
      } else {
        trials.merge(record.trial().seedIndex(), record, Builder::lasting);
      }
    }

    /** Whether the experiment asks for this trial. */
    public boolean belongs(Trial trial) {
      return trial.job().equals(experiment.job().id())
          && trial.jobVersion() == experiment.job().version()
          && trial.numerics().equals(experiment.numerics())
          && trial.rootSeed() == experiment.seeds().root()
          && trial.seedIndex() < experiment.seeds().count()
          && byConfiguration.containsKey(trial.configuration());
    }

    /** A trial that failed and was run again is what it became: settled outcomes come first. */
    private static TrialRecord lasting(TrialRecord one, TrialRecord other) {
      return one.outcome().compareTo(other.outcome()) <= 0 ? one : other;
    }

    public Summary build() {
      return new Summary(
          experiment,
          byConfiguration.entrySet().stream()
              .map(entry -> new SummaryCell(entry.getKey(), new TreeMap<>(entry.getValue())))
              .toList(),
          otherTrials);
    }
  }

  /** The same of some of the configurations. */
  public Summary of(Predicate<Configuration> selected) {
    return new Summary(
        experiment,
        cells.stream().filter(cell -> selected.test(cell.configuration())).toList(),
        otherTrials);
  }

  /** Starts collecting for an experiment. */
  public static Builder of(Experiment experiment) {
    return new Builder(experiment);
  }

  public Experiment experiment() {
    return experiment;
  }

  /** One a configuration, in the experiment's order. */
  public List<SummaryCell> cells() {
    return cells;
  }

  /** The job's scalar metrics, in its order. */
  public List<Metric> scalarMetrics() {
    return experiment.job().metrics().stream()
        .filter(metric -> metric.shape() == Metric.Shape.SCALAR)
        .toList();
  }

  /** Those of them that some completed trial has: which ones exist depends on the parameters. */
  public List<Metric> measuredMetrics() {
    return scalarMetrics().stream()
        .filter(
            metric -> cells.stream().anyMatch(cell -> cell.statistics(metric.name()).isPresent()))
        .toList();
  }

  /** How many trials ended how; outcomes that did not occur are absent. */
  public Map<Outcome, Integer> outcomes() {
    Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    cells.forEach(
        cell -> cell.outcomes().forEach((outcome, n) -> counts.merge(outcome, n, Integer::sum)));
    return counts;
  }

  /** Trials that the experiment asks for. */
  public int plannedTrials() {
    return cells.size() * experiment.seeds().count();
  }

  /** Trials that ended, however they did. */
  public int endedTrials() {
    return cells.stream().mapToInt(cell -> cell.trials().size()).sum();
  }

  /** Trials that ended, by configuration and seed. */
  public List<TrialRecord> records() {
    return cells.stream().flatMap(cell -> cell.trials().values().stream()).toList();
  }

  /** Trials that ended without completing, by configuration and seed. */
  public List<TrialRecord> shortfalls() {
    return cells.stream()
        .flatMap(cell -> cell.trials().values().stream())
        .filter(record -> record.outcome() != Outcome.COMPLETED)
        .toList();
  }

  /** Records in the store that are not of this experiment: other axes, seeds, jobs or numerics. */
  public long otherTrials() {
    return otherTrials;
  }
}
