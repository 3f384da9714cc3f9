package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.store.FolderTrialStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnnsweep report}: the report again, from the store alone. */
@Command(
    name = "report",
    description = "Writes a store's report again from the store alone, also from a partial one.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  rnnsweep report stores/inversion-quick"})
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "Folder or URI of a store.")
  private String store;

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "Which experiment, where the store served several; default: the latest run.")
  private String name;

  @Override
  public Integer call() throws IOException {
    FolderTrialStore opened = StoreInput.of(store).open();
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
    new ReportRun(spec.commandLine()).write(opened, named.get(named.size() - 1));
    return ExitCode.FINISHED;
  }
}
