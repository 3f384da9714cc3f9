package org.rnnsweep.jobs.inversion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.TestJobContext;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;

class ReadoutColumnsJobTest extends JobContract {
  private static final NumericsProfile DOUBLE =
      new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE);
  private static final NumericsProfile SINGLE =
      new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.SINGLE);
  private static final NumericsProfile JAVA =
      new NumericsProfile(NumericsProfile.Library.JAVA, Precision.DOUBLE);
  private static final Job JOB = new ReadoutColumnsJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial(DOUBLE, "width", 70, "replaced", 3, "representation", "dense"),
        trial(DOUBLE, "width", 600, "length", 5, "replaced", 9, "representation", "conditioned"),
        trial(SINGLE, "width", 300, "length", 4),
        trial(JAVA, "width", 50, "sequences", 1, "replaced", 2));
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(
        trial(DOUBLE, "width", 30, "replaced", 16).configuration(),
        trial(DOUBLE, "width", 20, "length", 6, "representation", "conditioned").configuration());
  }

  @Test
  void whatAFewReplacedRowsChangeIsThereOnlyWithThem() throws InterruptedException {
    Map<String, Double> without = run(trial(DOUBLE, "width", 300, "length", 4));
    Map<String, Double> with = run(trial(DOUBLE, "width", 300, "length", 4, "replaced", 4));
    assertThat(without).doesNotContainKey("column_change");
    assertThat(with.get("column_change")).isPositive();
    assertThat(with.get("term_total"))
        .as("triangle inequality")
        .isLessThanOrEqualTo(
            with.get("term_state")
                + with.get("term_direction")
                + with.get("term_concentration")
                + with.get("term_whole"));
  }

  private static Map<String, Double> run(Trial trial) throws InterruptedException {
    TrialGroup group = TrialGroup.of(trial);
    try (TestJobContext context = TestJobContext.of(JOB.cost(group))) {
      return JOB.run(group, context).get(0).metrics();
    }
  }

  private static Trial trial(NumericsProfile numerics, Object... namesAndValues) {
    return SignReadoutJobTest.trial(JOB, numerics, namesAndValues);
  }
}
