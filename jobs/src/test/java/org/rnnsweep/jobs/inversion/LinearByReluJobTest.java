package org.rnnsweep.jobs.inversion;

import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;

class LinearByReluJobTest extends JobContract {
  private static final NumericsProfile PROFILE =
      new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE);
  private static final Job JOB = new LinearByReluJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(trial(100, 90, 3), trial(1, 0, 64), trial(1000, 45.5, 8));
  }

  private static Trial trial(int width, double angle, int dimension) {
    return new Trial(
        JOB.id(),
        JOB.version(),
        PROFILE,
        2026,
        3,
        Configuration.of(
            Map.of("width", width, "angle", angle, "dimension", dimension, "draws", 5)));
  }
}
