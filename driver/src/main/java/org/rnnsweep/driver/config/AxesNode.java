package org.rnnsweep.driver.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.rnnsweep.driver.config.ExperimentText.Place;

/**
 * How axes combine. A node enumerates its points one after the other into a map that all nodes
 * share, so that a million points need no memory of their own.
 */
sealed interface AxesNode {

  /** Long names of the parameters that it sets. */
  Set<String> names();

  /** How many points it enumerates, predicates aside; infinite where no double can hold it. */
  double size();

  /** Sets each of its points in turn, calls {@code next}, and leaves {@code point} as it was. */
  void expand(Map<String, Object> point, Runnable next);

  /** The same node with other values wherever it sets the parameter {@code name}. */
  AxesNode with(String name, List<Object> values);

  /** Calls {@code visitor} for every axis, in the order of the file. */
  void visit(Consumer<Axis> visitor);

  /** One parameter's values, in order. */
  record Axis(String name, List<Object> values, String path, Place place) implements AxesNode {
    @Override
    public Set<String> names() {
      return Set.of(name);
    }

    @Override
    public double size() {
      return values.size();
    }

    @Override
    public void expand(Map<String, Object> point, Runnable next) {
      for (Object value : values) {
        point.put(name, value);
        next.run();
      }
      point.remove(name);
    }

    @Override
    public AxesNode with(String other, List<Object> replacement) {
      return name.equals(other) ? new Axis(name, replacement, path, place) : this;
    }

    @Override
    public void visit(Consumer<Axis> visitor) {
      visitor.accept(this);
    }
  }

  /** Axes taken together: the first values, then the second ones, and so on. */
  record Zip(List<Axis> axes, String path, Place place) implements AxesNode {
    @Override
    public Set<String> names() {
      return namesOf(axes);
    }

    @Override
    public double size() {
      return axes.stream().mapToDouble(Axis::size).min().orElse(0);
    }

    @Override
    public void expand(Map<String, Object> point, Runnable next) {
      for (int i = 0; i < size(); i++) {
        for (Axis axis : axes) {
          point.put(axis.name(), axis.values().get(i));
        }
        next.run();
      }
      axes.forEach(axis -> point.remove(axis.name()));
    }

    @Override
    public AxesNode with(String name, List<Object> values) {
      return new Zip(
          axes.stream().map(axis -> (Axis) axis.with(name, values)).toList(), path, place);
    }

    @Override
    public void visit(Consumer<Axis> visitor) {
      axes.forEach(visitor);
    }
  }

  /** The points of each member after those of the one before. */
  record Union(List<AxesNode> members) implements AxesNode {
    @Override
    public Set<String> names() {
      return namesOf(members);
    }

    @Override
    public double size() {
      return members.stream().mapToDouble(AxesNode::size).sum();
    }

    @Override
    public void expand(Map<String, Object> point, Runnable next) {
      members.forEach(member -> member.expand(point, next));
    }

    @Override
    public AxesNode with(String name, List<Object> values) {
      return new Union(members.stream().map(member -> member.with(name, values)).toList());
    }

    @Override
    public void visit(Consumer<Axis> visitor) {
      members.forEach(member -> member.visit(visitor));
    }
  }

  /** Every combination, the last factor running fastest; where {@code where} holds, if given. */
  record Product(List<AxesNode> factors, Where where) implements AxesNode {
    @Override
    public Set<String> names() {
      return namesOf(factors);
    }

    @Override
    public double size() {
      return factors.stream().mapToDouble(AxesNode::size).reduce(1, (a, b) -> a * b);
    }

    @Override
    public void expand(Map<String, Object> point, Runnable next) {
      expand(0, point, next);
    }

    private void expand(int factor, Map<String, Object> point, Runnable next) {
      if (factor < factors.size()) {
        factors.get(factor).expand(point, () -> expand(factor + 1, point, next));
      } else if (where == null || where.holds(point)) {
        next.run();
      }
    }

    @Override
    public AxesNode with(String name, List<Object> values) {
      return new Product(factors.stream().map(factor -> factor.with(name, values)).toList(), where);
    }

    @Override
    public void visit(Consumer<Axis> visitor) {
      factors.forEach(factor -> factor.visit(visitor));
    }
  }

  /**
   * The predicate of a product.
   *
   * @param predicate over the product's own parameters and those that no axis sets
   * @param otherwise values of the parameters that no axis sets
   * @param path where it was written
   * @param place where it was written
   */
  record Where(
      ParameterExpression predicate, Map<String, Object> otherwise, String path, Place place) {
    boolean holds(Map<String, Object> point) {
      try {
        return predicate.test(
            name -> {
              Object value = point.get(name);
              return value == null ? otherwise.get(name) : value;
            });
      } catch (IllegalArgumentException e) { // a member of a union does not set what it reads
        throw new InvalidExperimentException(
            List.of(
                new ConfigProblem(
                    place.file(), place.line(), path, "'where': " + e.getMessage(), "", "")));
      }
    }
  }

  private static Set<String> namesOf(List<? extends AxesNode> nodes) {
    Set<String> names = new LinkedHashSet<>();
    nodes.forEach(node -> names.addAll(node.names()));
    return names;
  }

  /** Names that more than one of the nodes sets. */
  static List<String> clashes(List<? extends AxesNode> nodes) {
    List<String> all = new ArrayList<>();
    nodes.forEach(node -> all.addAll(node.names()));
    return all.stream().filter(name -> Collections.frequency(all, name) > 1).distinct().toList();
  }
}
