package org.rnnsweep.driver.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.InputFile;

/**
 * Many small parts made few, so that a store of a million trials opens in seconds. Every record is
 * kept but settled ones that agree bit for bit with another that is kept, and unsettled ones that
 * are another's copy.
 *
 * <p>Any number of processes may read, append and compact meanwhile. A part is taken away only when
 * a later part that holds all its records has been written and read back; of two compactions at
 * once each may write that part, which makes duplicates and loses nothing. Who reads between sees
 * old and new, or finds an old one gone and looks again.
 *
 * @param parts how many parts there were
 * @param merged how many of them were taken away
 * @param written how many parts hold their records now
 * @param problems one line a part that could not be read and was left as it is
 */
public record Compaction(int parts, int merged, int written, List<String> problems) {
  /** Below this a part is worth merging. */
  private static final long SMALL_BYTES = 1 << 20;

  /** So many bytes of parts make one; decoded they are perhaps ten times as many. */
  private static final long BATCH_BYTES = 32 << 20;

  /** So many rows of parts make one, whatever their size: about 100 MiB of records. */
  private static final int BATCH_ROWS = 100_000;

  /** From so many small parts on a run compacts its store when it ends. */
  private static final int MANY = 256;

  /** Whether there are so many small parts that opening the store takes noticeably longer. */
  public static boolean isDue(FolderTrialStore store) throws IOException {
    return store.parts().stream().filter(Compaction::isSmall).count() >= MANY;
  }

  private static boolean isSmall(FileStatus part) {
    return part.getLen() < SMALL_BYTES;
  }

  /**
   * Merges the small parts of each job that have the same columns. One small part alone stays.
   *
   * @throws StoreException if what was written does not read back as it should; nothing is taken
   *     away then
   */
  public static Compaction of(FolderTrialStore store) throws IOException {
    Work work = new Work(store);
    List<FileStatus> parts = store.parts();
    for (FileStatus part : parts) {
      if (isSmall(part)) {
        work.take(part);
      }
    }
    work.finish();
    return new Compaction(parts.size(), work.merged, work.written, List.copyOf(work.problems));
  }

  /** Parts of one schema on their way into one. */
  private static final class Batch {
    final List<Path> inputs = new ArrayList<>();
    final Map<String, List<TrialRecord>> records = new LinkedHashMap<>();
    long bytes;
    int rows;

    void add(FileStatus part, List<TrialRecord> read) {
      inputs.add(part.getPath());
      bytes += part.getLen();
      rows += read.size();
      for (TrialRecord record : read) {
        keep(records.computeIfAbsent(record.trialId(), id -> new ArrayList<>(1)), record);
      }
    }

    private static void keep(List<TrialRecord> kept, TrialRecord record) {
      for (int i = 0; i < kept.size(); i++) {
        if (isSame(kept.get(i), record)) {
          kept.set(i, Merge.standing(kept.get(i), record));
          return;
        }
      }
      kept.add(record);
    }

    private static boolean isSame(TrialRecord one, TrialRecord other) {
      boolean equal = Disagreement.between(one, other).isEmpty();
      return one.outcome().settled() ? equal : equal && isCopy(one, other);
    }

    List<TrialRecord> rows() {
      return records.values().stream().flatMap(List::stream).toList();
    }

    boolean isFull() {
      return bytes >= BATCH_BYTES || rows >= BATCH_ROWS;
    }
  }

  private static boolean isCopy(TrialRecord one, TrialRecord other) {
    return one.provenance().equals(other.provenance()) && one.message().equals(other.message());
  }

  private static final class Work {
    private final FolderTrialStore store;
    private final Map<StoreSchema, Batch> open = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private int merged;
    private int written;

    Work(FolderTrialStore store) {
      this.store = store;
    }

    void take(FileStatus part) throws IOException {
      StoreSchema schema;
      List<TrialRecord> records = new ArrayList<>();
      try {
        InputFile input = store.input(part);
        schema = PartFile.schema(input);
        PartFile.read(input, records::add);
      } catch (IOException | RuntimeException e) {
        if (store.files().exists(part.getPath())) { // else another compaction was faster
          problems.add(part.getPath() + " is left as it is: " + FolderTrialStore.cause(e));
        }
        return;
      }
      Batch batch = open.computeIfAbsent(schema, key -> new Batch());
      batch.add(part, records);
      if (batch.isFull()) {
        open.remove(schema);
        merge(schema, batch);
      }
    }

    void finish() throws IOException {
      for (Map.Entry<StoreSchema, Batch> entry : open.entrySet()) {
        merge(entry.getKey(), entry.getValue());
      }
    }

    private void merge(StoreSchema schema, Batch batch) throws IOException {
      if (batch.inputs.size() < 2) {
        return;
      }
      List<TrialRecord> rows = batch.rows();
      Path part = store.append(schema, rows);
      String problem = difference(part, rows);
      if (!problem.isEmpty()) {
        store.files().delete(part, false);
        throw new StoreException(
            part + " does not read back as it was written: " + problem + "; nothing was merged");
      }
      written++;
      merged += batch.inputs.size();
      for (Path input : batch.inputs) {
        store.files().delete(input, false); // if another compaction was faster, so much the better
      }
    }

    /** How a part differs from what it should hold; empty if it does not. */
    private String difference(Path part, List<TrialRecord> expected) {
      int[] row = new int[1];
      List<String> wrong = new ArrayList<>();
      try {
        PartFile.read(
            store.input(store.files().getFileStatus(part)),
            found -> {
              TrialRecord wanted = row[0] < expected.size() ? expected.get(row[0]) : null;
              boolean equal =
                  wanted != null
                      && wanted.trialId().equals(found.trialId())
                      && isCopy(wanted, found)
                      && Disagreement.between(wanted, found).isEmpty();
              if (!equal && wrong.isEmpty()) {
                wrong.add(String.format(Locale.ROOT, "row %d is another", row[0]));
              }
              row[0]++;
            });
      } catch (IOException | RuntimeException e) {
        return FolderTrialStore.cause(e);
      }
      return wrong.isEmpty() && row[0] != expected.size()
          ? String.format(Locale.ROOT, "%d rows of %d", row[0], expected.size())
          : String.join("", wrong);
    }
  }
}
