package org.rnnsweep.kernels.stability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.LowRankSum;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;

/** Changed weights against explicit matrices of 64 neurons. */
class ChangeTest {
  private static final int M = 64;
  private static final int LENGTH = 4;
  private static final StreamKey KEY = StreamKey.of(59).seed(0);
  private static final NormalizedInput X =
      NormalizedInput.of(NormalizedInput.Law.SPREAD, KEY.name("x"), 4, 0.25);
  private static final double ROUNDING = 1e-10; // sums of 64^2 terms of order 1, a few deep

  private static RandomNetwork network(Arena arena, Representation representation) {
    return RandomNetwork.draw(
        Explicit.BLAS,
        arena,
        representation,
        Precision.DOUBLE,
        new RandomNetwork.Shape(M, 4, 2),
        RandomNetwork.HE,
        new Products(200, 200),
        KEY);
  }

  private static Explicit explicit(Arena arena, GaussianOperator w, RandomNetwork net) {
    return new Explicit(
        Explicit.complete(arena, w), Explicit.entries(net.input()), Explicit.entries(net.output()));
  }

  @ParameterizedTest
  @EnumSource(Representation.class)
  void sumOfTwoOperators(Representation representation) {
    try (Arena arena = Arena.ofBytes(1L << 26);
        RandomNetwork net = network(arena, representation);
        GaussianOperator term =
            representation.draw(
                Explicit.BLAS,
                arena,
                Precision.DOUBLE,
                M,
                M,
                0.03,
                new Products(200, 200),
                KEY.name("term"));
        OperatorSum sum = OperatorSum.of(arena, net.recurrent(), term);
        Trajectory states = Trajectory.of(Explicit.BLAS, arena, sum, net.input(), LENGTH, X);
        BackwardVectors back =
            BackwardVectors.ask(arena, sum, net.output(), states, LENGTH, LENGTH)) {
      double[][] w = Explicit.complete(arena, net.recurrent());
      double[][] more = Explicit.complete(arena, term);
      for (int i = 0; i < M; i++) {
        for (int j = 0; j < M; j++) {
          w[i][j] += more[i][j];
        }
      }
      Explicit oracle =
          new Explicit(w, Explicit.entries(net.input()), Explicit.entries(net.output()));
      double[][] g = oracle.run(X.tokens(LENGTH));
      assertThat(Explicit.entries(states.preactivation(LENGTH, 0))[0])
          .containsExactly(g[LENGTH - 1], within(ROUNDING));
      double[][] found = Explicit.entries(back.block(1, LENGTH, 0));
      assertThat(found[1]).containsExactly(oracle.back(1, LENGTH)[1], within(ROUNDING));
    }
  }

  /** Every attack keeps to its size; what it is made for happens. */
  @ParameterizedTest
  @EnumSource(RankOneAttack.class)
  void attacksKeepToTheirSize(RankOneAttack attack) {
    double size = 1 / Math.sqrt(M);
    try (Arena arena = Arena.ofBytes(1L << 26);
        RandomNetwork net = network(arena, Representation.DENSE);
        Trajectory states =
            Trajectory.of(Explicit.BLAS, arena, net.recurrent(), net.input(), LENGTH, X)) {
      OffHeapMatrix p = arena.matrix(1, M, Precision.DOUBLE);
      OffHeapMatrix q = arena.matrix(1, M, Precision.DOUBLE);
      attack.choose(arena, states, net.output(), size, p, q);
      double norm = RowMeasures.norm(p, 0) * RowMeasures.norm(q, 0);
      // The next neuron would not have fitted: with some ten of 64, half of the size is reached.
      assertThat(norm).isBetween(size / 2, size * (1 + 1e-12));
      double along = RowMeasures.dot(q, 0, states.states(LENGTH - 1), 0);
      int hit = 0;
      for (int k = 0; k < M; k++) {
        double pk = p.get(0, k);
        double g = states.preactivations(LENGTH).get(0, k);
        if (attack != RankOneAttack.GRADIENT && pk != 0) {
          hit++;
          double factor = attack == RankOneAttack.REFLECT ? 2 : 1 + 1e-6;
          assertThat(pk * along).isCloseTo(-factor * g, within(1e-12));
          if (attack == RankOneAttack.REFLECT) {
            assertThat(net.output().get(0, k)).isPositive();
          }
        }
      }
      try (LowRankSum sum = LowRankSum.of(Explicit.BLAS, arena, net.recurrent(), p, q);
          Trajectory changed = Trajectory.of(Explicit.BLAS, arena, sum, net.input(), LENGTH, X)) {
        StateChange change = StateChange.between(states, 0, changed, 0);
        assertThat(change.states()).isPositive();
        if (attack == RankOneAttack.SIGN_FLIP) {
          assertThat(change.signs()).isEqualTo(hit).isGreaterThan(3);
          for (int l = 1; l < LENGTH; l++) {
            assertThat(RowMeasures.distance(states.states(l), 0, changed.states(l), 0))
                .isLessThan(1e-12);
          }
        }
      }
      assertThat(RankOneAttack.ofLabel(attack.label())).isEqualTo(attack);
      assertThatThrownBy(() -> attack.choose(arena, states, net.output(), Double.NaN, p, q))
          .hasMessageContaining("NaN");
    }
  }

  @ParameterizedTest
  @EnumSource(Representation.class)
  void firstOrderAndCouplingAreThoseOfTheFormulas(Representation representation) {
    try (Arena arena = Arena.ofBytes(1L << 26);
        RandomNetwork net = network(arena, representation);
        Trajectory states =
            Trajectory.of(Explicit.BLAS, arena, net.recurrent(), net.input(), LENGTH, X)) {
      OffHeapMatrix p = arena.matrix(1, M, Precision.DOUBLE);
      OffHeapMatrix q = arena.matrix(1, M, Precision.DOUBLE);
      RankOneAttack.REFLECT.choose(arena, states, net.output(), 1 / Math.sqrt(M), p, q);
      try (LowRankSum sum = LowRankSum.of(Explicit.BLAS, arena, net.recurrent(), p, q);
          Trajectory changed = Trajectory.of(Explicit.BLAS, arena, sum, net.input(), LENGTH, X);
          BackwardVectors back =
              BackwardVectors.ask(arena, net.recurrent(), net.output(), states, LENGTH, LENGTH);
          BackwardVectors backChanged =
              BackwardVectors.ask(arena, sum, net.output(), changed, LENGTH, LENGTH)) {
        FirstOrder found =
            FirstOrder.measure(
                arena, net.output(), net.recurrent(), sum, states, changed, back, backChanged);
        BackwardChange moved =
            BackwardChange.between(Explicit.BLAS, arena, back, 0, backChanged, 0);

        Explicit old = explicit(arena, net.recurrent(), net);
        double[][] change = new double[M][M];
        double[][] w = new double[M][M];
        for (int i = 0; i < M; i++) {
          for (int j = 0; j < M; j++) {
            change[i][j] = p.get(0, i) * q.get(0, j);
            w[i][j] = old.w[i][j] + change[i][j];
          }
        }
        Explicit now = new Explicit(w, old.a, old.b);
        double[][] g = old.run(X.tokens(LENGTH));
        double[][] moving = now.run(X.tokens(LENGTH));

        double[] linear = sum(old, g, change);
        double[] after = apply(old.b, relu(moving[LENGTH - 1]));
        double[] before = apply(old.b, relu(g[LENGTH - 1]));
        double[] gap = new double[2];
        for (int s = 0; s < 2; s++) {
          gap[s] = after[s] - before[s] - linear[s];
        }
        assertThat(found.linearPart()).isCloseTo(norm(linear), within(ROUNDING));
        assertThat(found.error()).isCloseTo(norm(gap), within(ROUNDING)).isPositive();

        double[] h = relu(g[LENGTH - 2]);
        double[] direction = new double[M];
        for (int k = 0; k < M; k++) {
          direction[k] =
              old.b[0][k]
                  * ((moving[LENGTH - 1][k] >= 0 ? 1 : 0) - (g[LENGTH - 1][k] >= 0 ? 1 : 0));
        }
        double[][] v = new double[M][M];
        for (int i = 0; i < M; i++) {
          for (int j = 0; j < M; j++) {
            v[i][j] = direction[i] * h[j] / norm(direction) / norm(h) / Math.sqrt(M);
          }
        }
        double[] coupled = sum(now, moving, v);
        double[] plain = sum(old, g, v);
        for (int s = 0; s < 2; s++) {
          gap[s] = coupled[s] - plain[s];
        }
        assertThat(found.couplingError()).isCloseTo(norm(gap), within(ROUNDING)).isPositive();

        double worst = 0;
        double entry = 0;
        for (int i = 1; i < LENGTH; i++) {
          double[][] difference = now.back(i, LENGTH);
          double[][] from = old.back(i, LENGTH);
          for (int s = 0; s < 2; s++) {
            for (int k = 0; k < M; k++) {
              difference[s][k] -= from[s][k];
              entry = Math.max(entry, Math.abs(difference[s][k]));
            }
          }
          worst = Math.max(worst, SymmetricEigen.spectralNorm(difference));
        }
        assertThat(moved.norm()).isCloseTo(worst, within(ROUNDING));
        assertThat(moved.entry()).isCloseTo(entry, within(ROUNDING));
      }
    }
  }

  /** sum over i of Back_(i-&gt;L) D_i V h_(i-1). */
  private static double[] sum(Explicit net, double[][] g, double[][] v) {
    double[] sum = new double[net.b.length];
    for (int i = 2; i <= LENGTH; i++) {
      double[] image = apply(v, relu(g[i - 2]));
      for (int k = 0; k < M; k++) {
        image[k] = g[i - 1][k] >= 0 ? image[k] : 0;
      }
      double[] term = apply(net.back(i, LENGTH), image);
      for (int s = 0; s < sum.length; s++) {
        sum[s] += term[s];
      }
    }
    return sum;
  }

  private static double[] apply(double[][] matrix, double[] x) {
    double[] y = new double[matrix.length];
    for (int i = 0; i < y.length; i++) {
      for (int k = 0; k < x.length; k++) {
        y[i] += matrix[i][k] * x[k];
      }
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

  private static double norm(double[] x) {
    double sum = 0;
    for (double entry : x) {
      sum += entry * entry;
    }
    return Math.sqrt(sum);
  }

  @ParameterizedTest
  @EnumSource(Representation.class)
  void rowsDrawnAnew(Representation representation) {
    int count = 5;
    Products fresh = new Products(200, 200);
    try (Arena arena = Arena.ofBytes(1L << 26);
        RandomNetwork net = network(arena, representation);
        Trajectory states =
            Trajectory.of(Explicit.BLAS, arena, net.recurrent(), net.input(), LENGTH, X);
        Rerandomization drawn =
            Rerandomization.draw(
                Explicit.BLAS, arena, representation, net, count, fresh, KEY.name("anew"));
        Trajectory changed =
            Trajectory.of(Explicit.BLAS, arena, drawn.recurrent(), drawn.input(), LENGTH, X)) {
      Rerandomization.RowChange found = drawn.rowChange(arena, states, changed);
      double[][] w = Explicit.complete(arena, net.recurrent());
      double[][] anew = Explicit.complete(arena, drawn.recurrent());
      double[][] g = new Explicit(w, Explicit.entries(net.input()), null).run(X.tokens(LENGTH));
      double[][] other =
          new Explicit(anew, Explicit.entries(drawn.input()), null).run(X.tokens(LENGTH));
      double old = 0;
      double most = 0;
      int unsettled = 0;
      int rows = 0;
      for (int k = 0; k < M; k++) {
        boolean isFresh = Math.abs(w[k][0] - anew[k][0]) > 1e-9;
        rows += isFresh ? 1 : 0;
        for (int l = 2; l <= LENGTH; l++) {
          double byOld = 0;
          double byFresh = 0;
          for (int c = 0; c < M; c++) {
            double change = Math.max(0, other[l - 2][c]) - Math.max(0, g[l - 2][c]);
            byOld += w[k][c] * change;
            byFresh += anew[k][c] * change;
          }
          old = Math.max(old, Math.abs(byOld));
          if (isFresh) {
            most = Math.max(most, Math.abs(byFresh));
            unsettled += (other[l - 1][k] >= 0) == (other[l - 1][k] - byFresh >= 0) ? 0 : 1;
          }
        }
      }
      assertThat(rows).isEqualTo(count);
      assertThat(found.old()).isCloseTo(old, within(ROUNDING));
      assertThat(found.fresh()).isCloseTo(most, within(ROUNDING));
      assertThat(found.unsettledShare())
          .isCloseTo(unsettled / (count * (LENGTH - 1.0)), within(1e-15));
    }
  }

  /** zeta_c - beta^2 / 2 = -beta^3 / (3 pi) + O(beta^4); the recursion counts one eps^2 a step. */
  @Test
  void printedRecursionCountsOneStepOnce() {
    for (double beta : new double[] {1e-3, 1e-2, 0.1}) {
      double excess = DroppedInput.differenceOfRectifiers(beta * beta) - beta * beta / 2;
      assertThat(excess / (beta * beta * beta) * -3 * Math.PI).isCloseTo(1, within(2 * beta));
    }
    assertThat(DroppedInput.printedSquare(1, 0.1)).isZero();
    assertThat(DroppedInput.differenceOfRectifiers(1)).isCloseTo(1 - 1 / Math.PI, within(1e-15));
    for (int l = 2; l <= 7; l++) {
      assertThat(DroppedInput.printedSquare(l, 1e-5) / (1e-10 * (l - 1)))
          .isCloseTo(1, within(1e-4));
    }
  }
}
