package org.rnnsweep.kernels.existence;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.concepts.Link;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.SignPattern;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * The weights that Panigrahi and Goyal show to exist (Lemma 4.2, Definition D.2): {@code W* = 0},
 * and A* is 0 but for its last column
 *
 * <pre>
 * a*_k = d/m sum over s and r of b_sk H_rs(sqrt(m/2) &lt;w_k, u_rs&gt; / |u_rs|, sqrt(m/2) a_kd)
 * </pre>
 *
 * with d outputs and the vectors u of {@link StateDirections}. As the last coordinate of a token is
 * 1 at the first and the last step and 0 between, the pseudo-network's output is
 *
 * <pre>
 * F_s = b_s^T D_L a* + e_s^T Back_(1-&gt;L) D_1 a*,
 * </pre>
 *
 * whose first part represents {@code sum over r of Phi(k_0 <u_rs, h^(L-1)> / |u_rs|)} and whose
 * second part is noise. The coefficients b^dagger of the target are 1.
 */
public final class LastStepConstruction implements AutoCloseable {

  /**
   * What is represented.
   *
   * @param link Phi
   * @param weight of H
   * @param radius r_x, the norm of the state that H is made for
   * @param accuracy what degrees left out add up to at most
   * @param epsX {@code k_0 = |u| / eps_x}; 0 stands for k_0 = 1
   */
  public record Target(
      Link link, HermiteStep.Weight weight, double radius, double accuracy, double epsX) {}

  private final Arena arena;
  private final OffHeapMatrix coefficients;
  private final double secondMoment;

  private LastStepConstruction(Arena arena, OffHeapMatrix coefficients, double secondMoment) {
    this.arena = arena;
    this.coefficients = coefficients;
    this.secondMoment = secondMoment;
  }

  /**
   * @param recurrent W, with as many right products left as there are directions
   * @param input A
   * @param output B, d x m
   * @param directions those of output s are the s-th of d equal parts
   */
  public static LastStepConstruction of(
      Arena arena,
      GaussianOperator recurrent,
      OffHeapMatrix input,
      OffHeapMatrix output,
      StateDirections directions,
      Target target) {
    int m = Math.toIntExact(recurrent.rows());
    int d = Math.toIntExact(output.rows());
    int functions = directions.count() / d;
    OffHeapMatrix products = arena.matrix(directions.count(), m, Precision.DOUBLE);
    recurrent.right(directions.units(), products);
    double scale = Math.sqrt(m / RandomNetwork.HE);
    double[] thresholds = new double[m];
    for (int k = 0; k < m; k++) {
      thresholds[k] = scale * input.get(k, input.columns() - 1) / target.radius();
    }
    double[] sum = new double[m];
    double[] weight = new double[m];
    double[] product = new double[m];
    double moment = 0;
    for (int n = 0; n < directions.count(); n++) {
      IndicatorFunction h = function(target, directions.norm(n));
      moment += h.secondMoment() / directions.count();
      products.getRow(n, product);
      output.getRow(n / functions, weight);
      for (int k = 0; k < m; k++) {
        sum[k] += weight[k] * h.value(scale * product[k], thresholds[k]) * d / m;
      }
    }
    arena.release(products);
    OffHeapMatrix coefficients = arena.matrix(1, m, Precision.DOUBLE);
    coefficients.putRow(0, sum);
    return new LastStepConstruction(arena, coefficients, moment);
  }

  static IndicatorFunction function(Target target, double norm) {
    return IndicatorFunction.of(
        target.link(),
        factor(target, norm) * target.radius(),
        1 / target.radius(),
        target.weight(),
        target.accuracy());
  }

  /** k_0. */
  private static double factor(Target target, double norm) {
    return target.epsX() == 0 ? 1 : norm / target.epsX();
  }

  /** The most bytes held while it is made. */
  public static long memoryBytes(long width, int directions) {
    return Math.max(2, directions) * width * Double.BYTES;
  }

  /** The last column of A*, 1 x m. */
  public OffHeapMatrix coefficients() {
    return coefficients;
  }

  /** |A*|_F. */
  public double norm() {
    return RowMeasures.norm(coefficients, 0);
  }

  /** E H^2, a mean over the functions. */
  public double secondMoment() {
    return secondMoment;
  }

  /** {@code b_s^T D_L a*} of one sequence, for every s. */
  public double[] last(OffHeapMatrix output, Trajectory states, int sequence) {
    return products(output, states.state(states.steps(), sequence));
  }

  /** {@code e_s^T Back_(1->L) D_1 a*} of one sequence, for every s. */
  public double[] first(BackwardVectors back, Trajectory states, int sequence) {
    return products(back.block(1, states.steps(), sequence), states.state(1, sequence));
  }

  private double[] products(OffHeapMatrix rows, OffHeapMatrix pattern) {
    OffHeapMatrix masked = arena.matrix(1, coefficients.columns(), Precision.DOUBLE);
    masked.copyFrom(coefficients);
    SignPattern.apply(pattern, masked);
    double[] products = new double[Math.toIntExact(rows.rows())];
    for (int s = 0; s < products.length; s++) {
      products[s] = RowMeasures.dot(rows, s, masked, 0);
    }
    arena.release(masked);
    return products;
  }

  /** {@code sum over r of Phi(k_0 <u_rs, h> / |u_rs|)} for every s, of a state h, 1 x m. */
  public static double[] ofState(
      StateDirections directions, int outputs, Target target, OffHeapMatrix state) {
    double[] values = new double[outputs];
    int functions = directions.count() / outputs;
    for (int n = 0; n < directions.count(); n++) {
      double argument =
          factor(target, directions.norm(n)) * RowMeasures.dot(directions.units(), n, state, 0);
      values[n / functions] += target.link().value(argument);
    }
    return values;
  }

  /**
   * {@code sum over r of Phi(<w_rs, [xbar^(2), .., xbar^(L-1)]>)} for every s.
   *
   * @param tokens x^(1) .. x^(L), one a row
   */
  public static double[] ofInputs(
      StateDirections directions, int outputs, Target target, double[][] tokens) {
    double[] values = new double[outputs];
    int functions = directions.count() / outputs;
    int free = tokens[0].length - 1;
    for (int n = 0; n < directions.count(); n++) {
      double argument = 0;
      for (int l = 2; l < tokens.length; l++) {
        for (int c = 0; c < free; c++) {
          argument += directions.input(n)[(l - 2) * free + c] * tokens[l - 1][c] / target.epsX();
        }
      }
      values[n / functions] += target.link().value(argument);
    }
    return values;
  }

  @Override
  public void close() {
    arena.release(coefficients);
  }
}
