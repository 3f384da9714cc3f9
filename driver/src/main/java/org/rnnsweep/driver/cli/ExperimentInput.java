package org.rnnsweep.driver.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentReader;
import org.rnnsweep.driver.config.InvalidExperimentException;
import org.rnnsweep.jobs.JobCatalog;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments by which a command names an experiment. */
final class ExperimentInput {
  @Parameters(index = "0", paramLabel = "FILE", description = "The experiment, a HOCON file.")
  private Path file;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "axis=v1,v2",
      description = "Values that replace an axis, or fix a parameter, by name or symbol.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--seeds", paramLabel = "N", description = "Replaces the number of seeds.")
  private Integer seeds;

  /** The experiment; every problem of it at once, and exit code 2, where it has any. */
  Experiment read() {
    List<String> given = new ArrayList<>(overrides);
    if (seeds != null) {
      given.add("seeds=" + seeds);
    }
    try {
      return ExperimentReader.read(file, given, JobCatalog.load());
    } catch (InvalidExperimentException e) {
      throw new WrongInputException(
          e.problems().stream().map(problem -> problem.toString()).toList());
    }
  }
}
