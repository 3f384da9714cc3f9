package org.rnnsweep.driver.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rnnsweep.driver.config.ExperimentText.Place;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.Parameter;

/**
 * Turns points of the axes into configurations: relevant parameters only, defaults filled in, each
 * kept once at its first place, each checked by the job.
 */
final class Expansion {
  /** Points that predicates may still drop: about a minute's work. */
  static final double MAX_POINTS = 20e6;

  /** Configurations that a driver of 2 GiB plans with room to spare. */
  static final int MAX_CONFIGURATIONS = 2_000_000;

  private static final int MAX_MESSAGES = 10;

  private final Job job;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, Object> fixed;
  private final Set<Configuration> configurations = new LinkedHashSet<>();
  private final Set<String> usedFixed = new LinkedHashSet<>();
  private final Map<String, Object> firstValues = new HashMap<>();
  private final Set<String> varied = new LinkedHashSet<>();
  private final Map<String, Noted> irrelevant = new LinkedHashMap<>();
  private final Map<String, Noted> missing = new LinkedHashMap<>();
  private final Map<String, Noted> refused = new LinkedHashMap<>();
  private final Map<Class<?>, ConfigProblem> faults = new LinkedHashMap<>();
  private boolean full;

  /** How often something was seen, and where first. */
  private static final class Noted {
    final Object example;
    long count;

    Noted(Object example) {
      this.example = example;
    }
  }

  private Expansion(Job job, Map<String, Object> fixed) {
    this.job = job;
    this.fixed = fixed;
    job.parameters().forEach(parameter -> parameters.put(parameter.name(), parameter));
  }

  /** Expands a tree whose {@link AxesNode#size()} is at most {@link #MAX_POINTS}. */
  static Expansion of(Job job, Map<String, Object> fixed, AxesNode axes) {
    Expansion expansion = new Expansion(job, fixed);
    Map<String, Object> point = new HashMap<>(fixed);
    axes.expand(point, () -> expansion.add(point));
    return expansion;
  }

  private void add(Map<String, Object> point) {
    if (configurations.size() >= MAX_CONFIGURATIONS) {
      full = true;
      return;
    }
    Map<String, Object> content = new HashMap<>();
    boolean whole = true;
    for (Parameter parameter : parameters.values()) {
      String name = parameter.name();
      Object set = point.get(name);
      if (!isRelevant(parameter, point)) {
        if (set != null && !fixed.containsKey(name)) {
          note(irrelevant, name, point);
        }
        continue;
      }
      if (fixed.containsKey(name)) {
        usedFixed.add(name);
      }
      Object value = set == null ? parameter.defaultValue() : set;
      if (value == null) {
        note(missing, name, point);
        whole = false;
      } else {
        content.put(name, value);
      }
    }
    if (whole) {
      Configuration configuration = Configuration.of(content);
      if (configurations.add(configuration)) {
        content.forEach(this::track);
        check(configuration);
      }
    }
  }

  private void track(String name, Object value) {
    Object first = firstValues.putIfAbsent(name, value);
    if (first != null && !first.equals(value)) {
      varied.add(name);
    }
  }

  private void check(Configuration configuration) {
    List<String> messages;
    try {
      messages = job.check(configuration);
    } catch (RuntimeException | Error e) { // a third party's code
      faults.putIfAbsent(e.getClass(), JobFault.of(job, "check", configuration, e));
      return;
    }
    for (String message : messages) {
      if (refused.containsKey(message) || refused.size() < MAX_MESSAGES) {
        note(refused, message, configuration);
      }
    }
  }

  private static void note(Map<String, Noted> noted, String key, Object example) {
    Noted entry = noted.get(key);
    if (entry == null) {
      entry = new Noted(example instanceof Map<?, ?> point ? Map.copyOf(point) : example);
      noted.put(key, entry);
    }
    entry.count++;
  }

  private boolean isRelevant(Parameter parameter, Map<String, Object> point) {
    if (parameter.relevantParameter() == null) {
      return true;
    }
    Parameter deciding = parameters.get(parameter.relevantParameter());
    if (deciding == null) {
      throw new IllegalStateException(
          job.id() + ": " + parameter + " depends on an unknown " + parameter.relevantParameter());
    }
    Object value = point.getOrDefault(deciding.name(), deciding.defaultValue());
    return parameter.relevantChoices().contains(String.valueOf(value))
        && isRelevant(deciding, point);
  }

  /** In the order of the axes, none twice. */
  List<Configuration> configurations() {
    return List.copyOf(configurations);
  }

  /** Parameters with more than one value. */
  Set<String> varied() {
    return varied;
  }

  /** Notes what is wrong with the points, each kind of problem once. */
  void report(
      AxesNode axes, Place axesPlace, Map<String, Place> fixedAt, List<ConfigProblem> problems) {
    if (full) {
      problems.add(
          problem(
              axesPlace,
              "axes",
              "more than " + MAX_CONFIGURATIONS + " configurations",
              "at most " + MAX_CONFIGURATIONS));
      return;
    }
    for (String name : fixed.keySet()) {
      if (!usedFixed.contains(name) && !configurations.isEmpty()) {
        problems.add(
            problem(
                fixedAt.get(name),
                "parameters." + name,
                "'" + name + "' means nothing in any configuration",
                relevance(name)));
      }
    }
    irrelevant.forEach(
        (name, noted) -> {
          List<AxesNode.Axis> places = new ArrayList<>();
          axes.visit(axis -> places.add(axis));
          AxesNode.Axis at =
              places.stream().filter(axis -> axis.name().equals(name)).findFirst().orElseThrow();
          problems.add(
              problem(
                  at.place(),
                  at.path(),
                  "'" + name + "' means nothing in " + counted(noted),
                  relevance(name)));
        });
    missing.forEach(
        (name, noted) ->
            problems.add(
                problem(
                    axesPlace,
                    "axes",
                    "'" + name + "' is not set in " + counted(noted),
                    domain(name))));
    refused.forEach(
        (message, noted) ->
            problems.add(problem(axesPlace, "axes", message + ", in " + counted(noted), "")));
    problems.addAll(faults.values());
    if (configurations.isEmpty() && missing.isEmpty()) {
      problems.add(
          problem(axesPlace, "axes", "no configuration is left", "axes that leave at least one"));
    }
  }

  private static String counted(Noted noted) {
    return (noted.count == 1 ? "1 configuration: " : noted.count + " configurations, such as ")
        + (noted.example instanceof Map<?, ?> point
            ? Configuration.of(named(point))
            : noted.example);
  }

  private static Map<String, Object> named(Map<?, ?> point) {
    Map<String, Object> content = new HashMap<>();
    point.forEach((name, value) -> content.put((String) name, value));
    return content;
  }

  private String relevance(String name) {
    Parameter parameter = parameters.get(name);
    return "only where "
        + parameter.relevantParameter()
        + " is "
        + String.join(" or ", parameter.relevantChoices().stream().sorted().toList());
  }

  private String domain(String name) {
    return parameters.get(name).domain();
  }

  private static ConfigProblem problem(Place place, String path, String found, String allowed) {
    return new ConfigProblem(place.file(), place.line(), path, found, allowed, "");
  }
}
