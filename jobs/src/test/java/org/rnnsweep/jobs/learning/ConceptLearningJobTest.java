package org.rnnsweep.jobs.learning;

import java.util.List;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.stability.Trials;
import org.rnnsweep.kernels.NumericsProfile;

class ConceptLearningJobTest extends JobContract {
  private static final Job JOB = new ConceptLearningJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial("concept", "additive", "steps", 5),
        trial("concept", "additive", "steps", 40),
        ofSeed(Trials.SINGLE, 3, "concept", "additive", "steps", 12),
        ofSeed(Trials.SINGLE, 7, "concept", "additive", "steps", 40),
        ofSeed(Trials.DOUBLE, 2, "concept", "additive", "steps", 40),
        ofSeed(Trials.DOUBLE, 3, "concept", "additive", "steps", 40),
        trial("concept", "additive", "steps", 40, "width", 40),
        trial("concept", "counting", "tokens", "tokens", "scale", 0.1, "steps", 600, "goal", 1.0),
        trial("concept", "two-layer", "link", "arctan", "terms", 2, "neighbour", "linearised"),
        trial("concept", "counting", "tokens", "tokens", "samples", 4, "neighbour", "kernel"),
        trial("concept", "order", "tokens", "tokens", "noise", 0.2),
        trial("concept", "memory", "link", "cube", "distance", 2),
        trial("concept", "product", "tokens", "tokens", "distance", 2, "end", "unit"),
        trial("concept", "dense", "link", "square", "trained", "w-and-a"),
        trial("concept", "dense", "link", "sine", "samples", 4),
        trial("concept", "misspecified", "outside", 0.4, "noise", 0.1));
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(
        trial("concept", "memory", "distance", 5).configuration(),
        trial("concept", "product", "tokens", "tokens", "distance", 3).configuration(),
        trial("concept", "counting").configuration(),
        trial("concept", "misspecified", "distance", 3).configuration(),
        trial("concept", "misspecified", "outside", 0.8, "noise", 0.3).configuration(),
        trial("concept", "order", "tokens", "tokens", "length", 3).configuration(),
        trial("concept", "additive", "neighbour", "kernel").configuration());
  }

  private static Trial trial(Object... more) {
    return ofSeed(Trials.SINGLE, 2, more);
  }

  private static Trial ofSeed(NumericsProfile numerics, int seed, Object... more) {
    Object[] fixed = {"width", 8, "length", 5, "eps_x", 0.3, "steps", 5, "test", 40};
    Object[] all = new Object[more.length + fixed.length];
    System.arraycopy(fixed, 0, all, 0, fixed.length);
    System.arraycopy(more, 0, all, fixed.length, more.length);
    return Trials.of(JOB, numerics, seed, all);
  }
}
