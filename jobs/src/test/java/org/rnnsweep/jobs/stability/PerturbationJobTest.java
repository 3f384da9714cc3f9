package org.rnnsweep.jobs.stability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;

class PerturbationJobTest extends JobContract {
  private static final Job JOB = new PerturbationJob();
  private static final List<String> ATTACKS =
      List.of(
          "random", "gradient", "reflect", "sign-flip", "ascent-states", "ascent-error", "train");

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    List<Trial> samples = new ArrayList<>();
    for (String attack : ATTACKS) {
      for (String representation : List.of("auto", "conditioned", "dense")) {
        samples.add(
            trial(
                "width",
                150,
                "length",
                4,
                "eps_x",
                0.1,
                "outputs",
                2,
                "radius",
                1.0,
                "attack",
                attack,
                "representation",
                representation));
      }
    }
    return samples;
  }

  private static Trial trial(Object... namesAndValues) {
    return Trials.of(JOB, Trials.DOUBLE, 0, namesAndValues);
  }

  /**
   * For a tiny change the output's change is its linear part; the worst case flips more signs than
   * the others and errs most.
   */
  @Test
  void tinyChangesAreLinearAndAttacksAreOrdered() throws InterruptedException {
    Map<String, Double> tiny =
        Trials.run(
            JOB,
            trial("width", 4096, "length", 4, "eps_x", 0.1, "radius", 1e-6, "attack", "gradient"));
    assertThat(tiny.get("first_order_error") / tiny.get("linear_part")).isLessThan(1e-4);
    Map<String, Double> random = of("random");
    Map<String, Double> gradient = of("gradient");
    Map<String, Double> reflect = of("reflect");
    Map<String, Double> flip = of("sign-flip");
    assertThat(flip.get("sign_changes")).isGreaterThan(reflect.get("sign_changes"));
    assertThat(reflect.get("sign_changes")).isGreaterThan(gradient.get("sign_changes"));
    assertThat(reflect.get("sign_changes")).isGreaterThan(random.get("sign_changes"));
    assertThat(reflect.get("first_order_error")).isGreaterThan(random.get("first_order_error"));
    assertThat(gradient.get("linear_part")).isGreaterThan(random.get("linear_part"));
    // Just over zero: nothing moves the output, but the maps do change.
    assertThat(flip.get("back_change")).isGreaterThan(1);
    assertThat(gradient.get("hidden_change")).isLessThan(1 / 64.0 * 4 * 3);
    Map<String, Double> error = of("ascent-error");
    for (Map<String, Double> other : List.of(random, gradient, reflect, flip)) {
      assertThat(error.get("first_order_error")).isGreaterThan(other.get("first_order_error"));
    }
  }

  /** Steps are of some attacks alone: other trials keep the identity they had without them. */
  @Test
  void onlyAscentAndTrainingHaveSteps() {
    for (Trial sample : samples()) {
      String attack = sample.configuration().choice("attack");
      assertThat(sample.configuration().has("steps"))
          .isEqualTo(attack.startsWith("ascent") || attack.equals("train"));
    }
  }

  private static Map<String, Double> of(String attack) throws InterruptedException {
    return Trials.run(
        JOB, trial("width", 4096, "length", 4, "eps_x", 0.1, "radius", 1.0, "attack", attack));
  }
}
