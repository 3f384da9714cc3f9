package org.rnnsweep.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rnnsweep.driver.cli.CommandLines.call;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;

class MergeCommandTest {
  private static final Trial FIRST = FakeJob.trial(6, "well", 0);
  private static final Trial SHARED = FakeJob.trial(6, "well", 1);
  private static final Trial LAST = FakeJob.trial(7, "nan", 2);

  @TempDir Path folder;

  private CommandLines.Result merge(String... stores) {
    String[] arguments = new String[stores.length + 1];
    for (int i = 0; i < stores.length; i++) {
      arguments[i] = folder.resolve(stores[i]).toString();
    }
    arguments[stores.length] = "--into=" + folder.resolve("into");
    return call(new MergeCommand(), arguments);
  }

  private int parts() throws Exception {
    try (var files = Files.walk(folder.resolve("into/trials"))) {
      return (int) files.filter(file -> file.toString().endsWith(".parquet")).count();
    }
  }

  @Test
  void everyTrialAndExperimentIsThereOnceHoweverOftenItIsDone() throws Exception {
    FolderTrialStore a = CommandLines.store(folder.resolve("a"), FIRST, SHARED);
    FolderTrialStore b = CommandLines.store(folder.resolve("b"), SHARED, LAST);
    byte[] experiment = "{}".getBytes(StandardCharsets.UTF_8);
    a.keepExperiment("one", "hash", experiment);
    b.keepExperiment("one", "hash", experiment);
    b.keepExperiment("two", "hash", experiment);
    CommandLines.Result result = merge("a", "b");
    assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).contains("3 trials added, 0 there already");
    FolderTrialStore into = CommandLines.store(folder.resolve("into"));
    assertThat(into.settledIds()).isEqualTo(Set.of(FIRST.id(), SHARED.id(), LAST.id()));
    assertThat(into.experiments()).hasSize(2);
    assertThat(CommandLines.records(into))
        .filteredOn(r -> r.trialId().equals(FIRST.id()))
        .allSatisfy(
            merged -> {
              TrialRecord original = a.records(FIRST.id()).get(0);
              assertThat(merged.trial()).isEqualTo(original.trial());
              assertThat(merged.metrics()).isEqualTo(original.metrics());
              assertThat(merged.series().get("draws")).isEqualTo(original.series().get("draws"));
              assertThat(merged.provenance()).isEqualTo(original.provenance());
            });
    int parts = parts();
    CommandLines.Result again = merge("a", "b");
    assertThat(again.out()).contains("0 trials added, 3 there already");
    assertThat(parts()).isEqualTo(parts);
  }

  @Test
  void aConflictIsAnAlarmAndNothingOfItIsWritten() throws Exception {
    FolderTrialStore a = CommandLines.store(folder.resolve("a"), FIRST, SHARED);
    FolderTrialStore b = CommandLines.store(folder.resolve("b"), LAST);
    TrialRecord honest = a.records(SHARED.id()).get(0);
    b.append(CommandLines.JOB, List.of(CommandLines.altered(honest, "drawn", 0.25)));
    // A third that agrees with the first: a majority decides nothing.
    CommandLines.store(folder.resolve("c"), SHARED);
    CommandLines.Result result = merge("a", "b", "c");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.out())
        .contains(
            "2 trials added",
            "ALARM, not written: trial " + SHARED.id(),
            "drawn is",
            "faraway",
            "bad0bad0bad0bad0",
            honest.provenance().host());
    assertThat(CommandLines.store(folder.resolve("into")).records(SHARED.id())).isEmpty();
  }

  @Test
  void aSettledTrialReplacesAFailureAndNotTheOtherWayRound() throws Exception {
    Trial trial = FakeJob.trial(4, "fail", 0);
    FolderTrialStore into = CommandLines.store(folder.resolve("into"), trial);
    TrialRecord failed = into.records(trial.id()).get(0);
    FolderTrialStore a = CommandLines.store(folder.resolve("a"));
    a.append(
        CommandLines.JOB,
        List.of(
            new TrialRecord(
                failed.trialId(),
                trial,
                Outcome.COMPLETED,
                "",
                failed.metrics(),
                failed.series(),
                failed.provenance())));
    CommandLines.store(folder.resolve("b"), trial);
    assertThat(merge("a").out()).contains("1 trials added");
    assertThat(merge("b").out()).contains("0 trials added, 1 there already");
    assertThat(CommandLines.records(into))
        .extracting(TrialRecord::outcome)
        .containsExactly(Outcome.COMPLETED);
  }

  @Test
  void aStoreThatIsNotThereIsWrongInput() {
    CommandLines.Result result = merge("nowhere");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("there is no store at");
    assertThat(folder.resolve("into")).doesNotExist();
  }
}
