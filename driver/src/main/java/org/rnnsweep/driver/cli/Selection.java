package org.rnnsweep.driver.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.rnnsweep.driver.config.ConfigProblem;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.NearestName;
import picocli.CommandLine.Option;

/** The option by which a command works on some experiments of a suite. */
final class Selection {
  private static final String OPTION = "--only";

  @Option(
      names = OPTION,
      split = ",",
      paramLabel = "GLOB",
      description =
          "Only the experiments of the suite with such a name, for example 'wang-*': * is any"
              + " letters, ? one; more than one apart by commas.")
  private List<String> globs = new ArrayList<>();

  /** The same sweep over the experiments that a pattern names; all of them where there is none. */
  Sweep of(Sweep sweep) {
    if (globs.isEmpty()) {
      return sweep;
    }
    if (sweep.suite().isEmpty()) {
      throw new WrongInputException(
          OPTION + ": '" + sweep.name() + "' is one experiment; this is for a folder of them");
    }
    List<String> problems = new ArrayList<>();
    for (String glob : globs) {
      if (sweep.experiments().stream().noneMatch(each -> matches(glob, each.name()))) {
        problems.add(unknown(glob, sweep).toString());
      }
    }
    if (!problems.isEmpty()) {
      throw new WrongInputException(problems);
    }
    return new Sweep(
        sweep.name(),
        sweep.experiments().stream()
            .filter(each -> globs.stream().anyMatch(glob -> matches(glob, each.name())))
            .toList(),
        sweep.suite());
  }

  private static boolean matches(String glob, String name) {
    String pattern =
        glob.chars()
            .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining());
    return name.matches(pattern);
  }

  /** The nearest is a name, or a pattern of the words that names begin with. */
  private static ConfigProblem unknown(String glob, Sweep sweep) {
    Set<String> near = new TreeSet<>();
    for (Experiment experiment : sweep.experiments()) {
      String name = experiment.name();
      near.add(name);
      for (int end = name.indexOf('-'); end >= 0; end = name.indexOf('-', end + 1)) {
        near.add(name.substring(0, end + 1) + "*");
      }
    }
    return new ConfigProblem(
        ConfigProblem.COMMAND_LINE,
        0,
        OPTION,
        "no experiment of '" + sweep.name() + "' is called '" + glob + "'",
        sweep.experiments().stream().map(Experiment::name).collect(Collectors.joining(", ")),
        NearestName.of(glob, near));
  }
}
