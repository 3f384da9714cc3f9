package org.rnnsweep.kernels.stability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.LowRankSum;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.ReplacedRows;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.rnn.ElmanNetwork;
import org.rnnsweep.kernels.rnn.Initialization;

/** States, backward vectors and chains against explicit matrices of 64 neurons. */
class TrajectoryTest {
  private static final int M = 64;
  private static final int LENGTH = 5;
  private static final int OUTPUTS = 2;
  private static final StreamKey KEY = StreamKey.of(41).seed(0);
  // Products and sums of some 64 terms five deep; every answer has norm of order 1.
  private static final double ROUNDING = 1e-11;

  private static NormalizedInput input(NormalizedInput.Law law) {
    return NormalizedInput.of(law, KEY.name("x"), 5, 0.3);
  }

  private static NormalizedInput[] both() {
    return new NormalizedInput[] {
      input(NormalizedInput.Law.SPREAD), input(NormalizedInput.Law.NULL)
    };
  }

  private static RandomNetwork network(
      Arena arena, Representation representation, Products products) {
    return RandomNetwork.draw(
        Explicit.BLAS,
        arena,
        representation,
        Precision.DOUBLE,
        new RandomNetwork.Shape(M, 5, OUTPUTS),
        RandomNetwork.HE,
        products,
        KEY);
  }

  /** The conditioned W is completed after all questions and must then give the same answers. */
  @ParameterizedTest
  @EnumSource(Representation.class)
  void everythingIsThatOfTheExplicitMatrices(Representation representation) {
    int right = Trajectory.products(2, LENGTH) + M + 3 * 4;
    int left = BackwardVectors.products(2, OUTPUTS, 2, LENGTH) + 3 * 4;
    try (Arena arena = Arena.ofBytes(1L << 26);
        RandomNetwork net = network(arena, representation, new Products(right, left));
        Trajectory states =
            Trajectory.of(Explicit.BLAS, arena, net.recurrent(), net.input(), LENGTH, both());
        BackwardVectors back =
            BackwardVectors.ask(arena, net.recurrent(), net.output(), states, 2, LENGTH);
        MaskedChain chain =
            new MaskedChain(
                arena, net.recurrent(), states, 1, 2, 4, MaskedChain.Front.WEIGHTS, 3)) {
      OffHeapMatrix x = arena.matrix(3, M, Precision.DOUBLE);
      OffHeapMatrix forth = arena.matrix(3, M, Precision.DOUBLE);
      OffHeapMatrix transposed = arena.matrix(3, M, Precision.DOUBLE);
      GaussianMatrix.fill(x, KEY.name("u"), 1);
      chain.apply(x, forth);
      chain.applyTranspose(x, transposed);
      Explicit oracle =
          new Explicit(
              Explicit.complete(arena, net.recurrent()),
              Explicit.entries(net.input()),
              Explicit.entries(net.output()));
      int blocks = 0;
      for (int s = 0; s < 2; s++) {
        double[][] g = oracle.run(both()[s].tokens(LENGTH));
        for (int l = 1; l <= LENGTH; l++) {
          double[] found = Explicit.entries(states.preactivation(l, s))[0];
          assertThat(found).containsExactly(g[l - 1], within(ROUNDING));
          double[] h = Arrays.stream(found).map(v -> Math.max(v, 0)).toArray();
          assertThat(Explicit.entries(states.state(l, s))[0]).containsExactly(h, within(0.0));
        }
        for (int j = 2; j <= LENGTH; j++) {
          for (int i = 1; i <= j; i++) {
            assertClose(back.block(i, j, s), oracle.back(i, j));
            blocks++;
          }
        }
      }
      assertThat(blocks).isEqualTo(2 * (2 + 3 + 4 + 5));
      double[][] product = Explicit.product(oracle.w, oracle.chain(2, 4));
      double[][] vectors = Explicit.entries(x);
      assertClose(forth, Explicit.product(vectors, Explicit.transpose(product)));
      assertClose(transposed, Explicit.product(vectors, product));
    }
  }

  private static void assertClose(OffHeapMatrix found, double[][] expected) {
    double[][] entries = Explicit.entries(found);
    for (int i = 0; i < expected.length; i++) {
      assertThat(entries[i]).containsExactly(expected[i], within(ROUNDING * 64));
    }
  }

  @Test
  void formedNetworkIsTheElmanNetworkOfTheSameKey() {
    try (Arena arena = Arena.ofBytes(1L << 24);
        RandomNetwork net = network(arena, Representation.DENSE, new Products(M, 0))) {
      ElmanNetwork elman = ElmanNetwork.draw(arena, Precision.DOUBLE, M, 5, Initialization.HE, KEY);
      assertThat(Explicit.complete(arena, net.recurrent()))
          .isDeepEqualTo(Explicit.entries(elman.recurrent()));
      assertThat(Explicit.entries(net.input())).isDeepEqualTo(Explicit.entries(elman.input()));
    }
  }

  /** Bits: a pass to 3 alone, and in passing on a way to 5 with its end token taken back. */
  @ParameterizedTest
  @EnumSource(Representation.class)
  void shorterLengthIsServedInPassing(Representation representation) {
    double[][][] alone = shortOne(representation, 3);
    double[][][] inPassing = shortOne(representation, LENGTH);
    assertThat(inPassing[0]).isDeepEqualTo(alone[0]);
    assertThat(inPassing[1]).isDeepEqualTo(alone[1]);
    double[][] unbroken = longOne(representation, false);
    assertThat(longOne(representation, true)).isDeepEqualTo(unbroken);
    if (representation == Representation.CONDITIONED) {
      assertThat(unbroken[0]).isNotEqualTo(alone[1][0]); // other draws, or forks would be in vain
    }
  }

  /** g_3 and the backward vectors of L = 3, on an operator made for {@code capacity} steps. */
  private static double[][][] shortOne(Representation representation, int capacity) {
    try (Arena arena = Arena.ofBytes(1L << 24);
        RandomNetwork net = network(arena, representation, new Products(2 * (capacity - 1), 0));
        Trajectory states =
            new Trajectory(Explicit.BLAS, arena, net.recurrent(), net.input(), 2, capacity)) {
      stepTo(states, 3);
      double[][] g = Explicit.entries(states.preactivations(3));
      return new double[][][] {g, backward(arena, net, states, 3)};
    }
  }

  private static double[][] longOne(Representation representation, boolean stopOnTheWay) {
    try (Arena arena = Arena.ofBytes(1L << 24);
        RandomNetwork net = network(arena, representation, new Products(2 * (LENGTH - 1), 0));
        Trajectory states =
            new Trajectory(Explicit.BLAS, arena, net.recurrent(), net.input(), 2, LENGTH)) {
      if (stopOnTheWay) {
        stepTo(states, 3);
        backward(arena, net, states, 3);
        states.stepAgain(tokens(3, LENGTH));
      }
      stepTo(states, LENGTH);
      return backward(arena, net, states, LENGTH);
    }
  }

  private static void stepTo(Trajectory states, int length) {
    while (states.steps() < length) {
      states.step(tokens(states.steps() + 1, length));
    }
  }

  private static double[][] tokens(int l, int length) {
    double[][] x = new double[2][];
    for (int s = 0; s < 2; s++) {
      x[s] = l < length ? both()[s].token(l) : both()[s].lastToken(length);
    }
    return x;
  }

  private static double[][] backward(
      Arena arena, RandomNetwork net, Trajectory states, int length) {
    Products more = new Products(0, BackwardVectors.products(2, OUTPUTS, 2, length));
    try (GaussianOperator fork = net.recurrent().fork(arena, more);
        BackwardVectors back = BackwardVectors.ask(arena, fork, net.output(), states, 2, length)) {
      return Explicit.entries(back.vectors());
    }
  }

  /** With one target, the answers are those of all targets: the dense W has no memory. */
  @Test
  void oneTargetIsAPartOfAll() {
    try (Arena arena = Arena.ofBytes(1L << 24);
        RandomNetwork net = network(arena, Representation.DENSE, new Products(99, 99));
        Trajectory states =
            Trajectory.of(Explicit.BLAS, arena, net.recurrent(), net.input(), LENGTH, both());
        BackwardVectors all =
            BackwardVectors.ask(arena, net.recurrent(), net.output(), states, 2, LENGTH);
        BackwardVectors last =
            BackwardVectors.ask(arena, net.recurrent(), net.output(), states, LENGTH, LENGTH)) {
      assertThat(last.vectors().rows())
          .isEqualTo(BackwardVectors.products(2, OUTPUTS, LENGTH, LENGTH));
      for (int i = 1; i <= LENGTH; i++) {
        for (int s = 0; s < 2; s++) {
          double[][] expected = Explicit.entries(all.block(i, LENGTH, s));
          assertClose(last.block(i, LENGTH, s), expected);
        }
      }
      assertThatThrownBy(() -> last.block(1, 4, 0)).hasMessageContaining("5 <= j <= 5");
    }
  }

  /** Changed operators: the pass is that of the changed explicit matrices. */
  @ParameterizedTest
  @EnumSource(Representation.class)
  void changedOperatorsAreServedToo(Representation representation) {
    int right = 3 * Trajectory.products(1, LENGTH) + M;
    NormalizedInput x = input(NormalizedInput.Law.TOKENS);
    try (Arena arena = Arena.ofBytes(1L << 26);
        RandomNetwork net = network(arena, representation, new Products(right, 0));
        GaussianOperator rows =
            representation.draw(
                Explicit.BLAS,
                arena,
                Precision.DOUBLE,
                2,
                M,
                Math.sqrt(2.0 / M),
                new Products(LENGTH - 1 + M, 0),
                KEY.name("fresh"))) {
      OffHeapMatrix p = arena.matrix(1, M, Precision.DOUBLE);
      OffHeapMatrix q = arena.matrix(1, M, Precision.DOUBLE);
      GaussianMatrix.fill(p, KEY.name("p"), 0.1);
      GaussianMatrix.fill(q, KEY.name("q"), 0.1);
      try (LowRankSum sum = LowRankSum.of(Explicit.BLAS, arena, net.recurrent(), p, q);
          GaussianOperator replaced =
              ReplacedRows.of(arena, net.recurrent(), new long[] {3, 50}, rows);
          Trajectory moved = Trajectory.of(Explicit.BLAS, arena, sum, net.input(), LENGTH, x);
          Trajectory redrawn =
              Trajectory.of(Explicit.BLAS, arena, replaced, net.input(), LENGTH, x)) {
        double[][] w = Explicit.complete(arena, net.recurrent());
        double[][] fresh = Explicit.complete(arena, rows);
        double[][] a = Explicit.entries(net.input());
        double[][] plus = new double[M][M];
        for (int i = 0; i < M; i++) {
          for (int j = 0; j < M; j++) {
            plus[i][j] = w[i][j] + p.get(0, i) * q.get(0, j);
          }
        }
        w[3] = fresh[0];
        w[50] = fresh[1];
        double[][] g = new Explicit(plus, a, null).run(x.tokens(LENGTH));
        assertClose(moved.preactivation(LENGTH, 0), new double[][] {g[LENGTH - 1]});
        g = new Explicit(w, a, null).run(x.tokens(LENGTH));
        assertClose(redrawn.preactivation(LENGTH, 0), new double[][] {g[LENGTH - 1]});
      }
    }
  }

  /** Room for all; the scratch of a block of questions and that of W's own are not held at once. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void memoryIsAsDeclared(Precision precision) {
    RandomNetwork.Shape shape = new RandomNetwork.Shape(M, 5, OUTPUTS);
    Products products =
        new Products(
            Trajectory.products(2, LENGTH), BackwardVectors.products(2, OUTPUTS, 2, LENGTH));
    long bytes =
        RandomNetwork.memoryBytes(Representation.CONDITIONED, precision, shape, products)
            + Trajectory.memoryBytes(M, 5, 2, LENGTH, precision)
            + BackwardVectors.memoryBytes(M, 2, OUTPUTS, 2, LENGTH, precision);
    try (Arena arena = Arena.ofBytes(bytes);
        RandomNetwork net =
            RandomNetwork.draw(
                Explicit.BLAS,
                arena,
                Representation.CONDITIONED,
                precision,
                shape,
                RandomNetwork.HE,
                products,
                KEY);
        Trajectory states =
            Trajectory.of(Explicit.BLAS, arena, net.recurrent(), net.input(), LENGTH, both());
        BackwardVectors back =
            BackwardVectors.ask(arena, net.recurrent(), net.output(), states, 2, LENGTH)) {
      assertThat(back.vectors().rows()).isEqualTo(products.left());
      assertThat(arena.peak()).isBetween(bytes * 3 / 4, bytes);
    }
  }

  @Test
  void normalisedSequencesAreThoseOfTheDefinition() {
    for (NormalizedInput.Law law : NormalizedInput.Law.values()) {
      double[][] x = input(law).tokens(LENGTH);
      double[][] shorter = input(law).tokens(LENGTH - 1);
      assertThat(x[0]).containsExactly(0, 0, 0, 0, 1);
      boolean returns = law == NormalizedInput.Law.NORMALISED || law == NormalizedInput.Law.BASE;
      if (returns) {
        assertThat(x[LENGTH - 1]).isEqualTo(x[0]);
      }
      for (int l = 2; l <= (returns ? LENGTH - 1 : LENGTH); l++) {
        double square = Arrays.stream(x[l - 1]).map(v -> v * v).sum();
        assertThat(square).isCloseTo(0.09, within(1e-15));
        if (l < LENGTH - 1) {
          assertThat(shorter[l - 1]).isEqualTo(x[l - 1]);
        }
        boolean middle = l < LENGTH || law == NormalizedInput.Law.REPEATED;
        boolean nullSequence = law == NormalizedInput.Law.NULL || law == NormalizedInput.Law.BASE;
        if (middle && !nullSequence) {
          assertThat(x[l - 1][3]).isEqualTo(0.15);
          assertThat(x[l - 1][4]).isZero();
        } else {
          assertThat(x[l - 1]).containsExactly(0, 0, 0, 0, 0.3);
        }
        if (law == NormalizedInput.Law.TOKENS && l < LENGTH) {
          assertThat(Math.abs(x[l - 1][0])).isCloseTo(0.3 * Math.sqrt(0.75), within(1e-15));
        }
        if (law == NormalizedInput.Law.REPEATED) {
          assertThat(x[l - 1]).isEqualTo(x[1]);
        }
      }
      assertThat(NormalizedInput.Law.ofLabel(law.label())).isEqualTo(law);
    }
    assertThat(input(NormalizedInput.Law.SPREAD).token(2))
        .isNotEqualTo(input(NormalizedInput.Law.SPREAD).token(3));
    assertThatThrownBy(() -> NormalizedInput.of(NormalizedInput.Law.NULL, KEY, 2, Double.NaN))
        .hasMessageContaining("found 2 and NaN");
  }

  @Test
  void wrongUseIsRefused() {
    try (Arena arena = Arena.ofBytes(1L << 24);
        RandomNetwork net = network(arena, Representation.DENSE, new Products(0, 0));
        Trajectory states =
            new Trajectory(Explicit.BLAS, arena, net.recurrent(), net.input(), 1, 1)) {
      assertThatThrownBy(() -> states.stepAgain(new double[1][5])).hasMessageContaining("no step");
      assertThatThrownBy(() -> states.step(new double[2][5])).hasMessageContaining("found 2");
      assertThatThrownBy(() -> states.step(new double[1][4])).hasMessageContaining("found 4");
    }
  }
}
