package org.rnnsweep.jobs.existence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.stability.Trials;

class PseudoSubsetJobTest extends JobContract {
  private static final Job JOB = new PseudoSubsetJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial(300, 8, 2, "power", "minimum-norm"),
        trial(200, 20, 1, "exp", "window"),
        trial(200, 20, 1, "sine", "minimum-norm"));
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(trial(300, 301, 1, "power", "window").configuration());
  }

  private static Trial trial(int width, int replaced, int outputs, String link, String weight) {
    return Trials.of(
        JOB,
        Trials.DOUBLE,
        0,
        "width",
        width,
        "length",
        4,
        "eps_x",
        0.2,
        "replaced",
        replaced,
        "outputs",
        outputs,
        "link",
        link,
        "weight",
        weight);
  }

  /** Few rows drawn anew change their share little; what is left of the signal is scatter. */
  @Test
  void fewRowsChangeLittle() throws InterruptedException {
    Map<String, Double> few = Trials.run(JOB, trial(20_000, 16, 4, "power", "minimum-norm"));
    assertThat(few.get("function_change")).isLessThan(0.5 * few.get("noise"));
    assertThat(few.get("signal_change")).isPositive().isLessThan(few.get("noise"));
    Map<String, Double> many = Trials.run(JOB, trial(20_000, 4096, 4, "power", "minimum-norm"));
    assertThat(many.get("function_change")).isGreaterThan(20 * few.get("function_change"));
    // The scatter of N terms of deviation of about d sqrt(E H^2) / m.
    assertThat(many.get("noise") / few.get("noise")).isBetween(4.0, 64.0);
  }
}
