package org.rnnsweep.jobs.learning;

import java.util.List;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.stability.Trials;

class ConceptFactsJobTest extends JobContract {
  private static final Job JOB = new ConceptFactsJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(trial("tokens", 4), trial("tokens", 5, "terms", 1, "dimension", 3));
  }

  private static Trial trial(Object... values) {
    return Trials.of(JOB, Trials.DOUBLE, 2, values);
  }
}
