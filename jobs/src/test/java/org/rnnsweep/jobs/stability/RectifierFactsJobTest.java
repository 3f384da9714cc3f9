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
import org.rnnsweep.kernels.stability.DroppedInput;

class RectifierFactsJobTest extends JobContract {
  private static final Job JOB = new RectifierFactsJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial("fact", "difference", "beta", 0.3),
        trial("fact", "random-flips", "coordinates", 1000),
        trial("fact", "worst-flips", "coordinates", 1000),
        trial("fact", "bounded-flips", "coordinates", 1000, "tau_2", 0.5),
        trial("fact", "residual", "coordinates", 2000));
  }

  private static Trial trial(Object... namesAndValues) {
    return Trials.of(JOB, Trials.DOUBLE, 0, namesAndValues);
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(trial("fact", "difference", "beta", 1.0).configuration());
  }

  /** The derivative against a difference quotient: step 1e-5, so to 1e-9 or so. */
  @Test
  void derivativeIsThatOfTheClosedForm() throws InterruptedException {
    for (double x : new double[] {0.01, 0.1, 0.4, 0.81}) {
      Map<String, Double> found =
          Trials.run(JOB, trial("fact", "difference", "beta", Math.sqrt(x)));
      double step = 1e-5;
      double quotient =
          (DroppedInput.differenceOfRectifiers(x + step)
                  - DroppedInput.differenceOfRectifiers(x - step))
              / (2 * step);
      assertThat(found.get("derivative")).isCloseTo(quotient, within(1e-8));
      assertThat(found.get("above")).isEqualTo(x < 0.7 ? 0 : found.get("above"));
    }
    double small = Trials.run(JOB, trial("fact", "difference", "beta", 1e-3)).get("below");
    assertThat(small).isCloseTo(1 / (3 * Math.PI), within(1e-3));
  }

  /**
   * Without a bounded part the flips are those of the worst change. With one, those within it of 0
   * are free: a share tau_2 / sqrt(pi n) of normals. A small change leaves relu(w) its support, so
   * that the residual is |v| on half of the coordinates but for one direction: 1 on average.
   */
  @Test
  void partsOfAChangeAndResidualsHaveTheirLimits() throws InterruptedException {
    int m = 1 << 20;
    Object[] worst = {"fact", "worst-flips", "coordinates", m, "tau", 0.002};
    Object[] same = {"fact", "bounded-flips", "coordinates", m, "tau_1", 0.002 * 1024};
    double scale = 10 * Math.pow(0.002 * 1024 * m, 2.0 / 3) / m;
    assertThat(Trials.run(JOB, trial(same)).get("flip_ratio") * scale)
        .isCloseTo(Trials.run(JOB, trial(worst)).get("flip_share"), within(1e-12));
    assertThat(Trials.run(JOB, trial(same)).get("overshoot_ratio")).isBetween(0.33, 1.0 / 3);
    Map<String, Double> free =
        Trials.run(
            JOB, trial("fact", "bounded-flips", "coordinates", m, "tau_1", 1e-6, "tau_2", 100.0));
    double expected = 100 / Math.sqrt(Math.PI * m);
    assertThat(free.get("flip_ratio") * 10 * Math.pow(1e-6 * m, 2.0 / 3) / m)
        .isCloseTo(expected, within(5 * Math.sqrt(expected / m)));
    Map<String, Double> residual =
        Trials.run(JOB, trial("fact", "residual", "coordinates", m, "alpha", 1e-4));
    assertThat(residual.get("residual_ratio")).isCloseTo(1, within(5.0 / 1024));
    assertThat(residual.get("residual_room")).isBetween(1.5, 3.0);
  }

  /** Shares of the limit, within 5 standard errors of a count of flips. */
  @Test
  void flipsHaveTheirLimits() throws InterruptedException {
    int m = 1 << 20;
    double tau = 0.01;
    double random =
        Trials.run(JOB, trial("fact", "random-flips", "coordinates", m, "tau", tau))
            .get("flip_share");
    double expected = tau / Math.sqrt(2) / Math.PI;
    assertThat(random).isCloseTo(expected, within(5 * Math.sqrt(expected / m)));
    double worst =
        Trials.run(JOB, trial("fact", "worst-flips", "coordinates", m, "tau", tau))
            .get("flip_share");
    double most = Math.cbrt(3 * tau * tau / Math.PI);
    assertThat(worst).isCloseTo(most, within(5 * Math.sqrt(most / m)));
  }
}
