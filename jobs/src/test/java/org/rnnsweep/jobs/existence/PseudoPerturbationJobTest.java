package org.rnnsweep.jobs.existence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.stability.Trials;

class PseudoPerturbationJobTest extends JobContract {
  private static final Job JOB = new PseudoPerturbationJob();
  private static final List<String> ATTACKS = List.of("gradient", "reflect", "sign-flip", "aimed");

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    List<Trial> samples = new ArrayList<>();
    for (String attack : ATTACKS) {
      for (String carrier : List.of("state", "token", "both")) {
        String link =
            attack.equals("gradient") ? "exp" : carrier.equals("state") ? "power" : "sine";
        String weight = carrier.equals("state") ? "window" : "minimum-norm";
        samples.add(trial(200, attack, carrier, 1, link, weight));
      }
    }
    return samples;
  }

  private static Trial trial(
      int width, String attack, String carrier, double radius, String link, String weight) {
    return Trials.of(
        JOB,
        Trials.DOUBLE,
        0,
        "width",
        width,
        "length",
        4,
        "eps_x",
        0.3,
        "attack",
        attack,
        "carrier",
        carrier,
        "radius",
        radius,
        "link",
        link,
        "weight",
        weight);
  }

  private static Map<String, Double> run(String attack, String carrier, double radius)
      throws InterruptedException {
    return Trials.run(JOB, trial(8192, attack, carrier, radius, "power", "minimum-norm"));
  }

  /**
   * Tiny changes are linear and change no pattern; the aimed one changes the pseudo-network most.
   */
  @Test
  void changesOfBothMatrices() throws InterruptedException {
    for (String carrier : List.of("state", "token", "both")) {
      Map<String, Double> tiny = run("gradient", carrier, 1e-6);
      Map<String, Double> gradient = run("gradient", carrier, 1);
      Map<String, Double> aimed = run("aimed", carrier, 1);
      Map<String, Double> reflect = run("reflect", carrier, 1);
      assertThat(tiny.get("first_order_error")).isLessThan(1e-9);
      assertThat(tiny.get("pseudo_change")).isLessThan(0.01);
      assertThat(aimed.get("pseudo_change")).isGreaterThan(3 * gradient.get("pseudo_change"));
      assertThat(reflect.get("first_order_error")).isGreaterThan(gradient.get("first_order_error"));
    }
  }

  /** Together they are one change of nearly twice the size: |h_(L-1)| is near 1. */
  @Test
  void bothMatricesTogetherAreOneLargerChange() throws InterruptedException {
    Map<String, Double> one = run("reflect", "state", 1);
    Map<String, Double> twice = run("reflect", "state", 2);
    Map<String, Double> both = run("reflect", "both", 1);
    for (String metric : List.of("sign_changes", "first_order_error", "back_change")) {
      assertThat(both.get(metric)).isGreaterThan(1.1 * one.get(metric));
      assertThat(both.get(metric)).isCloseTo(twice.get(metric), withinPercentage(20));
    }
  }
}
