package org.rnnsweep.kernels.probability;

import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Two facts on a function f(X, Y) of two independent variables, on tables: X a row and Y a column,
 * both uniform of k. By how much a statement falls short is the largest over all blocks (f = a on r
 * rows by c columns, another value elsewhere), the extreme cases, and over random tables.
 */
public final class JointTables {
  private static final int RANDOM = 100;

  private JointTables() {}

  /**
   * An event of probability 1 - eps has, with probability at least 1 - sqrt(eps) over X,
   * probability at least 1 - sqrt(eps) over Y (Allen-Zhu, Li and Song, Fact A.1).
   */
  public static double splitting(int k, StreamKey key) {
    return worst(
        k,
        key,
        0,
        table -> {
          double failed = 0;
          for (double[] row : table) {
            failed += mean(row);
          }
          double root = Math.sqrt(failed / k);
          double good = 0;
          for (double[] row : table) {
            good += mean(row) <= root + 1e-12 ? 1.0 / k : 0;
          }
          return 1 - root - good;
        });
  }

  /**
   * If f is at least 1 with probability eps, then its mean over Y is at least eps/2 with
   * probability at least eps/2 over X (Fact A.2).
   *
   * @param elsewhere f where it is not 1, in the blocks; the proof needs it not to be negative
   */
  public static double expectation(int k, double elsewhere, StreamKey key) {
    return worst(
        k,
        key,
        elsewhere,
        table -> {
          double share = 0;
          for (double[] row : table) {
            for (double value : row) {
              share += value >= 1 ? 1.0 / k / k : 0;
            }
          }
          double good = 0;
          for (double[] row : table) {
            good += mean(row) >= share / 2 - 1e-12 ? 1.0 / k : 0;
          }
          return share / 2 - good;
        });
  }

  private interface Shortfall {
    double of(double[][] table);
  }

  private static double worst(int k, StreamKey key, double elsewhere, Shortfall shortfall) {
    double worst = 0;
    for (int rows = 0; rows <= k; rows++) {
      for (int columns = 0; columns <= k; columns++) {
        double[][] table = new double[k][k];
        for (int i = 0; i < k; i++) {
          for (int j = 0; j < k; j++) {
            table[i][j] = i < rows && j < columns ? 1 : elsewhere;
          }
        }
        worst = Math.max(worst, shortfall.of(table));
      }
    }
    NormalStream numbers = NormalStream.of(key);
    for (int t = 0; t < RANDOM; t++) {
      double[][] table = new double[k][k];
      for (double[] row : table) {
        double rate = numbers.nextUniform() * numbers.nextUniform() * numbers.nextUniform();
        for (int j = 0; j < k; j++) {
          row[j] = numbers.nextUniform() < rate ? 1 : Math.max(elsewhere, 0);
        }
      }
      worst = Math.max(worst, shortfall.of(table));
    }
    return worst > 1e-9 ? worst : 0; // sums of k^2 terms
  }

  private static double mean(double[] row) {
    double sum = 0;
    for (double value : row) {
      sum += value;
    }
    return sum / row.length;
  }
}
