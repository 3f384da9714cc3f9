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

class BackwardPartsJobTest extends JobContract {
  private static final Job JOB = new BackwardPartsJob();

  @Override
  protected Job job() {
    return JOB;
  }

  @Override
  protected List<Trial> samples() {
    return List.of(
        trial("width", 256, "length", 5, "eps_x", 0.125, "quantity", "span"),
        trial("width", 2000, "length", 4, "eps_x", 0.2, "quantity", "largest"));
  }

  private static Trial trial(Object... namesAndValues) {
    return Trials.of(JOB, Trials.DOUBLE, 0, namesAndValues);
  }

  @Override
  protected List<Configuration> refused() {
    return List.of(
        trial("width", 25, "length", 5, "eps_x", 0.1, "quantity", "span").configuration());
  }

  /**
   * A vector of norm 1/sqrt(2) has a part of sqrt(K / 2m) inside a span of K random vectors in R^m.
   * At least that for the K = 4 + 2 * 64 of the end; at most the parts of both layers, of which D W
   * carries the first one on, together: 64 + 128 vectors. A fifth is left for chance. The twin of a
   * = 0 has the gate of a preactivation of correlation 1/pi, as relu(M_0) and fresh states have:
   * both are on for Sigma(1/pi) / 2 = 0.301 of the rows, a part of 0.426.
   */
  @Test
  void theSpanTakesItsShareOfTheDimensions() throws InterruptedException {
    Map<String, Double> metrics =
        Trials.run(JOB, trial("width", 1024, "length", 4, "eps_x", 0.19, "quantity", "span"));
    assertThat(metrics.get("inside"))
        .isBetween(0.8 * Math.sqrt(132 / 2048.0), 1.2 * Math.sqrt(192 / 2048.0));
    assertThat(metrics.get("inside_with_twin")).isGreaterThan(0.426);
  }

  /**
   * The 1000 largest of 31623 standard normals have a norm of 79.9: with p = s/m and P(|b| > t) =
   * p, m (2 t phi(t) + p). Entries of Back are such normals times |v|, which is 1 + O(sqrt(L / m)).
   */
  @Test
  void theLargestEntriesAreThoseOfNormals() throws InterruptedException {
    double found =
        Trials.run(JOB, trial("width", 31623, "length", 4, "eps_x", 0.2, "quantity", "largest"))
            .get("largest_back");
    assertThat(found).isCloseTo(79.9, within(0.05 * 79.9));
  }
}
