package org.rnnsweep.driver.analyse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.rnnsweep.driver.config.Claim;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ParameterExpression;
import org.rnnsweep.driver.config.SeedPlan;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.kernels.stats.Estimate;

/**
 * Judges the claims of an experiment by what a store holds. Works on a partial store: a verdict is
 * taken at the largest planned seed count of which every trial in the range has been run.
 *
 * <p>A claim gives one row for every fixed setting of the other axes. An axis whose values
 * correspond one to one with those of the claim's axis (the two were zipped) goes along with it and
 * is not another axis. The range of a row are the configurations that {@code where} selects.
 */
public final class Judge {
  /** Of log X over seeds, in most sweeps at initialisation. */
  private static final double TYPICAL_SD = 0.25;

  private final Experiment experiment;

  /** A judge of this experiment's claims. */
  public Judge(Experiment experiment) {
    this.experiment = experiment;
  }

  /** Every claim, judged by these records; those of other experiments are passed over. */
  public Scoreboard judge(Collection<TrialRecord> records) {
    List<JudgedClaim> judged = new ArrayList<>();
    for (Claim claim : experiment.claims()) {
      judged.add(judge(claim, Cells.of(experiment, records, claim.metric())));
    }
    return new Scoreboard(experiment.name(), judged);
  }

  /**
   * What the planned seeds and points can resolve of a claim on an exponent, in words: the 95%
   * half-width to be expected where log X has a standard deviation of {@value #TYPICAL_SD} over
   * seeds, with a warning where it exceeds the margin. Empty for other claims.
   */
  public String expectation(Claim claim) {
    if (claim.relation().kind() != Relation.Kind.EXPONENT) {
      return "";
    }
    ToDoubleFunction<Configuration> axis = axis(claim);
    int count = experiment.seeds().count();
    double widest = 0;
    for (List<Configuration> range : settings(claim).values()) {
      double[] x = range.stream().mapToDouble(axis).sorted().distinct().toArray();
      if (x.length < 2 || count < 2) {
        return "too few points or seeds for an interval";
      }
      double ratio = Math.pow(x[x.length - 1] / x[0], 1.0 / (x.length - 1));
      widest = Math.max(widest, Estimate.plannedHalfWidth(TYPICAL_SD, ratio, x.length, count));
    }
    String text =
        String.format(
            Locale.ROOT,
            "exponent to about +-%.3f if log %s varies by %.2f over seeds",
            widest,
            claim.metric(),
            TYPICAL_SD);
    return widest > claim.margin()
        ? text
            + String.format(
                Locale.ROOT,
                "; wider than the margin of %s: a claim that is just true would stay UNDECIDED,"
                    + " widen the range before adding seeds",
                claim.margin())
        : text;
  }

  private JudgedClaim judge(Claim claim, Cells cells) {
    List<ClaimResult> rows = new ArrayList<>();
    settings(claim).forEach((setting, range) -> rows.add(row(claim, setting, range, cells)));
    return new JudgedClaim(claim, rows);
  }

  /** Configurations by setting of the other axes; a setting that {@code where} empties is gone. */
  private Map<Map<String, Object>, List<Configuration>> settings(Claim claim) {
    Predicate<Configuration> where =
        claim.where().isBlank() ? c -> true : expression(claim.where())::test;
    List<String> others = otherAxes(claim);
    Map<Map<String, Object>, List<Configuration>> settings = new LinkedHashMap<>();
    for (Configuration configuration : experiment.configurations()) {
      if (configuration.has(axisParameter(claim)) && where.test(configuration)) {
        Map<String, Object> setting = new LinkedHashMap<>();
        others.forEach(name -> setting.put(name, configuration.get(name)));
        settings.computeIfAbsent(setting, s -> new ArrayList<>()).add(configuration);
      }
    }
    return settings;
  }

  private List<String> otherAxes(Claim claim) {
    String axis = axisParameter(claim);
    List<String> others = new ArrayList<>();
    for (String name : experiment.axes()) {
      boolean spokenOf = name.equals(axis) || name.equals(claim.relation().rayParameter());
      if (!spokenOf && !zipped(name, axis)) {
        others.add(name);
      }
    }
    return others;
  }

  private boolean zipped(String name, String axis) {
    Map<Object, Object> there = new HashMap<>();
    Map<Object, Object> back = new HashMap<>();
    for (Configuration c : experiment.configurations()) {
      Object a = c.get(name);
      Object b = c.get(axis);
      if (a == null || b == null) {
        return false; // irrelevant somewhere, so it does not go along
      }
      if (!b.equals(there.computeIfAbsent(a, key -> b))
          || !a.equals(back.computeIfAbsent(b, key -> a))) {
        return false;
      }
    }
    return back.size() > 1;
  }

  /** The parameter of an axis, which may be written {@code 1/name}. */
  private static String axisParameter(Claim claim) {
    return claim.axis().startsWith("1/") ? claim.axis().substring(2).strip() : claim.axis();
  }

  private ClaimResult row(
      Claim claim, Map<String, Object> setting, List<Configuration> unsorted, Cells cells) {
    ToDoubleFunction<Configuration> axis = axis(claim);
    List<Configuration> range = new ArrayList<>(unsorted);
    range.sort(Comparator.comparingDouble(axis));
    SeedPlan plan = experiment.seeds();
    int look = look(plan, range, cells);
    int seeds = look > 0 ? look : plan.count();
    boolean some = claim.relation().kind() == Relation.Kind.SOME;
    double[][] blocks = some ? cells.successes(range, seeds) : cells.blocks(range, seeds);
    double[] x = range.stream().mapToDouble(axis).toArray();
    String ray = claim.relation().rayParameter();
    Parameter parameter = parameter(axisParameter(claim));
    Sample sample =
        new Sample(
            claim.axis(),
            parameter != null && parameter.symbol().equals("L"),
            x,
            range.stream().mapToDouble(c -> ray.isEmpty() || some ? 0 : c.real(ray)).toArray(),
            range.stream().mapToDouble(shape(claim)).toArray(),
            blocks,
            Sample.geometricMean(range.stream().mapToDouble(width(axis)).toArray()),
            plan.looks().size(),
            roundingFloor(claim.metric()),
            obstacle(plan, look, range, cells, some));
    Relation prediction = claim.prediction();
    return new ClaimResult(
        claim,
        setting,
        x[0],
        x[x.length - 1],
        (int) Arrays.stream(x).distinct().count(),
        blocks.length,
        look,
        plan.looks().size(),
        cells.count(range, plan.count(), observation -> true),
        cells.begun(range, seeds) - blocks.length,
        sample.judge(claim.relation(), claim.margin(), claim.logs()),
        prediction == null ? null : sample.judge(prediction, predictionMargin(claim), 0));
  }

  private static ToDoubleFunction<Configuration> axis(Claim claim) {
    String name = axisParameter(claim);
    return name.equals(claim.axis()) ? c -> c.real(name) : c -> 1 / c.real(name);
  }

  private ToDoubleFunction<Configuration> shape(Claim claim) {
    return expression(claim.shape())::value;
  }

  private ParameterExpression expression(String text) {
    return ParameterExpression.of(text, experiment.job().parameters());
  }

  /**
   * m of a configuration, whose logarithm the stated logs are powers of; the axis if there is none
   * or it means nothing there.
   */
  private ToDoubleFunction<Configuration> width(ToDoubleFunction<Configuration> axis) {
    for (Parameter parameter : experiment.job().parameters()) {
      if (parameter.symbol().equals("m")) {
        return c -> c.has(parameter.name()) ? c.real(parameter.name()) : axis.applyAsDouble(c);
      }
    }
    return axis;
  }

  private Parameter parameter(String name) {
    return experiment.job().parameters().stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private double roundingFloor(String metric) {
    return experiment.job().metrics().stream()
        .filter(m -> m.name().equals(metric))
        .mapToDouble(Metric::roundingFloor)
        .findFirst()
        .orElse(0);
  }

  /** The statement's margin where prediction and statement are measured alike. */
  private static double predictionMargin(Claim claim) {
    Relation.Kind kind = claim.prediction().kind();
    return kind == claim.relation().kind() ? claim.margin() : kind.defaultMargin();
  }

  /** The largest planned count that every cell of the range has reached; 0 if none is. */
  private static int look(SeedPlan plan, List<Configuration> range, Cells cells) {
    int reached = 0;
    for (int look : plan.looks()) {
      if (look > reached && cells.complete(range, look)) {
        reached = look;
      }
    }
    return reached;
  }

  /** What stands in the way of any verdict on this range; with {@code some}, not divergence. */
  private static String obstacle(
      SeedPlan plan, int look, List<Configuration> range, Cells cells, boolean some) {
    if (look == 0) {
      return String.format(
          Locale.ROOT,
          "the run is not complete: %d of the %d trials up to the first look at %d seeds are there",
          cells.count(range, plan.looks().get(0), observation -> true),
          range.size() * plan.looks().get(0),
          plan.looks().get(0));
    }
    int diverged = cells.count(range, look, o -> o.outcome() == Outcome.DIVERGED);
    int rejected = cells.count(range, look, o -> o.outcome() == Outcome.REJECTED);
    return some || diverged + rejected == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "censored: in the range %d trials diverged and %d were rejected",
            diverged,
            rejected);
  }
}
