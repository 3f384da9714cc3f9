package org.rnnsweep.kernels.operator;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.random.StreamKey;

/** The conditioned matrix with one mistake, which a test must see. */
final class WrongGaussian extends ConditionedGaussian {
  enum Mistake {
    /** No mistake: the thing itself. */
    NONE,
    /** W u = sd (I - V V^T) g: what earlier left answers say is forgotten. */
    KNOWN_TERM_DROPPED,
    /** W u = V Z^T u + sd g: the fresh part is not orthogonal to V. */
    PROJECTION_DROPPED,
    /** W u = sd g: both of the above; the completed matrix still has the right law. */
    OTHER_SIDE_DROPPED,
    /** An earlier direction's answer is left out: Y alpha. */
    OWN_TERM_DROPPED,
    /** Every query of a side draws the same g. */
    DRAW_REUSED,
    /** Left and right queries draw the same g. */
    SIDES_SHARE_DRAWS,
    /** No fresh part. */
    DRAW_DROPPED,
    /** A standard deviation 3% too large. */
    WRONG_VARIANCE
  }

  private final Mistake mistake;

  WrongGaussian(
      Mistake mistake,
      Blas blas,
      Arena arena,
      long rows,
      long columns,
      double standardDeviation,
      Products products,
      StreamKey key) {
    super(
        blas,
        arena,
        Precision.DOUBLE,
        rows,
        columns,
        standardDeviation
            * switch (mistake) {
              case WRONG_VARIANCE -> 1.03;
              case DRAW_DROPPED -> 0;
              default -> 1;
            },
        products,
        key);
    this.mistake = mistake;
  }

  @Override
  StreamKey drawKey(String side, int queriesBefore, int otherQueriesBefore) {
    return switch (mistake) {
      case DRAW_REUSED -> super.drawKey(side, 0, 0);
      case SIDES_SHARE_DRAWS -> super.drawKey("both", queriesBefore, 0);
      default -> super.drawKey(side, queriesBefore, otherQueriesBefore);
    };
  }

  @Override
  double[][] weightsOfOwn(double[][] parts) {
    return mistake == Mistake.OWN_TERM_DROPPED
        ? new double[parts.length][parts.length == 0 ? 0 : parts[0].length]
        : parts;
  }

  @Override
  double[][] weightsOfOther(double[][] known, double[][] drawn) {
    double[][] nothing = new double[known.length][known[0].length];
    return switch (mistake) {
      case KNOWN_TERM_DROPPED -> super.weightsOfOther(nothing, drawn);
      case PROJECTION_DROPPED -> super.weightsOfOther(known, nothing);
      case OTHER_SIDE_DROPPED -> nothing;
      default -> super.weightsOfOther(known, drawn);
    };
  }
}
