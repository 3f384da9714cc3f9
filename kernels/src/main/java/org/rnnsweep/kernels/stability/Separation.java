package org.rnnsweep.kernels.stability;

/**
 * What is new in the states of a step, of several sequences under one W: with U an orthonormal
 * basis of all states of all sequences before step l,
 *
 * <pre>
 * r_i = (I - U U^T) h_(i,l)                                     new part
 * sep = min over i != j of the distance of r_i to the line of r_j
 * </pre>
 *
 * (Allen-Zhu, Li and Song, Lemma B.6 and Definition B.8), from the states' Gram matrix, finite or
 * of infinite width, by a block Cholesky factorisation: |r_i|^2 is good to rounding of |h|^2 times
 * the number of states, so parts below 1e-6 of a norm are not to be trusted.
 */
public final class Separation {
  private final double[][] newParts;
  private final double[] separations;

  private Separation(double[][] newParts, double[] separations) {
    this.newParts = newParts;
    this.separations = separations;
  }

  /**
   * @param gram inner products; row (l - 1) n + i is state l of sequence i
   * @param sequences n
   */
  public static Separation of(double[][] gram, int sequences) {
    if (sequences < 1 || gram.length % sequences != 0 || gram.length == 0) {
      throw new IllegalArgumentException(
          "states of " + sequences + " sequences at every step, found " + gram.length);
    }
    int steps = gram.length / sequences;
    double[][] factor = new double[gram.length][gram.length];
    double[][] newParts = new double[steps][sequences];
    double[] separations = new double[steps];
    for (int l = 0; l < steps; l++) {
      int start = l * sequences;
      double[][] rest = new double[sequences][sequences];
      for (int i = 0; i < sequences; i++) {
        double[] row = factor[start + i];
        for (int k = 0; k < start; k++) {
          double pivot = factor[k][k];
          row[k] = pivot == 0 ? 0 : (gram[start + i][k] - dot(row, factor[k], 0, k)) / pivot;
        }
        for (int j = 0; j <= i; j++) {
          rest[i][j] = gram[start + i][start + j] - dot(row, factor[start + j], 0, start);
          rest[j][i] = rest[i][j];
        }
        newParts[l][i] = Math.sqrt(Math.max(0, rest[i][i]));
      }
      separations[l] = leastDistance(rest);
      for (int i = 0; i < sequences; i++) {
        double[] row = factor[start + i];
        for (int j = 0; j <= i; j++) {
          double value = rest[i][j] - dot(row, factor[start + j], start, start + j);
          double pivot = factor[start + j][start + j];
          row[start + j] = i == j ? Math.sqrt(Math.max(0, value)) : pivot == 0 ? 0 : value / pivot;
        }
      }
    }
    return new Separation(newParts, separations);
  }

  /**
   * The same in the limit of infinite width, for entries of N(0, 2/m).
   *
   * @param tokens [i][l - 1] the token x_(i,l)
   */
  public static Separation limit(double[][][] tokens) {
    int n = tokens.length;
    int steps = tokens[0].length;
    double[][] gram = new double[n * steps][n * steps];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        InfiniteWidth limit = InfiniteWidth.of(tokens[i], tokens[j]);
        for (int a = 1; a <= steps; a++) {
          for (int b = 1; b <= steps; b++) {
            gram[(a - 1) * n + i][(b - 1) * n + j] = limit.inner(a, b);
          }
        }
      }
    }
    return of(gram, n);
  }

  /** Steps. */
  public int steps() {
    return separations.length;
  }

  /** The least |r_i| of step l, from 1. */
  public double newPart(int l) {
    double least = Double.POSITIVE_INFINITY;
    for (double part : newParts[l - 1]) {
      least = Math.min(least, part);
    }
    return least;
  }

  /** The least |r_i| of all steps. */
  public double leastNewPart() {
    double least = Double.POSITIVE_INFINITY;
    for (int l = 1; l <= steps(); l++) {
      least = Math.min(least, newPart(l));
    }
    return least;
  }

  /** sep of step l, from 1; infinite for one sequence. */
  public double separation(int l) {
    return separations[l - 1];
  }

  /** The least sep of all steps. */
  public double leastSeparation() {
    double least = Double.POSITIVE_INFINITY;
    for (double separation : separations) {
      least = Math.min(least, separation);
    }
    return least;
  }

  private static double leastDistance(double[][] gram) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < gram.length; i++) {
      for (int j = 0; j < gram.length; j++) {
        if (i != j) {
          double along = gram[j][j] > 0 ? gram[i][j] * gram[i][j] / gram[j][j] : 0;
          least = Math.min(least, gram[i][i] - along);
        }
      }
    }
    return Math.sqrt(Math.max(0, least));
  }

  private static double dot(double[] x, double[] y, int from, int to) {
    double sum = 0;
    for (int k = from; k < to; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }
}
