package org.rnnsweep.kernels.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.LossVectors;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.TokenFamily;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * First and second derivatives against differences of a loss written out entry by entry, whose
 * activations are the polynomials {@code h + D (x - g) + 1[|g| <= kappa] (x - g)^2 / (4 kappa)} of
 * their own preactivations g at W: of every neuron the value, slope and curvature that the
 * derivatives are said to have.
 */
class LossGradientTest {
  private static final Blas BLAS =
      Blas.of(new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE));
  private static final StreamKey KEY = StreamKey.of(47).seed(2);
  private static final int M = 12;
  private static final int N = 2;
  private static final int D = 2;
  private static final int LENGTH = 4;
  private static final double STEP = 1e-3; // the loss is smooth, of bounded third derivatives

  @ParameterizedTest
  @CsvSource({"true, 0.3", "false, 0.3", "true, 0", "false, 0"})
  void derivativesAreThoseOfTheLoss(boolean squares, double kappa) {
    double[][][] x = TokenFamily.UNRELATED.draw(KEY.name("x"), N, 4, 0.5, LENGTH);
    double[][][] e = new double[N][][];
    double[][] widths = new double[N][LENGTH - 1];
    for (int i = 0; i < N; i++) {
      e[i] = LossVectors.Family.RANDOM.draw(KEY.name("e").with("sequence", i), D, LENGTH);
      Arrays.fill(widths[i], kappa);
    }
    try (Arena arena = Arena.ofBytes(1 << 22);
        RandomNetwork net =
            RandomNetwork.draw(
                BLAS,
                arena,
                Representation.DENSE,
                Precision.DOUBLE,
                new RandomNetwork.Shape(M, 4, D),
                RandomNetwork.HE,
                new Products(100, 100),
                KEY);
        OuterSum direction = random(arena, "direction");
        OuterSum other = random(arena, "other")) {
      LossGradient loss = new LossGradient(BLAS, arena, net.output());
      try (Trajectory states = Trajectory.of(BLAS, arena, net.recurrent(), net.input(), x);
          OuterSum gradient = loss.of(net.recurrent(), states, e);
          OuterSum hessian = loss.hessian(net.recurrent(), states, e, squares, widths, direction)) {
        Explicit explicit = new Explicit(arena, net, states, loss.outputs(states), x, e, squares);
        explicit.kappa = kappa;
        double slope =
            explicit.at(direction, STEP, other, 0) - explicit.at(direction, -STEP, other, 0);
        assertThat(dot(gradient, direction)).isCloseTo(slope / (2 * STEP), within(1e-4));
        double mixed =
            explicit.at(direction, STEP, other, STEP)
                - explicit.at(direction, STEP, other, -STEP)
                - explicit.at(direction, -STEP, other, STEP)
                + explicit.at(direction, -STEP, other, -STEP);
        assertThat(Math.abs(mixed / (4 * STEP * STEP))).isGreaterThan(0.1);
        assertThat(dot(hessian, other)).isCloseTo(mixed / (4 * STEP * STEP), within(1e-4));
      }
    }
  }

  private static OuterSum random(Arena arena, String name) {
    OuterSum sum = new OuterSum(BLAS, arena, M, 2);
    OffHeapMatrix u = arena.matrix(2, M, Precision.DOUBLE);
    OffHeapMatrix h = arena.matrix(2, M, Precision.DOUBLE);
    GaussianMatrix.fill(u, KEY.name(name).name("u"), 0.3);
    GaussianMatrix.fill(h, KEY.name(name).name("h"), 0.3);
    sum.add(1, u, h);
    arena.release(h);
    arena.release(u);
    return sum;
  }

  private static double dot(OuterSum sum, OuterSum other) {
    return sum.dot(other.left(), other.right());
  }

  /** The loss in loops over entries. */
  private static final class Explicit {
    private final double[][] w = new double[M][M];
    private final double[][] b = new double[D][M];
    private final double[][] a;
    private final Trajectory states;
    private final double[][][] outputs;
    private final double[][][] x;
    private final double[][][] e;
    private final boolean squares;
    private double kappa;

    Explicit(
        Arena arena,
        RandomNetwork net,
        Trajectory states,
        double[][][] outputs,
        double[][][] x,
        double[][][] e,
        boolean squares) {
      GaussianOperator recurrent = net.recurrent();
      OffHeapMatrix unit = arena.matrix(M, M, Precision.DOUBLE);
      OffHeapMatrix columns = arena.matrix(M, M, Precision.DOUBLE);
      for (int k = 0; k < M; k++) {
        unit.set(k, k, 1);
      }
      recurrent.right(unit, columns);
      a = new double[M][Math.toIntExact(net.input().columns())];
      for (int j = 0; j < M; j++) {
        for (int k = 0; k < M; k++) {
          w[j][k] = columns.get(k, j);
        }
        net.input().getRow(j, a[j]);
      }
      for (int c = 0; c < D; c++) {
        net.output().getRow(c, b[c]);
      }
      arena.release(columns);
      arena.release(unit);
      this.states = states;
      this.outputs = outputs;
      this.x = x;
      this.e = e;
      this.squares = squares;
    }

    /** At W + s X + t Y; errors e at W. */
    double at(OuterSum first, double s, OuterSum second, double t) {
      double value = 0;
      for (int i = 0; i < N; i++) {
        double[] h = new double[M];
        for (int l = 1; l <= LENGTH; l++) {
          double[] next = new double[M];
          for (int j = 0; j < M; j++) {
            double g = 0;
            for (int k = 0; k < x[i][l - 1].length; k++) {
              g += a[j][k] * x[i][l - 1][k];
            }
            for (int k = 0; k < M && l > 1; k++) {
              g += (w[j][k] + s * entry(first, j, k) + t * entry(second, j, k)) * h[k];
            }
            double known = states.preactivation(l, i).get(0, j);
            double slope = known >= 0 ? 1 : 0;
            double bend = l > 1 && Math.abs(known) <= kappa ? 1 / (4 * kappa) : 0;
            double move = g - known;
            next[j] = slope * known + slope * move + (bend > 0 ? bend * move * move : 0);
          }
          h = next;
          for (int c = 0; c < D && l > 1; c++) {
            double y = 0;
            for (int k = 0; k < M; k++) {
              y += b[c][k] * h[k];
            }
            double move = y - outputs[i][l - 2][c];
            value += e[i][l - 2][c] * move + (squares ? move * move / 2 : 0);
          }
        }
      }
      return value;
    }

    private static double entry(OuterSum sum, int j, int k) {
      double entry = 0;
      for (int r = 0; r < sum.left().rows(); r++) {
        entry += sum.left().get(r, j) * sum.right().get(r, k);
      }
      return entry;
    }
  }
}
