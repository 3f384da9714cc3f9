package org.rnnsweep.jobs.descent;

import org.rnnsweep.jobs.Trial;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.descent.LossGradient;
import org.rnnsweep.kernels.descent.WeightAdversary;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.LossVectors;
import org.rnnsweep.kernels.stability.RandomNetwork;

/** A trial in numbers. */
record GradientSetting(Trial trial) implements SequenceTrial {
  static final String LABELS = "labels";
  static final String OPPOSITE = "opposite";
  static final String LEAST = "least";
  static final String LARGEST = "largest";

  static final String NONE = "none";
  static final String RANDOM = "random";
  static final String ROW = "row";
  static final String REDRAWN = "redrawn";
  static final String ALIGN = "align";

  String errors() {
    return configuration().choice("errors");
  }

  String change() {
    return configuration().choice("change");
  }

  double radius() {
    return configuration().real("radius");
  }

  /** The most that |W'|_2 may be. */
  double size() {
    return radius() / Math.sqrt(width());
  }

  /** Whether W' is climbed to. */
  boolean isAscent() {
    return WeightAdversary.Goal.isLabel(change());
  }

  WeightAdversary.Goal goal() {
    return WeightAdversary.Goal.ofLabel(change());
  }

  int steps() {
    return configuration().smallInteger("steps");
  }

  boolean needsKernel() {
    return errors().equals(LEAST) || errors().equals(LARGEST);
  }

  /** How many changed matrices are looked at. */
  int changes() {
    return change().equals(NONE)
        ? 0
        : change().equals(REDRAWN) ? configuration().smallInteger("draws") : 1;
  }

  /** Outer products of a gradient. */
  int terms() {
    return LossGradient.terms(sequences(), length());
  }

  /** The most vectors that an operator is asked at a time. */
  int batch() {
    return Math.max(sequences(), needsKernel() ? backs() : 1);
  }

  int backs() {
    return needsKernel() ? BackwardVectors.products(sequences(), outputs(), 2, length()) : 0;
  }

  /** Of W + W': a pass, two gradients, a tangent matrix; of W' alone also the states once more. */
  Products changeProducts() {
    return new Products(2 * terms(), 2 * sequences() * (length() - 2) + backs());
  }

  /** Of W: its own, those of the changes, W h_1 once a draw, and what an ascent asks. */
  Products products() {
    Products ascent =
        isAscent()
            ? WeightAdversary.products(goal(), sequences(), length(), steps(), backs())
            : new Products(0, 0);
    int right = terms() * (1 + changes()) + (change().equals(REDRAWN) ? changes() : 0);
    int left = sequences() * (length() - 2) + backs();
    return new Products(
        right + ascent.right(), left + changes() * changeProducts().left() + ascent.left());
  }

  Representation representation() {
    return representation(products());
  }

  RandomNetwork network(Arena arena) {
    return RandomNetwork.draw(
        blas(),
        arena,
        representation(),
        Precision.DOUBLE,
        drawnShape(),
        RandomNetwork.HE,
        products(),
        key());
  }

  double[][][] fixedErrors() {
    double[][][] errors = new double[sequences()][][];
    boolean opposite = errors().equals(OPPOSITE);
    LossVectors.Family family =
        opposite ? LossVectors.Family.EQUAL : LossVectors.Family.ofLabel(errors());
    for (int i = 0; i < errors.length; i++) {
      errors[i] = draw(family, "errors", i);
      double factor =
          opposite
              ? (i == 0 ? 1 : i == 1 ? -1 : 0)
              : family == LossVectors.Family.SINGLE && i > 0 ? 0 : 1;
      for (double[] error : errors[i]) {
        for (int c = 0; c < error.length; c++) {
          error[c] *= factor;
        }
      }
    }
    return errors;
  }

  /** Outputs less random unit labels. */
  double[][][] distance(double[][][] outputs) {
    return sum(outputs, -1, labels());
  }

  /** {@code x + factor y}. */
  static double[][][] sum(double[][][] x, double factor, double[][][] y) {
    double[][][] sum = new double[x.length][x[0].length][x[0][0].length];
    for (int i = 0; i < sum.length; i++) {
      for (int a = 0; a < sum[i].length; a++) {
        for (int c = 0; c < sum[i][a].length; c++) {
          sum[i][a][c] = x[i][a][c] + factor * y[i][a][c];
        }
      }
    }
    return sum;
  }
}
