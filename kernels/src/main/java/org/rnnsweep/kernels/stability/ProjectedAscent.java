package org.rnnsweep.kernels.stability;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.LowRankSum;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.SignPattern;

/**
 * A change W' of spectral norm at most r that makes a statement on perturbations as wrong as
 * projected gradient ascent from the best of the {@link RankOneAttack}s can.
 *
 * <p>With v'_i the backward vectors under W + W' of the objective's own gradient at h'_L, the
 * gradient is {@code sum over i = 2..L of D'_i v'_i h'_(i-1)^T}, less the constant gradient of the
 * linear part where the objective has one.
 */
public final class ProjectedAscent extends BallAscent {
  /** What is made large. */
  public enum Objective {
    /** {@code |h'_L - h_L|} (Allen-Zhu and Li, Lemma F.1(a)). */
    STATES("ascent-states"),
    /** {@code |B (h'_L - h_L) - linear part|} (there, [F] Lemma 5.1; see {@link FirstOrder}). */
    FIRST_ORDER("ascent-error");

    private final String label;

    Objective(String label) {
      this.label = label;
    }

    /** The name used in experiment files. */
    public String label() {
      return label;
    }

    /** The one of this name. */
    public static Objective ofLabel(String label) {
      for (Objective objective : values()) {
        if (objective.label.equals(label)) {
          return objective;
        }
      }
      throw new IllegalArgumentException(
          "no objective is called '"
              + label
              + "', the names are "
              + Arrays.stream(values()).map(Objective::label).collect(Collectors.joining(", ")));
    }
  }

  private static final int STARTS = RankOneAttack.values().length;

  private final RandomNetwork net;
  private final NormalizedInput input;
  private final Trajectory states;
  private final Objective objective;
  private final OffHeapMatrix vector;
  private final OffHeapMatrix masked;
  // Coordinates of D_i v_i, row s, and of h_(i-1), at i - 2: the linear part of the last output.
  private final double[][][] fixedOuter;
  private final double[][] fixedInner;

  private ProjectedAscent(
      Blas blas,
      Arena arena,
      RandomNetwork net,
      NormalizedInput input,
      Trajectory states,
      Objective objective,
      double size,
      int steps) {
    super(
        blas,
        arena,
        net.recurrent(),
        net.output(),
        size,
        outerCapacity(objective, Math.toIntExact(net.output().rows()), states.steps(), steps),
        innerCapacity(states.steps(), steps));
    this.net = net;
    this.input = input;
    this.states = states;
    this.objective = objective;
    int length = states.steps();
    int outputs = Math.toIntExact(net.output().rows());
    fixedOuter = new double[length - 1][outputs][];
    fixedInner = new double[length - 1][];
    vector = arena.matrix(1, net.width(), net.output().precision());
    masked = arena.matrix(1, net.width(), net.output().precision());
  }

  /**
   * Climbs.
   *
   * @param net whose W has {@link #products} left
   * @param input the sequence
   * @param states its pass under W, of at least 3 steps, one sequence
   * @param size r, the most that {@code |W'|_2} may be; positive and finite
   * @param steps how many are tried, at least 1
   */
  public static ProjectedAscent climb(
      Blas blas,
      Arena arena,
      RandomNetwork net,
      NormalizedInput input,
      Trajectory states,
      Objective objective,
      double size,
      int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("an ascent has at least 1 step, found " + steps);
    }
    ProjectedAscent ascent =
        new ProjectedAscent(blas, arena, net, input, states, objective, size, steps);
    ascent.learnLinearPart();
    ascent.tryRankOneAttacks();
    ascent.takeSteps(steps);
    return ascent;
  }

  /** What is asked of W, at most. */
  public static Products products(Objective objective, int outputs, int length, int steps) {
    int linear =
        objective == Objective.FIRST_ORDER
            ? BackwardVectors.products(1, outputs, length, length)
            : 0;
    return new Products(
        (STARTS + steps) * Trajectory.products(1, length), linear + steps * (length - 2));
  }

  /**
   * The most bytes held at a time, in double, also while {@link #sum} is asked blocks of d vectors
   * afterwards.
   */
  public static long memoryBytes(
      Objective objective, long width, int dimension, int outputs, int length, int steps) {
    int bytes = Precision.DOUBLE.bytes();
    int rank = innerCapacity(length, steps);
    int outer = outerCapacity(objective, outputs, length, steps);
    long point =
        LowRankSum.memoryBytes(width, width, rank, outputs, Precision.DOUBLE)
            + Trajectory.memoryBytes(width, dimension, 1, length, Precision.DOUBLE);
    long linear =
        objective == Objective.FIRST_ORDER
            ? BackwardVectors.memoryBytes(width, 1, outputs, length, length, Precision.DOUBLE)
            : 0;
    long attack = 2 * width * bytes + RankOneAttack.memoryBytes(width, length, bytes);
    return memoryBytes(width, outer, rank)
        + 2 * width * bytes
        + Math.max(linear, 2 * point + Math.max(attack, makingBytes(width, outer, rank)));
  }

  /** The attacks' p, the linear part's D_i v_i, and D'_i v'_i of every step. */
  private static int outerCapacity(Objective objective, int outputs, int length, int steps) {
    int linear = objective == Objective.FIRST_ORDER ? outputs : 0;
    return STARTS + (length - 1) * (linear + steps);
  }

  /** h_1, ..., h_(L-1), where every attack's q is, and h'_2, ..., h'_(L-1) of every step. */
  private static int innerCapacity(int length, int steps) {
    return length - 1 + (length - 2) * steps;
  }

  private void learnLinearPart() {
    int length = states.steps();
    for (int i = 2; i <= length; i++) {
      fixedInner[i - 2] = inner(states.state(i - 1, 0));
    }
    if (objective != Objective.FIRST_ORDER) {
      return;
    }
    try (BackwardVectors back =
        BackwardVectors.ask(arena, net.recurrent(), net.output(), states, length, length)) {
      for (int i = 2; i <= length; i++) {
        for (int s = 0; s < net.output().rows(); s++) {
          masked.copyFrom(back.block(i, length, 0).rowRange(s, s + 1));
          SignPattern.apply(states.state(i, 0), masked);
          fixedOuter[i - 2][s] = outer(masked);
        }
      }
    }
  }

  private void tryRankOneAttacks() {
    for (RankOneAttack attack : RankOneAttack.values()) {
      offer((p, q) -> attack.choose(arena, states, net.output(), size, p, q));
    }
  }

  @Override
  protected Trajectory pass(LowRankSum sum) {
    return Trajectory.of(blas, arena, sum, net.input(), states.steps(), input);
  }

  @Override
  protected double value(double[][] core, LowRankSum sum, Trajectory changed) {
    int length = states.steps();
    return objective == Objective.STATES
        ? RowMeasures.distance(changed.states(length), 0, states.states(length), 0)
        : norm(error(core, changed));
  }

  /** {@code B (h'_L - h_L) - linear part}, in R^d. */
  private double[] error(double[][] core, Trajectory changed) {
    int length = states.steps();
    double[] error = new double[Math.toIntExact(net.output().rows())];
    for (int s = 0; s < error.length; s++) {
      error[s] =
          RowMeasures.dot(net.output(), s, changed.states(length), 0)
              - RowMeasures.dot(net.output(), s, states.states(length), 0);
      for (int i = 0; i < fixedInner.length; i++) {
        for (int a = 0; a < core.length; a++) {
          for (int b = 0; b < core[a].length; b++) {
            error[s] -= fixedOuter[i][s][a] * core[a][b] * fixedInner[i][b];
          }
        }
      }
    }
    return error;
  }

  @Override
  protected double[][] gradient(Point best) {
    int length = states.steps();
    double[][] gradient = zeros();
    Trajectory changed = best.states();
    if (best.value() == 0) {
      return gradient;
    }
    if (objective == Objective.STATES) {
      vector.copyFrom(changed.state(length, 0));
      RowMeasures.add(vector, 0, -1, states.states(length), 0);
      RowMeasures.scale(vector, 0, 1 / best.value());
    } else {
      double[] direction = error(best.core(), changed);
      vector.fill(0);
      for (int s = 0; s < direction.length; s++) {
        direction[s] /= best.value();
        RowMeasures.add(vector, 0, direction[s], net.output(), s);
        for (int i = 0; i < fixedInner.length; i++) {
          addOuterProduct(gradient, -direction[s], fixedOuter[i][s], fixedInner[i]);
        }
      }
    }
    for (int i = length; i >= 2; i--) {
      masked.copyFrom(vector);
      SignPattern.apply(changed.state(i, 0), masked);
      addOuterProduct(gradient, 1, outer(masked), inner(changed.state(i - 1, 0)));
      if (i > 2) {
        best.sum().left(masked, vector);
      }
    }
    return gradient;
  }

  private static double norm(double[] x) {
    double sum = 0;
    for (double entry : x) {
      sum += entry * entry;
    }
    return Math.sqrt(sum);
  }

  @Override
  public void close() {
    super.close();
    arena.release(masked);
    arena.release(vector);
  }
}
