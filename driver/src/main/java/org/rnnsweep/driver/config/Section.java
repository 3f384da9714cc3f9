package org.rnnsweep.driver.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.rnnsweep.driver.config.ExperimentText.Place;

/**
 * One object of the file, read strictly: every method notes what is wrong, with its place, and
 * returns null or the default so that reading goes on and finds the rest.
 */
final class Section {
  private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final Pattern CATALOGUE_ID =
      Pattern.compile("[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*");

  private final ExperimentText text;
  private final List<ConfigProblem> problems;
  private final ConfigObject object;
  private final String path;
  private final Place place;

  private Section(
      ExperimentText text,
      List<ConfigProblem> problems,
      ConfigObject object,
      String path,
      Place place) {
    this.text = text;
    this.problems = problems;
    this.object = object;
    this.path = path;
    this.place = place;
  }

  /** The whole file. */
  static Section of(ExperimentText text, String file, List<ConfigProblem> problems) {
    return new Section(text, problems, text.root(), "", new Place(file, 0, 0));
  }

  /** Notes every key that is not one of these. */
  Section allow(Collection<String> allowed) {
    for (String key : keys()) {
      if (!allowed.contains(key)) {
        String where = path.isEmpty() ? "" : " in " + path;
        problem(
            key,
            "unknown key '" + key + "'" + where,
            String.join(", ", allowed),
            NearestName.of(key, allowed));
      }
    }
    return this;
  }

  /** In the order in which they were written. */
  List<String> keys() {
    return object.keySet().stream()
        .sorted(Comparator.comparingInt((String key) -> at(key).order()).thenComparing(key -> key))
        .toList();
  }

  boolean has(String key) {
    return object.containsKey(key);
  }

  String path() {
    return path;
  }

  Place place() {
    return place;
  }

  /** Where a key was written. */
  Place at(String key) {
    return text.place(KeyScanner.path(path, key), place);
  }

  /** Notes something about a key, or about the section where {@code key} is empty. */
  void problem(String key, String found, String allowed, String nearest) {
    Place at = key.isEmpty() ? place : at(key);
    problem(at, key.isEmpty() ? path : KeyScanner.path(path, key), found, allowed, nearest);
  }

  private void problem(Place at, String where, String found, String allowed, String nearest) {
    problems.add(new ConfigProblem(at.file(), at.line(), where, found, allowed, nearest));
  }

  private ConfigValue required(String key, String allowed) {
    ConfigValue value = object.get(key);
    if (value == null) {
      String where = path.isEmpty() ? "" : " in " + path;
      problem("", "there is no '" + key + "'" + where, allowed, "");
    }
    return value;
  }

  private void wrongType(String key, ConfigValue value, String allowed) {
    problem(key, "'" + key + "' is " + described(value), allowed, "");
  }

  /** A text, or {@code otherwise} where there is none. */
  String text(String key, String otherwise) {
    return has(key) ? text(key) : otherwise;
  }

  /** A required text. */
  String text(String key) {
    ConfigValue value = required(key, "a text");
    if (value == null || value.valueType() == ConfigValueType.STRING) {
      return value == null ? null : (String) value.unwrapped();
    }
    wrongType(key, value, "a text");
    return null;
  }

  /** Whether a text could stand where a name is asked for. */
  static boolean isName(String text) {
    return KEBAB.matcher(text).matches();
  }

  /** A required lower-case kebab name. */
  String name(String key) {
    return matching(key, KEBAB, "lower-case words joined by '-'");
  }

  /** A required id of a catalogue of claims, which may have capitals. */
  String catalogueId(String key) {
    return matching(key, CATALOGUE_ID, "words of letters and digits joined by '-'");
  }

  private String matching(String key, Pattern pattern, String allowed) {
    String name = text(key);
    if (name != null && !pattern.matcher(name).matches()) {
      problem(key, "'" + key + "' is \"" + name + "\"", allowed, "");
      return null;
    }
    return name;
  }

  /** One of some words, or {@code otherwise} where there is none. */
  String choice(String key, String otherwise, Collection<String> allowed) {
    String word = text(key, otherwise);
    if (word != null && !allowed.contains(word)) {
      problem(
          key,
          "'" + key + "' is \"" + word + "\"",
          String.join(", ", allowed),
          NearestName.of(word, allowed));
      return null;
    }
    return word;
  }

  /** A required integer in a range. */
  Long integer(String key, long min, long max) {
    String allowed = "integer from " + min + " to " + max;
    ConfigValue value = required(key, allowed);
    if (value == null) {
      return null;
    }
    Object held = number(value);
    if (held instanceof Long v && v >= min && v <= max) {
      return v;
    }
    wrongType(key, value, allowed);
    return null;
  }

  /** A number from {@code min} up, or {@code otherwise} where there is none. */
  double number(String key, double min, double otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    ConfigValue value = object.get(key);
    if (number(value) instanceof Number v && v.doubleValue() >= min) {
      return v.doubleValue();
    }
    wrongType(key, value, "number of at least " + min);
    return otherwise;
  }

  /** An object inside, or null. */
  Section section(String key) {
    ConfigValue value = object.get(key);
    if (value == null) {
      return null;
    }
    if (value instanceof ConfigObject inner) {
      return new Section(text, problems, inner, KeyScanner.path(path, key), at(key));
    }
    wrongType(key, value, "an object { ... }");
    return null;
  }

  /** The objects of a list; empty where there is none. */
  List<Section> sections(String key) {
    List<Section> sections = new ArrayList<>();
    for (Element element : elements(key, "a list [ { ... }, ... ]")) {
      if (element.value() instanceof ConfigObject inner) {
        sections.add(new Section(text, problems, inner, element.path(), element.place()));
      } else {
        problem(
            element.place(),
            element.path(),
            element.path() + " is " + described(element.value()),
            "an object { ... }",
            "");
      }
    }
    return sections;
  }

  /** The texts of a list; empty where there is none. */
  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (Element element : elements(key, "a list of texts")) {
      if (element.value().valueType() == ConfigValueType.STRING) {
        texts.add((String) element.value().unwrapped());
      } else {
        problem(
            element.place(),
            element.path(),
            element.path() + " is " + described(element.value()),
            "a text",
            "");
      }
    }
    return texts;
  }

  /** One element of a list, or a value that stands alone. */
  record Element(ConfigValue value, String path, Place place) {}

  /** The elements of a list; empty where there is none. */
  List<Element> elements(String key, String allowed) {
    ConfigValue value = object.get(key);
    List<Element> elements = new ArrayList<>();
    if (value instanceof ConfigList list) {
      String base = KeyScanner.path(path, key);
      for (int i = 0; i < list.size(); i++) {
        String at = base + "[" + i + "]";
        elements.add(new Element(list.get(i), at, text.place(at, at(key))));
      }
    } else if (value != null) {
      wrongType(key, value, allowed);
    }
    return elements;
  }

  /** A value as it stands, or null. */
  Element element(String key) {
    ConfigValue value = object.get(key);
    return value == null ? null : new Element(value, KeyScanner.path(path, key), at(key));
  }

  /** What a value is, for messages. */
  static String described(ConfigValue value) {
    return switch (value.valueType()) {
      case OBJECT -> "an object";
      case LIST -> "a list";
      case NULL -> "null";
      case STRING -> "the text \"" + value.unwrapped() + "\"";
      case NUMBER, BOOLEAN -> String.format(Locale.ROOT, "%s", value.unwrapped());
    };
  }

  /** A Long where the value is a whole number, a finite Double where it is another, else null. */
  static Object number(ConfigValue value) {
    if (value.valueType() != ConfigValueType.NUMBER) {
      return null;
    }
    Number number = (Number) value.unwrapped();
    if (!(number instanceof Double v)) {
      return number.longValue();
    }
    if (!Double.isFinite(v)) {
      return null;
    }
    return v == Math.rint(v) && Math.abs(v) < 0x1p53 ? (Object) v.longValue() : v;
  }
}
