package org.rnnsweep.jobs.ntk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;

class NtkLazyJobTest extends JobContract {
  private static final Job JOB = new NtkLazyJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    List<Trial> trials = new ArrayList<>();
    for (String target : List.of("one-position", "all-positions", "product", "parity", "random")) {
      trials.add(NtkTrials.trial(JOB, "samples", 10, "length", 3, "width", 48, "target", target));
    }
    return trials;
  }

  private static Object[] named(int width) {
    return new Object[] {
      "samples", 20, "length", 4, "width", width, "target", "one-position", "margin", 0.3
    };
  }

  /** R = b sqrt(y^T H^-1 y) is what the label job finds of the same draw, by other kernels. */
  @Test
  void theRadiusIsTheLabelNorm() throws InterruptedException {
    Map<String, Double> found = NtkTrials.metrics(JOB, named(256));
    double b = found.get("initial_output") + Math.log(1 / (Math.exp(1.0 / 20) - 1)) + 0.01;
    assertThat(found.get("radius_bound_ratio"))
        .isCloseTo(found.get("radius_ratio") * b / 4, withinPercentage(1e-9));
    // Other matrices of the same laws: the norm's spread over networks is a few per cent.
    double ratio = 0;
    double other = 0;
    for (int seed = 0; seed < 4; seed++) {
      Trial trial = NtkTrials.seeded(JOB, seed, named(512));
      ratio += NtkTrials.run(JOB, trial).metrics().get("radius_ratio") / 4;
      Trial label =
          NtkTrials.seeded(
              new NtkLabelJob(),
              seed,
              "samples",
              20,
              "length",
              4,
              "target",
              "one-position",
              "kernel",
              "finite",
              "width",
              512);
      double excess = NtkTrials.run(new NtkLabelJob(), label).metrics().get("width_excess");
      other += Math.sqrt(1 + excess) / 4;
    }
    assertThat(ratio).isCloseTo(other, withinPercentage(15));
  }

  /** The wider, the more linear; the loss of the linear network is 1/n at most. */
  @Test
  void aWideNetworkFitsTheSample() throws InterruptedException {
    Map<String, Double> narrow = NtkTrials.metrics(JOB, named(64));
    Map<String, Double> wide = NtkTrials.metrics(JOB, named(4096));
    assertThat(wide.get("linear_error")).isLessThan(narrow.get("linear_error") / 2);
    assertThat(wide.get("worst_loss")).isLessThan(narrow.get("worst_loss"));
    assertThat(wide.get("loss_ratio")).isLessThan(0.1);
    assertThat(wide.get("radius_ratio")).isCloseTo(1, within(0.1));
  }
}
