package org.rnnsweep.driver.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.rnnsweep.driver.analyse.Summary;
import org.rnnsweep.driver.analyse.SummaryCell;
import org.rnnsweep.driver.analyse.SummaryStatistics;
import org.rnnsweep.driver.config.Figure;
import org.rnnsweep.driver.config.ParameterExpression;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;

/**
 * What a figure shows, before any decision on where: rows of panels (one a metric), columns (one a
 * panel value), lines of points with intervals over seeds.
 *
 * <p>On a logarithmic vertical scale a point is the geometric mean over seeds and its interval the
 * t interval of the mean logarithm: what fits and verdicts use, and never negative. On a linear one
 * they are the arithmetic mean and its t interval.
 *
 * @param id names the files
 * @param title may be empty
 * @param caption what points and bars are, and what is missing
 * @param xName parameter that runs along the horizontal axis
 * @param xLabel what stands on it
 * @param x spacing of the horizontal scale
 * @param y spacing of the vertical scale
 * @param rows one a metric, each with the same number of panels
 * @param legend label of every line, by its index
 * @param references curves to compare with, in every panel
 */
public record FigureData(
    String id,
    String title,
    String caption,
    String xName,
    RichText xLabel,
    Scale.Spacing x,
    Scale.Spacing y,
    List<Row> rows,
    List<RichText> legend,
    List<Curve> references) {

  /** Steps of a reference curve from its first point to its last. */
  private static final int CURVE_STEPS = 64;

  /** Panels that share a vertical axis. */
  public record Row(List<String> metrics, String yLabel, List<Panel> panels) {}

  /** A reference; what a scale cannot show is left out. */
  public record Curve(String label, List<Place> places) {}

  /** A point of a curve. */
  public record Place(double x, double y) {}

  /** One pair of axes. */
  public record Panel(RichText title, List<Line> lines) {}

  /**
   * Points that belong together.
   *
   * @param index its place in the legend
   * @param group which colour and marker
   * @param variant which dashes: lines of a group that differ on axes the figure does not name
   * @param points by x
   * @param fit straight line through them, or null
   */
  public record Line(int index, int group, int variant, List<Point> points, ScalingFit fit) {}

  /**
   * One configuration.
   *
   * @param low lower end of the interval; NaN with one seed
   * @param high upper end of the interval; NaN with one seed
   * @param seeds values of single seeds
   */
  public record Point(double x, double mean, double low, double high, List<Double> seeds) {}

  /**
   * Gathers what an experiment's figure needs from its summary.
   *
   * @throws IllegalArgumentException if the horizontal axis is not a number, a name is unknown or
   *     nothing is selected
   */
  public static FigureData of(Figure figure, Summary whole) {
    Job job = whole.experiment().job();
    Summary summary =
        figure.where().isEmpty()
            ? whole
            : whole.of(ParameterExpression.of(figure.where(), job.parameters())::test);
    if (summary.cells().isEmpty()) {
      throw new IllegalArgumentException(
          "figure " + figure.id() + ": '" + figure.where() + "' selects nothing");
    }
    Parameter xAxis = parameter(job, figure.along());
    if (xAxis.type() == Parameter.Type.CHOICE) {
      throw new IllegalArgumentException(
          "figure " + figure.id() + ": x = " + figure.x() + " is a choice, allowed are numbers");
    }
    ParameterExpression horizontal = ParameterExpression.of(figure.x(), job.parameters());
    Scale.Spacing x = figure.logX() ? Scale.Spacing.LOGARITHMIC : Scale.Spacing.LINEAR;
    Scale.Spacing y = figure.logY() ? Scale.Spacing.LOGARITHMIC : Scale.Spacing.LINEAR;

    // Axes that the figure does not name split its lines; otherwise one line would hold several
    // values at one x.
    List<String> others = new ArrayList<>(summary.experiment().axes());
    others.remove(figure.along());
    others.remove(figure.lines());
    others.remove(figure.panels());
    if (!figure.where().isEmpty()) {
      others.removeIf(name -> distinct(summary, name).size() == 1); // the same in all that is drawn
    }
    List<Object> groups = distinct(summary, figure.lines());
    List<Object> columns = distinct(summary, figure.panels());
    List<List<Object>> variants =
        summary.cells().stream().map(cell -> values(cell, others)).distinct().toList();
    boolean together = figure.arrangement() == Figure.Arrangement.LINES;
    List<List<String>> rowsOfMetrics =
        together ? List.of(figure.metrics()) : figure.metrics().stream().map(List::of).toList();
    boolean named = together && figure.metrics().size() > 1;

    List<RichText> legend = new ArrayList<>();
    for (String name : rowsOfMetrics.get(0)) {
      for (Object group : groups) {
        for (List<Object> variant : variants) {
          RichText label = lineLabel(job, figure.lines(), group, others, variant);
          RichText metric = RichText.plain(named ? metric(job, name).label() : "");
          boolean both = named && !label.text().isEmpty();
          legend.add(both ? metric.then(", ").then(label) : named ? metric : label);
        }
      }
    }
    int[] hidden = new int[1];
    List<Row> rows = new ArrayList<>();
    for (List<String> names : rowsOfMetrics) {
      List<Panel> panels = new ArrayList<>();
      for (Object column : columns) {
        List<Line> lines = new ArrayList<>();
        for (int k = 0; k < names.size(); k++) {
          for (int g = 0; g < groups.size(); g++) {
            for (int v = 0; v < variants.size(); v++) {
              SortedMap<Double, Map<Integer, Double>> values = new TreeMap<>();
              for (SummaryCell cell : summary.cells()) {
                if (same(cell, figure.panels(), column)
                    && same(cell, figure.lines(), groups.get(g))
                    && values(cell, others).equals(variants.get(v))
                    && horizontal.names().stream().allMatch(cell.configuration()::has)) {
                  double at = horizontal.value(cell.configuration());
                  hidden[0] += add(values, cell, at, names.get(k), x, y);
                }
              }
              if (!values.isEmpty()) {
                ScalingFit fit =
                    y == Scale.Spacing.LOGARITHMIC ? ScalingFit.of(x, values).orElse(null) : null;
                int group = k * groups.size() + g;
                lines.add(new Line(group * variants.size() + v, group, v, points(values, y), fit));
              }
            }
          }
        }
        RichText title =
            figure.panels() == null
                ? RichText.plain("")
                : valueLabel(parameter(job, figure.panels()), column);
        panels.add(new Panel(title, lines));
      }
      String label =
          named && !figure.yLabel().isBlank()
              ? figure.yLabel()
              : names.stream()
                  .map(name -> metric(job, name))
                  .map(metric -> withUnit(metric.label(), metric.unit()))
                  .collect(Collectors.joining("; "));
      rows.add(new Row(names, label, panels));
    }
    boolean plain = figure.x().equals(figure.along());
    RichText xLabel = RichText.plain(plain ? xAxis.name().replace('_', ' ') : figure.x());
    if (plain && !xAxis.symbol().equals(xAxis.name())) {
      xLabel = xLabel.then(" ").then(RichText.symbol(xAxis.symbol()));
    }
    if (plain && !xAxis.unit().equals("1")) {
      xLabel = xLabel.then(" (" + xAxis.unit() + ")");
    }
    if (!figure.xLabel().isBlank()) {
      xLabel = RichText.plain(figure.xLabel());
    }
    return new FigureData(
        figure.id(),
        figure.title(),
        caption(summary, y, hidden[0]),
        figure.along(),
        xLabel,
        x,
        y,
        rows,
        figure.lines() == null && others.isEmpty() && !named ? List.of() : legend,
        curves(figure, xAxis, horizontal, summary, x, y));
  }

  /**
   * Reference curves over what the experiment sweeps: along the parameter where x depends on no
   * other swept one, else along x itself.
   */
  private static List<Curve> curves(
      Figure figure,
      Parameter along,
      ParameterExpression horizontal,
      Summary summary,
      Scale.Spacing x,
      Scale.Spacing y) {
    List<Configuration> all =
        summary.cells().stream()
            .map(SummaryCell::configuration)
            .filter(c -> horizontal.names().stream().allMatch(c::has))
            .toList();
    if (figure.references().isEmpty() || all.isEmpty()) {
      return List.of();
    }
    boolean alone =
        horizontal.names().stream()
            .filter(summary.experiment().axes()::contains)
            .allMatch(along.name()::equals);
    ToDoubleFunction<Configuration> swept = alone ? c -> c.real(along.name()) : horizontal::value;
    double from = all.stream().mapToDouble(swept).min().getAsDouble();
    double to = all.stream().mapToDouble(swept).max().getAsDouble();
    boolean geometric = x == Scale.Spacing.LOGARITHMIC && from > 0;
    List<Curve> curves = new ArrayList<>();
    for (Figure.Reference reference : figure.references()) {
      // A symbol may be the name itself, which Set.of refuses.
      Set<String> names = new HashSet<>(List.of(Figure.HORIZONTAL, along.name(), along.symbol()));
      ParameterExpression formula = ParameterExpression.of(reference.formula(), names);
      List<Place> places = new ArrayList<>();
      for (int i = 0; i <= CURVE_STEPS; i++) {
        double share = (double) i / CURVE_STEPS;
        double at = geometric ? from * Math.pow(to / from, share) : from + share * (to - from);
        double across =
            alone
                ? horizontal.value(
                    name -> name.equals(along.name()) ? (Object) at : all.get(0).get(name))
                : at;
        double height = formula.value(name -> name.equals(Figure.HORIZONTAL) ? across : at);
        if (x.shows(across) && y.shows(height)) {
          places.add(new Place(across, height));
        }
      }
      curves.add(new Curve(reference.label(), places));
    }
    return curves;
  }

  private static int add(
      SortedMap<Double, Map<Integer, Double>> values,
      SummaryCell cell,
      double at,
      String metric,
      Scale.Spacing x,
      Scale.Spacing y) {
    Map<Integer, Double> all = cell.values(metric);
    Map<Integer, Double> shown = new LinkedHashMap<>();
    all.forEach(
        (seed, value) -> {
          if (x.shows(at) && y.shows(value)) {
            shown.put(seed, value);
          }
        });
    if (!shown.isEmpty()) {
      values.put(at, shown);
    }
    return all.size() - shown.size();
  }

  private static List<Point> points(
      SortedMap<Double, Map<Integer, Double>> values, Scale.Spacing y) {
    boolean logs = y == Scale.Spacing.LOGARITHMIC;
    List<Point> points = new ArrayList<>();
    values.forEach(
        (x, bySeed) -> {
          double[] sample =
              bySeed.values().stream().mapToDouble(v -> logs ? Math.log(v) : v).toArray();
          SummaryStatistics s = SummaryStatistics.of(sample);
          List<Double> seeds = new ArrayList<>(bySeed.values());
          points.add(
              logs
                  ? new Point(
                      x, Math.exp(s.mean()), Math.exp(s.ci95Low()), Math.exp(s.ci95High()), seeds)
                  : new Point(x, s.mean(), s.ci95Low(), s.ci95High(), seeds));
        });
    return points;
  }

  private static String caption(Summary summary, Scale.Spacing y, int hidden) {
    String kind = y == Scale.Spacing.LOGARITHMIC ? "Geometric mean" : "Mean";
    int seeds = summary.experiment().seeds().count();
    StringBuilder text = new StringBuilder(kind);
    text.append(" over ").append(seeds).append(seeds == 1 ? " seed" : " seeds");
    text.append(
        seeds == 1 ? "." : ", with its 95% t interval; faint dots beside it are single seeds.");
    int missing =
        summary.plannedTrials() - summary.cells().stream().mapToInt(SummaryCell::completed).sum();
    if (missing > 0) {
      text.append(' ').append(missing).append(" of ").append(summary.plannedTrials());
      text.append(" trials have not completed and are left out.");
    }
    if (hidden > 0) {
      text.append(' ').append(hidden).append(" values that are not positive cannot be drawn.");
    }
    return text.toString();
  }

  /** Values of a parameter: numbers ascending, words in the file's order; one null if no name. */
  private static List<Object> distinct(Summary summary, String name) {
    if (name == null) {
      return Collections.singletonList(null);
    }
    List<Object> found =
        summary.cells().stream()
            .map(cell -> cell.configuration().get(name))
            .filter(value -> value != null)
            .distinct()
            .toList();
    return found.stream().allMatch(Number.class::isInstance)
        ? found.stream()
            .sorted(Comparator.comparingDouble(value -> ((Number) value).doubleValue()))
            .toList()
        : found;
  }

  private static boolean same(SummaryCell cell, String name, Object value) {
    return name == null || value.equals(cell.configuration().get(name));
  }

  private static List<Object> values(SummaryCell cell, List<String> names) {
    Configuration configuration = cell.configuration();
    return names.stream()
        .<Object>map(name -> Optional.ofNullable(configuration.get(name)))
        .toList();
  }

  private static RichText lineLabel(
      Job job, String lines, Object group, List<String> others, List<Object> variant) {
    RichText label = lines == null ? null : valueLabel(parameter(job, lines), group);
    for (int i = 0; i < others.size(); i++) {
      Object value = ((Optional<?>) variant.get(i)).orElse(null);
      if (value != null) {
        RichText part = valueLabel(parameter(job, others.get(i)), value);
        label = label == null ? part : label.then(", ").then(part);
      }
    }
    return label == null ? RichText.plain("") : label;
  }

  /** {@code L = 4}; a choice speaks for itself. */
  private static RichText valueLabel(Parameter parameter, Object value) {
    return parameter.type() == Parameter.Type.CHOICE
        ? RichText.plain(Numbers.value(value))
        : RichText.symbol(parameter.symbol()).then(" = " + Numbers.value(value));
  }

  private static String withUnit(String label, String unit) {
    return unit.equals("1") ? label : label + " (" + unit + ")";
  }

  private static Parameter parameter(Job job, String name) {
    return job.parameters().stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("job " + job.id() + " has no parameter " + name));
  }

  private static Metric metric(Job job, String name) {
    return job.metrics().stream()
        .filter(metric -> metric.name().equals(name) && metric.shape() == Metric.Shape.SCALAR)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("job " + job.id() + " has no scalar metric " + name));
  }

  /** Names of the metrics shown. */
  List<String> metrics() {
    return rows.stream().flatMap(row -> row.metrics().stream()).toList();
  }

  /** Every x that has a point, ascending. */
  List<Double> xValues() {
    TreeSet<Double> values = new TreeSet<>();
    rows.forEach(
        row ->
            row.panels().stream()
                .flatMap(panel -> panel.lines().stream())
                .flatMap(line -> line.points().stream())
                .forEach(point -> values.add(point.x())));
    return new ArrayList<>(values);
  }
}
