package org.rnnsweep.kernels.probability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.random.StreamKey;

/** Tails against Commons Statistics, facts against what is known of them. */
class TailFactTest {
  private static final StreamKey KEY = StreamKey.of(81).seed(0);

  @Test
  void tailsAreThoseOfCommonsStatistics() {
    for (int k : new int[] {1, 2, 3, 8, 25, 400, 5001}) {
      ChiSquaredDistribution law = ChiSquaredDistribution.of(k);
      for (double z : new double[] {-6, -2, -0.5, 0, 0.5, 3, 9}) {
        double x = k + z * Math.sqrt(2.0 * k);
        if (x > 0) {
          double upper = Math.log(law.survivalProbability(x));
          double lower = Math.log(law.cumulativeProbability(x));
          assertThat(Tails.logChiSquareUpper(k, x)).isCloseTo(upper, within(1e-10));
          assertThat(Tails.logChiSquareLower(k, x)).isCloseTo(lower, within(1e-10));
        }
      }
    }
    NormalDistribution normal = NormalDistribution.of(0, 1);
    for (double z : new double[] {-5, -0.3, 0, 0.3, 2, 20}) {
      assertThat(Tails.logNormalUpper(z))
          .isCloseTo(Math.log(normal.survivalProbability(z)), within(1e-10));
    }
    BinomialDistribution binomial = BinomialDistribution.of(300, 0.4);
    assertThat(Tails.logBinomial(300, 97, 0.4))
        .isCloseTo(binomial.logProbability(97), within(1e-10));
    assertThat(Tails.logChiSquareUpper(0, 0)).isZero();
    assertThat(Tails.logChiSquareUpper(0, 1)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(Tails.logChiSquareLower(0, 0)).isZero();
  }

  /** Counted over 20000 draws, five standard errors. */
  @Test
  void probabilitiesAreThoseOfDraws() {
    SplittableRandom random = new SplittableRandom(5);
    int draws = 20_000;
    int n = 12;
    int above = 0;
    int below = 0;
    int few = 0;
    int largest = 0;
    int bits = 0;
    for (int d = 0; d < draws; d++) {
      double square = 0;
      double most = 0;
      int plus = 0;
      int minus = 0;
      int ones = 0;
      for (int i = 0; i < n; i++) {
        double z = random.nextGaussian();
        square += z > 0 ? z * z : 0;
        most = Math.max(most, Math.abs(z));
        plus += z >= 5 * 0.4 / 16 ? 1 : 0;
        minus += z <= -5 * 0.4 / 16 ? 1 : 0;
        ones += random.nextBoolean() ? 1 : 0;
      }
      above += Math.sqrt(square) >= 1.3 * Math.sqrt(n / 2.0) ? 1 : 0;
      below += Math.sqrt(square) <= 0.6 * Math.sqrt(n / 2.0) ? 1 : 0;
      few += plus < 0.6 * n / 2 || minus < 0.6 * n / 2 ? 1 : 0;
      largest += most > Math.sqrt(2) * 1.6 ? 1 : 0;
      bits += Math.abs(ones / 12.0 - 0.5) >= 0.7 / Math.sqrt(12) ? 1 : 0;
    }
    near(TailFact.RECTIFIED_UPPER.logProbability(n, 0.3), above, draws);
    near(TailFact.RECTIFIED_LOWER.logProbability(n, 0.4), below, draws);
    near(TailFact.FEW_LARGE.logProbability(n, 0.4), few, draws);
    near(TailFact.LARGEST_NORMAL.logProbability(n, 1.6), largest, draws);
    near(TailFact.BITS_PRINTED.logProbability(n, 0.7), bits, draws);
  }

  private static void near(double logProbability, int count, int draws) {
    double p = Math.exp(logProbability);
    assertThat((double) count / draws).isCloseTo(p, within(5 * Math.sqrt(p * (1 - p) / draws)));
    assertThat(count).isBetween(100, draws - 100);
  }

  /** y by its density on a grid; the rate is an exponent that no theta beats. */
  @Test
  void truncatedSquaresAgreeWithQuadrature() {
    for (int m : new int[] {3, 100, 10_000}) {
      double g2 = Math.log(m);
      double mean = 0;
      double moment = 0;
      double step = 1e-4;
      for (double z = step / 2; z < 14; z += step) {
        double weight = 2 * step * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
        double y = Math.max(z * z - g2, 0);
        mean += weight * y;
        moment += weight * Math.exp(0.2 * y);
      }
      assertThat(TruncatedSquares.mean(m)).isCloseTo(mean, within(1e-7));
      assertThat(TruncatedSquares.rate(m))
          .isGreaterThanOrEqualTo(0.4 * Math.sqrt(m) - m * Math.log(moment) - 1e-3)
          .isLessThan(Math.sqrt(m));
    }
    assertThat(Math.sqrt(10_000) * TruncatedSquares.mean(10_000)).isCloseTo(0.45, within(0.01));
  }

  /** Printed statements that single cases contradict, and their repairs that hold there. */
  @Test
  void theCounterexamplesAreSeen() {
    assertThat(excess(TailFact.BITS_PRINTED, 1, 0.5)).isCloseTo(0.5, within(1e-12));
    assertThat(excess(TailFact.BITS_BOTH_SIDES, 1, 0.5)).isNegative();
    assertThat(excess(TailFact.BITS_REVERSED, 100, 1)).isPositive();
    assertThat(excess(TailFact.CENTRE_UPPER, 1, 0.5)).isPositive();
    assertThat(excess(TailFact.CENTRE_UPPER, 0, 0.5)).isNegative();
    assertThat(Math.exp(TailFact.PLAIN_QUARTER.logBound(1, 1))).isCloseTo(0.2398, within(1e-4));
    assertThat(excess(TailFact.SHIFTED_QUARTER, 1, 10)).isNegative();
    // An odd number of coordinates has no two halves.
    assertThat(TailFact.FEW_LARGE.logProbability(101, 0.005)).isZero();
    assertThat(Math.exp(TailFact.CIRCLE_NET.logProbability(1, Math.sqrt(2))))
        .isCloseTo(2, within(1e-9));
  }

  private static double excess(TailFact fact, int n, double x) {
    return fact.logProbability(n, x) - fact.logBound(n, x);
  }

  @Test
  void tablesAndDraws() {
    assertThat(JointTables.splitting(6, KEY)).isZero();
    assertThat(JointTables.expectation(6, 0, KEY)).isZero();
    // f = 1 in 5 of 6 columns and -10 in the last: its mean is negative in every row.
    assertThat(JointTables.expectation(6, -10, KEY)).isCloseTo(5.0 / 12, within(1e-12));
    // Orthonormal vectors would give 1; of two unit vectors it is (|x + y| + |x - y|) / (2 sqrt 2).
    assertThat(GaussianDraws.linearRademacher(2, KEY)).isBetween(1 / Math.sqrt(2), 1.0);
    assertThat(GaussianDraws.linearRademacher(1, KEY)).isCloseTo(1, within(1e-14));
    assertThat(GaussianDraws.singularValuesOutside(8, 0, 50, KEY)).isGreaterThan(0.01);
    assertThat(GaussianDraws.singularValuesOutside(8, 4, 50, KEY)).isZero();
    assertThat(GaussianDraws.singularValuesOutside(8, -4, 10, KEY)).isEqualTo(1);
  }
}
