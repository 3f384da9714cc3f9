package org.rnnsweep.jobs.stability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;

class RankOneJobTest extends JobContract {
  private static final Job JOB = new RankOneJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial(400, "rows", "nearest"),
        trial(400, "rows", "first", "inputs", "unrelated"),
        trial(500, "questions", "products", "iterations", 5));
  }

  private static Trial trial(long width, Object... more) {
    Object[] all = new Object[6 + more.length];
    System.arraycopy(new Object[] {"width", width, "length", 4, "support", 10}, 0, all, 0, 6);
    System.arraycopy(more, 0, all, 6, more.length);
    return Trials.of(JOB, Trials.DOUBLE, 3, all);
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(
        Trials.of(JOB, Trials.DOUBLE, 0, "width", 8, "length", 4, "support", 9).configuration(),
        Trials.of(
                JOB,
                Trials.DOUBLE,
                0,
                "width",
                8,
                "length",
                4,
                "support",
                2,
                "questions",
                "products",
                "iterations",
                9)
            .configuration());
  }

  /** Flips are those of a count by hand: density m / sqrt(pi) near 0, each moved by 1 / sqrt(m). */
  @Test
  void pushedNeuronsFlip() throws InterruptedException {
    Map<String, Double> all = run("tau", 100.0, "support", 50); // far enough for all of them
    assertThat(all.get("sign_changes")).isGreaterThanOrEqualTo(50);
    Map<String, Double> few = run("tau", 1e-6, "support", 50); // nearer than any neuron of 8192
    assertThat(few.get("sign_changes")).isLessThanOrEqualTo(1);
    assertThat(few.get("back_signs")).isLessThan(0.1);
  }

  /** A change without flips is linear in tau: ten times tau, ten times the effect. */
  @Test
  void smallChangesAreLinear() throws InterruptedException {
    Map<String, Double> one = run("tau", 1e-6, "support", 1, "rows", "first");
    Map<String, Double> ten = run("tau", 1e-5, "support", 1, "rows", "first");
    for (String metric : new String[] {"forward_coordinate", "back_weights"}) {
      assertThat(ten.get(metric) / one.get(metric)).as(metric).isBetween(9.99, 10.01);
    }
    assertThat(one.get("back_signs")).isLessThan(1e-13); // equal questions, rounding of sums
  }

  /**
   * The norm is above that of the free limit of 3 factors less a tenth; the change is below both.
   */
  @Test
  void productsHaveTheirSizes() throws InterruptedException {
    Map<String, Double> found = run("questions", "products", "support", 90, "iterations", 20);
    assertThat(found.get("product_norm")).isBetween(3.6, 4.4); // 4.06 in the limit
    assertThat(found.get("product_change")).isBetween(0.1, 4.0);
    Map<String, Double> nothing =
        run("questions", "products", "support", 1, "tau", 1e-6, "rows", "first", "iterations", 5);
    assertThat(nothing.get("product_change")).isLessThan(1e-5);
  }

  private static Map<String, Double> run(Object... more) throws InterruptedException {
    Object[] all = new Object[4 + more.length];
    System.arraycopy(new Object[] {"width", 8192, "length", 4}, 0, all, 0, 4);
    System.arraycopy(more, 0, all, 4, more.length);
    return Trials.run(JOB, Trials.of(JOB, Trials.DOUBLE, 0, all));
  }
}
