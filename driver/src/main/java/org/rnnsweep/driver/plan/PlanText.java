package org.rnnsweep.driver.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.rnnsweep.driver.config.Claim;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.jobs.Configuration;

/** What {@code rnnsweep plan} prints: what a run would do and cost, before it costs anything. */
public final class PlanText {
  private static final int MAX_VALUES = 8;
  private static final double GIB = 0x1p30;

  private PlanText() {}

  /**
   * The text, lines ended by {@code \n}.
   *
   * @param plan the plan
   * @param slots tasks at once
   * @param model time of an operation
   * @param expectation for each claim, what its verdict can be expected to resolve, for example the
   *     planned half-width; empty for nothing to say
   */
  public static String render(
      Plan plan, int slots, CostModel model, Function<Claim, String> expectation) {
    Experiment experiment = plan.experiment();
    StringBuilder text = new StringBuilder();
    line(text, "experiment", experiment.name());
    line(text, "job", experiment.job().id() + " (version " + experiment.job().version() + ")");
    line(text, "numerics", experiment.numerics().canonical());
    line(
        text,
        "seeds",
        experiment.seeds().count()
            + " (root "
            + experiment.seeds().root()
            + ", looks at "
            + joined(experiment.seeds().looks())
            + (experiment.seeds().isAdaptive() ? ", until " + experiment.seeds().until() : "")
            + ")");
    line(text, "configurations", number(experiment.configurations().size()));
    for (String axis : experiment.axes()) {
      line(text, "  " + axis, values(experiment, axis));
    }
    line(text, "trials", number(plan.totalTrials()));
    line(text, "  stored already", number(plan.storedTrials()));
    line(text, "  to run", number(plan.trials()));
    if (!plan.bundles().isEmpty()) {
      int groups = plan.bundles().stream().mapToInt(bundle -> bundle.groups().size()).sum();
      line(text, "groups", number(groups) + " that share work, in " + bundles(plan));
      line(text, "operations", String.format(Locale.ROOT, "%.3g flop", plan.flops()));
      line(text, "memory", memory(plan, slots));
      line(text, "time", time(plan, slots, model));
    } else {
      line(text, "time", "nothing to do");
    }
    for (Claim claim : experiment.claims()) {
      claim(text, claim, expectation.apply(claim));
    }
    return text.toString();
  }

  /**
   * What a run of several experiments, one after another, would do: a line each, and the sum.
   *
   * @param name of the suite
   * @param plans in the order in which they run
   * @param model time of an operation, by plan
   */
  public static String render(
      String name, List<Plan> plans, int slots, Function<Plan, CostModel> model) {
    StringBuilder text = new StringBuilder();
    line(text, "suite", name);
    int widest = plans.stream().mapToInt(plan -> plan.experiment().name().length()).max().orElse(0);
    widest = Math.max(widest, "experiment".length());
    String format = "%-" + widest + "s  %10s  %10s  %10s  %10s  %s\n";
    text.append('\n');
    text.append(
        String.format(
            Locale.ROOT, format, "experiment", "trials", "to run", "flop", "GiB", "time"));
    double seconds = 0;
    double largest = 0;
    for (Plan plan : plans) {
      double took = model.apply(plan).seconds(plan, slots);
      double gibibytes = atOnce(plan, slots) / GIB;
      seconds += took;
      largest = Math.max(largest, gibibytes);
      text.append(
          String.format(
              Locale.ROOT,
              format,
              plan.experiment().name(),
              number(plan.totalTrials()),
              number(plan.trials()),
              String.format(Locale.ROOT, "%.3g", plan.flops()),
              String.format(Locale.ROOT, "%.2f", gibibytes),
              plan.trials() == 0 ? "nothing to do" : CostModel.formatted(took)));
    }
    text.append('\n');
    line(text, "trials", number(plans.stream().mapToInt(Plan::totalTrials).sum()));
    line(text, "  to run", number(plans.stream().mapToInt(Plan::trials).sum()));
    line(
        text,
        "memory",
        String.format(Locale.ROOT, "at most %.2f GiB off the heap for %d at once", largest, slots));
    line(
        text,
        "time",
        seconds == 0
            ? "nothing to do"
            : String.format(
                Locale.ROOT,
                "about %s on %d %s",
                CostModel.formatted(seconds),
                slots,
                slots == 1 ? "core" : "cores"));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-18s %s%n", name, value).replace("\r\n", "\n"));
  }

  private static String number(int value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String bundles(Plan plan) {
    return number(plan.bundles().size()) + (plan.bundles().size() == 1 ? " bundle" : " bundles");
  }

  private static String memory(Plan plan, int slots) {
    long largest = plan.bundles().stream().mapToLong(Bundle::memoryBytes).max().orElse(0);
    return String.format(
        Locale.ROOT,
        "%.2f GiB off the heap for the largest group, at most %.2f GiB for %d at once",
        largest / GIB,
        atOnce(plan, slots) / GIB,
        slots);
  }

  private static double atOnce(Plan plan, int slots) {
    return plan.bundles().stream()
        .map(Bundle::memoryBytes)
        .sorted(Comparator.reverseOrder())
        .limit(slots)
        .mapToDouble(bytes -> bytes)
        .sum();
  }

  private static String time(Plan plan, int slots, CostModel model) {
    return String.format(
        Locale.ROOT,
        "about %s on %d %s, at %.0f Gflop/s each",
        CostModel.formatted(model.seconds(plan, slots)),
        slots,
        slots == 1 ? "core" : "cores",
        model.flopsPerSecond() / 1e9);
  }

  private static String values(Experiment experiment, String axis) {
    Set<Object> values = new LinkedHashSet<>();
    for (Configuration configuration : experiment.configurations()) {
      values.add(configuration.get(axis));
    }
    values.removeIf(Objects::isNull);
    List<Object> shown = new ArrayList<>(values);
    if (shown.size() <= MAX_VALUES) {
      return joined(shown);
    }
    return joined(shown.subList(0, MAX_VALUES - 2))
        + ", ..., "
        + shown.get(shown.size() - 1)
        + " ("
        + number(shown.size())
        + " values)";
  }

  private static String joined(List<?> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private static void claim(StringBuilder text, Claim claim, String expectation) {
    line(
        text,
        "claim",
        claim.id()
            + (claim.part().isEmpty() ? "" : " (" + claim.part() + ")")
            + ": "
            + claim.metric()
            + " along "
            + claim.axis());
    if (!expectation.isEmpty()) {
      line(text, "", expectation);
    }
  }
}
