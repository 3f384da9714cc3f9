package org.rnnsweep.driver.analyse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.rnnsweep.driver.analyse.Relation.Direction;
import org.rnnsweep.driver.analyse.Relation.Kind;
import org.rnnsweep.kernels.stats.BinomialBounds;
import org.rnnsweep.kernels.stats.Contrast;
import org.rnnsweep.kernels.stats.Estimate;
import org.rnnsweep.kernels.stats.Jackknife;
import org.rnnsweep.kernels.stats.Measured;

/**
 * The data of one row, and how each kind of relation is measured on them.
 *
 * @param axis its name, for messages
 * @param axisIsLength whether the axis is the sequence length L, of which less range is asked
 * @param x value of the axis in each cell, not decreasing
 * @param ray value of the second parameter in each cell; of no meaning without rays
 * @param shape g in each cell
 * @param blocks X: one row a seed that has a value in every cell, one column a cell
 * @param width geometric mean of m over the cells
 * @param looks J, at how many seed counts a verdict may be taken
 * @param roundingFloor of the metric; values within 10 times this say nothing
 * @param obstacle why the data allow no verdict, whatever they show; empty if they do
 */
record Sample(
    String axis,
    boolean axisIsLength,
    double[] x,
    double[] ray,
    double[] shape,
    double[][] blocks,
    double width,
    int looks,
    double roundingFloor,
    String obstacle) {

  private static final int LEAST_SEEDS = 5;
  private static final int LEAST_JACKKNIFE_SEEDS = 16;
  private static final int LEAST_POINTS = 5;
  private static final double LEAST_FACTOR = 16;
  private static final double LEAST_LENGTH_FACTOR = 4;

  /** Largest over smallest log-ratio of neighbours that still counts as about equal. */
  private static final double UNEVENNESS = 4;

  private static final double LABEL_WIDTH = 0.1;

  /** What was measured: parts, the set they are compared with, what stands in the way of it. */
  private record Measurement(
      AllowedSet allowed, List<VerdictRule.Part> parts, String obstacle, List<String> notes) {}

  /** Compares the data with a relation. */
  Judgement judge(Relation relation, double margin, double logs) {
    double logsWidth = logsWidth(relation.kind(), logs);
    Measurement measured = measure(relation);
    int parts = Math.max(1, measured.parts.size());
    VerdictRule rule = VerdictRule.of(measured.allowed, margin, logsWidth, looks, parts);
    String reason = obstacle.isEmpty() ? measured.obstacle : obstacle;
    if (reason.isEmpty() && !measured.parts.stream().allMatch(p -> finite(p.value()))) {
      reason = "there is no finite estimate";
    }
    Verdict verdict = Verdict.UNDECIDED;
    if (reason.isEmpty()) {
      verdict =
          relation.kind() == Kind.EXACT_EXPONENT
              ? exactVerdict(rule, measured.parts.get(0), margin)
              : rule.judge(measured.parts);
    }
    return judgement(relation, margin, logsWidth, measured, rule, verdict, reason);
  }

  private static boolean finite(Measured value) {
    return Double.isFinite(value.value());
  }

  /** What the stated power of log m can add to a slope where the data are. */
  private double logsWidth(Kind kind, double logs) {
    if (logs == 0 || !kind.isSlope()) {
      return 0;
    }
    double perLog = width > 1 ? Math.abs(logs) / Math.log(width) : Double.POSITIVE_INFINITY;
    return kind == Kind.RATE ? perLog / geometricMean(x) : perLog; // a slope in x, not in log x
  }

  private Measurement measure(Relation relation) {
    return switch (relation.kind()) {
      case EXPONENT -> exponent(relation, columns(i -> true), "");
      case RATE -> rate(relation);
      case RAYS -> rays(relation);
      case MEAN_EXPONENT -> meanExponent(relation);
      case EXACT_EXPONENT -> exactExponent(relation);
      case LIMIT -> limit(relation);
      case VALUE -> values(relation);
      case PROBABILITY -> probabilities(relation);
      case SOME -> some(relation);
      case MONOTONE -> differences(relation);
      case POLYNOMIAL, EXPONENTIAL -> octaveShape(relation);
      case IDENTITY -> identity(relation);
    };
  }

  // ---- slopes

  private Measurement exponent(Relation relation, int[] columns, String name) {
    double[] logX = map(pick(x, columns), Math::log);
    String problem = first(rangeProblem(pick(x, columns)), seedProblem(), logProblem(columns));
    return new Measurement(
        allowed(relation), slopePart(name, logX, logs(columns)), problem, List.of());
  }

  private Measurement rate(Relation relation) {
    int[] all = columns(i -> true);
    String problem =
        x.length < LEAST_POINTS
            ? text("%d values of %s, a rate needs %d", x.length, axis, LEAST_POINTS)
            : first(seedProblem(), logProblem(all));
    return new Measurement(allowed(relation), slopePart("", x, logs(all)), problem, List.of());
  }

  private static List<VerdictRule.Part> slopePart(String name, double[] abscissae, double[][] y) {
    if (abscissae.length < 3 || y.length == 0) {
      return List.of();
    }
    Estimate next = Contrast.nextSlope(abscissae).estimate(y);
    return List.of(new VerdictRule.Part(name, Contrast.slope(abscissae).estimate(y), next));
  }

  private Measurement rays(Relation relation) {
    double[] seconds = Arrays.stream(ray).distinct().sorted().toArray();
    List<VerdictRule.Part> parts = new ArrayList<>();
    String problem = "";
    String r = relation.rayParameter();
    double power = relation.rayPower();
    List<int[]> rays = new ArrayList<>();
    List<String> names = new ArrayList<>();
    if (seconds.length > 0) {
      double least = seconds[0];
      double greatest = seconds[seconds.length - 1];
      rays.add(columns(i -> ray[i] == least));
      names.add(text("%s = %s", r, ClaimResult.number(least)));
      rays.add(columns(i -> ray[i] == greatest));
      names.add(text("%s = %s", r, ClaimResult.number(greatest)));
      rays.add(columns(i -> onRay(i, power)));
      names.add(text("%s = %s^%s", r, axis, ClaimResult.number(power)));
    }
    for (int k = 0; k < rays.size(); k++) {
      Measurement one = exponent(relation, rays.get(k), names.get(k));
      parts.addAll(one.parts);
      if (problem.isEmpty() && !one.obstacle.isEmpty()) {
        problem = "on the ray " + names.get(k) + ": " + one.obstacle;
      }
    }
    return new Measurement(allowed(relation), parts, problem, List.of());
  }

  /** Whether r is x^power, rounded to an integer or within 5%. */
  private boolean onRay(int cell, double power) {
    double wanted = Math.pow(x[cell], power);
    return Math.abs(ray[cell] - wanted) <= Math.max(0.5, 0.05 * wanted);
  }

  private Measurement meanExponent(Relation relation) {
    double[] logX = map(x, Math::log);
    int n = blocks.length;
    String problem = rangeProblem(x);
    if (problem.isEmpty() && n < LEAST_JACKKNIFE_SEEDS) {
      problem = text("%d seeds, a mean of signed values needs %d", n, LEAST_JACKKNIFE_SEEDS);
    }
    for (int i = 0; i < x.length && problem.isEmpty(); i++) {
      Estimate mean = Contrast.point(x.length, i).estimate(blocks);
      if (!(Math.abs(mean.mean()) >= 3 * mean.standardError())
          || !(Math.abs(mean.mean()) > 10 * roundingFloor)) {
        problem =
            text(
                "signal below noise: at %s = %s the mean is %s with a standard error of %s",
                axis,
                ClaimResult.number(x[i]),
                ClaimResult.number(mean.mean()),
                ClaimResult.number(mean.standardError()));
      }
    }
    List<VerdictRule.Part> parts = List.of();
    if (n >= 3 && x.length >= 3) {
      Contrast slope = Contrast.slope(logX);
      Contrast next = Contrast.nextSlope(logX);
      parts =
          List.of(
              new VerdictRule.Part(
                  "",
                  Estimate.of(Jackknife.pseudoValues(blocks, b -> slope.of(logOfMean(b)))),
                  Estimate.of(Jackknife.pseudoValues(blocks, b -> next.of(logOfMean(b))))));
    }
    return new Measurement(allowed(relation), parts, problem, List.of());
  }

  private double[] logOfMean(double[][] some) {
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      double sum = 0;
      for (double[] block : some) {
        sum += block[i];
      }
      y[i] = Math.log(Math.abs(sum / some.length / shape[i]));
    }
    return y;
  }

  private Measurement exactExponent(Relation relation) {
    int last = x.length - 2;
    if (last < 1 || blocks.length == 0) {
      return new Measurement(
          allowed(relation), List.of(), "two local slopes need three values of " + axis, List.of());
    }
    double[] logX = map(x, Math::log);
    double[] y = logs(columns(i -> true))[0];
    double top = Contrast.localSlope(logX, last).of(y);
    double before = Contrast.localSlope(logX, last - 1).of(y);
    VerdictRule.Part part = new VerdictRule.Part("", exact(top), exact(2 * top - before));
    return new Measurement(
        allowed(relation), List.of(part), logProblem(columns(i -> true)), List.of());
  }

  /** A number known without error: whatever its tail, its interval is the number. */
  private static Estimate exact(double value) {
    return new Estimate(value, 0, 2);
  }

  /**
   * As for random numbers, but the trend counts only where two local slopes differ by the margin.
   */
  private static Verdict exactVerdict(VerdictRule rule, VerdictRule.Part part, double margin) {
    double change = part.next().mean() - part.value().value();
    boolean moving = Math.abs(change) > margin;
    return rule.judge(part.value(), moving ? part.next() : null);
  }

  // ---- single values

  private Measurement limit(Relation relation) {
    AllowedSet zero = new AllowedSet(0, 0);
    if (x.length == 0 || blocks.length == 0) {
      return new Measurement(zero, List.of(), "there is no value", List.of());
    }
    int last = x.length - 1;
    double v = relation.bound();
    double[] ratios = new double[blocks.length];
    Arrays.setAll(ratios, s -> blocks[s][last] / shape[last] / v - 1);
    String name = text("%s = %s", axis, ClaimResult.number(x[last]));
    List<String> notes = new ArrayList<>();
    double[][] distance = new double[blocks.length][x.length];
    for (int s = 0; s < blocks.length; s++) {
      for (int i = 0; i < x.length; i++) {
        distance[s][i] = Math.log(Math.abs(blocks[s][i] / shape[i] - v));
      }
    }
    if (x.length >= 3 && blocks.length >= 2 && x[0] > 0) {
      Estimate slope = Contrast.slope(map(x, Math::log)).estimate(distance);
      if (Double.isFinite(slope.mean())) {
        notes.add(
            text(
                "the distance to the limit has the exponent %s (95%%: %s to %s)",
                ClaimResult.number(slope.mean()),
                ClaimResult.number(slope.lo(VerdictRule.CONSISTENT_TAIL / looks)),
                ClaimResult.number(slope.hi(VerdictRule.CONSISTENT_TAIL / looks))));
      }
    }
    return new Measurement(
        zero, List.of(new VerdictRule.Part(name, Estimate.of(ratios), null)), seedProblem(), notes);
  }

  private Measurement values(Relation relation) {
    List<VerdictRule.Part> parts = new ArrayList<>();
    for (int i = 0; i < x.length && blocks.length > 0; i++) {
      double[] values = new double[blocks.length];
      int cell = i;
      Arrays.setAll(values, s -> blocks[s][cell] / shape[cell]);
      parts.add(new VerdictRule.Part(at(i), Estimate.of(values), null));
    }
    return new Measurement(allowed(relation), parts, first(noCells(), seedProblem()), List.of());
  }

  private Measurement probabilities(Relation relation) {
    List<VerdictRule.Part> parts = new ArrayList<>();
    boolean none = false;
    for (int i = 0; i < x.length && blocks.length > 0; i++) {
      int cell = i;
      int count = (int) Arrays.stream(blocks).filter(block -> block[cell] != 0).count();
      parts.add(new VerdictRule.Part(at(i), new BinomialBounds(blocks.length, count), null));
      none |= count == 0;
    }
    List<String> notes =
        none
            ? List.of(
                text(
                    "no violation in %d seeds certifies no probability below 3.7/n = %s",
                    blocks.length, ClaimResult.number(3.7 / blocks.length)))
            : List.of();
    return new Measurement(allowed(relation), parts, first(noCells(), seedProblem()), notes);
  }

  /** One 0 or 1 a seed: whether X is not zero at any point. */
  private Measurement some(Relation relation) {
    int count =
        (int)
            Arrays.stream(blocks)
                .filter(block -> Arrays.stream(block).anyMatch(value -> value != 0))
                .count();
    List<VerdictRule.Part> parts =
        blocks.length == 0
            ? List.of()
            : List.of(new VerdictRule.Part("", new BinomialBounds(blocks.length, count), null));
    return new Measurement(allowed(relation), parts, first(noCells(), seedProblem()), List.of());
  }

  private Measurement identity(Relation relation) {
    double largest =
        Arrays.stream(blocks)
            .flatMapToDouble(Arrays::stream)
            .map(Math::abs)
            .max()
            .orElse(Double.NaN);
    return new Measurement(
        allowed(relation),
        List.of(new VerdictRule.Part("", exact(largest), null)),
        first(noCells(), blocks.length == 0 ? "there is no value" : ""),
        List.of());
  }

  // ---- shapes

  private Measurement differences(Relation relation) {
    double[][] y = logs(columns(i -> true));
    List<VerdictRule.Part> parts = new ArrayList<>();
    for (int i = 0; i + 1 < x.length && y.length > 0; i++) {
      String name =
          text("%s from %s to %s", axis, ClaimResult.number(x[i]), ClaimResult.number(x[i + 1]));
      parts.add(new VerdictRule.Part(name, Contrast.difference(x.length, i).estimate(y), null));
    }
    String problem =
        x.length < 2
            ? "a difference needs two values of " + axis
            : first(seedProblem(), logProblem(columns(i -> true)));
    return new Measurement(AllowedSet.of(relation.direction(), 0), parts, problem, List.of());
  }

  private Measurement octaveShape(Relation relation) {
    Direction direction =
        relation.kind() == Kind.POLYNOMIAL ? Direction.AT_MOST : Direction.AT_LEAST;
    AllowedSet allowed = AllowedSet.of(direction, 0);
    boolean octaves =
        x.length >= 4
            && IntStream.range(1, x.length).allMatch(i -> Math.abs(x[i] / x[i - 1] - 2) < 1e-9);
    if (!octaves || blocks.length == 0) {
      String problem =
          text("growth laws need three octaves of %s, each value twice the last", axis);
      return new Measurement(allowed, List.of(), problem, List.of());
    }
    double[][] y = logs(columns(i -> true));
    double[] logL = map(x, Math::log);
    Estimate shapeStatistic = Contrast.octaveShape(logL).estimate(y).minus(0.5);
    double advantage = akaike(logL, y) - akaike(x, y);
    String note =
        text(
            "AIC is %s lower for the %s (both laws have two parameters; it decides nothing)",
            ClaimResult.number(Math.abs(advantage)), advantage > 0 ? "exponential" : "power law");
    return new Measurement(
        allowed,
        List.of(new VerdictRule.Part("", shapeStatistic, null)),
        first(seedProblem(), logProblem(columns(i -> true))),
        Double.isFinite(advantage) ? List.of(note) : List.of());
  }

  /** K ln(residual sum of squares / K) + 4 of the straight line through the means over seeds. */
  private static double akaike(double[] abscissae, double[][] y) {
    int points = abscissae.length;
    double[] mean = new double[points];
    for (double[] block : y) {
      for (int i = 0; i < points; i++) {
        mean[i] += block[i] / y.length;
      }
    }
    double slope = Contrast.slope(abscissae).of(mean);
    double[] rest = new double[points];
    Arrays.setAll(rest, i -> mean[i] - slope * abscissae[i]);
    double offset = Arrays.stream(rest).average().orElseThrow();
    double squares = Arrays.stream(rest).map(v -> (v - offset) * (v - offset)).sum();
    return points * Math.log(squares / points) + 4;
  }

  // ---- what stands in the way

  private String noCells() {
    return x.length == 0 ? "no configuration lies in the range" : "";
  }

  private String seedProblem() {
    return blocks.length < LEAST_SEEDS
        ? text("%d seeds, a verdict needs %d", blocks.length, LEAST_SEEDS)
        : "";
  }

  private String rangeProblem(double[] values) {
    int points = values.length;
    if (points < LEAST_POINTS) {
      return text("%d values of %s, an exponent needs %d", points, axis, LEAST_POINTS);
    }
    double factor = values[points - 1] / values[0];
    double least = axisIsLength ? LEAST_LENGTH_FACTOR : LEAST_FACTOR;
    if (!(values[0] > 0) || !(factor >= least * (1 - 1e-9))) {
      return text(
          "%s spans a factor of %s, an exponent needs %s",
          axis, ClaimResult.number(factor), ClaimResult.number(least));
    }
    double[] steps = new double[points - 1];
    Arrays.setAll(steps, i -> Math.log(values[i + 1] / values[i]));
    double longest = Arrays.stream(steps).max().orElseThrow();
    double shortest = Arrays.stream(steps).min().orElseThrow();
    return longest <= UNEVENNESS * shortest
        ? ""
        : text("the values of %s are not at about equal ratios", axis);
  }

  private String logProblem(int[] columns) {
    int small = 0;
    int negative = 0;
    for (double[] block : blocks) {
      for (int i : columns) {
        if (Math.abs(block[i]) <= 10 * roundingFloor) {
          small++;
        } else if (block[i] / shape[i] < 0) {
          negative++;
        }
      }
    }
    if (small > 0) {
      return text(
          "below resolution: %d values are 0 or within 10 times the rounding floor %s",
          small, ClaimResult.number(roundingFloor));
    }
    return negative == 0
        ? ""
        : text("%d values are negative; use 'exponent of mean' for a signed quantity", negative);
  }

  // ---- the row

  private Judgement judgement(
      Relation relation,
      double margin,
      double logsWidth,
      Measurement measured,
      VerdictRule rule,
      Verdict verdict,
      String reason) {
    List<Judgement.PartResult> shown = new ArrayList<>();
    VerdictRule.Part decisive = null;
    for (VerdictRule.Part part : measured.parts) {
      if (decisive == null || reach(part, rule, verdict) > reach(decisive, rule, verdict)) {
        decisive = part;
      }
      double tail = rule.consistentTail();
      Measured value = part.value();
      shown.add(
          new Judgement.PartResult(part.name(), value.value(), value.lo(tail), value.hi(tail)));
    }
    List<String> notes = new ArrayList<>(measured.notes);
    if (logsWidth >= 0.5) {
      notes.add(
          text(
              "not refutable at this size: the stated logs allow a local slope %s away from the"
                  + " bound",
              ClaimResult.number(logsWidth)));
    }
    if (decisive == null) {
      return new Judgement(
          relation,
          measured.allowed,
          margin,
          logsWidth,
          verdict,
          reason,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          "",
          Double.NaN,
          Double.NaN,
          Double.NaN,
          "",
          shown,
          notes);
    }
    Measured value = decisive.value();
    double low = value.lo(rule.consistentTail());
    double high = value.hi(rule.consistentTail());
    Estimate next = decisive.next();
    return new Judgement(
        relation,
        measured.allowed,
        margin,
        logsWidth,
        verdict,
        reason,
        value.value(),
        low,
        high,
        next == null ? Double.NaN : next.mean(),
        next == null ? Double.NaN : next.standardError(),
        verdict == Verdict.CONSISTENT ? label(relation, low, high) : "",
        slack(measured.allowed, value.value()),
        detectable(value, rule),
        rule.refutingTail(measured.parts),
        verdict == Verdict.UNDECIDED && reason.isEmpty() ? decides(relation, value, rule) : "",
        shown.size() > 1 ? shown : List.of(),
        notes);
  }

  /** How near a part comes to contradicting the relation. */
  private static double reach(VerdictRule.Part part, VerdictRule rule, Verdict verdict) {
    if (verdict == Verdict.REFUTED) {
      return -rule.refutingTail(List.of(part));
    }
    double tail = rule.consistentTail();
    return Math.max(
        rule.inner().excess(part.value().lo(tail)), rule.inner().excess(part.value().hi(tail)));
  }

  private static String label(Relation relation, double low, double high) {
    boolean bound =
        relation.direction() == Direction.AT_MOST || relation.direction() == Direction.AT_LEAST;
    if (!relation.kind().isSlope() || !bound) {
      return "";
    }
    double a = relation.bound();
    if (a - low <= LABEL_WIDTH && low - a <= LABEL_WIDTH && Math.abs(a - high) <= LABEL_WIDTH) {
      return "tight";
    }
    double room = relation.direction() == Direction.AT_MOST ? a - high : low - a;
    return room > LABEL_WIDTH ? "loose" : "";
  }

  private static double slack(AllowedSet allowed, double estimate) {
    return Double.isInfinite(allowed.high()) ? estimate - allowed.low() : allowed.high() - estimate;
  }

  private static double detectable(Measured value, VerdictRule rule) {
    if (!(value instanceof Estimate estimate) || estimate.count() < 2) {
      return Double.NaN;
    }
    double beyond =
        estimate.standardError()
            * Estimate.detectableDistance(estimate.count(), rule.refutedTail());
    return Double.isInfinite(rule.outer().high())
        ? rule.outer().low() - beyond
        : rule.outer().high() + beyond;
  }

  /**
   * The seeds that would decide, n' = 2 n (half-width / g)^2, g the distance of the estimate to the
   * end that its interval must clear; where that is more than four times n, the range instead, for
   * a half-width falls like K^(-3/2). The half-width is that of the verdict within reach: with
   * tails 0.025 inside S+, with tails 0.001 outside S++.
   */
  private String decides(Relation relation, Measured value, VerdictRule rule) {
    double estimate = value.value();
    boolean inside = rule.inner().contains(estimate);
    if (!inside && rule.outer().contains(estimate)) {
      return "the logs allow it, and no number of seeds decides";
    }
    double distance = inside ? -rule.inner().excess(estimate) : rule.outer().excess(estimate);
    double tail = inside ? rule.consistentTail() : rule.refutedTail();
    double halfWidth = (value.hi(tail) - value.lo(tail)) / 2;
    double factor = 2 * (halfWidth / distance) * (halfWidth / distance);
    int n = blocks.length;
    if (factor <= 4 || !relation.kind().isSlope()) {
      return factor <= 1000
          ? text("about %.0f seeds would decide", Math.ceil(factor * n))
          : "the estimate lies at the very end of what is allowed, and no number of seeds decides";
    }
    int points = (int) Arrays.stream(x).distinct().count();
    double octaves = Math.log(x[x.length - 1] / x[0]) / Math.log(2);
    double more = octaves * (Math.cbrt(factor) - 1) * points / Math.max(1, points - 1);
    return more <= 20
        ? text("about %.0f more octaves of %s would decide", Math.ceil(more), axis)
        : "the estimate lies at the very end of what is allowed, and no affordable range decides";
  }

  // ---- small things

  private static AllowedSet allowed(Relation relation) {
    return AllowedSet.of(relation.direction(), relation.bound());
  }

  private String at(int cell) {
    return text("%s = %s", axis, ClaimResult.number(x[cell]));
  }

  private int[] columns(IntPredicate which) {
    return IntStream.range(0, x.length).filter(which).toArray();
  }

  /** log(X / g) of these cells. */
  private double[][] logs(int[] columns) {
    double[][] y = new double[blocks.length][columns.length];
    for (int s = 0; s < y.length; s++) {
      for (int i = 0; i < columns.length; i++) {
        y[s][i] = Math.log(blocks[s][columns[i]] / shape[columns[i]]);
      }
    }
    return y;
  }

  private static double[] pick(double[] values, int[] columns) {
    return Arrays.stream(columns).mapToDouble(i -> values[i]).toArray();
  }

  private static double[] map(double[] values, DoubleUnaryOperator function) {
    return Arrays.stream(values).map(function).toArray();
  }

  static double geometricMean(double[] values) {
    return Math.exp(Arrays.stream(values).map(Math::log).average().orElse(Double.NaN));
  }

  private static String first(String... problems) {
    for (String problem : problems) {
      if (!problem.isEmpty()) {
        return problem;
      }
    }
    return "";
  }

  private static String text(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
