package org.rnnsweep.jobs;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One point of the axes: a value for every relevant parameter of a job, defaults filled in.
 * Immutable; names are sorted, so equal content is equal however it was written.
 */
public final class Configuration {
  private final String[] names; // sorted; shared between configurations of one experiment
  private final Object[] values; // Long, Double or String

  private Configuration(String[] names, Object[] values) {
    this.names = names;
    this.values = values;
  }

  /** Of names and values ({@link Long}, {@link Double} or {@link String}; integers widen). */
  public static Configuration of(Map<String, ?> content) {
    SortedMap<String, Object> sorted = new TreeMap<>(content);
    String[] names = sorted.keySet().toArray(String[]::new);
    Object[] values = sorted.values().stream().map(Configuration::held).toArray();
    return new Configuration(names, values);
  }

  private static Object held(Object value) {
    if (value instanceof Integer i) {
      return Long.valueOf(i);
    }
    if (value instanceof Long || value instanceof String) {
      return value;
    }
    if (value instanceof Double d && Double.isFinite(d)) {
      return d == 0 ? 0.0 : d; // no negative zero: it would be another trial
    }
    throw new IllegalArgumentException("not a parameter value: " + value);
  }

  /** The same, one value replaced or added. */
  public Configuration with(String name, Object value) {
    int at = Arrays.binarySearch(names, name);
    if (at >= 0) {
      Object[] copy = values.clone();
      copy[at] = held(value);
      return new Configuration(names, copy); // shares the names
    }
    Map<String, Object> content = new TreeMap<>(asMap());
    content.put(name, value);
    return of(content);
  }

  /** The same without these parameters. */
  public Configuration without(Iterable<String> parameters) {
    Map<String, Object> content = new TreeMap<>(asMap());
    parameters.forEach(content::remove);
    return of(content);
  }

  public boolean has(String name) {
    return Arrays.binarySearch(names, name) >= 0;
  }

  /** The value ({@link Long}, {@link Double} or {@link String}), or null where there is none. */
  public Object get(String name) {
    int at = Arrays.binarySearch(names, name);
    return at < 0 ? null : values[at];
  }

  /** An integer parameter's value. */
  public long integer(String name) {
    return (Long) required(name);
  }

  /** An integer parameter's value as an {@code int}. */
  public int smallInteger(String name) {
    return Math.toIntExact(integer(name));
  }

  /** A real (or integer) parameter's value. */
  public double real(String name) {
    return ((Number) required(name)).doubleValue();
  }

  /** A choice's value. */
  public String choice(String name) {
    return (String) required(name);
  }

  private Object required(String name) {
    Object value = get(name);
    if (value == null) {
      throw new IllegalArgumentException("no parameter " + name + " in " + this);
    }
    return value;
  }

  /** Names in order. */
  public List<String> names() {
    return Collections.unmodifiableList(Arrays.asList(names));
  }

  /** Content in the order of names. */
  public Map<String, Object> asMap() {
    Map<String, Object> content = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      content.put(names[i], values[i]);
    }
    return Collections.unmodifiableMap(content);
  }

  /**
   * The form that enters a trial id: a line a parameter, integers in decimal, real numbers as
   * hexadecimal floating point (exact, and the same in every JDK), text as it is.
   */
  public String canonical() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < names.length; i++) {
      Object value = values[i];
      String form =
          value instanceof Long v
              ? "i:" + v
              : value instanceof Double v ? "r:" + Double.toHexString(v) : "c:" + value;
      text.append("param ").append(names[i]).append('=').append(form).append('\n');
    }
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Configuration that
        && Arrays.equals(names, that.names)
        && Arrays.equals(values, that.values);
  }

  /** Spread out: the usual 31 a value puts a million points of a grid into 31,000 places. */
  @Override
  public int hashCode() {
    int hash = names.length;
    for (Object value : values) {
      hash = (hash ^ value.hashCode()) * 0x9E3779B1; // 2^32 over the golden ratio
      hash ^= hash >>> 15;
    }
    return hash;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < names.length; i++) {
      text.append(i == 0 ? "" : ", ").append(names[i]).append('=').append(values[i]);
    }
    return text.toString();
  }
}
