package org.rnnsweep.kernels.recognition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.optim.MaxIter;
import org.apache.commons.math3.optim.linear.LinearConstraint;
import org.apache.commons.math3.optim.linear.LinearConstraintSet;
import org.apache.commons.math3.optim.linear.LinearObjectiveFunction;
import org.apache.commons.math3.optim.linear.NonNegativeConstraint;
import org.apache.commons.math3.optim.linear.Relationship;
import org.apache.commons.math3.optim.linear.SimplexSolver;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;

/**
 * How well a sum over positions can say which words are members. On bits every {@code f(w) = sum_i
 * alpha_i(w_i)} is {@code c + sum_i a_i w_i}, the class (62) of Panigrahi and Goyal with all L
 * tokens read.
 */
public final class AdditiveFunctions {
  /** Below this a coefficient of a vertex of a linear program is 0. */
  private static final double ZERO = 1e-9;

  private AdditiveFunctions() {}

  /**
   * The least mean of (f(w) - label)^2 over the words, by QR.
   *
   * @param words of which (1, w_1, .., w_L) span all L + 1 dimensions
   */
  public static double leastSquares(LabelledWords words) {
    Array2DRowRealMatrix features = new Array2DRowRealMatrix(words.size(), words.length() + 1);
    RealVector labels = new ArrayRealVector(words.size());
    for (int i = 0; i < words.size(); i++) {
      features.setRow(i, words.features(i));
      labels.setEntry(i, words.label(i));
    }
    RealVector best = new QRDecomposition(features).getSolver().solve(labels);
    RealVector errors = features.operate(best).subtract(labels);
    return errors.dotProduct(errors) / words.size();
  }

  /** The least largest |f(w) - label|: the linear program min t, -t <= f(w) - label <= t. */
  public static double minimax(LabelledWords words) {
    int unknowns = words.length() + 2; // c, a, t
    List<LinearConstraint> constraints = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      double[] row = Arrays.copyOf(words.features(i), unknowns);
      row[unknowns - 1] = -1;
      constraints.add(new LinearConstraint(row, Relationship.LEQ, words.label(i)));
      row = row.clone();
      row[unknowns - 1] = 1;
      constraints.add(new LinearConstraint(row, Relationship.GEQ, words.label(i)));
    }
    double[] objective = new double[unknowns];
    objective[unknowns - 1] = 1;
    return dot(objective, solve(objective, constraints, GoalType.MINIMIZE, false));
  }

  /**
   * The same number by the dual program: the largest sum of mu(w) label(w) over signed measures of
   * total size 1 that every additive function is orthogonal to. Any such mu proves that no f is
   * closer.
   */
  public static double certificate(LabelledWords words) {
    int n = words.size();
    double[] objective = new double[2 * n]; // mu = first half - second half
    double[] total = new double[2 * n];
    double[][] orthogonal = new double[words.length() + 1][2 * n];
    for (int i = 0; i < n; i++) {
      double[] features = words.features(i);
      for (int k = 0; k < features.length; k++) {
        orthogonal[k][i] = features[k];
        orthogonal[k][n + i] = -features[k];
      }
      objective[i] = words.label(i);
      objective[n + i] = -words.label(i);
    }
    Arrays.fill(total, 1);
    List<LinearConstraint> constraints = zero(orthogonal);
    constraints.add(new LinearConstraint(total, Relationship.LEQ, 1));
    return dot(objective, solve(objective, constraints, GoalType.MAXIMIZE, true));
  }

  /**
   * A number of words that every additive function gets wrong at least, by the weakest notion of
   * right: f(w) is above a threshold exactly if w is a member. Counts disjoint sets of words that
   * contradict each other (Farkas' lemma: weights at least 0, not all 0, under which members and
   * others have the same mean of (1, w)), one after another until the rest can be told apart.
   */
  public static int contradictions(LabelledWords words) {
    LabelledWords rest = words;
    for (int count = 0; ; count++) {
      double[] weights = contradiction(rest);
      boolean[] keep = new boolean[rest.size()];
      boolean found = false;
      for (int i = 0; i < keep.length; i++) {
        keep[i] = weights[i] <= ZERO;
        found |= !keep[i];
      }
      if (!found) {
        return count;
      }
      rest = rest.only(keep);
    }
  }

  /** Weights of sum 1 as Farkas' lemma has them, or 0s if there are none. */
  private static double[] contradiction(LabelledWords words) {
    double[] total = new double[words.size()];
    double[][] orthogonal = new double[words.length() + 1][words.size()];
    for (int i = 0; i < words.size(); i++) {
      double[] features = words.features(i);
      for (int k = 0; k < features.length; k++) {
        orthogonal[k][i] = words.members()[i] ? features[k] : -features[k];
      }
    }
    Arrays.fill(total, 1);
    List<LinearConstraint> constraints = zero(orthogonal);
    constraints.add(new LinearConstraint(total, Relationship.LEQ, 1));
    return solve(total, constraints, GoalType.MAXIMIZE, true);
  }

  /** How many words {@code c + a (number of 1s) > 0} gets wrong. */
  public static int wrongByCount(LabelledWords words, double c, double a) {
    int wrong = 0;
    for (int i = 0; i < words.size(); i++) {
      boolean said = c + a * Long.bitCount(words.words()[i]) > 0;
      wrong += said == words.members()[i] ? 0 : 1;
    }
    return wrong;
  }

  /** The fewest words that a threshold on the number of 1s, in either direction, gets wrong. */
  public static int fewestWrongByCount(LabelledWords words) {
    int fewest = words.size();
    for (int threshold = 0; threshold <= words.length() + 1; threshold++) {
      int wrong = wrongByCount(words, 0.5 - threshold, 1);
      fewest = Math.min(fewest, Math.min(wrong, words.size() - wrong));
    }
    return fewest;
  }

  /** The largest absolute correlation of the label with a symbol w_i. */
  public static double correlation(LabelledWords words) {
    double largest = 0;
    double n = words.size();
    for (int k = 0; k < words.length(); k++) {
      double ones = 0;
      double members = 0;
      double both = 0;
      for (int i = 0; i < words.size(); i++) {
        double bit = words.words()[i] >> k & 1;
        ones += bit;
        members += words.label(i);
        both += bit * words.label(i);
      }
      double covariance = n * both - ones * members;
      double variances = ones * (n - ones) * members * (n - members);
      largest = Math.max(largest, Math.abs(covariance) / Math.sqrt(variances));
    }
    return largest;
  }

  /**
   * The least share of all words of a length on which a threshold of a sum over positions differs
   * from parity, {@code 1/2 - C(L-1, floor((L-1)/2)) / 2^L}. Such a function is monotone in every
   * bit, up to direction; its correlation with parity is at most the influence of any bit, and the
   * mean influence of monotone functions is largest for a majority.
   */
  public static double leastParityError(int length) {
    double middle = 1; // C(L-1, floor((L-1)/2)) / 2^(L-1)
    int half = (length - 1) / 2;
    for (int k = 1; k <= length - 1; k++) {
      middle *= k <= half ? (length - 1 - half + k) / (2.0 * k) : 0.5;
    }
    return 0.5 - middle / 2;
  }

  private static List<LinearConstraint> zero(double[][] rows) {
    List<LinearConstraint> constraints = new ArrayList<>();
    for (double[] row : rows) {
      constraints.add(new LinearConstraint(row, Relationship.EQ, 0));
    }
    return constraints;
  }

  private static double[] solve(
      double[] objective, List<LinearConstraint> constraints, GoalType goal, boolean nonNegative) {
    return new SimplexSolver()
        .optimize(
            new MaxIter(100_000),
            new LinearObjectiveFunction(objective, 0),
            new LinearConstraintSet(constraints),
            goal,
            new NonNegativeConstraint(nonNegative))
        .getPoint();
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }
}
