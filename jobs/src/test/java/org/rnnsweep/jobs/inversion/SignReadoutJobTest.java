package org.rnnsweep.jobs.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.TestJobContext;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;

class SignReadoutJobTest extends JobContract {
  private static final NumericsProfile DOUBLE =
      new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE);
  private static final NumericsProfile SINGLE =
      new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.SINGLE);
  private static final NumericsProfile JAVA =
      new NumericsProfile(NumericsProfile.Library.JAVA, Precision.DOUBLE);
  private static final Job JOB = new SignReadoutJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial(JOB, DOUBLE, "width", 70, "length", 4),
        trial(JOB, DOUBLE, "width", 5000, "length", 4, "representation", "conditioned"),
        trial(JOB, SINGLE, "width", 70, "signs", "none", "representation", "dense"),
        trial(JOB, JAVA, "width", 200, "state", "before-last", "sequences", 5));
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(
        trial(JOB, DOUBLE, "width", 8, "length", 5, "representation", "conditioned")
            .configuration());
  }

  /** The same network and sequences under the job that forms W: errors to rounding. */
  @Test
  void agreesWithTheJobThatFormsTheMatrix() throws InterruptedException {
    Object[] shared = {"width", 90, "length", 5, "dimension", 4, "sequences", 3};
    TrialResult found = run(JOB, trial(JOB, DOUBLE, with(shared, "representation", "dense")));
    Job formed = new InversionJob();
    TrialResult expected =
        run(
            formed,
            trial(
                formed, DOUBLE, with(shared, "estimator", "constructive", "inputs", "normalized")));
    for (String metric :
        List.of("relative_l2", "linf", "rms", "conc_linf", "conc_rms", "eps_linf")) {
      assertThat(found.metrics().get(metric))
          .as(metric)
          .isCloseTo(expected.metrics().get(metric), within(1e-12))
          .isPositive();
    }
    TrialResult naive =
        run(JOB, trial(JOB, DOUBLE, with(shared, "representation", "dense", "signs", "none")));
    TrialResult expectedNaive =
        run(
            formed,
            trial(formed, DOUBLE, with(shared, "estimator", "naive", "inputs", "normalized")));
    assertThat(naive.metrics().get("linf"))
        .isCloseTo(expectedNaive.metrics().get("linf"), within(1e-11));
  }

  /** What the tables call an error of a true token, from the series of all tokens' errors. */
  @Test
  void tokensErrorsAreOverEpsX() throws InterruptedException {
    TrialResult result =
        run(JOB, trial(JOB, DOUBLE, "width", 300, "length", 3, "dimension", 3, "sequences", 1));
    double all = result.series().get("position_rms")[1]; // of the one middle token, 3 coordinates
    double token = result.metrics().get("token_rms") * 0.5 / 3; // of 2 of them
    assertThat(2 * token * token).isLessThanOrEqualTo(3 * all * all);
    assertThat(result.metrics().get("slot_bias_ratio"))
        .isCloseTo(result.metrics().get("slot_bias") / limitOfOneToken(0.5 / 3), within(1e-12));
  }

  /**
   * For one middle token of norm e between two of norm 1: the angle is that of (1, e, 0) and (1, 0,
   * e) at its own step, and comes from the arc-cosine law at the last.
   */
  private static double limitOfOneToken(double e) {
    double first = Math.acos(1 / (1 + e * e));
    double inner = (Math.sin(first) + (Math.PI - first) * Math.cos(first)) / Math.PI * (1 + e * e);
    double last = Math.acos((inner + 1) / (2 + e * e));
    double slot = Math.sin(last) / Math.PI + (1 - last / Math.PI) * Math.sin(first) / Math.PI;
    return slot * e;
  }

  @Test
  void choosesByTheTrialAlone() throws InterruptedException {
    assertThat(run(JOB, trial(JOB, DOUBLE, "width", 64)).metrics().get("conditioned")).isZero();
    assertThat(run(JOB, trial(JOB, DOUBLE, "width", 4096)).metrics().get("conditioned")).isOne();
  }

  @Test
  void aMillionNeuronsFitInOneGibibyte() {
    Trial trial = trial(JOB, DOUBLE, "width", 1 << 20, "length", 8, "dimension", 4);
    Cost cost = JOB.cost(TrialGroup.of(trial));
    assertThat(cost.memoryBytes()).isLessThan(5L << 28);
  }

  private static TrialResult run(Job job, Trial trial) throws InterruptedException {
    TrialGroup group = TrialGroup.of(trial);
    try (TestJobContext context = TestJobContext.of(job.cost(group))) {
      return job.run(group, context).get(0);
    }
  }

  private static Object[] with(Object[] some, Object... more) {
    List<Object> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray();
  }

  /** Small defaults, these values, and the job's own defaults where they are relevant. */
  static Trial trial(Job job, NumericsProfile numerics, Object... namesAndValues) {
    Map<String, Object> values = new HashMap<>(Map.of("length", 3, "width", 40, "dimension", 3));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    for (Parameter parameter : job.parameters()) {
      if (parameter.defaultValue() != null) {
        values.putIfAbsent(parameter.name(), parameter.defaultValue());
      }
    }
    for (Parameter parameter : job.parameters()) {
      String decides = parameter.relevantParameter();
      if (decides != null && !parameter.relevantChoices().contains(values.get(decides))) {
        values.remove(parameter.name());
      }
    }
    return new Trial(job.id(), job.version(), numerics, 2026, 3, Configuration.of(values));
  }
}
