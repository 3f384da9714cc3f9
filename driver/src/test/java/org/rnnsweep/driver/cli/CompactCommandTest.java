package org.rnnsweep.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rnnsweep.driver.cli.CommandLines.call;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.store.FolderTrialStore;

class CompactCommandTest {
  @TempDir Path folder;

  @Test
  void partsBecomeOneAndWhatIsTornIsNamed() throws Exception {
    for (int i = 0; i < 3; i++) {
      CommandLines.store(folder, FakeJob.trial(6, "well", i));
    }
    CommandLines.Result done = call(new CompactCommand(), folder.toString());
    assertThat(done.exitCode()).isZero();
    assertThat(done.out()).contains("3 parts, 3 of them merged into 1");
    FolderTrialStore store = CommandLines.store(folder);
    assertThat(CommandLines.records(store)).hasSize(3);

    assertThat(call(new CompactCommand(), folder.toString()).out())
        .contains("1 parts, 0 of them merged into 0");
    Files.writeString(folder.resolve("trials/job=fake/part-x.parquet"), "torn");
    CommandLines.Result torn = call(new CompactCommand(), folder.toString());
    assertThat(torn.exitCode()).isEqualTo(3);
    assertThat(torn.out()).contains("problem: ", "part-x.parquet is left as it is");
  }

  @Test
  void thereMustBeAStore() {
    CommandLines.Result none = call(new CompactCommand(), folder.resolve("none").toString());
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(folder.resolve("none")).doesNotExist();
  }
}
