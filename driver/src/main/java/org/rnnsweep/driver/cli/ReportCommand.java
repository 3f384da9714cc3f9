package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.InvalidExperimentException;
import org.rnnsweep.driver.config.Suite;
import org.rnnsweep.driver.config.SuiteReader;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.jobs.JobCatalog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnnsweep report}: the report again, from the store alone. */
@Command(
    name = "report",
    description = "Writes a store's report again from the store alone, also from a partial one.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  rnnsweep report stores/inversion-quick",
      "  rnnsweep report stores/papers-quick --experiment inversion-quick",
      "  rnnsweep report stores/papers-quick --only 'wang-*'"
    })
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "STORE",
      description = "Folder or URI of a store; or the folder of a suite, for ./stores/<suite>.")
  private String store;

  @Mixin private Selection selection;

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description =
          "Which experiment, where the store served several; default: the latest run, or all of the"
              + " suite.")
  private String name;

  @Override
  public Integer call() throws IOException {
    FolderTrialStore opened = location().open();
    Optional<Suite> suite = name == null ? StoredExperiments.suite(opened) : Optional.empty();
    if (suite.isPresent()) {
      new ReportRun(spec.commandLine()).write(opened, selection.of(Sweep.of(suite.get())));
      return ExitCode.FINISHED;
    }
    List<Experiment> experiments = StoredExperiments.of(opened);
    List<Experiment> named =
        experiments.stream().filter(e -> name == null || e.name().equals(name)).toList();
    if (named.isEmpty()) {
      throw new WrongInputException(
          "rnnsweep report: "
              + opened.location()
              + (name == null
                  ? " has run no experiment yet"
                  : " has not run '"
                      + name
                      + "'; it has run "
                      + experiments.stream().map(Experiment::name).distinct().toList()));
    }
    new ReportRun(spec.commandLine())
        .write(opened, selection.of(Sweep.of(named.get(named.size() - 1))));
    return ExitCode.FINISHED;
  }

  /** The store itself, or that of a suite named by its folder. */
  private StoreInput location() throws IOException {
    StoreInput named = StoreInput.of(store);
    if (!SuiteReader.isSuite(store)) {
      return named;
    }
    try {
      Suite suite = SuiteReader.read(Path.of(store), List.of(), JobCatalog.load());
      return StoreInput.of(null, Sweep.of(suite));
    } catch (InvalidExperimentException e) {
      throw StoredExperiments.wrong(e);
    }
  }
}
