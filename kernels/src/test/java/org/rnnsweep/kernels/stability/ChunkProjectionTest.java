package org.rnnsweep.kernels.stability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.DenseGaussian;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;

class ChunkProjectionTest {
  private static final int LENGTH = 5;
  private static final int CHUNK = 3;
  private static final StreamKey KEY = StreamKey.of(17);

  private static NormalizedInput input(int which) {
    return NormalizedInput.of(
        NormalizedInput.Law.REPEATED, KEY.name("input").with("sequence", which), 5, 0.2);
  }

  private interface Use {
    void with(DenseGaussian w, OffHeapMatrix a, Trajectory states, Arena arena);
  }

  private static void network(int m, Use use) {
    try (Arena arena = Arena.ofBytes(1 << 24);
        DenseGaussian w =
            DenseGaussian.draw(
                Explicit.BLAS,
                arena,
                Precision.DOUBLE,
                m,
                m,
                Math.sqrt(2.0 / m),
                KEY.name("W").with("width", m))) {
      OffHeapMatrix a = arena.matrix(m, 5, Precision.DOUBLE);
      GaussianMatrix.fill(a, KEY.name("A"), Math.sqrt(2.0 / m));
      try (Trajectory states =
          Trajectory.of(Explicit.BLAS, arena, w, a, LENGTH, input(1), input(2))) {
        use.with(w, a, states, arena);
      }
    }
  }

  /**
   * Against explicit matrices: each part inside the span as what is missing to |z|^2 after a least
   * squares fit by all earlier vectors. m = 60 leaves room for the 22 of them; squares are
   * compared, to 1e-10 with Gram matrices of condition below 1e4.
   */
  @Test
  void isTheLeastSquaresFitByEarlierVectors() {
    network(
        60,
        (w, a, states, arena) -> {
          double[][] explicitW = Explicit.complete(arena, w);
          Explicit[] runs = new Explicit[2];
          for (int s = 0; s < 2; s++) {
            runs[s] = new Explicit(explicitW, Explicit.entries(a), null);
            runs[s].run(input(s + 1).tokens(LENGTH));
          }
          List<double[]> earlier = new ArrayList<>();
          for (int l = 2; l <= 3; l++) {
            for (int s = 0; s < 2; s++) {
              earlier.add(masked(runs[s].g[l - 1], runs[s].g[l - 1]));
            }
          }
          double[][] zeta = orthonormal(60);
          double most = 0;
          double mostWithTwin = 0;
          double[][][] now = {zeta.clone(), zeta.clone()};
          for (int stage = 0; stage <= LENGTH - 3; stage++) {
            for (int p = 0; p < CHUNK; p++) {
              for (int s = 0; s < 2; s++) {
                double[] image = stage == 0 ? zeta[p] : times(explicitW, now[s][p]);
                now[s][p] = masked(runs[s].g[1 + s + stage], image);
              }
            }
            for (int p = 0; p < CHUNK; p++) {
              most = Math.max(most, inside(now[0][p], earlier));
              earlier.add(now[1][p]);
              mostWithTwin = Math.max(mostWithTwin, inside(now[0][p], earlier));
              earlier.add(earlier.size() - 1, now[0][p]);
            }
          }
          try (ChunkProjection chunks =
              new ChunkProjection(Explicit.BLAS, arena, w, states, CHUNK, KEY.name("zeta"))) {
            int calls = 1;
            while (chunks.advance()) {
              calls++;
            }
            assertThat(calls).isEqualTo(LENGTH - 2);
            assertThat(chunks.earlier()).isCloseTo(Math.sqrt(most), within(1e-10));
            assertThat(chunks.withTwin()).isCloseTo(Math.sqrt(mostWithTwin), within(1e-10));
            assertThat(chunks.withTwin()).isGreaterThan(chunks.earlier() + 0.01);
          }
        });
  }

  @Test
  void refusesWhatDoesNotFit() {
    network(
        20,
        (w, a, states, arena) ->
            assertThatThrownBy(() -> new ChunkProjection(Explicit.BLAS, arena, w, states, 3, KEY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("22 vectors")
                .hasMessageContaining("m = 20"));
  }

  private static double[][] orthonormal(int m) {
    try (Arena arena = Arena.ofBytes(1 << 20)) {
      OffHeapMatrix drawn = arena.matrix(CHUNK, m, Precision.DOUBLE);
      GaussianMatrix.fill(drawn, KEY.name("zeta"), 1);
      double[][] rows = Explicit.entries(drawn);
      arena.release(drawn);
      List<double[]> done = new ArrayList<>();
      for (double[] row : rows) {
        double[] rest = rest(row, done);
        double norm = Math.sqrt(dot(rest, rest));
        for (int k = 0; k < m; k++) {
          rest[k] /= norm;
        }
        done.add(rest);
      }
      return done.toArray(new double[0][]);
    }
  }

  /** |x|^2 less the squared distance of x from a span, by normal equations. */
  private static double inside(double[] x, List<double[]> span) {
    double[] rest = rest(x, span);
    return dot(x, x) - dot(rest, rest);
  }

  /** Gauss-Jordan elimination on the Gram matrix. */
  private static double[] rest(double[] x, List<double[]> span) {
    int n = span.size();
    double[][] system = new double[n][n + 1];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        system[i][j] = dot(span.get(i), span.get(j));
      }
      system[i][n] = dot(span.get(i), x);
    }
    for (int k = 0; k < n; k++) {
      double pivot = system[k][k];
      for (int j = k; j <= n; j++) {
        system[k][j] /= pivot;
      }
      for (int i = 0; i < n; i++) {
        double factor = system[i][k];
        for (int j = k; j <= n && i != k; j++) {
          system[i][j] -= factor * system[k][j];
        }
      }
    }
    double[] rest = x.clone();
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < x.length; k++) {
        rest[k] -= system[i][n] * span.get(i)[k];
      }
    }
    return rest;
  }

  private static double[] masked(double[] preactivation, double[] x) {
    double[] masked = new double[x.length];
    for (int k = 0; k < x.length; k++) {
      masked[k] = preactivation[k] >= 0 ? x[k] : 0;
    }
    return masked;
  }

  private static double[] times(double[][] matrix, double[] x) {
    double[] y = new double[matrix.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = dot(matrix[i], x);
    }
    return y;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }
}
