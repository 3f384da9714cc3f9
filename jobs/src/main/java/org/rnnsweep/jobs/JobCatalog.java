package org.rnnsweep.jobs;

import java.util.Collection;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every job on the class path, by id: ours and those of third parties' jars. */
public final class JobCatalog {
  private final SortedMap<String, Job> jobs = new TreeMap<>();

  private JobCatalog() {}

  /**
   * Reads the class path of the current thread.
   *
   * @throws IllegalStateException if two jobs have one id
   */
  public static JobCatalog load() {
    return of(ServiceLoader.load(Job.class));
  }

  /**
   * Of these jobs and no others.
   *
   * @throws IllegalStateException if two jobs have one id
   */
  public static JobCatalog of(Iterable<? extends Job> jobs) {
    JobCatalog catalog = new JobCatalog();
    for (Job job : jobs) {
      Job other = catalog.jobs.put(job.id(), job);
      if (other != null) {
        throw new IllegalStateException(
            "two jobs are called "
                + job.id()
                + ": "
                + other.getClass().getName()
                + " and "
                + job.getClass().getName());
      }
    }
    return catalog;
  }

  /** In the order of ids, without {@link Job#hidden} ones. */
  public Collection<Job> jobs() {
    return jobs.values().stream().filter(job -> !job.hidden()).toList();
  }

  /** The job of that id, a hidden one too, or null. */
  public Job find(String id) {
    return jobs.get(id);
  }
}
