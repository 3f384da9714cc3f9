package org.rnnsweep.kernels.descent;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Losses G(z, y) of one answer z in R^d and its target y, all convex in z. (The losses of {@code
 * training} are those of a library, means over sigmoids.)
 */
public enum Loss {
  /** {@code |z - y|^2 / 2}. */
  SQUARED("squared") {
    @Override
    public double value(double[] z, double[] y) {
      return square(z, y) / 2;
    }

    @Override
    public void gradient(double[] z, double[] y, double[] gradient) {
      for (int s = 0; s < z.length; s++) {
        gradient[s] = z[s] - y[s];
      }
    }
  },
  /** Sum over the coordinates of {@code ln(1 + exp(-y_s z_s))}, y_s = 1 or -1. */
  LOGISTIC("logistic") {
    @Override
    public double value(double[] z, double[] y) {
      double sum = 0;
      for (int s = 0; s < z.length; s++) {
        double margin = y[s] * z[s];
        sum += Math.max(0, -margin) + StrictMath.log1p(StrictMath.exp(-Math.abs(margin)));
      }
      return sum;
    }

    @Override
    public void gradient(double[] z, double[] y, double[] gradient) {
      for (int s = 0; s < z.length; s++) {
        double margin = y[s] * z[s];
        double small = StrictMath.exp(-Math.abs(margin));
        gradient[s] = -y[s] * (margin >= 0 ? small : 1) / (1 + small);
      }
    }
  },
  /** {@code ln(sum of exp(z_s)) - <y, z>}, y a distribution on the classes, such as e_s. */
  CROSS_ENTROPY("cross-entropy") {
    @Override
    public double value(double[] z, double[] y) {
      double top = Arrays.stream(z).max().orElse(0);
      double sum = 0;
      double along = 0;
      for (int s = 0; s < z.length; s++) {
        sum += StrictMath.exp(z[s] - top);
        along += y[s] * (z[s] - top);
      }
      return StrictMath.log(sum) - along;
    }

    @Override
    public void gradient(double[] z, double[] y, double[] gradient) {
      double top = Arrays.stream(z).max().orElse(0);
      double sum = 0;
      for (int s = 0; s < z.length; s++) {
        gradient[s] = StrictMath.exp(z[s] - top);
        sum += gradient[s];
      }
      for (int s = 0; s < z.length; s++) {
        gradient[s] = gradient[s] / sum - y[s];
      }
    }
  },
  /**
   * {@code r^2 / 2} for r = |z - y| up to 1, {@code r - 1/2} beyond: convex, 1-Lipschitz, and at
   * most 1/2 at z = 0 for |y| &lt;= 1, which is what Allen-Zhu and Li, and Panigrahi and Goyal, ask
   * of a loss. (A convex function bounded everywhere is a constant.)
   */
  HUBER("huber") {
    @Override
    public double value(double[] z, double[] y) {
      double r = Math.sqrt(square(z, y));
      return r <= 1 ? r * r / 2 : r - 0.5;
    }

    @Override
    public void gradient(double[] z, double[] y, double[] gradient) {
      double scale = 1 / Math.sqrt(Math.max(1, square(z, y)));
      for (int s = 0; s < z.length; s++) {
        gradient[s] = scale * (z[s] - y[s]);
      }
    }
  };

  private final String label;

  Loss(String label) {
    this.label = label;
  }

  /** G(z, y). */
  public abstract double value(double[] z, double[] y);

  /** The gradient of G by z, into d numbers. */
  public abstract void gradient(double[] z, double[] y, double[] gradient);

  private static double square(double[] z, double[] y) {
    double square = 0;
    for (int s = 0; s < z.length; s++) {
      square += (z[s] - y[s]) * (z[s] - y[s]);
    }
    return square;
  }

  /** The name used in experiment files. */
  public String label() {
    return label;
  }

  /** The loss of this name. */
  public static Loss ofLabel(String label) {
    for (Loss loss : values()) {
      if (loss.label.equals(label)) {
        return loss;
      }
    }
    throw new IllegalArgumentException(
        "no loss is called '"
            + label
            + "', the names are "
            + Arrays.stream(values()).map(Loss::label).collect(Collectors.joining(", ")));
  }
}
