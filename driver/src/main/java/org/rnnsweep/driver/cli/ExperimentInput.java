package org.rnnsweep.driver.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rnnsweep.driver.config.ExperimentReader;
import org.rnnsweep.driver.config.InvalidExperimentException;
import org.rnnsweep.driver.config.SuiteReader;
import org.rnnsweep.jobs.JobCatalog;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments by which a command names an experiment, or a folder of them. */
final class ExperimentInput {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The experiment, a HOCON file; or a folder of them, a suite.")
  private Path file;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "axis=v1,v2",
      description =
          "Values that replace an axis, or fix a parameter, by name or symbol; in a suite, for every"
              + " experiment whose job has it.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--seeds", paramLabel = "N", description = "Replaces the number of seeds.")
  private Integer seeds;

  @Mixin private Selection selection;

  /** What was named; every problem of it at once, and exit code 2, where it has any. */
  Sweep read() {
    List<String> given = new ArrayList<>(overrides);
    if (seeds != null) {
      given.add("seeds=" + seeds);
    }
    try {
      return selection.of(
          Files.isDirectory(file)
              ? Sweep.of(SuiteReader.read(file, given, JobCatalog.load()))
              : Sweep.of(ExperimentReader.read(file, given, JobCatalog.load())));
    } catch (InvalidExperimentException e) {
      throw new WrongInputException(
          e.problems().stream().map(problem -> problem.toString()).toList());
    }
  }
}
