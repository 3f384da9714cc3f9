package org.rnnsweep.kernels.stability;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.LowRankSum;

/**
 * Projected gradient ascent of a function of a change W' in the ball {@code |W'|_2 <= r}: from the
 * best of some starts, steps
 *
 * <pre>W' &lt;- clip(W' + s r G / |G|_2),   G the objective's gradient at W',</pre>
 *
 * <p>where clip cuts singular values at r: the point of the ball that is nearest in Frobenius norm.
 * A step that does not raise the objective is not taken, and s, at first 1, is halved; after one
 * that does it is doubled. So the result is never weaker than any start.
 *
 * <p>W is touched only through products, and W' is never formed: G is a sum of a few outer
 * products, so W' stays in the span of their vectors, and is kept as {@code U^T S V} with
 * orthonormal rows U and V and a small S.
 */
public abstract class BallAscent implements AutoCloseable {
  protected final Blas blas;
  protected final Arena arena;
  protected final double size;
  private final GaussianOperator recurrent;
  private final Basis outer;
  private final Basis inner;
  private Point best;
  private double start;

  /** A change with what it makes of the sequences, and the objective there. */
  protected record Point(double[][] core, LowRankSum sum, Trajectory states, double value)
      implements AutoCloseable {
    @Override
    public void close() {
      states.close();
      sum.close();
    }
  }

  /**
   * @param like of the width and precision of vectors
   * @param size r, positive and finite
   */
  protected BallAscent(
      Blas blas,
      Arena arena,
      GaussianOperator recurrent,
      OffHeapMatrix like,
      double size,
      int outerCapacity,
      int innerCapacity) {
    this.blas = blas;
    this.arena = arena;
    this.recurrent = recurrent;
    this.size = size;
    outer = new Basis(blas, arena, outerCapacity, like);
    inner = new Basis(blas, arena, innerCapacity, like);
  }

  /** The pass of all sequences under W + W'. */
  protected abstract Trajectory pass(LowRankSum sum);

  /** The objective at a change. */
  protected abstract double value(double[][] core, LowRankSum sum, Trajectory changed);

  /** U G V^T at a point; its new directions are added to U and V. */
  protected abstract double[][] gradient(Point point);

  /** W + W'. Its memory is the ascent's. */
  public LowRankSum sum() {
    return best.sum();
  }

  /** |W'|_2. */
  public double norm() {
    return SymmetricEigen.spectralNorm(best.core());
  }

  /** The objective at the best start. */
  public double start() {
    return start;
  }

  /** The objective at W'; never less than {@link #start}. */
  public double value() {
    return best.value();
  }

  /** The best change so far. */
  protected Point best() {
    return best;
  }

  /** The coordinates in U of a vector whose direction is added. */
  protected double[] outer(OffHeapMatrix vector) {
    return outer.coordinates(vector);
  }

  /** The coordinates in V of a vector whose direction is added. */
  protected double[] inner(OffHeapMatrix vector) {
    return inner.coordinates(vector);
  }

  /** Climbs from the best start. */
  protected void takeSteps(int steps) {
    start = best.value();
    double step = 1;
    double[][] gradient = null;
    for (int t = 0; t < steps; t++) {
      if (gradient == null) {
        gradient = gradient(best);
      }
      double norm = SymmetricEigen.spectralNorm(gradient);
      if (!(norm > 0)) {
        return; // at a maximum, or where the objective is 0
      }
      double[][] core = copy(best.core());
      add(core, step * size / norm, gradient);
      if (offer(clip(core, size))) {
        step *= 2;
        gradient = null;
      } else {
        step /= 2;
      }
    }
  }

  /** {@link #offer} of {@code p q^T}, p and q as someone sets them. */
  protected void offer(BiConsumer<OffHeapMatrix, OffHeapMatrix> rankOne) {
    OffHeapMatrix p = arena.matrix(1, recurrent.rows(), recurrent.precision());
    OffHeapMatrix q = arena.matrix(1, recurrent.rows(), recurrent.precision());
    rankOne.accept(p, q);
    double[][] core = zeros();
    addOuterProduct(core, 1, outer(p), inner(q));
    arena.release(q);
    arena.release(p);
    offer(core);
  }

  /** Keeps the better one of this change and the best so far, and closes the other. */
  protected boolean offer(double[][] core) {
    Point point = at(core);
    boolean better = best == null || point.value() > best.value();
    Point other = better ? best : point;
    best = better ? point : best;
    if (other != null) {
      other.close();
    }
    return better;
  }

  private Point at(double[][] core) {
    LowRankSum sum = Basis.sum(blas, arena, recurrent, outer, core, inner);
    Trajectory changed = pass(sum);
    return new Point(core, sum, changed, value(core, sum, changed));
  }

  /** The most bytes held at a time beside two points and what the objective takes. */
  protected static long memoryBytes(long width, int outerCapacity, int innerCapacity) {
    int bytes = Precision.DOUBLE.bytes();
    return Basis.memoryBytes(outerCapacity, width, bytes)
        + Basis.memoryBytes(innerCapacity, width, bytes);
  }

  /** What making a change takes for a while. */
  protected static long makingBytes(long width, int outerCapacity, int innerCapacity) {
    return (width + outerCapacity) * innerCapacity * Precision.DOUBLE.bytes();
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
    double[][] clipped = copy(matrix);
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

  private static double[][] copy(double[][] matrix) {
    return Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
  }

  /** S = 0. */
  protected double[][] zeros() {
    return new double[Math.toIntExact(outer.rows().rows())][Math.toIntExact(inner.rows().rows())];
  }

  /** {@code sum += factor x y^T}. */
  protected static void addOuterProduct(double[][] sum, double factor, double[] x, double[] y) {
    for (int a = 0; a < x.length; a++) {
      for (int b = 0; b < y.length; b++) {
        sum[a][b] += factor * x[a] * y[b];
      }
    }
  }

  /** {@code sum += factor more}. */
  static void add(double[][] sum, double factor, double[][] more) {
    for (int a = 0; a < sum.length; a++) {
      for (int b = 0; b < sum[a].length; b++) {
        sum[a][b] += factor * more[a][b];
      }
    }
  }

  @Override
  public void close() {
    best.close();
    inner.close();
    outer.close();
  }
}
