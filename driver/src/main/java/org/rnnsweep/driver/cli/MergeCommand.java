package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.StoreException;
import org.rnnsweep.driver.store.StoreUnion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnnsweep merge}: what several stores hold, in one. */
@Command(
    name = "merge",
    description = {
      "Copies the trials and experiments of several stores into one, each once.",
      "The stores read are left as they are; the same command again changes nothing."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:merged",
      "2:wrong input; nothing was written",
      "3:merged, but for trials whose results disagree, which are named, or files not readable"
    },
    footer = {
      "",
      "Example:",
      "  rnnsweep merge hdfs://a/sweeps/figure4 hdfs://b/sweeps/figure4 --into stores/figure4"
    })
final class MergeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "STORE", description = "Stores to read.")
  private List<String> sources;

  @Option(
      names = "--into",
      required = true,
      paramLabel = "STORE",
      description = "Store to add to; made where there is none.")
  private String target;

  @Override
  public Integer call() throws IOException {
    List<FolderTrialStore> opened = new ArrayList<>();
    for (String source : sources) {
      opened.add(StoreInput.of(source).open());
    }
    FolderTrialStore into = StoreInput.of(target).create();
    StoreUnion union;
    try {
      union = StoreUnion.of(opened, into);
    } catch (StoreException e) {
      throw new WrongInputException(e.getMessage());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%s: %,d trials added, %,d there already%n",
        into.location(),
        union.written(),
        union.present());
    union.conflicts().forEach(conflict -> out.println("ALARM, not written: " + conflict.text()));
    union.problems().forEach(problem -> out.println("problem: " + problem));
    out.flush();
    return union.conflicts().isEmpty() && union.problems().isEmpty()
        ? ExitCode.FINISHED
        : ExitCode.DISAGREEMENT;
  }
}
