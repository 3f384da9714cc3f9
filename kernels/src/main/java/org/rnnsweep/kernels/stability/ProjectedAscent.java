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
 * projected gradient ascent can: from the best of the {@link RankOneAttack}s, steps
 *
 * <pre>W' &lt;- clip(W' + s r G / |G|_2),   G the objective's gradient at W',</pre>
 *
 * <p>where clip cuts singular values at r: the point of the ball {@code |W'|_2 <= r} that is
 * nearest in Frobenius norm. A step that does not raise the objective is not taken, and s, at first
 * 1, is halved; after one that does it is doubled. So the result is never weaker than any rank-one
 * attack.
 *
 * <p>W is touched only through products, and W' is never formed. With v'_i the backward vectors
 * under W + W' of the objective's own gradient at h'_L, G is {@code sum over i = 2..L of D'_i v'_i
 * h'_(i-1)^T}, less the constant gradient of the linear part where the objective has one. So W'
 * stays in the span of these vectors, and is kept as {@code U^T S V} with orthonormal rows U and V
 * and a small S.
 */
public final class ProjectedAscent implements AutoCloseable {
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

  private final Blas blas;
  private final Arena arena;
  private final RandomNetwork net;
  private final NormalizedInput input;
  private final Trajectory states;
  private final Objective objective;
  private final double size;
  private final Basis outer;
  private final Basis inner;
  private final OffHeapMatrix vector;
  private final OffHeapMatrix masked;
  // Coordinates of D_i v_i, row s, and of h_(i-1), at i - 2: the linear part of the last output.
  private final double[][][] fixedOuter;
  private final double[][] fixedInner;
  private Point best;
  private double start;

  /** A change with what it makes of the sequence, and the objective there. */
  private record Point(double[][] core, LowRankSum sum, Trajectory states, double value)
      implements AutoCloseable {
    @Override
    public void close() {
      states.close();
      sum.close();
    }
  }

  private ProjectedAscent(
      Blas blas,
      Arena arena,
      RandomNetwork net,
      NormalizedInput input,
      Trajectory states,
      Objective objective,
      double size,
      int steps) {
    this.blas = blas;
    this.arena = arena;
    this.net = net;
    this.input = input;
    this.states = states;
    this.objective = objective;
    this.size = size;
    int length = states.steps();
    int outputs = Math.toIntExact(net.output().rows());
    fixedOuter = new double[length - 1][outputs][];
    fixedInner = new double[length - 1][];
    outer = new Basis(blas, arena, outerCapacity(objective, outputs, length, steps), net.output());
    inner = new Basis(blas, arena, innerCapacity(length, steps), net.output());
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

  /** W + W'. Its memory is the ascent's. */
  public LowRankSum sum() {
    return best.sum();
  }

  /** The objective at the best of the rank-one attacks. */
  public double start() {
    return start;
  }

  /** The objective at W'; never less than {@link #start}. */
  public double value() {
    return best.value();
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
    long making = (width + outer) * rank * bytes;
    return Basis.memoryBytes(outer, width, bytes)
        + Basis.memoryBytes(rank, width, bytes)
        + 2 * width * bytes
        + Math.max(linear, 2 * point + Math.max(attack, making));
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
      fixedInner[i - 2] = inner.coordinates(states.state(i - 1, 0));
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
          fixedOuter[i - 2][s] = outer.coordinates(masked);
        }
      }
    }
  }

  private void tryRankOneAttacks() {
    for (RankOneAttack attack : RankOneAttack.values()) {
      OffHeapMatrix p = arena.matrix(1, net.width(), net.output().precision());
      OffHeapMatrix q = arena.matrix(1, net.width(), net.output().precision());
      attack.choose(arena, states, net.output(), size, p, q);
      double[][] core = zeros();
      addOuterProduct(core, 1, outer.coordinates(p), inner.coordinates(q));
      arena.release(q);
      arena.release(p);
      keepBetter(at(core));
    }
    start = best.value();
  }

  private void takeSteps(int steps) {
    double step = 1;
    double[][] gradient = null;
    for (int t = 0; t < steps; t++) {
      if (gradient == null) {
        gradient = gradient();
      }
      double norm = SymmetricEigen.spectralNorm(gradient);
      if (!(norm > 0)) {
        return; // at a maximum, or where the objective is 0
      }
      double[][] core = zeros();
      for (int a = 0; a < core.length; a++) {
        for (int b = 0; b < core[a].length; b++) {
          core[a][b] = best.core()[a][b] + step * size / norm * gradient[a][b];
        }
      }
      if (keepBetter(at(clip(core, size)))) {
        step *= 2;
        gradient = null;
      } else {
        step /= 2;
      }
    }
  }

  /** Keeps the better one of this and the best so far, and closes the other. */
  private boolean keepBetter(Point point) {
    boolean better = best == null || point.value() > best.value();
    Point other = better ? best : point;
    best = better ? point : best;
    if (other != null) {
      other.close();
    }
    return better;
  }

  private Point at(double[][] core) {
    LowRankSum sum = Basis.sum(blas, arena, net.recurrent(), outer, core, inner);
    Trajectory changed = Trajectory.of(blas, arena, sum, net.input(), states.steps(), input);
    return new Point(core, sum, changed, value(core, changed));
  }

  private double value(double[][] core, Trajectory changed) {
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

  /** U G V^T at the best point so far, whose new directions are added to U and V. */
  private double[][] gradient() {
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
      addOuterProduct(
          gradient, 1, outer.coordinates(masked), inner.coordinates(changed.state(i - 1, 0)));
      if (i > 2) {
        best.sum().left(masked, vector);
      }
    }
    return gradient;
  }

  /**
   * The nearest matrix in Frobenius norm whose singular values are at most a limit: {@code S - sum
   * of (1 - limit / sigma) S v v^T} over right singular vectors with sigma above it. Small sigma,
   * which the eigenvalues of S^T S do not resolve, are not touched.
   */
  static double[][] clip(double[][] matrix, double limit) {
    int columns = matrix[0].length;
    double[][] gram = new double[columns][columns];
    for (double[] row : matrix) {
      addOuterProduct(gram, 1, row, row);
    }
    double[][] clipped = new double[matrix.length][];
    for (int a = 0; a < matrix.length; a++) {
      clipped[a] = matrix[a].clone();
    }
    for (SymmetricEigen eigen : SymmetricEigen.all(gram)) {
      if (eigen.value() > limit * limit) {
        double[] v = eigen.vector();
        double[] image = new double[matrix.length];
        for (int a = 0; a < image.length; a++) {
          for (int b = 0; b < columns; b++) {
            image[a] += matrix[a][b] * v[b];
          }
        }
        addOuterProduct(clipped, limit / Math.sqrt(eigen.value()) - 1, image, v);
      }
    }
    return clipped;
  }

  private double[][] zeros() {
    return new double[Math.toIntExact(outer.rows().rows())][Math.toIntExact(inner.rows().rows())];
  }

  private static void addOuterProduct(double[][] sum, double factor, double[] x, double[] y) {
    for (int a = 0; a < x.length; a++) {
      for (int b = 0; b < y.length; b++) {
        sum[a][b] += factor * x[a] * y[b];
      }
    }
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
    best.close();
    arena.release(masked);
    arena.release(vector);
    inner.close();
    outer.close();
  }
}
