package org.rnnsweep.jobs.stability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;

class InputTransformJobTest extends JobContract {
  private static final Job JOB = new InputTransformJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial("width", 200, "length", 4, "eps_x", 0.1),
        trial("width", 100, "length", 3, "eps_x", 0.5, "dimension", 3, "outputs", 2));
  }

  private static Trial trial(Object... namesAndValues) {
    return Trials.of(JOB, Trials.DOUBLE, 0, namesAndValues);
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(
        trial("width", 50, "length", 3, "eps_x", 0.0).configuration(),
        trial("width", 8, "length", 4, "eps_x", 0.1).configuration());
  }

  /**
   * The identities hold to rounding. The last token's share is 1 but for twice an inner product of
   * a state with a fresh vector, of standard deviation about 2 |h| sqrt(2 / m) / eps_x.
   */
  @Test
  void identitiesHoldAndTheLastTokenAddsItsSquare() throws InterruptedException {
    int m = 1 << 18;
    Map<String, Double> found = Trials.run(JOB, trial("width", m, "length", 4, "eps_x", 0.2));
    assertThat(found.get("scaling_gap")).isLessThan(1e-13);
    assertThat(found.get("input_gap")).isLessThan(1e-14);
    double sd = 2 * 1.1 * Math.sqrt(2.0 / m) / 0.2;
    assertThat(found.get("end_share")).isCloseTo(1, within(5 * sd));
    assertThat(found.get("end_deviation")).isEqualTo(Math.abs(found.get("end_share") - 1));
    // A fresh token of the same norm would add as much; none at all would add nothing.
    assertThat(found.get("end_share")).isGreaterThan(0.5);
  }
}
