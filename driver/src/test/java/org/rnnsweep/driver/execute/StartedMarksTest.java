package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.execute.StartedMarks.Mark;
import org.rnnsweep.driver.store.FolderTrialStore;

class StartedMarksTest {
  @TempDir Path folder;
  private FolderTrialStore store;
  private StartedMarks marks;

  @BeforeEach
  void store() throws Exception {
    store = FolderTrialStore.create(folder.toString(), new Configuration());
    marks = StartedMarks.of(store, "a-run");
  }

  private static Mark mark(int stored, String... ids) {
    return new Mark(stored, new BundleReport(), Set.of(ids), 77);
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> files = Files.list(folder.resolve("_started/a-run"))) {
      return files.filter(file -> !file.getFileName().toString().startsWith(".")).toList();
    }
  }

  @Test
  void theNewestOfEachBundleCounts() throws Exception {
    assertThat(marks.read()).isEmpty();
    StartedMarks.Writer writer = marks.writer(2, 0);
    writer.write(mark(0, "a"));
    writer.write(mark(1, "b", "c"));
    marks.writer(10, 0).write(mark(5));
    marks.writer(2, 1).write(mark(3, "d")); // the first attempt died
    assertThat(marks.read().keySet()).containsExactlyInAnyOrder("2", "10");
    assertThat(marks.left(2).trialIds()).containsExactly("d");
    assertThat(marks.left(2).stored()).isEqualTo(3);
    assertThat(marks.left(2).epochMillis()).isEqualTo(77);
    assertThat(marks.left(10).trialIds()).isEmpty();
    assertThat(marks.left(1)).isEqualTo(Mark.NONE);
    assertThat(files()).as("one an attempt").hasSize(3);
  }

  /** Its writer died in the middle: what it would have named never began, what it stored is. */
  @Test
  void aTornMarkAccusesNobody() throws Exception {
    marks.writer(0, 0).write(mark(4, "a", "b"));
    Path whole = files().get(0);
    byte[] bytes = Files.readAllBytes(whole);
    for (int length = 0; length < bytes.length; length++) {
      Files.write(whole.resolveSibling("0-0-1"), Arrays.copyOf(bytes, length));
      assertThat(marks.left(0).trialIds()).as("%d bytes", length).isEmpty();
      assertThat(marks.left(0).stored()).isEqualTo(4);
    }
  }

  /** Its first mark may be about to be written when another run ends. */
  @Test
  void theFolderOfARunThatHasBegunStays() throws Exception {
    marks.open();
    StartedMarks other = StartedMarks.of(store, "another-run");
    other.open();
    other.close();
    assertThat(folder.resolve("_started/a-run")).isEmptyDirectory();
    marks.close();
    assertThat(folder.resolve("_started")).doesNotExist();
  }

  @Test
  void noReaderOfTheStoreSeesThemAndTheyAreTakenAway() throws Exception {
    StartedMarks.Writer writer = marks.writer(0, 0);
    writer.write(mark(0, "a"));
    assertThat(store.scan(record -> {})).isEmpty();
    StartedMarks other = StartedMarks.of(store, "another-run");
    other.writer(0, 0).write(mark(0, "z"));
    writer.delete();
    assertThat(marks.read()).isEmpty();
    marks.close();
    assertThat(folder.resolve("_started/a-run")).doesNotExist();
    assertThat(other.left(0).trialIds()).containsExactly("z");
    other.close();
    assertThat(folder.resolve("_started")).doesNotExist();
  }
}
