package org.rnnsweep.driver.analyse;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;

/** Made-up log X: a known law plus noise of several kinds, one row a seed, one column a cell. */
final class MadeUp {

  /** Noise on log X with mean zero; {@code at} runs from 0 at the first cell to 1 at the last. */
  enum Noise {
    GAUSSIAN,
    FALLING_SPREAD,
    LOG_ABS_NORMAL,
    STUDENT_3,
    SKEWED,
    TILTED_BY_SEED
  }

  /** E log|N(0,1)| = -(Euler's constant + ln 2) / 2. */
  private static final double MEAN_LOG_ABS_NORMAL = -(0.5772156649015329 + Math.log(2)) / 2;

  private static final double SIGMA = 0.25;

  private final ZigguratSampler.NormalizedGaussian normal;
  private final ZigguratSampler.Exponential exponential;
  private final UniformRandomProvider random;

  MadeUp(long seed) {
    random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    normal = ZigguratSampler.NormalizedGaussian.of(random);
    exponential = ZigguratSampler.Exponential.of(random);
  }

  double normal() {
    return normal.sample();
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Values of log x: {@code points} octaves from 2^{@code first}. */
  static double[] octaves(int first, int points) {
    double[] x = new double[points];
    Arrays.setAll(x, i -> (first + i) * Math.log(2));
    return x;
  }

  /** y[s][i] = law(x_i) + noise. */
  double[][] draw(double[] x, DoubleUnaryOperator law, Noise noise, int seeds) {
    double[][] y = new double[seeds][x.length];
    double middle = (x[0] + x[x.length - 1]) / 2;
    for (double[] row : y) {
      double tilt = noise == Noise.TILTED_BY_SEED ? 0.1 * normal.sample() : 0;
      for (int i = 0; i < x.length; i++) {
        double at = (double) i / (x.length - 1);
        row[i] = law.applyAsDouble(x[i]) + tilt * (x[i] - middle) + noise(noise, at);
      }
    }
    return y;
  }

  private double noise(Noise noise, double at) {
    return switch (noise) {
      case GAUSSIAN, TILTED_BY_SEED -> SIGMA * normal.sample();
      case FALLING_SPREAD -> 0.6 * Math.pow(0.25, at) * normal.sample();
      case LOG_ABS_NORMAL -> Math.log(Math.abs(normal.sample())) - MEAN_LOG_ABS_NORMAL;
      case STUDENT_3 -> {
        double squares = 0;
        for (int k = 0; k < 3; k++) {
          double z = normal.sample();
          squares += z * z;
        }
        yield SIGMA * normal.sample() / Math.sqrt(squares / 3);
      }
      case SKEWED -> 0.8 * Math.pow(0.25, at) * (exponential.sample() - 1);
    };
  }
}
