package org.rnnsweep.driver.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentReader;
import org.rnnsweep.driver.config.ExperimentSource;
import org.rnnsweep.driver.config.InvalidExperimentException;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;

/** A third party's job that throws when it is only asked. */
class JobFaultTest {
  private static final class Faulty implements Job {
    @Override
    public String id() {
      return "faulty";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public String summary() {
      return "throws";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(Parameter.integer("width", "m", 1, 100, "width"));
    }

    @Override
    public List<Metric> metrics() {
      return List.of(Metric.scalar("x", "x", "1", "x"));
    }

    @Override
    public List<String> check(Configuration configuration) {
      if (configuration.integer("width") == 3) {
        throw new StackOverflowError("deep");
      }
      return List.of();
    }

    @Override
    public Cost cost(TrialGroup group) {
      long width = group.first().configuration().integer("width");
      return width == 5 ? null : new Cost(1.0 + 100 / (width - 7) * 0, 8);
    }

    @Override
    public List<TrialResult> run(TrialGroup group, JobContext context) {
      throw new UnsupportedOperationException();
    }
  }

  private static Experiment read(String widths) {
    String text =
        "experiment = x, job = faulty, seeds { root = 1, count = 2 }, axes { width = ["
            + widths
            + "] }";
    return ExperimentReader.read(
        new ExperimentSource(text, List.of()), "a test's", JobCatalog.of(List.of(new Faulty())));
  }

  @Test
  void whatCheckThrowsIsSaidToBeTheJobsFault() {
    InvalidExperimentException refused =
        catchThrowableOfType(InvalidExperimentException.class, () -> read("2, 3"));
    assertThat(refused.problems())
        .singleElement()
        .asString()
        .startsWith("job faulty: check threw java.lang.StackOverflowError: deep at ")
        .contains("JobFaultTest$Faulty.check(JobFaultTest.java:", "width", "3")
        .endsWith("this is a fault of the job, not of the file");
  }

  @Test
  void whatCostThrowsIsSaidToBeTheJobsFault() {
    Experiment divides = read("2, 7");
    assertThat(
            catchThrowableOfType(
                InvalidExperimentException.class, () -> Planner.plan(divides, Set.of())))
        .hasMessageStartingWith("job faulty: cost threw java.lang.ArithmeticException: / by zero")
        .hasMessageContaining("JobFaultTest$Faulty.cost(JobFaultTest.java:");
    Experiment isSilent = read("2, 5");
    assertThat(
            catchThrowableOfType(
                InvalidExperimentException.class, () -> Planner.plan(isSilent, Set.of())))
        .hasMessageContaining("no cost");
    assertThat(Planner.plan(read("2, 4"), Set.of()).trials()).isEqualTo(4);
  }
}
