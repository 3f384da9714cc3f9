package org.rnnsweep.jobs.learning;

import java.util.List;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.stability.Trials;

class RademacherJobTest extends JobContract {
  private static final Job JOB = new RademacherJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial(16, "draws", 20),
        trial(32, "tokens", "tokens", "end", "unit", "trained", "w-and-a", "draws", 5),
        trial(32, "measure", "spectral", "draws", 2),
        trial(32, "measure", "network", "draws", 2));
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(trial(32, "measure", "spectral", "trained", "w-and-a").configuration());
  }

  private static Trial trial(int width, Object... more) {
    Object[] all = new Object[more.length + 8];
    Object[] fixed = {"width", width, "length", 4, "samples", 3, "eps_x", 0.3};
    System.arraycopy(fixed, 0, all, 0, 8);
    System.arraycopy(more, 0, all, 8, more.length);
    return Trials.of(JOB, Trials.DOUBLE, 2, all);
  }
}
