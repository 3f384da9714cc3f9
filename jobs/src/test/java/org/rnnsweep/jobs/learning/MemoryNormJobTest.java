package org.rnnsweep.jobs.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.stability.Trials;

class MemoryNormJobTest extends JobContract {
  private static final Job JOB = new MemoryNormJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial("length", 5, "samples", 12, "eps_x", 0.3, "place", "first"),
        trial("length", 4, "samples", 9, "eps_x", 0.3, "place", "middle", "end", "unit"),
        trial("length", 6, "samples", 4, "eps_x", 0.3, "place", "last", "degree", 3));
  }

  /** Of tokens on the sphere, degrees are orthogonal: labels of a kernel's own kind of one cost. */
  @Test
  void aLinearFunctionCostsLeastAndLongSequencesMore() throws InterruptedException {
    double linear = relative("length", 4, "degree", 1);
    assertThat(linear).isLessThan(0.5);
    assertThat(relative("length", 4, "degree", 2)).isBetween(1.5 * linear, 1.1);
    assertThat(relative("length", 12, "degree", 1)).isBetween(1.5 * linear, 1.2);
  }

  private static double relative(Object... values) throws InterruptedException {
    Object[] fixed = {"samples", 100, "eps_x", 0.3, "place", "last"};
    Object[] all = Arrays.copyOf(fixed, fixed.length + values.length);
    System.arraycopy(values, 0, all, fixed.length, values.length);
    return Trials.run(JOB, trial(all)).get("relative_norm");
  }

  private static Trial trial(Object... values) {
    return Trials.of(JOB, Trials.DOUBLE, 2, values);
  }
}
