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
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.Rerandomization;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.Trajectory;

/** Against the definitions by plain loops over matrices. */
class LastStepConstructionTest {
  private static final int M = 40;
  private static final int L = 5;
  private static final int IN = 3;
  private static final int D = 2;
  private static final double EPS = 0.4;
  private static final StreamKey KEY = StreamKey.of(21);
  private static final Blas BLAS =
      Blas.of(new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE));
  private static final LastStepConstruction.Target TARGET =
      new LastStepConstruction.Target(
          Link.power(2), HermiteStep.Weight.MINIMUM_NORM, 1.2, 1e-9, EPS);
  private static final double[][] BASE = {
    {0, 0, 1}, {0, 0, EPS}, {0, 0, EPS}, {0, 0, EPS}, {0, 0, 1}
  };
  private static final double[][] TOKENS = {
    {0, 0, 1},
    {EPS * Math.sqrt(0.75), EPS / 2, 0},
    {-EPS * Math.sqrt(0.75), EPS / 2, 0},
    {EPS * Math.sqrt(0.75), EPS / 2, 0},
    {0, 0, 1}
  };

  private static RandomNetwork network(Arena arena) {
    return RandomNetwork.draw(
        BLAS,
        arena,
        Representation.DENSE,
        Precision.DOUBLE,
        new RandomNetwork.Shape(M, IN, D),
        RandomNetwork.HE,
        new Products(1000, 1000),
        KEY);
  }

  private static Trajectory pass(
      Arena arena, GaussianOperator w, OffHeapMatrix a, double[][] tokens) {
    Trajectory pass = new Trajectory(BLAS, arena, w, a, 1, L);
    for (double[] token : tokens) {
      pass.step(new double[][] {token});
    }
    return pass;
  }

  private static double[][] plain(OffHeapMatrix matrix) {
    double[][] rows = new double[(int) matrix.rows()][(int) matrix.columns()];
    for (int i = 0; i < rows.length; i++) {
      matrix.getRow(i, rows[i]);
    }
    return rows;
  }

  /** An operator's matrix, by its products with unit vectors. */
  private static double[][] plain(Arena arena, GaussianOperator w) {
    OffHeapMatrix units = arena.matrix(M, M, Precision.DOUBLE);
    units.fill(0);
    for (int k = 0; k < M; k++) {
      units.set(k, k, 1);
    }
    OffHeapMatrix rows = arena.matrix(M, M, Precision.DOUBLE);
    w.left(units, rows);
    double[][] matrix = plain(rows);
    arena.release(rows);
    arena.release(units);
    return matrix;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }

  /** Everything of one network by plain loops. */
  private static final class Plain {
    final double[][] w;
    final double[][] a;
    final double[][] h = new double[L + 1][M];
    final double[][] base = new double[L + 1][M];

    Plain(double[][] w, double[][] a) {
      this.w = w;
      this.a = a;
      for (int l = 1; l <= L; l++) {
        for (int k = 0; k < M; k++) {
          h[l][k] = Math.max(0, dot(w[k], h[l - 1]) + dot(a[k], TOKENS[l - 1]));
          base[l][k] = Math.max(0, dot(w[k], base[l - 1]) + dot(a[k], BASE[l - 1]));
        }
      }
    }

    double[] image(double[] input) {
      double[] u = new double[M];
      for (int l = 2; l < L; l++) {
        double[] next = new double[M];
        for (int k = 0; k < M; k++) {
          double z = dot(w[k], u);
          for (int c = 0; c < IN - 1; c++) {
            z += a[k][c] * input[(l - 2) * (IN - 1) + c];
          }
          next[k] = base[l][k] > 0 ? z : 0;
        }
        u = next;
      }
      return u;
    }

    double[] back(double[] b, int i) {
      double[] v = b;
      for (int l = L; l > i; l--) {
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
  }

  /** sum over s' of b_s'k H_s' of one neuron. */
  private static double weight(double[][] b, double[] row, double[] a, double[][] images, int k) {
    double sum = 0;
    for (int s = 0; s < D; s++) {
      double norm = Math.sqrt(dot(images[s], images[s]));
      IndicatorFunction h =
          IndicatorFunction.of(
              TARGET.link(),
              norm / EPS * TARGET.radius(),
              1 / TARGET.radius(),
              TARGET.weight(),
              1e-9);
      sum +=
          b[s][k]
              * h.value(
                  Math.sqrt(M / 2.0) * dot(row, images[s]) / norm,
                  Math.sqrt(M / 2.0) * a[IN - 1] / TARGET.radius());
    }
    return sum;
  }

  private static double[][] images(Plain plain, StateDirections directions) {
    return new double[][] {plain.image(directions.input(0)), plain.image(directions.input(1))};
  }

  private static StateDirections directions(
      Arena arena, GaussianOperator w, OffHeapMatrix a, Trajectory base) {
    return StateDirections.ofInputs(BLAS, arena, w, a, base, D, KEY.name("directions"));
  }

  @Test
  void equalsTheDefinition() {
    try (Arena arena = Arena.ofBytes(1 << 24);
        RandomNetwork net = network(arena);
        Trajectory base = pass(arena, net.recurrent(), net.input(), BASE);
        Trajectory states = pass(arena, net.recurrent(), net.input(), TOKENS);
        BackwardVectors back =
            BackwardVectors.ask(arena, net.recurrent(), net.output(), states, L, L);
        StateDirections directions = directions(arena, net.recurrent(), net.input(), base);
        LastStepConstruction weights =
            LastStepConstruction.of(
                arena, net.recurrent(), net.input(), net.output(), directions, TARGET)) {
      Plain plain = new Plain(plain(arena, net.recurrent()), plain(net.input()));
      double[][] b = plain(net.output());
      double[][] images = images(plain, directions);
      double[] last = new double[D];
      double[] first = new double[D];
      double square = 0;
      for (int k = 0; k < M; k++) {
        double star = D * weight(b, plain.w[k], plain.a[k], images, k) / M;
        square += star * star;
        for (int s = 0; s < D; s++) {
          last[s] += plain.h[L][k] > 0 ? b[s][k] * star : 0;
          first[s] += plain.h[1][k] > 0 ? plain.back(b[s], 1)[k] * star : 0;
        }
      }
      assertThat(weights.norm()).isCloseTo(Math.sqrt(square), within(1e-10));
      double[] state = LastStepConstruction.ofState(directions, D, TARGET, states.state(L - 1, 0));
      double[] inputs = LastStepConstruction.ofInputs(directions, D, TARGET, TOKENS);
      for (int s = 0; s < D; s++) {
        assertThat(weights.last(net.output(), states, 0)[s]).isCloseTo(last[s], within(1e-9));
        assertThat(weights.first(back, states, 0)[s]).isCloseTo(first[s], within(1e-9));
        double t = dot(images[s], plain.h[L - 1]) / EPS;
        assertThat(state[s]).isCloseTo(t * t, within(1e-9));
        double product = 0;
        for (int l = 1; l < L - 1; l++) {
          product += directions.input(s)[2 * l - 2] * TOKENS[l][0] / EPS;
          product += directions.input(s)[2 * l - 1] * TOKENS[l][1] / EPS;
        }
        assertThat(inputs[s]).isCloseTo(product * product, within(1e-12));
      }
    }
  }

  @Test
  void givenDirections() {
    try (Arena arena = Arena.ofBytes(1 << 20);
        StateDirections flat = StateDirections.flat(arena, 16)) {
      assertThat(flat.norm(0)).isEqualTo(4);
      assertThat(RowMeasures.norm(flat.units(), 0)).isCloseTo(1, within(1e-15));
      assertThat(flat.input(0)).isNull();
      try (StateDirections same = StateDirections.of(arena, flat.units())) {
        assertThat(same.norm(0)).isCloseTo(1, within(1e-15));
      }
    }
  }

  @Test
  void theShareOfAFewNeurons() {
    try (Arena arena = Arena.ofBytes(1 << 24);
        RandomNetwork net = network(arena);
        Rerandomization anew =
            Rerandomization.draw(
                BLAS,
                arena,
                Representation.DENSE,
                net,
                5,
                new Products(1000, 1000),
                KEY.name("anew"));
        Trajectory base = pass(arena, net.recurrent(), net.input(), BASE);
        Trajectory states = pass(arena, net.recurrent(), net.input(), TOKENS);
        BackwardVectors back =
            BackwardVectors.ask(arena, net.recurrent(), net.output(), states, L, L);
        StateDirections directions = directions(arena, net.recurrent(), net.input(), base);
        Trajectory freshBase = pass(arena, anew.recurrent(), anew.input(), BASE);
        Trajectory freshStates = pass(arena, anew.recurrent(), anew.input(), TOKENS);
        BackwardVectors freshBack =
            BackwardVectors.ask(arena, anew.recurrent(), net.output(), freshStates, L, L);
        StateDirections freshDirections =
            directions(arena, anew.recurrent(), anew.input(), freshBase)) {
      Plain old = new Plain(plain(arena, net.recurrent()), plain(net.input()));
      Plain fresh = new Plain(plain(arena, anew.recurrent()), plain(anew.input()));
      double[][] b = plain(net.output());
      double[] goals = {0.7, -0.3};
      SubsetChange change =
          SubsetChange.measure(
              arena,
              net,
              anew.set(),
              new SubsetChange.View(states, back, directions),
              new SubsetChange.View(freshStates, freshBack, freshDirections),
              TOKENS,
              goals,
              TARGET);
      double[][] f = new double[2][D];
      double[][] signal = new double[2][D];
      for (int side = 0; side < 2; side++) {
        Plain plain = side == 0 ? old : fresh;
        double[][] images = images(plain, side == 0 ? directions : freshDirections);
        for (long set : anew.set()) {
          int k = (int) set;
          double weight = weight(b, old.w[k], old.a[k], images, k);
          for (int s = 0; s < D; s++) {
            boolean last = dot(old.w[k], plain.h[L - 1]) + old.a[k][IN - 1] >= 0;
            f[side][s] += last ? D * weight * b[s][k] / M : 0;
            f[side][s] += old.a[k][IN - 1] >= 0 ? D * weight * plain.back(b[s], 1)[k] / M : 0;
            for (int i = 1; i <= L; i++) {
              signal[side][s] +=
                  D * (b[0][k] * goals[0] + b[1][k] * goals[1]) * plain.back(b[s], i)[k] / M;
            }
          }
        }
      }
      assertThat(change.function()).isCloseTo(distance(f[1], f[0]), within(1e-9));
      assertThat(change.noise()).isCloseTo(distance(f[1], signal[1]), within(1e-9));
      assertThat(change.signal()).isCloseTo(distance(signal[1], signal[0]), within(1e-11));
      assertThat(change.signal()).isPositive();
    }
  }

  private static double distance(double[] x, double[] y) {
    return Math.sqrt(((x[0] - y[0]) * (x[0] - y[0]) + (x[1] - y[1]) * (x[1] - y[1])) / 2);
  }
}
