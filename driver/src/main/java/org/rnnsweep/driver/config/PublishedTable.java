package org.rnnsweep.driver.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.driver.config.Comparison.Published;
import org.rnnsweep.jobs.Parameter;

/**
 * A published table as a file: lines that begin with {@code #} are notes, the first other one names
 * the columns, and the rest holds a number a line. Fields are parted by commas and never quoted.
 */
final class PublishedTable {
  private final String file;
  private final List<ConfigProblem> problems;
  private final List<String> notes = new ArrayList<>();
  private final Map<Integer, List<String>> lines = new LinkedHashMap<>(); // by number, from 1
  private List<String> header = List.of();

  private PublishedTable(String file, List<ConfigProblem> problems) {
    this.file = file;
    this.problems = problems;
  }

  /**
   * Parts a text into fields.
   *
   * @param file names it in problems
   * @param problems takes what is wrong
   */
  static PublishedTable of(String content, String file, List<ConfigProblem> problems) {
    PublishedTable table = new PublishedTable(file, problems);
    int number = 0;
    for (String line : content.lines().toList()) {
      number++;
      List<String> fields = Arrays.stream(line.split(",", -1)).map(String::strip).toList();
      if (line.chars().anyMatch(Character::isISOControl)) {
        table.problem(number, "is not text: there is a control character", "");
      } else if (line.startsWith("#")) {
        table.notes.add(line.substring(1).strip());
      } else if (!line.isBlank() && table.header.isEmpty()) {
        table.header = fields;
      } else if (!line.isBlank()) {
        if (fields.size() != table.header.size()) {
          table.problem(number, fields.size() + " fields", table.header.size() + ", as its head");
        } else {
          table.lines.put(number, fields);
        }
      }
    }
    return table;
  }

  private void problem(int line, String found, String allowed) {
    problems.add(new ConfigProblem(file, line, "", found, allowed, ""));
  }

  /** What the file says of itself. */
  String note() {
    return String.join(" ", notes);
  }

  /**
   * The numbers by the values of these parameters, in the file's order.
   *
   * @param metric the column of the numbers
   * @param name the column of the rows' names; may be empty
   */
  Map<List<Object>, Published> numbers(List<Parameter> parameters, String metric, String name) {
    Map<List<Object>, Published> numbers = new LinkedHashMap<>();
    List<String> needed = new ArrayList<>(parameters.stream().map(Parameter::name).toList());
    needed.add(metric);
    if (!name.isEmpty()) {
      needed.add(name);
    }
    for (String column : needed) {
      if (!header.contains(column)) {
        problem(0, "there is no column '" + column + "'", String.join(", ", header));
        return numbers;
      }
    }
    lines.forEach(
        (line, fields) -> {
          List<Object> key = new ArrayList<>();
          for (Parameter parameter : parameters) {
            key.add(value(parameter, fields.get(header.indexOf(parameter.name())), line));
          }
          String number = fields.get(header.indexOf(metric));
          if (!number.matches("-?[0-9]+([.][0-9]+)?([eE]-?[0-9]+)?")) {
            problem(line, "'" + metric + "' is '" + number + "'", "a number");
          }
          String called = name.isEmpty() ? "" : fields.get(header.indexOf(name));
          if (numbers.put(key, new Published(called, number)) != null) {
            problem(line, "a second line for " + key, "each row and column once");
          }
        });
    return numbers;
  }

  private Object value(Parameter parameter, String word, int line) {
    Object value = ExperimentReader.parsed(parameter, word);
    if (value == null || parameter.problem(value) != null) {
      problem(line, "'" + parameter.name() + "' is '" + word + "'", parameter.domain());
    }
    return value;
  }
}
