package org.rnnsweep.kernels.operator;

import java.util.Arrays;
import java.util.Locale;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * A matrix W of independent N(0, sd^2) that is never formed: every answer is drawn from its exact
 * law given all answers before. Time and memory grow with (rows + columns) times the number of
 * products, not with rows times columns.
 *
 * <p>Kept are orthonormal directions u_1, u_2, ... that W was applied to, with y_i = W u_i, and
 * orthonormal v_1, v_2, ... that its transpose was applied to, with z_j = W^T v_j. Given these, W
 * is
 *
 * <pre>  Y U^T + V Z^T (I - U U^T) + sd (I - V V^T) G (I - U U^T),   G fresh, of N(0, 1),</pre>
 *
 * so that for a new unit u orthogonal to U, with g a fresh vector of N(0, I),
 *
 * <pre>  W u = V (Z^T u) + sd (I - V V^T) g,</pre>
 *
 * and the same for the transpose with the sides exchanged. An earlier direction gets its earlier
 * answer; a general x is split into both. This is Bayes' rule for Gaussians, what proofs call fresh
 * randomness after Gram-Schmidt; no approximation in the width or the number of products enters.
 *
 * <p>A block of vectors is made orthogonal to the old directions and in itself by two sweeps of
 * block Gram-Schmidt, with Cholesky's factor of the block's Gram matrix for the inner part. A
 * vector of which less than 1/8 is left beside the vectors of the block before it (its inner
 * products would be mostly rounding) goes through both sweeps again, against the new directions
 * too; one of which less than 1e-13 (single: 1e-6) is left altogether is no new direction. Which
 * basis is chosen has no influence on the law of the answers. In double, answers agree with one W
 * to about 1e-14 of the norms.
 *
 * <p>The fresh vector of a query's row is keyed by (key, side, number of queries on this side
 * before, number on the other side before, row), never by rank: a forward pass draws the same
 * numbers to whatever length it goes on, and questions to a fork after L forward steps draw what an
 * operator draws that was run to L alone, and other numbers than those after another L.
 *
 * <p>Memory: {@link #memoryBytes}; each side takes its part when first asked. Asking for more
 * vectors than were declared is refused.
 */
public class ConditionedGaussian implements GaussianOperator {
  // Bounds the work space and the Gram matrices; larger queries are cut into such blocks.
  static final int BLOCK = 64;
  private static final double LEAST_PIVOT = 1.0 / 64;
  // What the second sweep must leave of a vector. If it takes most of it away, the first had left
  // rounding, and what remains is orthogonal only to rounding over what remains: such directions,
  // once accepted, make the next residuals wrong, and in single, answers doubled at every step
  // after some 200 questions that were close to the earlier ones.
  private static final double LEAST_NORM = 0.5;

  private final Blas blas;
  private final Arena arena;
  private final Precision precision;
  private final double standardDeviation;
  private final StreamKey key;
  private final Side right;
  private final Side left;

  /** What was asked on one side, and what was answered. */
  private static final class Side {
    final String name;
    final long domain;
    final long codomain;
    final int declared;
    Panel directions;
    Panel answers;
    boolean ownsPanels;
    int rank;
    int queries;
    int asked;

    Side(String name, long domain, long codomain, int declared) {
      this.name = name;
      this.domain = domain;
      this.codomain = codomain;
      this.declared = declared;
    }

    Side fork(int more) {
      Side fork = new Side(name, domain, codomain, more);
      fork.directions = directions;
      fork.answers = answers;
      fork.rank = rank;
      fork.queries = queries;
      return fork;
    }
  }

  ConditionedGaussian(
      Blas blas,
      Arena arena,
      Precision precision,
      long rows,
      long columns,
      double standardDeviation,
      Products products,
      StreamKey key) {
    this(
        blas,
        arena,
        precision,
        standardDeviation,
        key,
        new Side("right", columns, rows, products.right()),
        new Side("left", rows, columns, products.left()));
    if (!(rows >= 1 && columns >= 1)) {
      throw new IllegalArgumentException(
          "a Gaussian matrix has at least 1 row and 1 column, found " + rows + " x " + columns);
    }
    if (!(standardDeviation >= 0 && standardDeviation < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "a standard deviation is finite and not negative, found " + standardDeviation);
    }
  }

  private ConditionedGaussian(
      Blas blas,
      Arena arena,
      Precision precision,
      double standardDeviation,
      StreamKey key,
      Side right,
      Side left) {
    this.blas = blas;
    this.arena = arena;
    this.precision = precision;
    this.standardDeviation = standardDeviation;
    this.key = key;
    this.right = right;
    this.left = left;
  }

  /**
   * A matrix of which nothing is known yet.
   *
   * @param products how many vectors it will be applied to
   * @throws IllegalArgumentException if a dimension is not positive, or the standard deviation
   *     negative or not finite
   */
  public static ConditionedGaussian of(
      Blas blas,
      Arena arena,
      Precision precision,
      long rows,
      long columns,
      double standardDeviation,
      Products products,
      StreamKey key) {
    return new ConditionedGaussian(
        blas, arena, precision, rows, columns, standardDeviation, products, key);
  }

  /**
   * The most bytes that an operator of this size holds at a time, if as many vectors are asked as
   * declared: {@code (right + left) (rows + columns)} numbers and a work space that does not grow
   * with dimensions beyond 2^13.
   */
  public static long memoryBytes(long rows, long columns, Products products, Precision precision) {
    return forkBytes(rows, columns, new Products(0, 0), products, precision);
  }

  /**
   * The most bytes that a fork holds at a time, beside those of the operator it was taken from:
   * what {@link #memoryBytes} says for the products asked of the fork, and a copy of the earlier
   * directions and answers of each side that was asked before and is asked again.
   *
   * @param before how many vectors were asked before the fork
   * @param more how many are asked of the fork
   */
  public static long forkBytes(
      long rows, long columns, Products before, Products more, Precision precision) {
    long right = more.right() == 0 ? 0 : (long) before.right() + more.right();
    long left = more.left() == 0 ? 0 : (long) before.left() + more.left();
    long block = Math.min(BLOCK, Math.max(more.right(), more.left()));
    long vectors = Math.max(Math.max(right, left), Math.max(before.right(), before.left()));
    return Panel.memoryBytes(right + left, Math.addExact(rows, columns), precision)
        + Math.max(
            Panel.scratchBytes(block, vectors, rows, precision),
            Panel.scratchBytes(block, vectors, columns, precision));
  }

  @Override
  public final long rows() {
    return right.codomain;
  }

  @Override
  public final long columns() {
    return right.domain;
  }

  @Override
  public final Precision precision() {
    return precision;
  }

  /**
   * @throws IllegalArgumentException if shapes do not fit or x has an entry that is not finite (or
   *     so large that its square is not); nothing has changed then
   * @throws IllegalStateException if more vectors are asked than were declared
   */
  @Override
  public final void right(OffHeapMatrix x, OffHeapMatrix y) {
    ask(right, left, x, y);
  }

  /**
   * @throws IllegalArgumentException if shapes do not fit or x has an entry that is not finite (or
   *     so large that its square is not); nothing has changed then
   * @throws IllegalStateException if more vectors are asked than were declared
   */
  @Override
  public final void left(OffHeapMatrix x, OffHeapMatrix y) {
    ask(left, right, x, y);
  }

  /** How many directions are known on both sides; at most as many as vectors were asked. */
  public final Products ranks() {
    return new Products(right.rank, left.rank);
  }

  @Override
  public ConditionedGaussian fork(Arena forkArena, Products more) {
    return new ConditionedGaussian(
        blas,
        forkArena,
        precision,
        standardDeviation,
        key,
        right.fork(more.right()),
        left.fork(more.left()));
  }

  @Override
  public final void close() {
    for (Side side : new Side[] {right, left}) {
      if (side.ownsPanels) {
        side.answers.release();
        side.directions.release();
        side.ownsPanels = false;
      }
    }
  }

  // The three terms of the update rule, each where a test can replace it by a wrong one.

  /** The key of the fresh vectors of one query; row c, chunk k draws block c chunks + k. */
  StreamKey drawKey(String side, int queriesBefore, int otherQueriesBefore) {
    return key.name(side).with("query", queriesBefore).with("after", otherQueriesBefore);
  }

  /** The weights of the earlier answers: the parts of x in the earlier directions. */
  double[][] weightsOfOwn(double[][] parts) {
    return parts;
  }

  /**
   * The weights of the other side's directions V in W u: Z^T u, which is known, instead of sd V^T
   * g.
   */
  double[][] weightsOfOther(double[][] known, double[][] drawn) {
    double[][] weights = new double[known.length][];
    for (int i = 0; i < known.length; i++) {
      weights[i] = new double[known[i].length];
      for (int j = 0; j < known[i].length; j++) {
        weights[i][j] = known[i][j] - drawn[i][j];
      }
    }
    return weights;
  }

  private void ask(Side own, Side other, OffHeapMatrix x, OffHeapMatrix y) {
    QueryShapes.check(x, y, own.domain, own.codomain, precision);
    int count = Math.toIntExact(x.rows());
    if (count > own.declared - own.asked) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "%d %s products were declared and %d asked, found %d more",
              own.declared,
              own.name,
              own.asked,
              count));
    }
    double[] norms = norms(x, own.name);
    reserve(own);
    StreamKey draws = drawKey(own.name, own.queries, other.queries);
    for (int first = 0; first < count; first += BLOCK) {
      answer(own, other, x, y, first, Math.min(BLOCK, count - first), norms, draws);
    }
    own.queries++;
    own.asked += count;
  }

  /** Memory for all that may be asked; what was known before a fork is copied then. */
  private void reserve(Side side) {
    if (side.ownsPanels) {
      return;
    }
    int capacity = side.rank + side.declared;
    Panel directions = new Panel(blas, arena, precision, capacity, side.domain);
    Panel answers = new Panel(blas, arena, precision, capacity, side.codomain);
    if (side.rank > 0) {
      directions.copy(side.directions, side.rank);
      answers.copy(side.answers, side.rank);
    }
    side.directions = directions;
    side.answers = answers;
    side.ownsPanels = true;
  }

  private void answer(
      Side own,
      Side other,
      OffHeapMatrix x,
      OffHeapMatrix y,
      int first,
      int count,
      double[] norms,
      StreamKey draws) {
    double[] inverse = new double[count];
    for (int i = 0; i < count; i++) {
      inverse[i] = norms[first + i] > 0 ? 1 / norms[first + i] : 0;
    }
    int known = own.rank;
    own.directions.load(known, x, first, count, inverse);
    double[][] parts = own.directions.products(known, known + count, own.directions, 0, known);
    extend(own, other, new Block(first, count), parts, draws);
    double[][] fresh = own.directions.products(x, first, count, inverse, known, own.rank);
    double[][] old = weightsOfOwn(parts);
    double[][] weights = new double[count][own.rank];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < own.rank; k++) {
        weights[i][k] = norms[first + i] * (k < known ? old[i][k] : fresh[i][k - known]);
      }
    }
    own.answers.store(weights, 0, y, first);
  }

  /** Vectors behind the directions that may become directions, in order. */
  private static final class Block {
    /** Which row of the query each one comes from. */
    int[] row;

    /** What is left of each, as a part of the query's row. */
    double[] size;

    Block(int first, int count) {
      row = new int[count];
      size = new double[count];
      for (int i = 0; i < count; i++) {
        row[i] = first + i;
        size[i] = 1;
      }
    }
  }

  /**
   * Turns the block behind the directions into directions and draws their answers.
   *
   * @param parts the block's inner products with the directions
   */
  private void extend(Side own, Side other, Block block, double[][] parts, StreamKey draws) {
    double[][] projection = parts;
    while (block.row.length > 0) {
      int candidates = sweep(own, block, block.row.length, projection, 0);
      projection =
          own.directions.products(own.rank, own.rank + candidates, own.directions, 0, own.rank);
      int accepted = sweep(own, block, candidates, projection, LEAST_NORM);
      learn(own, other, block, accepted, draws);
      int rest = block.row.length - accepted;
      block.row = Arrays.copyOfRange(block.row, accepted, accepted + rest);
      block.size = Arrays.copyOfRange(block.size, accepted, accepted + rest);
      projection = own.directions.products(own.rank, own.rank + rest, own.directions, 0, own.rank);
    }
  }

  /**
   * One sweep of Gram-Schmidt over the first vectors of the block. Those that can be made
   * orthonormal safely come first afterwards, then the others of the block in their order; those of
   * which nothing is left are gone.
   *
   * @param leastNorm a vector of which less is left is not safe
   * @return how many are orthonormal
   */
  private int sweep(Side own, Block block, int count, double[][] projection, double leastNorm) {
    own.directions.add(negative(projection), own.directions, own.rank);
    int end = own.rank + count;
    double[][] gram = own.directions.products(own.rank, end, own.directions, own.rank, end);
    int all = block.row.length;
    double[][] combination = new double[all][];
    double[][] postponed = new double[all][];
    int[] row = new int[all];
    double[] size = new double[all];
    int[] postponedRow = new int[all];
    double[] postponedSize = new double[all];
    int accepted = 0;
    int later = 0;
    for (int j = 0; j < all; j++) {
      double[] vector = new double[all];
      if (j >= count) {
        vector[j] = 1;
        postponedRow[later] = block.row[j];
        postponedSize[later] = block.size[j];
        postponed[later++] = vector;
        continue;
      }
      double norm = Math.sqrt(gram[j][j]);
      double left = block.size[j] * norm;
      // When directions span everything, what is left is rounding, however large it seems.
      if (!(left > tolerance()) || own.rank + accepted == own.domain) {
        continue;
      }
      vector[j] = 1 / norm;
      double pivot = 1;
      double[] inner = new double[accepted];
      for (int i = 0; i < accepted; i++) {
        for (int k = 0; k < count; k++) {
          inner[i] += combination[i][k] * gram[k][j];
        }
        inner[i] /= norm;
        pivot -= inner[i] * inner[i];
      }
      if (norm >= leastNorm && pivot >= LEAST_PIVOT) {
        for (int i = 0; i < accepted; i++) {
          for (int k = 0; k < count; k++) {
            vector[k] -= inner[i] * combination[i][k];
          }
        }
        for (int k = 0; k < count; k++) {
          vector[k] /= Math.sqrt(pivot);
        }
        row[accepted] = block.row[j];
        size[accepted] = left * Math.sqrt(pivot);
        combination[accepted++] = vector;
      } else {
        postponedRow[later] = block.row[j];
        postponedSize[later] = left;
        postponed[later++] = vector;
      }
    }
    System.arraycopy(postponed, 0, combination, accepted, later);
    System.arraycopy(postponedRow, 0, row, accepted, later);
    System.arraycopy(postponedSize, 0, size, accepted, later);
    own.directions.combine(Arrays.copyOf(combination, accepted + later), own.rank);
    block.row = Arrays.copyOf(row, accepted + later);
    block.size = Arrays.copyOf(size, accepted + later);
    return accepted;
  }

  /** Draws the answers to the first vectors of the block, which become directions. */
  private void learn(Side own, Side other, Block block, int count, StreamKey draws) {
    int from = own.rank;
    int to = from + count;
    draw(own, block, count, draws);
    if (count > 0 && other.rank > 0) {
      double[][] known = own.directions.products(from, to, other.answers, 0, other.rank);
      double[][] drawn = own.answers.products(from, to, other.directions, 0, other.rank);
      own.answers.add(weightsOfOther(known, drawn), other.directions, from);
    }
    own.rank = to;
  }

  private void draw(Side own, Block block, int count, StreamKey draws) {
    long chunks = Panel.chunks(own.codomain);
    for (long c = 0; c < chunks; c++) {
      OffHeapMatrix target = own.answers.chunk(c, own.rank, own.rank + count);
      double[] values = new double[(int) target.columns()];
      for (int i = 0; i < count; i++) {
        NormalStream.of(draws.block(block.row[i] * chunks + c)).fill(values, 0, values.length);
        for (int k = 0; k < values.length; k++) {
          values[k] *= standardDeviation;
        }
        target.putRow(i, values);
      }
    }
  }

  private double tolerance() {
    return precision == Precision.SINGLE ? 1e-6 : 1e-13;
  }

  private static double[][] negative(double[][] matrix) {
    double[][] result = new double[matrix.length][];
    for (int i = 0; i < matrix.length; i++) {
      result[i] = matrix[i].clone();
      for (int j = 0; j < result[i].length; j++) {
        result[i][j] = -result[i][j];
      }
    }
    return result;
  }

  private static double[] norms(OffHeapMatrix x, String side) {
    double[] norms = new double[(int) x.rows()];
    double[] piece = new double[(int) Math.min(Panel.CHUNK, x.columns())];
    for (int i = 0; i < norms.length; i++) {
      double sum = 0;
      for (long j = 0; j < x.columns(); j += piece.length) {
        int length = (int) Math.min(piece.length, x.columns() - j);
        x.getRow(i, j, piece, 0, length);
        for (int k = 0; k < length; k++) {
          sum += piece[k] * piece[k];
        }
      }
      if (!(sum < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "a " + side + " query has a finite norm, found that of row " + i + " squared = " + sum);
      }
      norms[i] = Math.sqrt(sum);
    }
    return norms;
  }
}
