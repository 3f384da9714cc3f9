package org.rnnsweep.driver.analyse;

import java.util.List;
import org.rnnsweep.kernels.stats.Estimate;
import org.rnnsweep.kernels.stats.Measured;

/**
 * Compares measured quantities with what a statement allows. The only place where a verdict on
 * random numbers is made.
 *
 * <p>S is the stated set, S+ is S widened by the margin, S++ is S+ widened by what the stated
 * powers of log m can add to a local slope. With J looks every tail is divided by J.
 *
 * <ul>
 *   <li>CONSISTENT: the interval with both tails 0.025 lies inside S+.
 *   <li>REFUTED: the interval with both tails 0.001 misses S++.
 *   <li>NOT_ASYMPTOTIC: CONSISTENT, but the slope expected just beyond the range is outside S+ by
 *       more than its standard error; or REFUTED, but it is inside S++ by more than that.
 *   <li>UNDECIDED: everything else.
 * </ul>
 *
 * So logs never help a statement to be CONSISTENT and always protect it from being REFUTED. A
 * statement of several parts (rays, points, differences) is CONSISTENT if every part is, which
 * needs no correction, and REFUTED if some part is, for which the tail is divided by their number.
 */
final class VerdictRule {
  /** Of each side of the printed interval. */
  static final double CONSISTENT_TAIL = 0.025;

  /** Of each side of the refuting interval: the rate of false REFUTED of one row. */
  static final double REFUTED_TAIL = 0.001;

  private final AllowedSet inner;
  private final AllowedSet outer;
  private final double consistentTail;
  private final int comparisons;

  private VerdictRule(AllowedSet inner, AllowedSet outer, int looks, int parts) {
    this.inner = inner;
    this.outer = outer;
    this.consistentTail = CONSISTENT_TAIL / looks;
    this.comparisons = looks * parts;
  }

  /**
   * The rule for one row.
   *
   * @param stated S
   * @param margin delta
   * @param logsWidth lambda / ln m_g
   * @param looks J, at how many seed counts a verdict may be taken
   * @param parts of how many parts the statement consists
   */
  static VerdictRule of(AllowedSet stated, double margin, double logsWidth, int looks, int parts) {
    AllowedSet inner = stated.widened(margin);
    return new VerdictRule(inner, inner.widened(logsWidth), looks, parts);
  }

  /** S+. */
  AllowedSet inner() {
    return inner;
  }

  /** S++. */
  AllowedSet outer() {
    return outer;
  }

  /** Each tail of the printed interval. */
  double consistentTail() {
    return consistentTail;
  }

  /** Each tail of the interval that refutes one part. */
  double refutedTail() {
    return REFUTED_TAIL / comparisons;
  }

  /** One measured part and, for a slope, the slope expected just beyond the range. */
  record Part(String name, Measured value, Estimate next) {}

  /** The verdict on a statement of one part; {@code next} may be null. */
  Verdict judge(Measured value, Estimate next) {
    return judge(List.of(new Part("", value, next)));
  }

  /** The verdict on all parts together. */
  Verdict judge(List<Part> parts) {
    if (parts.stream().allMatch(part -> consistent(part.value))) {
      return parts.stream().anyMatch(part -> leaves(part.next))
          ? Verdict.NOT_ASYMPTOTIC
          : Verdict.CONSISTENT;
    }
    List<Part> refuting = parts.stream().filter(part -> refuted(part.value)).toList();
    if (refuting.isEmpty()) {
      return Verdict.UNDECIDED;
    }
    return refuting.stream().allMatch(part -> returns(part.next))
        ? Verdict.NOT_ASYMPTOTIC
        : Verdict.REFUTED;
  }

  /**
   * The error rate at which some part refutes, corrected for looks and parts; REFUTED needs at most
   * {@link #REFUTED_TAIL}. 1 if nothing speaks against the statement; NaN without an interval.
   */
  double refutingTail(List<Part> parts) {
    double least = 1;
    for (Part part : parts) {
      double tail = Math.min(part.value.tailAbove(outer.high()), part.value.tailBelow(outer.low()));
      least = Math.min(least, comparisons * tail);
    }
    return least;
  }

  private boolean consistent(Measured value) {
    // A quantile is dear: ask for it only where the estimate leaves a doubt.
    return inner.contains(value.value())
        && (inner.low() == Double.NEGATIVE_INFINITY || value.lo(consistentTail) >= inner.low())
        && (inner.high() == Double.POSITIVE_INFINITY || value.hi(consistentTail) <= inner.high());
  }

  private boolean refuted(Measured value) {
    double tail = refutedTail();
    return value.value() > outer.high() && value.lo(tail) > outer.high()
        || value.value() < outer.low() && value.hi(tail) < outer.low();
  }

  private boolean leaves(Estimate next) {
    return next != null && inner.excess(next.mean()) > next.standardError();
  }

  private boolean returns(Estimate next) {
    return next != null && -outer.excess(next.mean()) > next.standardError();
  }
}
