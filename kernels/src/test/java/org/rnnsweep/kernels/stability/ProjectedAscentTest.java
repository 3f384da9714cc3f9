package org.rnnsweep.kernels.stability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.ProjectedAscent.Objective;

/** The ascent against the same one on explicit 64 x 64 matrices. */
class ProjectedAscentTest {
  private static final int M = 64;
  private static final int LENGTH = 4;
  private static final int OUTPUTS = 2;
  private static final int STEPS = 6;
  private static final double SIZE = 1 / Math.sqrt(M);
  private static final StreamKey KEY = StreamKey.of(61).seed(0);
  private static final NormalizedInput X =
      NormalizedInput.of(NormalizedInput.Law.SPREAD, KEY.name("x"), 4, 0.25);

  private static RandomNetwork network(Arena arena, Representation representation) {
    return RandomNetwork.draw(
        Explicit.BLAS,
        arena,
        representation,
        Precision.DOUBLE,
        new RandomNetwork.Shape(M, 4, OUTPUTS),
        RandomNetwork.HE,
        new Products(300, 300),
        KEY);
  }

  private static Stream<Arguments> cases() {
    return Stream.of(Objective.values())
        .flatMap(o -> Stream.of(Representation.values()).map(r -> Arguments.of(o, r)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void climbsAsOnExplicitMatrices(Objective objective, Representation representation) {
    try (Arena arena = Arena.ofBytes(1L << 26);
        RandomNetwork net = network(arena, representation);
        Trajectory states =
            Trajectory.of(Explicit.BLAS, arena, net.recurrent(), net.input(), LENGTH, X)) {
      List<double[][]> starts = new ArrayList<>();
      for (RankOneAttack attack : RankOneAttack.values()) {
        OffHeapMatrix p = arena.matrix(1, M, Precision.DOUBLE);
        OffHeapMatrix q = arena.matrix(1, M, Precision.DOUBLE);
        attack.choose(arena, states, net.output(), SIZE, p, q);
        double[][] column = Explicit.transpose(Explicit.entries(p));
        starts.add(Explicit.product(column, Explicit.entries(q)));
      }
      Arena own = Arena.ofBytes(1L << 26);
      try (ProjectedAscent ascent =
          ProjectedAscent.climb(Explicit.BLAS, own, net, X, states, objective, SIZE, STEPS)) {
        assertThat(own.peak())
            .isLessThanOrEqualTo(
                ProjectedAscent.memoryBytes(objective, M, X.dimension(), OUTPUTS, LENGTH, STEPS));
        double[][] w = Explicit.complete(arena, net.recurrent());
        double[][] found = minus(Explicit.complete(arena, ascent.sum()), w);
        Brute brute = new Brute(objective, net, w);
        double[][] oracle = brute.climb(starts);

        // The climb multiplies roundings, since a neuron near 0 is on or off: 1e-14 becomes 1e-8.
        assertThat(ascent.start()).isCloseTo(brute.start, within(1e-10));
        assertThat(ascent.value()).isCloseTo(brute.value(oracle), within(1e-8));
        assertThat(ascent.value()).isCloseTo(brute.value(found), within(1e-10));
        for (int i = 0; i < M; i++) {
          assertThat(found[i]).containsExactly(oracle[i], within(1e-8));
        }
        assertThat(SymmetricEigen.spectralNorm(found)).isLessThan(SIZE * (1 + 1e-9));
        assertThat(ascent.value()).isGreaterThan(1.02 * ascent.start());
        assertThat(brute.taken).isBetween(1, STEPS);
      }
      assertThat(own.used()).isZero();
    }
  }

  /** The oracle's own gradient, by differences of its objective along random directions. */
  @ParameterizedTest
  @MethodSource("cases")
  void oracleClimbsTheObjective(Objective objective, Representation representation) {
    try (Arena arena = Arena.ofBytes(1L << 26);
        RandomNetwork net = network(arena, representation);
        Directions random = new Directions(arena)) {
      Brute brute = new Brute(objective, net, Explicit.complete(arena, net.recurrent()));
      double[][] at = random.matrix(0.1);
      double[][] gradient = brute.gradient(at);
      for (int trial = 0; trial < 5; trial++) {
        double[][] direction = random.matrix(1);
        double step = 1e-7; // short of the nearest kink, and 1e-16 / 1e-7 of rounding
        double difference =
            (brute.value(plus(at, step, direction)) - brute.value(plus(at, -step, direction)))
                / (2 * step);
        double slope = 0;
        for (int i = 0; i < M; i++) {
          for (int j = 0; j < M; j++) {
            slope += gradient[i][j] * direction[i][j];
          }
        }
        assertThat(slope).isCloseTo(difference, within(1e-5));
      }
    }
  }

  @Test
  void refusesInWords() {
    try (Arena arena = Arena.ofBytes(1L << 26);
        RandomNetwork net = network(arena, Representation.DENSE);
        Trajectory states =
            Trajectory.of(Explicit.BLAS, arena, net.recurrent(), net.input(), LENGTH, X)) {
      assertThatThrownBy(
              () ->
                  ProjectedAscent.climb(
                      Explicit.BLAS, arena, net, X, states, Objective.STATES, SIZE, 0))
          .hasMessageContaining("at least 1 step, found 0");
      assertThatThrownBy(() -> Objective.ofLabel("descent"))
          .hasMessageContaining("'descent', the names are ascent-states, ascent-error");
    }
  }

  /** Normal matrices of a given deviation, one after another. */
  private static final class Directions implements AutoCloseable {
    private final Arena arena;
    private final OffHeapMatrix entries;
    private int drawn;

    Directions(Arena arena) {
      this.arena = arena;
      entries = arena.matrix(M, M, Precision.DOUBLE);
    }

    double[][] matrix(double deviation) {
      GaussianMatrix.fill(entries, KEY.name("direction").with("number", drawn++), deviation);
      return Explicit.entries(entries);
    }

    @Override
    public void close() {
      arena.release(entries);
    }
  }

  /** Plain loops over whole matrices; the gradient from explicit backward maps. */
  private static final class Brute {
    private final Objective objective;
    private final Explicit old;
    private final double[][] g;
    private double start;
    private int taken;

    Brute(Objective objective, RandomNetwork net, double[][] w) {
      this.objective = objective;
      old = new Explicit(w, Explicit.entries(net.input()), Explicit.entries(net.output()));
      g = old.run(X.tokens(LENGTH));
    }

    double[][] climb(List<double[][]> starts) {
      double[][] best = starts.get(0);
      for (double[][] other : starts) {
        best = value(other) > value(best) ? other : best;
      }
      start = value(best);
      double step = 1;
      for (int t = 0; t < STEPS; t++) {
        double[][] gradient = gradient(best);
        double norm = spectralNorm(gradient);
        double[][] next = clip(plus(best, step * SIZE / norm, gradient));
        if (value(next) > value(best)) {
          best = next;
          step *= 2;
          taken++;
        } else {
          step /= 2;
        }
      }
      return best;
    }

    double value(double[][] change) {
      return norm(end(change));
    }

    /** h'_L - h_L, or its image under B less the linear part. */
    private double[] end(double[][] change) {
      double[][] moved = new Explicit(plus(old.w, 1, change), old.a, old.b).run(X.tokens(LENGTH));
      double[] gap = new double[M];
      for (int k = 0; k < M; k++) {
        gap[k] = Math.max(0, moved[LENGTH - 1][k]) - Math.max(0, g[LENGTH - 1][k]);
      }
      if (objective == Objective.STATES) {
        return gap;
      }
      double[] error = image(old.b, gap);
      for (int i = 2; i <= LENGTH; i++) {
        double[] term = image(change, relu(g[i - 2]));
        for (int k = 0; k < M; k++) {
          term[k] = g[i - 1][k] >= 0 ? term[k] : 0;
        }
        term = image(old.back(i, LENGTH), term);
        for (int s = 0; s < OUTPUTS; s++) {
          error[s] -= term[s];
        }
      }
      return error;
    }

    double[][] gradient(double[][] change) {
      double[] end = end(change);
      for (int s = 0; s < end.length; s++) {
        end[s] /= value(change);
      }
      Explicit now = new Explicit(plus(old.w, 1, change), old.a, old.b);
      double[][] moved = now.run(X.tokens(LENGTH));
      double[][] gradient = new double[M][M];
      for (int i = 2; i <= LENGTH; i++) {
        double[][] front = objective == Objective.STATES ? identity() : old.b;
        double[][] map = i == LENGTH ? front : Explicit.product(front, now.chain(i + 1, LENGTH));
        add(gradient, 1, image(Explicit.transpose(map), end), moved, i);
        if (objective == Objective.FIRST_ORDER) {
          add(gradient, -1, image(Explicit.transpose(old.back(i, LENGTH)), end), g, i);
        }
      }
      return gradient;
    }

    private static void add(
        double[][] gradient, double factor, double[] v, double[][] states, int i) {
      double[] h = relu(states[i - 2]);
      for (int k = 0; k < M; k++) {
        for (int c = 0; c < M; c++) {
          gradient[k][c] += states[i - 1][k] >= 0 ? factor * v[k] * h[c] : 0;
        }
      }
    }
  }

  /** Singular values cut at SIZE, by one-sided Jacobi rotations of all columns. */
  private static double[][] clip(double[][] matrix) {
    double[][] columns = Explicit.transpose(matrix);
    double[][] right = identity();
    orthogonalise(columns, right);
    double[][] clipped = new double[M][M];
    for (int k = 0; k < M; k++) {
      double sigma = norm(columns[k]);
      double factor = sigma > SIZE ? SIZE / sigma : 1;
      for (int i = 0; i < M; i++) {
        for (int j = 0; j < M; j++) {
          clipped[i][j] += factor * columns[k][i] * right[k][j];
        }
      }
    }
    return clipped;
  }

  private static double spectralNorm(double[][] matrix) {
    double[][] columns = Explicit.transpose(matrix);
    orthogonalise(columns, identity());
    double largest = 0;
    for (double[] column : columns) {
      largest = Math.max(largest, norm(column));
    }
    return largest;
  }

  private static void orthogonalise(double[][] columns, double[][] right) {
    for (int sweep = 0; sweep < 30; sweep++) {
      for (int p = 0; p < M; p++) {
        for (int q = p + 1; q < M; q++) {
          double alpha = dot(columns[p], columns[p]);
          double beta = dot(columns[q], columns[q]);
          double gamma = dot(columns[p], columns[q]);
          if (Math.abs(gamma) <= 1e-16 * Math.sqrt(alpha * beta) || gamma == 0) {
            continue;
          }
          double zeta = (beta - alpha) / (2 * gamma);
          double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
          double c = 1 / Math.hypot(1, t);
          rotate(columns[p], columns[q], c, c * t);
          rotate(right[p], right[q], c, c * t);
        }
      }
    }
  }

  private static void rotate(double[] x, double[] y, double c, double s) {
    for (int k = 0; k < x.length; k++) {
      double xk = x[k];
      x[k] = c * xk - s * y[k];
      y[k] = s * xk + c * y[k];
    }
  }

  private static double[][] identity() {
    double[][] identity = new double[M][M];
    for (int k = 0; k < M; k++) {
      identity[k][k] = 1;
    }
    return identity;
  }

  private static double[][] minus(double[][] x, double[][] y) {
    return plus(x, -1, y);
  }

  private static double[][] plus(double[][] x, double factor, double[][] y) {
    double[][] sum = new double[M][M];
    for (int i = 0; i < M; i++) {
      for (int j = 0; j < M; j++) {
        sum[i][j] = x[i][j] + factor * y[i][j];
      }
    }
    return sum;
  }

  private static double[] image(double[][] matrix, double[] x) {
    double[] y = new double[matrix.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = dot(matrix[i], x);
    }
    return y;
  }

  private static double[] relu(double[] g) {
    double[] h = g.clone();
    for (int k = 0; k < h.length; k++) {
      h[k] = Math.max(0, h[k]);
    }
    return h;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }

  private static double norm(double[] x) {
    return Math.sqrt(dot(x, x));
  }
}
