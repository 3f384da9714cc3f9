package org.rnnsweep.driver.config;

import java.util.List;
import java.util.stream.Collectors;

/** An experiment that cannot be run as it is written; carries everything that is wrong with it. */
public final class InvalidExperimentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  /** Of at least one problem. */
  public InvalidExperimentException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = problems.stream().distinct().sorted(ConfigProblem.IN_ORDER).toList();
  }

  /** Sorted by file and line. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
