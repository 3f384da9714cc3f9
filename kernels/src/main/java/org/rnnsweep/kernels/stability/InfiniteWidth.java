package org.rnnsweep.kernels.stability;

import java.util.Locale;
import org.rnnsweep.kernels.ntk.ArcCosine;

/**
 * Inner products, angles and distances of the states of two sequences (or of one) under one network
 * with entries N(0, 2/m), in the limit m to infinity:
 *
 * <pre>
 * N_a  = N_(a-1) + |x_a|^2                               lim |h_a|^2 = lim |g_a|^2 / 2
 * S_ab = H_(a-1)(b-1) + &lt;x_a, x'_b&gt;                      lim &lt;g_a, g'_b&gt; / 2
 * H_ab = sqrt(N_a N'_b) kappa(S_ab / sqrt(N_a N'_b))     lim &lt;h_a, h'_b&gt;
 * </pre>
 *
 * with kappa = {@link ArcCosine}'s Gamma and H_0b = H_a0 = 0. Carried is not S but {@code 1 - S /
 * sqrt(N N')}, from nonnegative terms only, so that nearly equal states keep all digits of their
 * distance.
 */
public final class InfiniteWidth {
  private final double[] squares;
  private final double[] otherSquares;
  private final double[][] gaps; // 1 - cosine of preactivations
  private final double[][] deficits; // 1 - cosine of states

  private InfiniteWidth(
      double[] squares, double[] otherSquares, double[][] gaps, double[][] deficits) {
    this.squares = squares;
    this.otherSquares = otherSquares;
    this.gaps = gaps;
    this.deficits = deficits;
  }

  /** Of one sequence with itself. */
  public static InfiniteWidth of(double[][] tokens) {
    return of(tokens, tokens);
  }

  /**
   * @param tokens x_1, x_2, ..., one a row; the first one is not 0
   * @param others x'_1, x'_2, ...
   */
  public static InfiniteWidth of(double[][] tokens, double[][] others) {
    double[] squares = squares(tokens);
    double[] otherSquares = squares(others);
    double[][] gaps = new double[tokens.length + 1][others.length + 1];
    double[][] deficits = new double[tokens.length + 1][others.length + 1];
    for (int a = 1; a <= tokens.length; a++) {
      for (int b = 1; b <= others.length; b++) {
        double[] x = tokens[a - 1];
        double[] y = others[b - 1];
        double scale = Math.sqrt(squares[a] * otherSquares[b]);
        double before = squares[a - 1] * otherSquares[b - 1];
        double difference = 0; // sqrt(N N') - S
        double sizeX = norm(x);
        double sizeY = norm(y);
        if (before > 0) {
          difference += Math.sqrt(before) * deficits[a - 1][b - 1];
        }
        // sqrt((p + q)(p' + q')) - sqrt(p p') - sqrt(q q') without cancellation
        double cross = Math.sqrt(squares[a - 1]) * sizeY - Math.sqrt(otherSquares[b - 1]) * sizeX;
        difference += cross * cross / (scale + Math.sqrt(before) + sizeX * sizeY);
        difference += angleGap(x, y, sizeX, sizeY);
        double gap = Math.min(2, difference / scale);
        gaps[a][b] = gap;
        deficits[a][b] = ArcCosine.deficit(gap, ArcCosine.angle(gap));
      }
    }
    return new InfiniteWidth(squares, otherSquares, gaps, deficits);
  }

  /** lim |h_l|^2 of the first sequence. */
  public double squaredNorm(int l) {
    return squares[l];
  }

  /** lim &lt;h_a, h'_b&gt;. */
  public double inner(int a, int b) {
    check(a, b);
    return Math.sqrt(squares[a] * otherSquares[b]) * (1 - deficits[a][b]);
  }

  /** lim |h_a - h'_b|^2. */
  public double squaredDistance(int a, int b) {
    check(a, b);
    double norms = Math.sqrt(squares[a]) - Math.sqrt(otherSquares[b]);
    return norms * norms + 2 * Math.sqrt(squares[a] * otherSquares[b]) * deficits[a][b];
  }

  /** Angle between the preactivations g_a and g'_b. */
  public double angle(int a, int b) {
    check(a, b);
    return ArcCosine.angle(gaps[a][b]);
  }

  /** Angle between the states h_a and h'_b. */
  public double stateAngle(int a, int b) {
    check(a, b);
    return ArcCosine.angle(deficits[a][b]);
  }

  /** The share of neurons whose sign differs: the angle of the preactivations over pi. */
  public double signChanges(int a, int b) {
    return angle(a, b) / Math.PI;
  }

  private void check(int a, int b) {
    if (!(a >= 1 && a < squares.length && b >= 1 && b < otherSquares.length)) {
      throw new IndexOutOfBoundsException(
          String.format(
              Locale.ROOT,
              "steps are 1 to %d and 1 to %d, found %d and %d",
              squares.length - 1,
              otherSquares.length - 1,
              a,
              b));
    }
  }

  private static double[] squares(double[][] tokens) {
    double[] squares = new double[tokens.length + 1];
    for (int l = 1; l <= tokens.length; l++) {
      double size = norm(tokens[l - 1]);
      squares[l] = squares[l - 1] + size * size;
    }
    if (tokens.length == 0 || !(squares[1] > 0 && squares[tokens.length] < 1.0 / 0)) {
      throw new IllegalArgumentException(
          "a sequence has finite tokens and a first one that is not 0, found "
              + tokens.length
              + " tokens");
    }
    return squares;
  }

  /** |x| |y| - &lt;x, y&gt; as half a squared distance of unit vectors. */
  private static double angleGap(double[] x, double[] y, double sizeX, double sizeY) {
    if (sizeX == 0 || sizeY == 0) {
      return 0;
    }
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      double gap = x[k] / sizeX - y[k] / sizeY;
      sum += gap * gap;
    }
    return 0.5 * sum * sizeX * sizeY;
  }

  private static double norm(double[] x) {
    double sum = 0;
    for (double entry : x) {
      sum += entry * entry;
    }
    return Math.sqrt(sum);
  }
}
