package org.rnnsweep.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rnnsweep.driver.cli.CommandLines.call;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Trial;

/** What an audit decides on; that it runs through Spark is the tests module's to show. */
class AuditCommandTest {
  @TempDir Path folder;

  private List<TrialRecord> records(int count) throws Exception {
    Trial[] trials = new Trial[count];
    for (int i = 0; i < count; i++) {
      trials[i] = FakeJob.trial(3, "well", i);
    }
    return CommandLines.records(CommandLines.store(folder.resolve("many"), trials));
  }

  @Test
  void aSampleIsWithoutRepetitionAndRepeatable() throws Exception {
    List<TrialRecord> records = records(40);
    assertThat(AuditCommand.sample(records, 0.25, 7))
        .hasSize(10)
        .doesNotHaveDuplicates()
        .isEqualTo(AuditCommand.sample(records, 0.25, 7))
        .isNotEqualTo(AuditCommand.sample(records, 0.25, 8));
    assertThat(AuditCommand.sample(records, 0.01, 1)).hasSize(1);
    assertThat(AuditCommand.sample(records, 1, 1)).containsExactlyInAnyOrderElementsOf(records);
  }

  /**
   * Of 40 records each is in a quarter-sample with probability 1/4: over 4,000 seeds a count has
   * mean 1,000 and standard deviation 27.4, and five of those are passed by one of 40 counts once
   * in 40,000 suites. The seeds are fixed, so it is decided already.
   */
  @Test
  void everyTrialIsAsLikely() throws Exception {
    List<TrialRecord> records = records(40);
    int[] counts = new int[40];
    for (int seed = 0; seed < 4000; seed++) {
      AuditCommand.sample(records, 0.25, seed).forEach(r -> counts[records.indexOf(r)]++);
    }
    for (int count : counts) {
      assertThat(count).isBetween(1000 - 137, 1000 + 137);
    }
  }

  @Test
  void wrongInputIsNamedBeforeSparkStarts() throws Exception {
    FolderTrialStore store = CommandLines.store(folder.resolve("s"), FakeJob.trial(4, "fail", 0));
    String path = folder.resolve("s").toString();
    assertThat(call(new AuditCommand(), path, "--sample", "0").err())
        .isEqualTo("--sample: found 0.0, allowed is above 0 to 1");
    assertThat(call(new AuditCommand(), path, "--sample", "NaN").exitCode()).isEqualTo(2);
    CommandLines.Result none = call(new AuditCommand(), path);
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("holds no settled trial");
    assertThat(store.settledIds()).isEmpty();
    try (Stream<Path> files = Files.list(folder.resolve("s"))) {
      assertThat(files.filter(f -> f.getFileName().toString().contains("audit"))).isEmpty();
    }
  }
}
