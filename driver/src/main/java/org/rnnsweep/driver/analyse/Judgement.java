package org.rnnsweep.driver.analyse;

import java.util.List;

/**
 * One relation compared with the data of one row. Numbers that do not exist are NaN.
 *
 * @param relation the relation
 * @param allowed S, in the unit of the estimate
 * @param margin delta
 * @param logsWidth lambda / ln m_g, by which stated logs widen what refutes
 * @param verdict the verdict
 * @param reason why nothing can be decided; empty otherwise
 * @param estimate of the part that comes nearest to contradicting the relation
 * @param low lower end of its 95% interval, tails divided by the number of looks
 * @param high upper end
 * @param next slope expected just beyond the range
 * @param nextError its standard error
 * @param label {@code tight}, {@code loose} or empty
 * @param slack room between estimate and bound, positive on the allowed side
 * @param detectable value that would have been REFUTED with probability 0.8
 * @param refutingTail error rate, corrected for looks and parts, at which the data refute
 * @param decides what would decide; empty unless UNDECIDED
 * @param parts rays, points or differences, where the relation speaks of several
 * @param notes what else was seen and decides nothing
 */
public record Judgement(
    Relation relation,
    AllowedSet allowed,
    double margin,
    double logsWidth,
    Verdict verdict,
    String reason,
    double estimate,
    double low,
    double high,
    double next,
    double nextError,
    String label,
    double slack,
    double detectable,
    double refutingTail,
    String decides,
    List<PartResult> parts,
    List<String> notes) {

  /**
   * One ray, point or difference.
   *
   * @param name which
   * @param estimate its value
   * @param low lower end of the 95% interval
   * @param high upper end
   */
  public record PartResult(String name, double estimate, double low, double high) {}

  public Judgement {
    parts = List.copyOf(parts);
    notes = List.copyOf(notes);
  }
}
