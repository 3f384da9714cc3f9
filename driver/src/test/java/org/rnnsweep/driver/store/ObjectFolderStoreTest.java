package org.rnnsweep.driver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On an object store a part is one PUT under its final name. */
class ObjectFolderStoreTest extends FolderStoreContract {
  private static final Configuration HADOOP = ObjectStore.configuration("s3a");

  private int renamesBefore;

  @BeforeEach
  void count() {
    renamesBefore = ObjectStore.RENAMES.get();
  }

  @AfterEach
  void nothingWasRenamed() {
    assertThat(ObjectStore.RENAMES).hasValue(renamesBefore);
    ObjectStore.duringRename = () -> {};
    ObjectStore.onPut = UnaryOperator.identity();
  }

  @Override
  String freshFolder() {
    return "s3a://bucket-" + UUID.randomUUID() + "/sweeps";
  }

  @Override
  Configuration hadoop() {
    return HADOOP;
  }

  @Override
  Path whileWriting(Path part) {
    return part;
  }

  /** A part is torn on the way: the others stay, and what was written of them does not. */
  @Test
  void aCompactionThatDoesNotReadBackTakesNothingAway() throws Exception {
    FolderTrialStore store = store();
    for (int i = 0; i < 4; i++) {
      store.append(JOB, records(i, i + 1));
    }
    ObjectStore.onPut = bytes -> Arrays.copyOf(bytes, bytes.length - 20);
    assertThatThrownBy(() -> Compaction.of(store))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("does not read back as it was written");
    assertThat(scanned(store)).hasSize(4);
    assertThat(store.parts()).hasSize(4);
  }

  /** The twin: were a part renamed there, a reader would meet half of one. */
  @Test
  void aRenameWouldShowHalfAPart() throws IOException {
    FolderTrialStore store =
        FolderTrialStore.create(
            "renaming://bucket-" + UUID.randomUUID() + "/store",
            ObjectStore.configuration("renaming"));
    List<String> seen = new ArrayList<>();
    ObjectStore.duringRename =
        () -> {
          try {
            seen.addAll(store.scan(record -> {}));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    store.append(JOB, records(0, 5));
    assertThat(seen).singleElement().asString().contains("is skipped");
    renamesBefore = ObjectStore.RENAMES.get(); // the marker's and the part's
  }
}
