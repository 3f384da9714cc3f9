package org.rnnsweep.driver.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.rnnsweep.driver.config.AxesNode.Axis;
import org.rnnsweep.driver.config.AxesNode.Product;
import org.rnnsweep.driver.config.AxesNode.Union;
import org.rnnsweep.driver.config.AxesNode.Where;
import org.rnnsweep.driver.config.AxesNode.Zip;
import org.rnnsweep.driver.config.ExperimentText.Place;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.Parameter;

/** Reads {@code parameters} and {@code axes} of an experiment of one job. */
final class AxesReader {
  /** More values than this on one axis are a slip in a range. */
  static final int MAX_VALUES = 1_000_000;

  private static final List<String> COMBINATIONS = List.of("zip", "union", "product", "where");

  private final Job job;
  private final List<ConfigProblem> problems;
  private final Map<String, Parameter> byAlias = new LinkedHashMap<>();
  private final Map<String, Object> fixed = new LinkedHashMap<>();
  private final Map<String, Place> fixedAt = new LinkedHashMap<>();

  /** Values of the parameters that no axis sets; filled once the whole tree is known. */
  private final Map<String, Object> background = new LinkedHashMap<>();

  private final List<Pending> wheres = new ArrayList<>();

  /** A predicate whose names can be judged only when the whole tree is known. */
  private record Pending(Where where, Set<String> own) {}

  AxesReader(Job job, List<ConfigProblem> problems) {
    this.job = job;
    this.problems = problems;
    for (Parameter parameter : job.parameters()) {
      byAlias.put(parameter.name(), parameter);
    }
    for (Parameter parameter : job.parameters()) {
      byAlias.putIfAbsent(parameter.symbol(), parameter);
    }
  }

  /** The parameter of that name or symbol, or null. */
  Parameter find(String alias) {
    return byAlias.get(alias);
  }

  /** Names and symbols. */
  Set<String> aliases() {
    return byAlias.keySet();
  }

  /** Values of {@code parameters}, by long name. */
  Map<String, Object> fixed() {
    return fixed;
  }

  /** Where they were written, by long name. */
  Map<String, Place> fixedAt() {
    return fixedAt;
  }

  /** Reads {@code parameters}. */
  void readParameters(Section section) {
    section.allow(aliases());
    for (String key : section.keys()) {
      Parameter parameter = find(key);
      if (parameter == null) {
        continue;
      }
      Object value = value(parameter, section.element(key));
      Place earlier = fixedAt.putIfAbsent(parameter.name(), section.at(key));
      if (earlier != null) {
        repeated(section, key, parameter, earlier);
      } else if (value != null) {
        fixed.put(parameter.name(), value);
      }
    }
  }

  private static void repeated(Section section, String key, Parameter parameter, Place earlier) {
    section.problem(
        key,
        String.format(
            Locale.ROOT,
            "'%s' sets %s again, first at line %d",
            key,
            parameter.name(),
            earlier.line()),
        "one of name and symbol, once",
        "");
  }

  /** Reads {@code axes} whole. */
  AxesNode readAxes(Section section) {
    AxesNode root = node(section);
    Set<String> swept = root.names();
    for (Parameter parameter : job.parameters()) {
      String name = parameter.name();
      Object value = fixed.getOrDefault(name, parameter.defaultValue());
      if (!swept.contains(name) && value != null) {
        background.put(name, value);
      }
    }
    root.visit(
        axis -> {
          if (fixedAt.containsKey(axis.name())) {
            problem(
                axis.place(),
                axis.path(),
                "'"
                    + axis.name()
                    + "' is swept here and fixed at line "
                    + fixedAt.get(axis.name()).line(),
                "either");
          }
        });
    for (Pending pending : wheres) {
      for (String name : pending.where().predicate().names()) {
        if (!pending.own().contains(name) && !background.containsKey(name)) {
          problem(
              pending.where().place(),
              pending.where().path(),
              swept.contains(name)
                  ? "'where' reads '" + name + "', which is set outside the axes that it filters"
                  : "'where' reads '" + name + "', which is not set",
              "what is set beside it, in parameters or by default");
        }
      }
    }
    return root;
  }

  private AxesNode node(Section section) {
    Set<String> allowed = new LinkedHashSet<>(aliases());
    allowed.addAll(COMBINATIONS);
    section.allow(allowed);
    List<AxesNode> factors = new ArrayList<>();
    for (String key : section.keys()) {
      Parameter parameter = find(key);
      if (parameter != null) {
        addAxis(section, key, parameter, factors);
      } else if (key.equals("zip")) {
        section.sections(key).forEach(zip -> factors.add(zip(zip)));
      } else if (key.equals("product")) {
        section.sections(key).forEach(inner -> factors.add(node(inner)));
      } else if (key.equals("union")) {
        List<AxesNode> members = section.sections(key).stream().map(this::node).toList();
        if (members.isEmpty()) {
          section.problem(key, "'union' has no members", "a list [ { ... }, ... ]", "");
        }
        factors.add(new Union(members));
      }
    }
    requireDistinct(section, factors);
    Product product = new Product(factors, null);
    if (!section.has("where")) {
      return product;
    }
    ParameterExpression predicate = predicate(section, "where");
    if (predicate == null) {
      return product;
    }
    Where where =
        new Where(
            predicate, background, KeyScanner.path(section.path(), "where"), section.at("where"));
    wheres.add(new Pending(where, product.names()));
    return new Product(factors, where);
  }

  private void addAxis(Section section, String key, Parameter parameter, List<AxesNode> factors) {
    for (AxesNode factor : factors) {
      if (factor instanceof Axis axis && axis.name().equals(parameter.name())) {
        repeated(section, key, parameter, axis.place());
        return;
      }
    }
    Section.Element element = section.element(key);
    factors.add(
        new Axis(
            parameter.name(), values(section, key, parameter), element.path(), element.place()));
  }

  private void requireDistinct(Section section, List<AxesNode> factors) {
    for (String name : AxesNode.clashes(factors)) {
      section.problem(
          "", "'" + name + "' is set twice in " + section.path(), "once in each product", "");
    }
  }

  private Zip zip(Section section) {
    section.allow(aliases());
    List<AxesNode> axes = new ArrayList<>();
    for (String key : section.keys()) {
      if (find(key) != null) {
        addAxis(section, key, find(key), axes);
      }
    }
    if (axes.isEmpty()) {
      section.problem("", section.path() + " has no axes", "axes of equal length", "");
    }
    return new Zip(axes.stream().map(Axis.class::cast).toList(), section.path(), section.place());
  }

  /** Notes every zip whose axes differ in length; after overrides, which may mend or break one. */
  void requireEqualLengths(AxesNode node) {
    if (node instanceof Zip zip) {
      Set<Integer> lengths = new LinkedHashSet<>();
      zip.axes().forEach(axis -> lengths.add(axis.values().size()));
      if (lengths.size() > 1) {
        List<String> found =
            zip.axes().stream().map(axis -> axis.name() + " " + axis.values().size()).toList();
        problem(
            zip.place(),
            zip.path(),
            zip.path() + " has axes of different lengths: " + String.join(", ", found),
            "equal lengths");
      }
    } else if (node instanceof Union union) {
      union.members().forEach(this::requireEqualLengths);
    } else if (node instanceof Product product) {
      product.factors().forEach(this::requireEqualLengths);
    }
  }

  /** A predicate over names and symbols, or null with a problem noted. */
  ParameterExpression predicate(Section section, String key) {
    return expression(section, key, Boolean.class, "a comparison such as width >= 50 * length^2");
  }

  /** An expression of one kind, or null with a problem noted. */
  ParameterExpression expression(Section section, String key, Class<?> kind, String allowed) {
    String text = section.text(key);
    if (text == null) {
      return null;
    }
    try {
      ParameterExpression expression = ParameterExpression.of(text, job.parameters());
      if (expression.kind(job.parameters()) == kind) {
        return expression;
      }
      section.problem(key, "'" + key + "' is '" + text + "'", allowed, "");
    } catch (IllegalArgumentException e) {
      section.problem(key, "'" + key + "': " + e.getMessage(), "", "");
    }
    return null;
  }

  private List<Object> values(Section section, String key, Parameter parameter) {
    ConfigValue raw = section.element(key).value();
    List<Object> values = new ArrayList<>();
    if (raw instanceof ConfigObject) {
      values.addAll(range(section.section(key), parameter));
    } else if (raw instanceof ConfigList list) {
      if (list.isEmpty()) {
        section.problem(
            key, "'" + key + "' has no values", "at least one " + parameter.domain(), "");
      }
      Set<Object> seen = new HashSet<>();
      for (Section.Element element : section.elements(key, "")) {
        Object value = value(parameter, element);
        if (value != null && !seen.add(value)) {
          problem(
              element.place(),
              element.path(),
              "'" + key + "' has the value " + value + " twice",
              "each value once");
        } else if (value != null) {
          values.add(value);
        }
      }
    } else {
      Object value = value(parameter, section.element(key));
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  /** {@code log2 { from, to }} doubles; {@code linear { from, to, step }} adds. */
  private List<Object> range(Section section, Parameter parameter) {
    section.allow(List.of("log2", "linear"));
    if (parameter.type() == Parameter.Type.CHOICE || section.keys().size() != 1) {
      section.problem(
          "",
          "'" + parameter.name() + "' is an object",
          parameter.type() == Parameter.Type.CHOICE
              ? "a list of " + parameter.domain()
              : "a list, { log2 { from, to } } or { linear { from, to, step } }",
          "");
      return List.of();
    }
    boolean doubling = section.has("log2");
    Section range = section.section(doubling ? "log2" : "linear");
    if (range == null || !doubling && !section.has("linear")) {
      return List.of();
    }
    range.allow(doubling ? List.of("from", "to") : List.of("from", "to", "step"));
    Object from = bound(range, "from", parameter);
    Object to = bound(range, "to", parameter);
    double step = doubling ? 2 : step(range, parameter);
    if (from == null || to == null || Double.isNaN(step)) {
      return List.of();
    }
    double start = ((Number) from).doubleValue();
    double end = ((Number) to).doubleValue();
    double count =
        doubling ? Math.log(end / start) / Math.log(2) + 1 : Math.floor((end - start) / step) + 1;
    if (!(start <= end) || doubling && !(start > 0) || !(count <= MAX_VALUES)) {
      range.problem(
          "",
          String.format(Locale.ROOT, "%s runs from %s to %s", range.path(), from, to),
          (doubling ? "0 < from <= to" : "from <= to") + ", at most " + MAX_VALUES + " values",
          "");
      return List.of();
    }
    List<Object> values = new ArrayList<>();
    double slack = Math.abs(end) * 1e-9; // 0.1 + 2 * 0.1 is a little above 0.3
    for (int i = 0; ; i++) {
      double value = doubling ? Math.scalb(start, i) : start + i * step;
      if (!(value <= end + slack)) {
        return values;
      }
      double kept = Math.min(value, end);
      values.add(parameter.type() == Parameter.Type.INTEGER ? (Object) (long) kept : kept);
    }
  }

  private Object bound(Section range, String key, Parameter parameter) {
    Section.Element element = range.element(key);
    if (element == null) {
      range.problem("", "there is no '" + key + "' in " + range.path(), parameter.domain(), "");
      return null;
    }
    return value(parameter, element);
  }

  private double step(Section range, Parameter parameter) {
    Section.Element element = range.element("step");
    Object step = element == null ? null : Section.number(element.value());
    boolean whole = parameter.type() == Parameter.Type.INTEGER;
    if (step instanceof Number v && v.doubleValue() > 0 && (!whole || v instanceof Long)) {
      return v.doubleValue();
    }
    range.problem(
        element == null ? "" : "step",
        element == null
            ? "there is no 'step' in " + range.path()
            : "'step' is " + Section.described(element.value()),
        whole ? "an integer above 0" : "a number above 0",
        "");
    return Double.NaN;
  }

  /** A value inside the parameter's domain, or null with a problem noted. */
  private Object value(Parameter parameter, Section.Element element) {
    ConfigValue raw = element.value();
    Object value = null;
    if (parameter.type() == Parameter.Type.CHOICE) {
      value = raw.valueType() == ConfigValueType.STRING ? raw.unwrapped() : null;
    } else if (Section.number(raw) instanceof Number number) {
      boolean whole = number instanceof Long;
      value =
          parameter.type() == Parameter.Type.REAL
              ? (Object) number.doubleValue()
              : whole ? number : null;
    }
    if (value != null && parameter.problem(value) == null) {
      return value instanceof Double v && v == 0 ? 0.0 : value; // as Configuration holds it
    }
    problems.add(
        new ConfigProblem(
            element.place().file(),
            element.place().line(),
            element.path(),
            "'" + parameter.name() + "' is " + Section.described(raw),
            parameter.domain(),
            value instanceof String word ? NearestName.of(word, parameter.choices()) : ""));
    return null;
  }

  private void problem(Place place, String path, String found, String allowed) {
    problems.add(new ConfigProblem(place.file(), place.line(), path, found, allowed, ""));
  }
}
