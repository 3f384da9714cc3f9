package org.rnnsweep.kernels.existence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.concepts.Link;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.NormalizedInput;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.Trajectory;

/** Against W* as a matrix, by the definition and plain loops. */
class BackwardConstructionTest {
  private static final int M = 50;
  private static final int L = 4;
  private static final int D = 2;
  private static final int IN = 4;
  private static final double EPS = 0.3;
  private static final double WINDOW = 0.8;
  private static final StreamKey KEY = StreamKey.of(11);

  private static double[][] plain(OffHeapMatrix matrix) {
    double[][] rows = new double[(int) matrix.rows()][(int) matrix.columns()];
    for (int i = 0; i < rows.length; i++) {
      matrix.getRow(i, rows[i]);
    }
    return rows;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }

  /** Back_(i->j), row s, by plain products. */
  private static double[] back(double[][] w, double[][] b, double[][] h, int i, int j, int s) {
    double[] v = b[s].clone();
    for (int l = j; l > i; l--) {
      double[] next = new double[M];
      for (int k = 0; k < M; k++) {
        for (int c = 0; c < M; c++) {
          next[c] += h[l][k] > 0 ? v[k] * w[k][c] : 0;
        }
      }
      v = next;
    }
    return v;
  }

  private static double[][] states(double[][] w, double[][] a, double[][] x) {
    double[][] h = new double[L + 1][M];
    for (int l = 1; l <= L; l++) {
      for (int k = 0; k < M; k++) {
        h[l][k] = Math.max(0, dot(w[k], h[l - 1]) + dot(a[k], x[l - 1]));
      }
    }
    return h;
  }

  @Test
  void equalsTheDefinition() {
    Blas blas = Blas.of(new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE));
    NormalizedInput nothing = NormalizedInput.of(NormalizedInput.Law.NULL, KEY, IN, EPS);
    NormalizedInput actual = NormalizedInput.of(NormalizedInput.Law.SPREAD, KEY, IN, EPS);
    double[] noises = {0, 0, 0.4, 1.2};
    BackwardConstruction.Target target =
        new BackwardConstruction.Target(
            Link.power(2), 1, HermiteStep.Weight.MINIMUM_NORM, EPS, WINDOW, noises, 1e-9);
    try (Arena arena = Arena.ofBytes(1 << 24);
        RandomNetwork net =
            RandomNetwork.draw(
                blas,
                arena,
                Representation.DENSE,
                Precision.DOUBLE,
                new RandomNetwork.Shape(M, IN, D),
                RandomNetwork.HE,
                new Products(1000, 1000),
                KEY);
        Trajectory nulls = Trajectory.of(blas, arena, net.recurrent(), net.input(), L, nothing);
        Trajectory states = Trajectory.of(blas, arena, net.recurrent(), net.input(), L, actual);
        BackwardVectors nullBack =
            BackwardVectors.ask(arena, net.recurrent(), net.output(), nulls, 3, L);
        BackwardVectors back =
            BackwardVectors.ask(arena, net.recurrent(), net.output(), states, 3, L);
        BackwardConstruction weights =
            new BackwardConstruction(arena, net, nothing, nulls, nullBack, target, KEY)) {
      double[][] a = plain(net.input());
      double[][] b = plain(net.output());
      double[][] w = matrix(arena, net);
      double[][] h0 = states(w, a, nothing.tokens(L));
      double[][] h = states(w, a, actual.tokens(L));
      double[][] star = new double[M][M];
      double[][] goal = new double[L + 1][D];
      for (int i = 2; i < L; i++) {
        for (int j = i + 1; j <= L; j++) {
          for (int s = 0; s < D; s++) {
            double[] row = back(w, b, h0, i, j, s);
            double norm = Math.sqrt(dot(h0[i - 1], h0[i - 1]));
            double constant = dot(row, row) * norm * norm / M;
            double[] direction = direction(i, j, s);
            SingleFit fit =
                SingleFit.of(
                    Link.power(2), HermiteStep.Weight.MINIMUM_NORM, noises[i], WINDOW, norm, 1e-9);
            for (int k = 0; k < M; k++) {
              if (Math.abs(dot(w[k], h0[i - 1])) > WINDOW / Math.sqrt(M)) {
                continue;
              }
              double alpha = direction[0] * a[k][0] + direction[1] * a[k][1];
              double value =
                  fit.value(Math.sqrt(M / 2.0) * alpha, Math.sqrt(M / 2.0) * a[k][IN - 2]);
              for (int c = 0; c < M; c++) {
                star[k][c] += row[k] * value * h0[i - 1][c] / (M * constant);
              }
            }
            double[] x = actual.token(i);
            double t = (direction[0] * x[0] + direction[1] * x[1]) / EPS;
            goal[j][s] += t * t;
          }
        }
      }
      double total = 0;
      double largest = 0;
      for (double[] row : star) {
        total += dot(row, row);
        largest = Math.max(largest, dot(row, row));
      }
      assertThat(weights.norms()[0]).isCloseTo(Math.sqrt(total), within(1e-10));
      assertThat(weights.norms()[1]).isCloseTo(Math.sqrt(largest), within(1e-10));
      double square = 0;
      double size = 0;
      for (int j = 3; j <= L; j++) {
        for (int s = 0; s < D; s++) {
          double f = 0;
          for (int k = 2; k <= j; k++) {
            double[] row = back(w, b, h, k, j, s);
            for (int n = 0; n < M; n++) {
              f += h[k][n] > 0 ? row[n] * dot(star[n], h[k - 1]) : 0;
            }
          }
          square += (f - goal[j][s]) * (f - goal[j][s]);
          size += goal[j][s] * goal[j][s];
        }
      }
      int count = (L - 2) * D;
      BackwardConstruction.Errors errors = weights.errors(actual, states, back);
      assertThat(errors.size()).isCloseTo(Math.sqrt(size / count), within(1e-10));
      assertThat(errors.error()).isCloseTo(Math.sqrt(square / count), within(1e-8));
      assertThat(errors.offComponent()).isPositive();
    }
  }

  /** The direction that the construction draws. */
  private static double[] direction(int i, int j, int s) {
    double[] direction = new double[2];
    org.rnnsweep.kernels.random.NormalStream.of(
            KEY.with("position", i).with("end", j).with("output", s).with("function", 0))
        .fill(direction, 0, 2);
    double norm = Math.sqrt(dot(direction, direction));
    return new double[] {direction[0] / norm, direction[1] / norm};
  }

  /** W, by its products with unit vectors. */
  private static double[][] matrix(Arena arena, RandomNetwork net) {
    OffHeapMatrix units = arena.matrix(M, M, Precision.DOUBLE);
    units.fill(0);
    for (int k = 0; k < M; k++) {
      units.set(k, k, 1);
    }
    OffHeapMatrix columns = arena.matrix(M, M, Precision.DOUBLE);
    net.recurrent().left(units, columns);
    double[][] w = plain(columns);
    arena.release(columns);
    arena.release(units);
    return w;
  }
}
