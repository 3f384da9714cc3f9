package org.rnnsweep.jobs.stability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;

class RerandomizationJobTest extends JobContract {
  private static final Job JOB = new RerandomizationJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial("width", 200, "length", 4, "eps_x", 0.1, "outputs", 2, "rows", 1),
        trial("width", 150, "length", 3, "eps_x", 0.1, "rows", 30, "representation", "dense"),
        trial("width", 300, "length", 4, "eps_x", 0.1, "rows", 9, "representation", "conditioned"));
  }

  private static Trial trial(Object... namesAndValues) {
    return Trials.of(JOB, Trials.DOUBLE, 0, namesAndValues);
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(trial("width", 50, "length", 3, "eps_x", 0.1, "rows", 51).configuration());
  }

  /**
   * At the first step exactly N rows are drawn anew: |h'_1|^2 has mean (1 - 1 / pi) 2 N / m. Later
   * steps add to it: between that and three times that for L = 4; 20 seeds.
   */
  @Test
  void changeIsThatOfTheRows() throws InterruptedException {
    Object[] setting = {"width", 4096, "length", 4, "eps_x", 0.1, "rows", 64};
    double[] change = Trials.mean(JOB, "hidden_change", 20, setting);
    double first = Math.sqrt(2 * 64.0 / 4096 * (1 - 1 / Math.PI));
    assertThat(change[0]).isBetween(first - 4.5 * change[1], 3 * first);
    double[] unsettled = Trials.mean(JOB, "unsettled_share", 20, setting);
    assertThat(unsettled[0]).isBetween(0.01, 0.15); // |h'| / pi, less where it is along h
  }
}
