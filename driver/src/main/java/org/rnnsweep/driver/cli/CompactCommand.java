package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.rnnsweep.driver.store.Compaction;
import org.rnnsweep.driver.store.FolderTrialStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnnsweep compact}: many small part files made few. */
@Command(
    name = "compact",
    description = {
      "Merges a store's small part files, so that it opens faster. No trial changes; runs and",
      "readers of this program may go on meanwhile. A run does it by itself when it ends and there",
      "are hundreds."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:merged, or nothing to merge",
      "2:wrong input; nothing was written",
      "3:merged, but for parts that are not readable, which are named and left as they are"
    },
    footer = {"", "Example:", "  rnnsweep compact stores/inversion-quick"})
final class CompactCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "Folder or URI of a store.")
  private String store;

  /** After a run: what it left is read again and again. A failure here loses nothing. */
  static void whereDue(FolderTrialStore store, PrintWriter err) {
    try {
      if (Compaction.isDue(store)) {
        Compaction done = Compaction.of(store);
        err.printf(Locale.ROOT, "%,d small parts merged into %,d%n", done.merged(), done.written());
      }
    } catch (IOException e) {
      err.println("the store's small parts were not merged: " + e.getMessage());
    }
    err.flush();
  }

  @Override
  public Integer call() throws IOException {
    FolderTrialStore opened = StoreInput.of(store).open();
    Compaction done = Compaction.of(opened);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%s: %,d parts, %,d of them merged into %,d%n",
        opened.location(),
        done.parts(),
        done.merged(),
        done.written());
    done.problems().forEach(problem -> out.println("problem: " + problem));
    out.flush();
    return done.problems().isEmpty() ? ExitCode.FINISHED : ExitCode.DISAGREEMENT;
  }
}
