package org.rnnsweep.driver.analyse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.rnnsweep.kernels.stats.Holm;

/**
 * Every claim of an experiment, or of several, judged. The refuting tail of a row is fixed, so that
 * a verdict does not depend on its neighbours; what many rows do to the number of false REFUTED is
 * said beside it.
 *
 * @param experiment name of the experiment, or of the suite
 * @param claims in the order of the files
 */
public record Scoreboard(String experiment, List<JudgedClaim> claims) {
  public Scoreboard {
    claims = List.copyOf(claims);
  }

  /** That of all experiments of a suite: what is said of many rows is said of all of theirs. */
  public static Scoreboard of(String suite, List<Scoreboard> experiments) {
    return new Scoreboard(
        suite, experiments.stream().flatMap(each -> each.claims().stream()).toList());
  }

  /** All rows. */
  public List<ClaimResult> rows() {
    return claims.stream().flatMap(claim -> claim.rows().stream()).toList();
  }

  /** 0.001 M: the largest expected number of false REFUTED among M rows. */
  public double expectedFalseRefuted() {
    return VerdictRule.REFUTED_TAIL * rows().size();
  }

  /** The REFUTED rows that Holm's procedure over all rows also rejects at 5%. */
  public Set<ClaimResult> survivingHolm() {
    List<ClaimResult> rows = rows();
    List<Double> tails = new ArrayList<>();
    for (ClaimResult row : rows) {
      double tail = row.statement().refutingTail();
      tails.add(tail >= 0 ? Math.min(tail, 1) : 1); // nothing measured: nothing speaks against it
    }
    double[] adjusted = Holm.adjusted(tails.stream().mapToDouble(Double::doubleValue).toArray());
    Set<ClaimResult> surviving = new HashSet<>();
    for (int i = 0; i < adjusted.length; i++) {
      if (rows.get(i).statement().verdict() == Verdict.REFUTED && adjusted[i] <= 0.05) {
        surviving.add(rows.get(i));
      }
    }
    return surviving;
  }
}
