package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.rnnsweep.driver.analyse.Summary;
import org.rnnsweep.driver.analyse.SummaryCell;
import org.rnnsweep.driver.analyse.SummaryStatistics;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.execute.RunSummary.Ending;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.store.TrialStore;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;

/**
 * Successive halving (Jamieson and Talwalkar, AISTATS 2016), for those who only want the best of a
 * grid: all settings at the least value of a parameter that costs, such as epochs; then at each
 * larger value the best third of those that got so far. Trials are the experiment's own, so what is
 * stored is a part of the whole run, and the whole run goes on from it.
 *
 * <p>It biases statistics: who is dropped has no value at the larger efforts, and the mean of who
 * is not was selected for being large. Claims on what was not run stay undecided.
 */
public final class Halving implements TrialExecutor {
  /** One setting of so many goes on. */
  public static final int KEPT_OF = 3;

  private final TrialExecutor executor;
  private final Race race;

  private Halving(TrialExecutor executor, Race race) {
    this.executor = executor;
    this.race = race;
  }

  /**
   * What is raced for. Values of parameters that are neither searched nor the effort make a race
   * each.
   *
   * @param metric the scalar metric whose mean over seeds decides; more is better
   * @param effort the numeric parameter that costs
   * @param searched the parameters whose best values are looked for
   */
  public record Race(String metric, String effort, Set<String> searched) {
    public Race {
      searched = Set.copyOf(searched);
    }

    /**
     * By names or symbols of an experiment's parameters.
     *
     * @throws IllegalArgumentException if something does not fit the experiment
     */
    public static Race of(
        Experiment experiment, String metric, String effort, List<String> searched) {
      boolean known =
          experiment.job().metrics().stream()
              .anyMatch(m -> m.name().equals(metric) && m.shape() == Metric.Shape.SCALAR);
      require(known, "the job has no scalar metric '" + metric + "'");
      require(!experiment.seeds().isAdaptive(), "seeds that are adaptive are not raced");
      Parameter costs = swept(experiment, effort);
      require(costs.type() != Parameter.Type.CHOICE, "'" + effort + "' is a choice, not an effort");
      Set<String> names = new LinkedHashSet<>();
      searched.forEach(alias -> names.add(swept(experiment, alias).name()));
      require(!names.contains(costs.name()), "'" + effort + "' is the effort and looked for");
      return new Race(metric, costs.name(), names);
    }

    private static Parameter swept(Experiment experiment, String alias) {
      for (Parameter parameter : experiment.job().parameters()) {
        if (parameter.name().equals(alias) || parameter.symbol().equals(alias)) {
          String name = parameter.name();
          require(experiment.axes().contains(name), "'" + alias + "' takes one value only");
          require(
              !experiment.job().sharedAxes().contains(name),
              "one pass serves all values of '" + alias + "', there is nothing to save");
          require(
              experiment.configurations().stream().allMatch(c -> c.has(name)),
              "'" + alias + "' means nothing in some configurations");
          return parameter;
        }
      }
      throw new IllegalArgumentException("the job has no parameter '" + alias + "'");
    }

    private static void require(boolean holds, String message) {
      if (!holds) {
        throw new IllegalArgumentException("--best: " + message);
      }
    }

    private Configuration setting(Configuration configuration) {
      return configuration.without(Set.of(effort));
    }

    /** The values of the effort, ascending. */
    private List<Double> rungs(Experiment experiment) {
      return experiment.configurations().stream()
          .map(configuration -> configuration.real(effort))
          .distinct()
          .sorted()
          .toList();
    }
  }

  /** With another executor doing the work at each effort. */
  public static Halving of(TrialExecutor executor, Race race) {
    return new Halving(executor, race);
  }

  @Override
  public RunSummary run(
      Plan plan, TrialStore store, Consumer<RunProgress> listener, Cancellation cancellation)
      throws IOException {
    List<Double> rungs = race.rungs(plan.experiment());
    SuiteProgress progress =
        SuiteProgress.of(rungs.stream().map(rung -> at(plan, rung, null)).toList(), listener);
    RunSummary whole = new RunSummary(Ending.FINISHED, Map.of(), List.of(), 0, 0);
    Set<Configuration> going = null; // all
    for (double rung : rungs) {
      Plan part = at(plan, rung, going);
      Consumer<RunProgress> listening = progress.next();
      if (part.trials() > 0) {
        whole = whole.then(executor.run(part, store, listening, cancellation));
        if (whole.ending() != Ending.FINISHED) {
          return whole;
        }
      }
      going =
          ranked(plan.experiment(), race, store, rung).stream()
              .flatMap(ranked -> ranked.subList(0, kept(ranked.size())).stream())
              .map(cell -> race.setting(cell.configuration()))
              .collect(Collectors.toSet());
    }
    return whole;
  }

  private static int kept(int settings) {
    return (settings + KEPT_OF - 1) / KEPT_OF;
  }

  /** What is left of a plan at one effort, of these settings; null for all. */
  private Plan at(Plan plan, double rung, Set<Configuration> going) {
    return Planner.only(
        plan,
        group ->
            group.trials().stream()
                .map(trial -> trial.configuration())
                .anyMatch(
                    c ->
                        c.real(race.effort()) == rung
                            && (going == null || going.contains(race.setting(c)))));
  }

  /**
   * The settings that have been run at one effort, race by race, the best first: those of which
   * every trial completed before the others, then by the mean of the metric, then as in the file.
   */
  private static List<List<SummaryCell>> ranked(
      Experiment experiment, Race race, TrialStore store, double rung) throws IOException {
    Summary.Builder builder = Summary.of(experiment);
    store.scan(builder);
    Map<Configuration, List<SummaryCell>> races = new LinkedHashMap<>();
    for (SummaryCell cell : builder.build().cells()) {
      if (cell.configuration().real(race.effort()) == rung && !cell.trials().isEmpty()) {
        Configuration of = race.setting(cell.configuration()).without(race.searched());
        races.computeIfAbsent(of, key -> new ArrayList<>()).add(cell);
      }
    }
    Comparator<SummaryCell> order =
        Comparator.comparing((SummaryCell cell) -> cell.completed() < experiment.seeds().count())
            .thenComparing(cell -> mean(cell, race), Comparator.reverseOrder());
    races.values().forEach(cells -> cells.sort(order));
    return List.copyOf(races.values());
  }

  private static double mean(SummaryCell cell, Race race) {
    return cell.statistics(race.metric())
        .map(SummaryStatistics::mean)
        .orElse(Double.NEGATIVE_INFINITY);
  }

  /** The best of each race at the largest effort, a line each. */
  public static List<String> winners(Experiment experiment, Race race, TrialStore store)
      throws IOException {
    List<Double> rungs = race.rungs(experiment);
    List<String> lines = new ArrayList<>();
    for (List<SummaryCell> ranked : ranked(experiment, race, store, rungs.get(rungs.size() - 1))) {
      SummaryCell best = ranked.get(0);
      lines.add(
          String.format(
              Locale.ROOT,
              "best of %s at %s: %s %.4g (%d seeds)",
              experiment.axes().stream()
                  .filter(axis -> race.searched().contains(axis))
                  .collect(Collectors.joining(", ")),
              experiment.axes().stream()
                  .filter(axis -> best.configuration().has(axis))
                  .map(axis -> axis + "=" + best.configuration().get(axis))
                  .collect(Collectors.joining(" ")),
              race.metric(),
              mean(best, race),
              best.completed()));
    }
    return lines;
  }
}
