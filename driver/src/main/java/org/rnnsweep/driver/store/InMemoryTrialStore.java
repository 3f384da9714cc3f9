package org.rnnsweep.driver.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.rnnsweep.jobs.Job;

/** A store that ends with the process: for replays and tests. Safe for several threads. */
public final class InMemoryTrialStore implements TrialStore {
  private final List<TrialRecord> records = new ArrayList<>();

  @Override
  public String location() {
    return "memory:";
  }

  @Override
  public synchronized Set<String> settledIds() {
    Set<String> ids = new TreeSet<>();
    for (TrialRecord record : records) {
      if (record.outcome().settled()) {
        ids.add(record.trialId());
      }
    }
    return ids;
  }

  @Override
  public List<String> scan(Consumer<TrialRecord> consumer) {
    Merge merge = new Merge();
    synchronized (this) {
      records.forEach(merge::add);
    }
    merge.deliver(consumer);
    return merge.disagreements().values().stream().map(Disagreement::text).toList();
  }

  @Override
  public synchronized void append(Job job, List<TrialRecord> part) {
    PartFile.requireFits(StoreSchema.of(job), part);
    records.addAll(part);
  }
}
