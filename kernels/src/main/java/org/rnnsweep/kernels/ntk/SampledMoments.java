package org.rnnsweep.kernels.ntk;

import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Means over the m rows of a random layer, sampled by the few projections of a row that matter: no
 * matrix is drawn. Rows are standard normal, so that W ~ N(0, 2/m) is the factor 2/m in front.
 *
 * <p>Row blocks have streams of their own: the first numbers of a sample for more rows are those of
 * a sample for fewer.
 */
public final class SampledMoments {
  private static final int BLOCK = 4096;

  private SampledMoments() {}

  private interface Row {
    double value(double g, double h, double u, double v);
  }

  private static double mean(StreamKey key, long rows, Row row) {
    double sum = 0;
    double[] normals = new double[4 * BLOCK];
    for (long first = 0; first < rows; first += BLOCK) {
      int count = (int) Math.min(BLOCK, rows - first);
      NormalStream.of(key.block(first / BLOCK)).fill(normals, 0, 4 * count);
      double part = 0;
      for (int k = 0; k < 4 * count; k += 4) {
        part += row.value(normals[k], normals[k + 1], normals[k + 2], normals[k + 3]);
      }
      sum += part;
    }
    return sum / rows;
  }

  /** g' of correlation rho with g. */
  private static double partner(double rho, double g, double h) {
    return rho * g + Math.sqrt(1 - rho * rho) * h;
  }

  /**
   * {@code <phi(W x), phi(W x')>} of unit vectors of correlation rho: tends to Gamma(rho) (Wang,
   * Shen, Hu and Cao, Theorem 9).
   */
  public static double rectified(StreamKey key, long rows, double rho) {
    return mean(key, rows, (g, h, u, v) -> 2 * Math.max(g, 0) * Math.max(partner(rho, g, h), 0));
  }

  /**
   * {@code <D W z, D' W z'>} for gates of preactivations of correlation rho and unit z, z' of
   * correlation c, orthogonal to what the gates depend on: tends to c Sigma(rho) (Claim F.1).
   */
  public static double gated(StreamKey key, long rows, double rho, double c) {
    return mean(
        key, rows, (g, h, u, v) -> g > 0 && partner(rho, g, h) > 0 ? 2 * u * partner(c, u, v) : 0);
  }

  /**
   * {@code |D W z|} for a unit z and one gate whose preactivation has the correlation rho with W z:
   * tends to 1 whatever rho is (Lemma 11, (47)).
   */
  public static double masked(StreamKey key, long rows, double rho) {
    return Math.sqrt(mean(key, rows, (g, h, u, v) -> partner(rho, g, h) > 0 ? 2 * g * g : 0));
  }

  /** Gamma(rho), the limit of {@link #rectified}. */
  public static double gamma(double rho) {
    return 1 - ArcCosine.deficit(1 - rho, ArcCosine.angle(1 - rho));
  }

  /** Sigma(rho). */
  public static double sigma(double rho) {
    return ArcCosine.step(ArcCosine.angle(1 - rho));
  }
}
