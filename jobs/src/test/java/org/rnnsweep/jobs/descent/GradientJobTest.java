package org.rnnsweep.jobs.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.stability.Trials;

class GradientJobTest extends JobContract {
  private static final Job JOB = new GradientJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial(0, 100, 4, 2, "errors", "random", "change", "random", "outputs", 2),
        trial(0, 80, 3, 2, "errors", "equal", "change", "gradient", "inputs", "unrelated"),
        trial(
            0,
            80,
            3,
            2,
            "errors",
            "alternating",
            "change",
            "reflect",
            "inputs",
            "repeated",
            "representation",
            "dense"),
        trial(0, 200, 3, 1, "errors", "single", "change", "sign-flip", "inputs", "common"),
        trial(0, 200, 3, 3, "errors", "opposite", "change", "row", "radius", 0.3),
        trial(0, 300, 2, 2, "errors", "labels", "change", "redrawn", "radius", 0.3, "draws", 3),
        trial(0, 200, 3, 2, "errors", "least", "change", "gradient"),
        trial(0, 500, 3, 2, "errors", "largest", "representation", "conditioned"),
        trial(0, 200, 2, 2, "errors", "least", "change", "align", "delta", 0.1),
        trial(0, 200, 4, 2, "errors", "labels", "change", "least-gradient", "steps", 3),
        trial(0, 150, 3, 3, "errors", "least", "change", "least-gradient", "steps", 2),
        trial(0, 150, 3, 2, "errors", "equal", "change", "largest-gradient", "steps", 2),
        trial(0, 200, 4, 2, "errors", "equal", "change", "largest-remainder", "steps", 3));
  }

  private static Trial trial(int seed, int m, int length, int sequences, Object... rest) {
    Object[] all = new Object[6 + rest.length];
    System.arraycopy(
        new Object[] {"width", m, "length", length, "sequences", sequences}, 0, all, 0, 6);
    System.arraycopy(rest, 0, all, 6, rest.length);
    return Trials.of(JOB, Trials.DOUBLE, seed, all);
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(
        trial(0, 80, 3, 1, "errors", "opposite").configuration(),
        trial(0, 80, 2, 1, "errors", "equal", "change", "reflect").configuration(),
        trial(0, 80, 2, 2, "errors", "equal", "change", "least-gradient").configuration(),
        trial(0, 80, 3, 1, "errors", "equal", "change", "align").configuration(),
        trial(0, 80, 2, 1, "errors", "equal", "change", "redrawn", "radius", 2.0).configuration());
  }

  /** |grad|^2 = r^T K r lies between K's extreme eigenvalues, which are reached. */
  @Test
  void eigenvectorsAreTheExtremes() throws InterruptedException {
    double least = curvature("least");
    double largest = curvature("largest");
    assertThat(least).isPositive();
    for (String errors : List.of("random", "equal", "opposite", "labels")) {
      assertThat(curvature(errors)).isBetween(least * (1 - 1e-9), largest * (1 + 1e-9));
    }
    assertThat(largest).isGreaterThan(3 * least);
  }

  private static double curvature(String errors) throws InterruptedException {
    return Trials.run(JOB, trial(0, 300, 4, 3, "errors", errors, "representation", "dense"))
        .get("curvature");
  }

  /**
   * One sequence of silence, one output of variance 1, one error, L = 2: |D_2 B^T|^2 |h_1|^2 / m =
   * 1/2, of relative deviation sqrt(5/m) of both factors: here over 16 networks of 4096.
   */
  @Test
  void squaredGradientIsThatOfInfiniteWidth() throws InterruptedException {
    double[] mean =
        Trials.mean(
            JOB,
            "squared_share",
            16,
            "width",
            4096,
            "length",
            2,
            "sequences",
            1,
            "errors",
            "single");
    assertThat(mean[0]).isCloseTo(0.5, within(5 * mean[1]));
    assertThat(mean[1]).isLessThan(0.01);
    double[] loss =
        Trials.mean(
            JOB,
            "initial_loss",
            16,
            "width",
            4096,
            "length",
            4,
            "sequences",
            1,
            "errors",
            "single");
    // (|h|^2 + 1)/2 a step, three steps; <B, h>^2 has the standard deviation sqrt(2).
    assertThat(loss[0]).isCloseTo(3, within(5 * loss[1]));
  }

  /** Along a small change nothing is left of the remainder's rough part but rounding. */
  @Test
  void smallChangesHaveNoRoughRemainder() throws InterruptedException {
    Map<String, Double> small =
        Trials.run(
            JOB, trial(0, 500, 4, 2, "errors", "random", "change", "gradient", "radius", 1e-6));
    Map<String, Double> larger =
        Trials.run(
            JOB, trial(0, 500, 4, 2, "errors", "random", "change", "gradient", "radius", 1e-5));
    assertThat(small.get("sign_share")).isZero();
    assertThat(small.get("rough_remainder")).isLessThan(1e-12);
    assertThat(small.get("smooth_remainder") / larger.get("smooth_remainder"))
        .isCloseTo(1, within(1e-3));
    assertThat(small.get("response") / larger.get("response")).isCloseTo(1, within(1e-3));
    assertThat(small.get("changed_curvature") / small.get("curvature")).isCloseTo(1, within(1e-4));
  }

  /** Reflected preactivations err on one side, by the share flipped to the power 3/2 and more. */
  @Test
  void reflectionLeavesARoughRemainder() throws InterruptedException {
    Map<String, Double> found =
        Trials.run(JOB, trial(1, 2000, 3, 1, "errors", "equal", "change", "reflect"));
    assertThat(found.get("sign_share")).isBetween(0.01, 0.3);
    assertThat(found.get("rough_remainder")).isGreaterThan(0.02);
    assertThat(found.get("row_sign_share")).isGreaterThanOrEqualTo(found.get("sign_share"));
  }

  /** No attack of the catalogue is stronger than the ascent, which starts from them all. */
  @Test
  void ascentsAreNotWeakerThanAttacks() throws InterruptedException {
    for (String errors : List.of("least", "labels")) {
      double least = changed(errors, "least-gradient", "changed_curvature");
      double largest = changed(errors, "largest-gradient", "changed_curvature");
      for (String attack : List.of("gradient", "reflect", "sign-flip", "align")) {
        assertThat(changed(errors, attack, "changed_curvature"))
            .isBetween(least * (1 - 1e-9), largest * (1 + 1e-9));
      }
      assertThat(least).isLessThan(0.9 * changed(errors, "sign-flip", "changed_curvature"));
    }
    double remainder = changed("equal", "largest-remainder", "rough_remainder");
    for (String attack : List.of("gradient", "reflect", "sign-flip")) {
      assertThat(changed("equal", attack, "rough_remainder")).isLessThan(remainder);
    }
  }

  private static double changed(String errors, String change, String metric)
      throws InterruptedException {
    Object[] rest = {"errors", errors, "change", change, "delta", 0.2, "representation", "dense"};
    return Trials.run(JOB, trial(0, 400, 3, 2, rest)).get(metric);
  }

  /**
   * Two sequences of two tokens with signs made equal have one gradient but for their first states:
   * the least eigenvalue is {@code |D B|^2 |h_1 - h'_1|^2 / 2}, about m delta^2 / 4.
   */
  @Test
  void alignedSignsLeaveTheFirstStates() throws InterruptedException {
    Map<String, Double> found =
        Trials.run(
            JOB,
            trial(0, 2000, 2, 2, "errors", "least", "change", "align", "delta", 0.1, "radius", 30));
    assertThat(found.get("changed_curvature") / 0.01).isBetween(0.1, 0.3);
    assertThat(found.get("curvature") / 0.1).isBetween(0.1, 0.5);
    assertThat(found.get("sign_share")).isBetween(0.005, 0.05);
  }
}
