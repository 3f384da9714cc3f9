package org.rnnsweep.kernels.stability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.LowRankSum;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;

/** Signals, losses, counts and rank-one changes against explicit matrices of 64 neurons. */
class SequencesTest {
  private static final int M = 64;
  private static final int LENGTH = 5;
  private static final StreamKey KEY = StreamKey.of(49).seed(0);
  // Sums of some 64 terms five deep; every answer has norm of order 1, backward vectors of 8.
  private static final double ROUNDING = 1e-11;

  private static RandomNetwork network(Arena arena) {
    return RandomNetwork.draw(
        Explicit.BLAS,
        arena,
        Representation.DENSE,
        Precision.DOUBLE,
        new RandomNetwork.Shape(M, 6, 2),
        RandomNetwork.HE,
        new Products(0, 0),
        KEY);
  }

  private static Explicit explicit(Arena arena, RandomNetwork net) {
    return new Explicit(
        Explicit.complete(arena, net.recurrent()),
        Explicit.entries(net.input()),
        Explicit.entries(net.output()));
  }

  private static Trajectory pass(Arena arena, RandomNetwork net, double[][][] tokens) {
    Trajectory states =
        new Trajectory(Explicit.BLAS, arena, net.recurrent(), net.input(), tokens.length, LENGTH);
    for (int l = 0; l < LENGTH; l++) {
      double[][] x = new double[tokens.length][];
      for (int i = 0; i < x.length; i++) {
        x[i] = tokens[i][l];
      }
      states.step(x);
    }
    return states;
  }

  @Test
  void signalsAreThoseOfPlainLoops() {
    double[][] tokens = TokenFamily.UNRELATED.draw(KEY, 1, 6, 1, LENGTH)[0];
    for (Nonlinearity phi : Nonlinearity.values()) {
      try (Arena arena = Arena.ofBytes(1L << 24);
          RandomNetwork net = network(arena);
          SignalPass pass =
              new SignalPass(
                  Explicit.BLAS, arena, l -> net.recurrent(), net.input(), phi, LENGTH)) {
        Explicit e = explicit(arena, net);
        double[][] slopes = new double[LENGTH][M];
        double[] h = new double[M];
        for (int l = 0; l < LENGTH; l++) {
          pass.step(tokens[l]);
          double[] next = new double[M];
          for (int k = 0; k < M; k++) {
            double g = 0;
            for (int c = 0; c < M; c++) {
              g += e.w[k][c] * h[c];
            }
            for (int c = 0; c < 6; c++) {
              g += e.a[k][c] * tokens[l][c];
            }
            next[k] = phi.value(8 * g) / 8; // sqrt(64)
            slopes[l][k] = phi.slope(8 * g);
          }
          h = next;
        }
        OffHeapMatrix vector = arena.matrix(1, M, Precision.DOUBLE);
        OffHeapMatrix scratch = arena.matrix(1, M, Precision.DOUBLE);
        vector.copyFrom(net.output().rowRange(0, 1));
        pass.back(l -> net.recurrent(), vector, scratch);
        double[] v = e.b[0].clone();
        for (int l = LENGTH; l >= 2; l--) {
          double[] next = new double[M];
          for (int k = 0; k < M; k++) {
            for (int c = 0; c < M; c++) {
              next[c] += e.w[k][c] * slopes[l - 1][k] * v[k];
            }
          }
          v = next;
        }
        for (int k = 0; k < M; k++) {
          assertThat(pass.state().get(0, k)).isCloseTo(h[k], within(ROUNDING));
          assertThat(vector.get(0, k)).isCloseTo(v[k], within(ROUNDING));
        }
        assertThatThrownBy(() -> pass.step(tokens[0])).hasMessageContaining("step 6");
      }
    }
  }

  @Test
  void lossesComeBackThroughExplicitMaps() {
    double[][][] tokens = TokenFamily.COMMON.draw(KEY, 2, 6, 0.5, LENGTH);
    for (LossVectors.Family family : LossVectors.Family.values()) {
      double[][] losses = family.draw(KEY.name("losses"), 2, LENGTH);
      assertThat(Math.hypot(losses[LENGTH - 2][0], losses[LENGTH - 2][1]))
          .isCloseTo(1, within(1e-15));
      try (Arena arena = Arena.ofBytes(1L << 24);
          RandomNetwork net = network(arena);
          Trajectory states = pass(arena, net, tokens)) {
        Explicit e = explicit(arena, net);
        e.run(tokens[1]);
        int[] visited = new int[1];
        LossVectors.ask(
            Explicit.BLAS,
            arena,
            net.recurrent(),
            net.output(),
            states,
            1,
            losses,
            (l, vector) -> {
              visited[0]++;
              for (int k = 0; k < M; k++) {
                double expected = 0;
                for (int a = l; a <= LENGTH; a++) {
                  for (int s = 0; s < 2; s++) {
                    expected += losses[a - 2][s] * e.back(l, a)[s][k];
                  }
                }
                assertThat(vector.get(0, k)).isCloseTo(expected, within(ROUNDING));
              }
            });
        assertThat(visited[0]).isEqualTo(LENGTH - 1);
      }
    }
  }

  @Test
  void countsAreThoseOfPlainLoops() {
    double[][][] tokens = TokenFamily.UNRELATED.draw(KEY, 3, 6, 0.5, LENGTH);
    try (Arena arena = Arena.ofBytes(1L << 24);
        RandomNetwork net = network(arena);
        Trajectory states = pass(arena, net, tokens)) {
      Explicit e = explicit(arena, net);
      double[][][] g = new double[3][][];
      for (int i = 0; i < 3; i++) {
        g[i] = e.run(tokens[i]);
      }
      for (int l = 1; l <= LENGTH; l++) {
        long near = 0;
        long alone = 0;
        long last = 0;
        for (int k = 0; k < M; k++) {
          boolean isNear = Math.abs(g[0][l - 1][k]) <= 0.9 / 8;
          boolean isAlone =
              isNear && Math.abs(g[1][l - 1][k]) >= 0.3 / 8 && Math.abs(g[2][l - 1][k]) >= 0.3 / 8;
          boolean isLast = isAlone;
          for (int a = l; a < LENGTH; a++) {
            for (int i = 0; i < 3; i++) {
              isLast &= Math.abs(g[i][a][k]) >= 0.3 / 8;
            }
          }
          near += isNear ? 1 : 0;
          alone += isAlone ? 1 : 0;
          last += isLast ? 1 : 0;
        }
        assertThat(near).isPositive();
        assertThat(IndicatorCounts.of(states, l, 0.9, 0.3))
            .isEqualTo(new IndicatorCounts(near, alone, last));
      }
    }
  }

  @Test
  void rankOneChangesAreThoseOfTheChangedMatrix() {
    double[][][] tokens = TokenFamily.UNRELATED.draw(KEY, 1, 6, 1, LENGTH);
    try (Arena arena = Arena.ofBytes(1L << 24);
        RandomNetwork net = network(arena);
        Trajectory states = pass(arena, net, tokens)) {
      OffHeapMatrix y = arena.matrix(1, M, Precision.DOUBLE);
      OffHeapMatrix z = arena.matrix(1, M, Precision.DOUBLE);
      SparseRankOne.aim(states, 7, 0.25, SparseRankOne.Rows.NEAREST, y, z);
      Explicit before = explicit(arena, net);
      double[][] g = before.run(tokens[0]);
      double[][] w = new double[M][];
      int support = 0;
      double largestTaken = 0;
      double leastLeft = Double.POSITIVE_INFINITY;
      for (int k = 0; k < M; k++) {
        w[k] = before.w[k].clone();
        for (int c = 0; c < M; c++) {
          w[k][c] += y.get(0, k) * z.get(0, c);
        }
        double size = Math.abs(g[1][k]);
        if (y.get(0, k) == 0) {
          leastLeft = Math.min(leastLeft, size);
        } else {
          support++;
          largestTaken = Math.max(largestTaken, size);
          assertThat(y.get(0, k)).isEqualTo(g[1][k] >= 0 ? -0.25 : 0.25);
        }
      }
      assertThat(support).isEqualTo(7);
      assertThat(largestTaken).isLessThan(leastLeft);
      assertThat(RowMeasures.norm(z, 0)).isCloseTo(1, within(1e-14));
      Explicit after = new Explicit(w, before.a, before.b);
      double[][] changedG = after.run(tokens[0]);
      double forward = 0;
      long signs = 0;
      for (int l = 1; l < LENGTH; l++) {
        long here = 0;
        for (int k = 0; k < M; k++) {
          double sum = 0;
          for (int c = 0; c < M; c++) {
            sum += w[k][c] * (Math.max(0, changedG[l - 1][c]) - Math.max(0, g[l - 1][c]));
          }
          forward = Math.max(forward, Math.abs(sum));
          here += (g[l][k] >= 0) == (changedG[l][k] >= 0) ? 0 : 1;
        }
        signs = Math.max(signs, here);
      }
      Explicit mixed = new Explicit(before.w, before.a, before.b);
      mixed.g = changedG;
      double backSigns = 0;
      double backWeights = 0;
      for (int i = 1; i < LENGTH; i++) {
        for (int k = 0; k < M; k++) {
          double middle = mixed.back(i, LENGTH)[0][k];
          backSigns = Math.max(backSigns, Math.abs(before.back(i, LENGTH)[0][k] - middle));
          backWeights = Math.max(backWeights, Math.abs(after.back(i, LENGTH)[0][k] - middle));
        }
      }
      try (LowRankSum sum = LowRankSum.of(Explicit.BLAS, arena, net.recurrent(), y, z);
          Trajectory changed = new Trajectory(Explicit.BLAS, arena, sum, net.input(), 1, LENGTH)) {
        for (double[] token : tokens[0]) {
          changed.step(new double[][] {token});
        }
        SparseRankOne found =
            SparseRankOne.measure(
                arena, net.recurrent(), sum, net.output().rowRange(0, 1), states, changed, y, z);
        assertThat(found.forward()).isCloseTo(forward, within(ROUNDING));
        assertThat(found.signs()).isEqualTo(signs).isPositive();
        assertThat(found.backSigns()).isCloseTo(backSigns, within(ROUNDING)).isPositive();
        assertThat(found.backWeights()).isCloseTo(backWeights, within(ROUNDING)).isPositive();
      }
      SparseRankOne.aim(states, 3, 0.1, SparseRankOne.Rows.FIRST, y, z);
      assertThat(Math.abs(y.get(0, 2))).isEqualTo(0.1);
      assertThat(y.get(0, 3)).isZero();
      assertThatThrownBy(() -> SparseRankOne.aim(states, 65, 1, SparseRankOne.Rows.FIRST, y, z))
          .hasMessageContaining("65");
    }
  }
}
