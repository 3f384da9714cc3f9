package org.rnnsweep.jobs.learning;

import java.util.List;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.stability.Trials;

class MemoryNormJobTest extends JobContract {
  private static final Job JOB = new MemoryNormJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial("length", 5, "samples", 12, "eps_x", 0.3, "place", "first"),
        trial("length", 4, "samples", 9, "eps_x", 0.3, "place", "middle", "end", "unit"),
        trial("length", 6, "samples", 4, "eps_x", 0.3, "place", "last", "tokens", "tokens"));
  }

  private static Trial trial(Object... values) {
    return Trials.of(JOB, Trials.DOUBLE, 2, values);
  }
}
