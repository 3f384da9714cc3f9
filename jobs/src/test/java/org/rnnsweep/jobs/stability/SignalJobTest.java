package org.rnnsweep.jobs.stability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;

class SignalJobTest extends JobContract {
  private static final Job JOB = new SignalJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    List<Trial> samples = new ArrayList<>();
    for (int length : new int[] {2, 5}) {
      for (String weights : new String[] {"shared", "fresh"}) {
        for (String nonlinearity : new String[] {"relu", "leaky", "linear", "tanh", "sigmoid"}) {
          samples.add(
              trial(length, "weights", weights, "nonlinearity", nonlinearity, "networks", 2));
        }
      }
      samples.add(
          Trials.of(JOB, Trials.SINGLE, 1, "width", 200, "length", length, "inputs", "unrelated"));
    }
    return samples;
  }

  private static Trial trial(int length, Object... more) {
    Object[] all = new Object[6 + more.length];
    System.arraycopy(
        new Object[] {"width", 100, "length", length, "questions", "gains"}, 0, all, 0, 6);
    System.arraycopy(more, 0, all, 6, more.length);
    return Trials.of(JOB, Trials.DOUBLE, 3, all);
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(Trials.of(JOB, Trials.DOUBLE, 0, "width", 20, "length", 30).configuration());
  }

  /**
   * Norms and gains tend to the limits of SignalLimit, whatever the nonlinearity and the weights:
   * 4.5 standard errors of 40 means of two networks and a bias of 20 / m each; below 1e-4 in all.
   */
  @Test
  void meansAreTheLimits() throws InterruptedException {
    for (String weights : new String[] {"shared", "fresh"}) {
      for (String nonlinearity : new String[] {"relu", "leaky", "linear", "tanh", "sigmoid"}) {
        for (String metric : new String[] {"norm_ratio", "gain_ratio"}) {
          Object[] setting = {
            "width",
            1024,
            "length",
            4,
            "weights",
            weights,
            "nonlinearity",
            nonlinearity,
            "variance",
            1.5,
            "inputs",
            "unrelated",
            "questions",
            "gains",
            "networks",
            2
          };
          double[] found = Trials.mean(JOB, metric, 40, setting);
          assertThat(found[0])
              .as("%s %s %s", weights, nonlinearity, metric)
              .isCloseTo(1, within(4.5 * found[1] + 20.0 / 1024));
        }
      }
    }
  }

  /**
   * The spread's law: the squared ratio of 20 x 200 networks has a standard error of 0.022 plus an
   * effect of 1/m. A fresh W judged by the law of a shared one must be seen, and is a quarter off.
   */
  @Test
  void spreadHasItsLaw() throws InterruptedException {
    Object[] shared = {"width", 2048, "length", 12, "networks", 200};
    Object[] fresh = {"width", 2048, "length", 12, "networks", 200, "weights", "fresh"};
    double[] ofShared = Trials.mean(JOB, "norm_spread_ratio", 20, shared);
    double[] ofFresh = Trials.mean(JOB, "norm_spread_ratio", 20, fresh);
    assertThat(ofShared[0]).isCloseTo(1, within(4.5 * ofShared[1] + 0.05));
    assertThat(ofFresh[0]).isCloseTo(1, within(4.5 * ofFresh[1] + 0.05));
    Map<String, Double> one = Trials.run(JOB, Trials.of(JOB, Trials.DOUBLE, 0, shared));
    Map<String, Double> other = Trials.run(JOB, Trials.of(JOB, Trials.DOUBLE, 0, fresh));
    assertThat(one.get("norm_spread") / other.get("norm_spread")).isGreaterThan(1.5);
  }
}
