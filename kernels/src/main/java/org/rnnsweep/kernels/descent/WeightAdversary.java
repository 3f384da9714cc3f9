package org.rnnsweep.kernels.descent;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.LowRankSum;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.stability.BallAscent;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RankOneAttack;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.SymmetricEigen;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * A change W' of spectral norm at most r that makes the gradient of a loss as small or as large for
 * its errors, or the loss as far from its first order, as projected ascent can: what Theorems 3 and
 * 4 of Allen-Zhu, Li and Song say of all W' at once.
 *
 * <p>It is never weaker than the {@link RankOneAttack}s on the first sequence, the alignment of the
 * first two, and the loss's own gradient at W, up and down. For the quotient {@code q = |G|_F^2 /
 * (m |e|^2)}, G the gradient, the ascent's own gradient is along {@code H G}, less {@code m q G}
 * where errors move with the outputs; H counts signs within reach of a change of the size r as
 * {@link LossGradient#hessian} has them, kappa the largest of them. An eigenvector of the tangent
 * matrix is taken anew at every point, and to first order stays.
 */
public final class WeightAdversary extends BallAscent {
  /** What is made extreme. */
  public enum Goal {
    /** q is made small. */
    LEAST("least-gradient", -1),
    /** q is made large. */
    LARGEST("largest-gradient", 1),
    /** {@code |sum <e, B (h' - h)> - <G, W'>|} is made large, e as at W. */
    REMAINDER("largest-remainder", 1);

    private final String label;
    private final int sign;

    Goal(String label, int sign) {
      this.label = label;
      this.sign = sign;
    }

    /** The name used in experiment files. */
    public String label() {
      return label;
    }

    /** Whether a goal has this name. */
    public static boolean isLabel(String label) {
      return Arrays.stream(values()).anyMatch(goal -> goal.label.equals(label));
    }

    /** The one of this name. */
    public static Goal ofLabel(String label) {
      for (Goal goal : values()) {
        if (goal.label.equals(label)) {
          return goal;
        }
      }
      throw new IllegalArgumentException(
          "no goal is called '"
              + label
              + "', the names are "
              + Arrays.stream(values()).map(Goal::label).collect(Collectors.joining(", ")));
    }
  }

  /** The errors of a loss, [i][l - 2]. */
  public interface Errors {
    /** Those at some weights. */
    double[][][] at(GaussianOperator w, Trajectory states);
  }

  private static final int STARTS = RankOneAttack.values().length + 4;

  private final LossGradient loss;
  private final RandomNetwork net;
  private final double[][][] tokens;
  private final Trajectory states;
  private final Errors errors;
  private final boolean squares;
  private final Goal goal;
  private double[][][] firstErrors;
  private double[][][] firstOutputs;
  private double[][] firstOuter; // the gradient at W
  private double[][] firstInner;

  private WeightAdversary(
      LossGradient loss,
      RandomNetwork net,
      double[][][] tokens,
      Trajectory states,
      Errors errors,
      boolean squares,
      Goal goal,
      double size,
      int steps) {
    super(
        loss.blas(),
        loss.arena(),
        net.recurrent(),
        net.output(),
        size,
        outerCapacity(goal, states.batch(), states.steps(), steps),
        innerCapacity(goal, states.batch(), states.steps(), steps));
    this.loss = loss;
    this.net = net;
    this.tokens = tokens;
    this.states = states;
    this.errors = errors;
    this.squares = squares;
    this.goal = goal;
  }

  /**
   * Climbs.
   *
   * @param net whose W has {@link #products} left
   * @param tokens of at least 2 sequences of 3 tokens
   * @param states their pass under W
   * @param errors asks W for no more than the products that {@link #products} is told
   * @param squares whether errors move with the outputs, as those of a squared loss
   * @param size r, positive and finite
   * @param steps how many are tried
   */
  public static WeightAdversary climb(
      LossGradient loss,
      RandomNetwork net,
      double[][][] tokens,
      Trajectory states,
      Errors errors,
      boolean squares,
      Goal goal,
      double size,
      int steps) {
    WeightAdversary adversary =
        new WeightAdversary(loss, net, tokens, states, errors, squares, goal, size, steps);
    adversary.learnFirst();
    adversary.offer(adversary.zeros());
    if (goal == Goal.REMAINDER) { // which is flat at W
      adversary.tryAttacks();
      adversary.takeSteps(steps);
    } else { // attacks leave preactivations just over 0, where no slope leads away
      adversary.takeSteps(steps);
      adversary.tryAttacks();
    }
    return adversary;
  }

  /** {@code <G, W'>} of any gradient. */
  public double along(OuterSum gradient) {
    double along = 0;
    for (int j = 0; j < gradient.left().rows(); j++) {
      double[] a = outer(gradient.left().rowRange(j, j + 1L));
      double[] b = inner(gradient.right().rowRange(j, j + 1L));
      along += product(best().core(), a, b);
    }
    return along;
  }

  /**
   * What is asked of W, at most.
   *
   * @param ofErrors left products that the errors ask at one point
   */
  public static Products products(Goal goal, int sequences, int length, int steps, int ofErrors) {
    int pass = Trajectory.products(sequences, length);
    int back = sequences * (length - 2);
    return goal == Goal.REMAINDER
        ? new Products((STARTS + steps) * pass, ofErrors + (1 + steps) * back)
        : new Products(
            (STARTS + steps) * pass + steps * back,
            (1 + STARTS + 2 * steps) * (ofErrors + back) + 2 * steps * back);
  }

  /** Beside what W does: with the bases, and for W' at every point. */
  public static double flops(Goal goal, long width, int sequences, int length, int steps) {
    double outer = outerCapacity(goal, sequences, length, steps);
    double inner = innerCapacity(goal, sequences, length, steps);
    Products asked = products(goal, sequences, length, steps, 0);
    return width
        * (8 * (outer * outer + inner * inner)
            + 2 * (STARTS + steps) * outer * inner
            + 4 * inner * asked.total());
  }

  /**
   * The most bytes held at a time, also while {@link #sum} is asked blocks of this many vectors
   * afterwards.
   *
   * @param ofErrors bytes that the errors take for a while
   */
  public static long memoryBytes(
      Goal goal,
      long width,
      int dimension,
      int outputs,
      int sequences,
      int length,
      int steps,
      int batch,
      long ofErrors) {
    int bytes = Precision.DOUBLE.bytes();
    int outer = outerCapacity(goal, sequences, length, steps);
    int inner = innerCapacity(goal, sequences, length, steps);
    long point =
        LowRankSum.memoryBytes(width, width, inner, batch, Precision.DOUBLE)
            + Trajectory.memoryBytes(width, dimension, sequences, length, Precision.DOUBLE);
    long attack = 2 * width * bytes + RankOneAttack.memoryBytes(width, length, bytes);
    long gradient = OuterSum.memoryBytes(width, LossGradient.terms(sequences, length));
    long asking = (3 * width + outputs) * bytes;
    long making = Math.max(attack, makingBytes(width, outer, inner));
    long hessian = LossGradient.hessianBytes(width, sequences, outputs, length);
    return memoryBytes(width, outer, inner)
        + 2 * point
        + Math.max(Math.max(making, ofErrors), gradient + Math.max(asking, hessian));
  }

  /** The attacks' p, the first gradient's vectors, and those of every step. */
  private static int outerCapacity(Goal goal, int sequences, int length, int steps) {
    int terms = LossGradient.terms(sequences, length);
    int ofStep = goal == Goal.REMAINDER ? terms : 2 * terms;
    return RankOneAttack.values().length + 1 + terms + steps * ofStep;
  }

  /** h_1, ..., h_(L-1), where every attack's q is, and later ones with their tangents. */
  private static int innerCapacity(Goal goal, int sequences, int length, int steps) {
    int later = sequences * (length - 2);
    int ofStep = goal == Goal.REMAINDER ? later : 2 * later;
    return LossGradient.terms(sequences, length) + steps * ofStep;
  }

  private void learnFirst() {
    firstOutputs = loss.outputs(states);
    firstErrors = errors.at(net.recurrent(), states);
    try (OuterSum gradient = loss.of(net.recurrent(), states, firstErrors)) {
      int terms = Math.toIntExact(gradient.left().rows());
      firstOuter = new double[terms][];
      firstInner = new double[terms][];
      for (int j = 0; j < terms; j++) {
        firstOuter[j] = outer(gradient.left().rowRange(j, j + 1L));
        firstInner[j] = inner(gradient.right().rowRange(j, j + 1L));
      }
    }
  }

  private void tryAttacks() {
    for (RankOneAttack attack : RankOneAttack.values()) {
      offer((p, q) -> attack.choose(loss.arena(), states, net.output(), size, p, q));
    }
    offer((p, q) -> RankOneAttack.align(states, size, p, q));
    double[][] core = zeros();
    addFirst(core, 1);
    double norm = SymmetricEigen.spectralNorm(core);
    for (int sign = -1; sign <= 1 && norm > 0; sign += 2) {
      double[][] scaled = zeros();
      addFirst(scaled, sign * size / norm);
      offer(scaled);
    }
  }

  private void addFirst(double[][] core, double factor) {
    for (int j = 0; j < firstOuter.length; j++) {
      addOuterProduct(core, factor, firstOuter[j], firstInner[j]);
    }
  }

  @Override
  protected Trajectory pass(LowRankSum sum) {
    return Trajectory.of(loss.blas(), loss.arena(), sum, net.input(), tokens);
  }

  @Override
  protected double value(double[][] core, LowRankSum sum, Trajectory changed) {
    if (goal == Goal.REMAINDER) {
      return Math.abs(remainder(core, changed));
    }
    double[][][] e = errors.at(sum, changed);
    try (OuterSum gradient = loss.of(sum, changed, e)) {
      double norm = gradient.frobenius();
      return goal.sign * norm * norm / (net.width() * LossGradient.dot(e, e));
    }
  }

  private double remainder(double[][] core, Trajectory changed) {
    double[][][] outputs = loss.outputs(changed);
    double remainder =
        LossGradient.dot(firstErrors, outputs) - LossGradient.dot(firstErrors, firstOutputs);
    for (int j = 0; j < firstOuter.length; j++) {
      remainder -= product(core, firstOuter[j], firstInner[j]);
    }
    return remainder;
  }

  @Override
  protected double[][] gradient(Point point) {
    double[][] core = zeros();
    boolean remainder = goal == Goal.REMAINDER;
    double[][][] e = remainder ? firstErrors : errors.at(point.sum(), point.states());
    try (OuterSum gradient = loss.of(point.sum(), point.states(), e)) {
      if (remainder) {
        double sign = Math.signum(remainder(point.core(), point.states()));
        add(core, sign, gradient);
        addFirst(core, -sign);
        return core;
      }
      if (squares) {
        double norm = gradient.frobenius();
        add(core, -goal.sign * norm * norm / LossGradient.dot(e, e), gradient);
      }
      try (OuterSum change =
          loss.hessian(point.sum(), point.states(), e, squares, reach(point.states()), gradient)) {
        add(core, goal.sign, change);
      }
    }
    return core;
  }

  private void add(double[][] core, double factor, OuterSum sum) {
    for (int j = 0; j < sum.left().rows(); j++) {
      double[] a = outer(sum.left().rowRange(j, j + 1L));
      addOuterProduct(core, factor, a, inner(sum.right().rowRange(j, j + 1L)));
    }
  }

  /** What a change of the size r carries over 0. */
  private double[][] reach(Trajectory changed) {
    double[][] kappa = new double[changed.batch()][changed.steps() - 1];
    for (int i = 0; i < kappa.length; i++) {
      for (int l = 2; l <= changed.steps(); l++) {
        double limit = size * RowMeasures.norm(changed.states(l - 1), i);
        kappa[i][l - 2] = RankOneAttack.reach(changed.preactivation(l, i), limit);
      }
    }
    return kappa;
  }

  private static double product(double[][] core, double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b.length; j++) {
        sum += a[i] * core[i][j] * b[j];
      }
    }
    return sum;
  }
}
