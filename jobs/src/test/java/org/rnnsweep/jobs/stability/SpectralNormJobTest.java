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

class SpectralNormJobTest extends JobContract {
  private static final Job JOB = new SpectralNormJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial("width", 120, "length", 1, "iterations", 8),
        trial("width", 120, "length", 3, "iterations", 8, "representation", "conditioned"),
        trial("width", 90, "length", 2, "quantity", "sparse", "iterations", 4, "sparsity", 3),
        trial("width", 90, "length", 1, "quantity", "rectified", "representation", "dense"),
        trial("width", 90, "length", 2, "quantity", "sparse-left", "sparsity", 3),
        trial("width", 90, "length", 2, "quantity", "sparse-right", "sparsity", 3),
        trial("width", 90, "length", 2, "quantity", "heavy", "iterations", 4, "level", 0.2),
        trial("width", 90, "length", 1, "quantity", "heavy-fixed-support", "iterations", 4),
        Trials.of(
            JOB, Trials.SINGLE, 1, "width", 500, "length", 2, "iterations", 6, "variance", 1.0));
  }

  private static Trial trial(Object... namesAndValues) {
    return Trials.of(JOB, Trials.DOUBLE, 0, namesAndValues);
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(
        trial("width", 20, "length", 1, "iterations", 30).configuration(),
        trial("width", 20, "length", 1, "quantity", "sparse", "sparsity", 21).configuration());
  }

  /**
   * One factor at m = 2000: the edge (1 + sqrt 2) up to fluctuations of order m^(-2/3) = 0.006,
   * seen by 40 iterations of Lanczos to about 1%; and relu(W x) has the same limit.
   */
  @Test
  void oneFactorReachesTheEdge() throws InterruptedException {
    Map<String, Double> product = Trials.run(JOB, trial("width", 2000, "length", 1));
    assertThat(product.get("norm")).isBetween(2.36, 2.45);
    assertThat(product.get("limit_ratio"))
        .isCloseTo(product.get("norm") / (1 + Math.sqrt(2)), within(1e-14));
    assertThat(product.get("formed")).isZero();
    Map<String, Double> map =
        Trials.run(
            JOB,
            trial(
                "width",
                1000,
                "length",
                1,
                "quantity",
                "rectified",
                "iterations",
                300,
                "tolerance",
                1e-5));
    assertThat(map.get("rectified_norm")).isBetween(2.3, 2.46);
  }

  /**
   * Of N(0, 2/m) entries those beyond t standard deviations are a share 2 Q(t) and hold 2 (t phi(t)
   * + Q(t)) of the square, 0.8013 at t = 1 and 0.5222 at t = 1.5; five standard errors.
   */
  @Test
  void oneSideFixedIsATailOfNormals() throws InterruptedException {
    int m = 20_000;
    for (String side : List.of("sparse-left", "sparse-right")) {
      double found =
          Trials.run(
                  JOB,
                  trial("width", m, "length", 1, "quantity", side, "sparsity", (int) (0.3173 * m)))
              .get("sparse_side");
      assertThat(found * found).isCloseTo(2 * 0.8013, within(5 * 2 * Math.sqrt(2.0 / m)));
    }
    double level = 1.5 * Math.sqrt(2) / Math.log(m);
    double column =
        Trials.run(
                JOB,
                trial(
                    "width",
                    m,
                    "length",
                    1,
                    "quantity",
                    "heavy-fixed-support",
                    "sparsity",
                    1,
                    "level",
                    level,
                    "iterations",
                    1))
            .get("heavy_part");
    assertThat(column * column).isCloseTo(2 * 0.5222, within(5 * 2 * Math.sqrt(2.2 / m)));
  }

  /** On all coordinates the sparse search is a power iteration: below the norm of W D W. */
  @Test
  void sparseNormGrowsWithTheSparsity() throws InterruptedException {
    double last = 0;
    for (int s : new int[] {1, 8, 64, 400}) {
      double found =
          Trials.run(
                  JOB,
                  trial(
                      "width",
                      400,
                      "length",
                      2,
                      "quantity",
                      "sparse",
                      "sparsity",
                      s,
                      "iterations",
                      60,
                      "tolerance",
                      1e-4,
                      "representation",
                      "dense"))
              .get("sparse_norm");
      assertThat(found).isGreaterThan(last);
      last = found;
    }
    // |W D W| <= |W| |D W|, about 2 sqrt(2) (1 + sqrt 2) = 6.8 and above |D W D W| = 3.3.
    assertThat(last).isBetween(3.0, 7.0);
    double one =
        Trials.run(
                JOB,
                trial(
                    "width",
                    400,
                    "length",
                    1,
                    "quantity",
                    "sparse",
                    "sparsity",
                    1,
                    "iterations",
                    20,
                    "representation",
                    "dense"))
            .get("sparse_norm");
    // An entry of W that is the largest of its row and column: 3 to 5 standard deviations.
    assertThat(one / Math.sqrt(2.0 / 400)).isBetween(2.5, 5.5);
  }
}
