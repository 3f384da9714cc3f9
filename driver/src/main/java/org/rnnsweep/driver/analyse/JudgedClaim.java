package org.rnnsweep.driver.analyse;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.rnnsweep.driver.config.Claim;

/**
 * A claim with its rows, one a fixed setting of the other axes, and the verdict on all of them
 * together: the statement is taken to speak of every setting.
 *
 * @param claim the claim
 * @param rows in the order of the experiment file
 */
public record JudgedClaim(Claim claim, List<ClaimResult> rows) {
  public JudgedClaim {
    rows = List.copyOf(rows);
  }

  /**
   * CONSISTENT if every row is; REFUTED if some row is even when its tail is divided by the number
   * of rows; NOT_ASYMPTOTIC if neither and some row is; otherwise UNDECIDED. So among as many
   * settings as one likes a true statement is refuted with probability 0.001 at most.
   */
  public Verdict verdict() {
    return together(ClaimResult::statement);
  }

  /** The same of our prediction; null if there is none. */
  public Verdict predictionVerdict() {
    return claim.prediction() == null ? null : together(ClaimResult::prediction);
  }

  /**
   * The row that speaks for all: of those with the claim's verdict, the one least favourable to the
   * statement. Empty where there are no rows.
   */
  public Optional<ClaimResult> telling() {
    Verdict verdict = verdict();
    List<ClaimResult> own =
        rows.stream().filter(row -> row.statement().verdict() == verdict).toList();
    return (own.isEmpty() ? rows : own)
        .stream().min(Comparator.comparingDouble(row -> row.statement().slack())); // NaN last
  }

  private Verdict together(Function<ClaimResult, Judgement> column) {
    List<Judgement> all = rows.stream().map(column).toList();
    if (all.isEmpty()) {
      return Verdict.UNDECIDED;
    }
    double tail = VerdictRule.REFUTED_TAIL / all.size();
    if (all.stream().anyMatch(j -> j.verdict() == Verdict.REFUTED && j.refutingTail() <= tail)) {
      return Verdict.REFUTED;
    }
    if (all.stream().allMatch(j -> j.verdict() == Verdict.CONSISTENT)) {
      return Verdict.CONSISTENT;
    }
    return all.stream().anyMatch(j -> j.verdict() == Verdict.NOT_ASYMPTOTIC)
        ? Verdict.NOT_ASYMPTOTIC
        : Verdict.UNDECIDED;
  }
}
