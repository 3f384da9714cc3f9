package org.rnnsweep.jobs.learning;

import java.util.List;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.stability.Trials;

class OrderFeaturesJobTest extends JobContract {
  private static final Job JOB = new OrderFeaturesJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial("width", 32, "length", 6, "eps_x", 0.1),
        trial("width", 16, "length", 5, "eps_x", 0.3, "end", "unit"));
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(trial("width", 32, "length", 4, "eps_x", 0.1).configuration());
  }

  private static Trial trial(Object... values) {
    return Trials.of(JOB, Trials.DOUBLE, 2, values);
  }
}
