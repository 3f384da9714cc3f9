package org.rnnsweep.driver.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Several stores in one: trials and experiments of all, each once. Doing it again changes nothing.
 *
 * @param written trials that were added
 * @param present trials that were there already
 * @param conflicts trials whose settled records disagree, here or there: none of them was written
 * @param problems one line a file that could not be read, naming it; those were left out
 */
public record StoreUnion(
    int written, int present, List<Disagreement> conflicts, List<String> problems) {

  /** So many records make a part: few files, and a part that fits into memory many times. */
  private static final int PART_RECORDS = 10_000;

  /**
   * Adds to {@code into} what it lacks of the others. A settled record replaces an unsettled one,
   * and the latest unsettled ones stand, as in {@link TrialStore#scan}. Holds all records in
   * memory, as a scan does.
   *
   * @throws StoreException if versions of a job use one column for two things
   */
  public static StoreUnion of(List<FolderTrialStore> sources, FolderTrialStore into)
      throws IOException {
    List<String> problems = new ArrayList<>();
    Merge merge = new Merge();
    Map<String, TrialRecord> here = new HashMap<>();
    problems.addAll(
        into.read(
            record -> {
              merge.add(record);
              here.merge(record.trialId(), record, Merge::standing);
            }));
    SortedMap<String, StoreSchema> schemas = new TreeMap<>();
    for (FolderTrialStore source : sources) {
      problems.addAll(source.read(merge::add));
      for (StoreSchema schema : source.schemas().values()) {
        StoreSchema known = schemas.get(schema.job());
        schemas.put(schema.job(), known == null ? schema : known.with(schema));
      }
    }
    Map<String, List<TrialRecord>> missing = new TreeMap<>();
    int[] counts = new int[2];
    merge.deliver(
        record -> {
          TrialRecord known = here.get(record.trialId());
          if (known != null && Merge.standing(known, record) == known) {
            counts[0]++;
          } else {
            counts[1]++;
            missing.computeIfAbsent(record.trial().job(), job -> new ArrayList<>()).add(record);
          }
        });
    for (Map.Entry<String, List<TrialRecord>> entry : missing.entrySet()) {
      List<TrialRecord> records = entry.getValue();
      for (int from = 0; from < records.size(); from += PART_RECORDS) {
        into.append(
            schemas.get(entry.getKey()),
            records.subList(from, Math.min(from + PART_RECORDS, records.size())));
      }
    }
    for (FolderTrialStore source : sources) {
      into.keepExperimentsOf(source);
    }
    return new StoreUnion(
        counts[1], counts[0], List.copyOf(merge.disagreements().values()), problems);
  }
}
