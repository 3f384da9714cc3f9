package org.rnnsweep.kernels.stability;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;

/**
 * What a neuron does with its preactivation, in units of O(1): with m neurons {@code h =
 * phi(sqrt(m) g) / sqrt(m)}. For the first three, which are homogeneous, that is {@code phi(g)}.
 */
public enum Nonlinearity {
  /** max(z, 0); slope 1 at 0. */
  RELU("relu") {
    @Override
    public double value(double z) {
      return Math.max(z, 0);
    }

    @Override
    public double slope(double z) {
      return z >= 0 ? 1 : 0;
    }

    @Override
    public double meanSquare(double variance) {
      return variance / 2;
    }

    @Override
    public double meanSquareSlope(double variance) {
      return 0.5;
    }
  },
  /** z, and z / 2 where negative. */
  LEAKY("leaky") {
    @Override
    public double value(double z) {
      return z >= 0 ? z : z / 2;
    }

    @Override
    public double slope(double z) {
      return z >= 0 ? 1 : 0.5;
    }

    @Override
    public double meanSquare(double variance) {
      return 0.625 * variance;
    }

    @Override
    public double meanSquareSlope(double variance) {
      return 0.625;
    }
  },
  /** z. */
  LINEAR("linear") {
    @Override
    public double value(double z) {
      return z;
    }

    @Override
    public double slope(double z) {
      return 1;
    }

    @Override
    public double meanSquare(double variance) {
      return variance;
    }

    @Override
    public double meanSquareSlope(double variance) {
      return 1;
    }
  },
  /** tanh z. */
  TANH("tanh") {
    @Override
    public double value(double z) {
      return StrictMath.tanh(z);
    }

    @Override
    public double slope(double z) {
      double t = StrictMath.tanh(z);
      return (1 - t) * (1 + t);
    }
  },
  /** 1 / (1 + e^-z). */
  SIGMOID("sigmoid") {
    @Override
    public double value(double z) {
      return 1 / (1 + StrictMath.exp(-z));
    }

    @Override
    public double slope(double z) {
      return 1 / (2 + StrictMath.exp(z) + StrictMath.exp(-z));
    }
  };

  private static final double STEP = 1.0 / 64;
  private static final int STEPS = 64 * 12;

  private final String label;

  Nonlinearity(String label) {
    this.label = label;
  }

  /** phi(z). Java rounds it alike on every machine. */
  public abstract double value(double z);

  /** phi'(z); from the right where there are two. */
  public abstract double slope(double z);

  /** E phi(z)^2 for z of N(0, variance); where not in closed form, of 14 digits to variance 10. */
  public double meanSquare(double variance) {
    double sd = Math.sqrt(variance);
    return mean(
        z -> {
          double value = value(sd * z);
          return value * value;
        });
  }

  /** E phi'(z)^2 for z of N(0, variance), as {@link #meanSquare}. */
  public double meanSquareSlope(double variance) {
    double sd = Math.sqrt(variance);
    return mean(
        z -> {
          double slope = slope(sd * z);
          return slope * slope;
        });
  }

  /** The name used in experiment files. */
  public String label() {
    return label;
  }

  /** The one of this name. */
  public static Nonlinearity ofLabel(String label) {
    for (Nonlinearity nonlinearity : values()) {
      if (nonlinearity.label.equals(label)) {
        return nonlinearity;
      }
    }
    throw new IllegalArgumentException(
        "no nonlinearity is called '"
            + label
            + "', the names are "
            + Arrays.stream(values()).map(Nonlinearity::label).collect(Collectors.joining(", ")));
  }

  /** Trapezoidal rule, exponentially accurate for what is analytic near the real line. */
  private static double mean(DoubleUnaryOperator function) {
    double sum = 0;
    for (int k = -STEPS; k <= STEPS; k++) {
      double z = k * STEP;
      sum += StrictMath.exp(-z * z / 2) * function.applyAsDouble(z);
    }
    return sum * STEP / Math.sqrt(2 * Math.PI);
  }
}
