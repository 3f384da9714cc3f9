package org.rnnsweep.kernels.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.IntToDoubleFunction;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.rnn.ElmanNetwork;

class SignReadoutTest {
  private static final int LENGTH = 5;
  private static final int DIMENSION = 4;
  private static final double EPS_X = 0.1;

  /** Claim {@code pg-inversion-algebra}: three explicit forms and the sweep are one matrix. */
  @Test
  void theSweepIsTheTheoremsMatrix() throws InterruptedException {
    int m = 64;
    int sequences = 3;
    try (Arena arena = Arena.ofBytes(1 << 22)) {
      ElmanNetwork network = Nets.he(arena, Precision.DOUBLE, m, DIMENSION, 21);
      RealMatrix w = Nets.copy(network.recurrent());
      RealMatrix a = Nets.copy(network.input());
      InputSequences base = InputSequences.base(DIMENSION, LENGTH, EPS_X);
      double[][] baseStates =
          Nets.states(w, a, Nets.sequences(base, LENGTH, new BlockPlan(1, 1))[0]);
      RealMatrix[] signs = signs(baseStates);

      RealMatrix recursion = wbar(w, a, signs);
      assertThat(distance(recursion, blocks(w, a, signs))).isLessThan(1e-12);
      assertThat(distance(recursion.transpose(), transposed(w, a, signs))).isLessThan(1e-12);

      InputSequences inputs =
          InputSequences.normalized(StreamKey.of(21).name("x"), DIMENSION, LENGTH, EPS_X);
      SignReadout.Constructive found =
          new SignReadout(Nets.BLAS, arena, network, sequences)
              .constructive(base, inputs, LENGTH, Checkpoint.NONE);
      Expected expected = new Expected(w, a, inputs, sequences, signs);
      expected.requireEqual(found, 1e-12);
      // Twins: the same sweep must not pass for the patterns of another step, or without them.
      RealMatrix[] rotated = signs.clone();
      rotated[1] = signs[2];
      rotated[2] = signs[1];
      assertThat(new Expected(w, a, inputs, sequences, rotated).errors.rms())
          .isNotCloseTo(found.errors().rms(), within(1e-6));
      assertThat(distance(recursion, wbar(w, a, rotated))).isGreaterThan(1e-3);
    }
  }

  /** Wbar^[l] = [D^(l) W Wbar^[l-1], D^(l) A] (Appendix D.1). */
  private static RealMatrix wbar(RealMatrix w, RealMatrix a, RealMatrix[] signs) {
    RealMatrix result = signs[0].multiply(a);
    for (int l = 1; l < signs.length; l++) {
      result = beside(signs[l].multiply(w).multiply(result), signs[l].multiply(a));
    }
    return result;
  }

  /** Block k is D^(L) W .. D^(k+1) W D^(k) A. */
  private static RealMatrix blocks(RealMatrix w, RealMatrix a, RealMatrix[] signs) {
    RealMatrix result = null;
    for (int k = 0; k < signs.length; k++) {
      RealMatrix block = signs[k].multiply(a);
      for (int l = k + 1; l < signs.length; l++) {
        block = signs[l].multiply(w.multiply(block));
      }
      result = result == null ? block : beside(result, block);
    }
    return result;
  }

  /** V^(l) = [[V^(l-1), 0], [0, I]] [W, A]^T D^(l), V^(1) = A^T D^(1) (Claim E.3). */
  private static RealMatrix transposed(RealMatrix w, RealMatrix a, RealMatrix[] signs) {
    RealMatrix v = a.transpose().multiply(signs[0]);
    int d = a.getColumnDimension();
    for (int l = 1; l < signs.length; l++) {
      int rows = v.getRowDimension();
      RealMatrix left = new Array2DRowRealMatrix(rows + d, w.getRowDimension() + d);
      left.setSubMatrix(v.getData(), 0, 0);
      for (int j = 0; j < d; j++) {
        left.setEntry(rows + j, w.getRowDimension() + j, 1);
      }
      v = left.multiply(beside(w, a).transpose()).multiply(signs[l]);
    }
    return v;
  }

  /** What the readout should have measured, from explicit matrices. */
  private static final class Expected {
    private final InversionErrors errors = new InversionErrors(LENGTH, DIMENSION);
    private final InversionErrors concentration = new InversionErrors(LENGTH, DIMENSION);
    private final double[] epsTerm = new double[LENGTH * DIMENSION];
    private double epsLinf;

    Expected(RealMatrix w, RealMatrix a, InputSequences inputs, int sequences, RealMatrix[] base) {
      RealMatrix withBase = wbar(w, a, base);
      for (double[] x : Nets.sequences(inputs, LENGTH, new BlockPlan(sequences, sequences))) {
        double[][] states = Nets.states(w, a, x);
        double[] found = withBase.preMultiply(states[LENGTH - 1]);
        double[] own = wbar(w, a, signs(states)).preMultiply(states[LENGTH - 1]);
        errors.add(found, x);
        concentration.add(own, x);
        double largest = 0;
        for (int j = 0; j < epsTerm.length; j++) {
          epsTerm[j] += (found[j] - own[j]) / sequences;
          largest = Math.max(largest, Math.abs(found[j] - own[j]));
        }
        epsLinf += largest / sequences;
      }
    }

    void requireEqual(SignReadout.Constructive found, double tolerance) {
      assertThat(found.errors().rms()).isCloseTo(errors.rms(), within(tolerance));
      assertThat(found.errors().linf()).isCloseTo(errors.linf(), within(tolerance));
      assertThat(found.concentration().rms()).isCloseTo(concentration.rms(), within(tolerance));
      assertThat(found.concentration().linf()).isCloseTo(concentration.linf(), within(tolerance));
      assertThat(found.epsTerm()).containsExactly(epsTerm, within(tolerance));
      assertThat(found.epsLinf()).isCloseTo(epsLinf, within(tolerance)).isPositive();
    }
  }

  /** Limit: at eps_x = 0 every normalised sequence is the base sequence. */
  @Test
  void withoutMiddleTokensOnlyConcentrationIsLeft() throws InterruptedException {
    try (Arena arena = Arena.ofBytes(1 << 22)) {
      ElmanNetwork network = Nets.he(arena, Precision.DOUBLE, 64, DIMENSION, 22);
      SignReadout.Constructive found =
          new SignReadout(Nets.BLAS, arena, network, 2)
              .constructive(
                  InputSequences.base(DIMENSION, LENGTH, 0),
                  InputSequences.normalized(StreamKey.of(22), DIMENSION, LENGTH, 0),
                  LENGTH,
                  Checkpoint.NONE);
      // Equal patterns; the base goes alone and in another shape, so its last bits may differ.
      assertThat(found.epsLinf()).isZero();
      assertThat(found.errors().rms()).isEqualTo(found.concentration().rms()).isPositive();
    }
  }

  @Test
  void blocksOfSequencesGiveWhatOneBlockGives() throws InterruptedException {
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      ElmanNetwork network = Nets.he(arena, Precision.DOUBLE, 32, DIMENSION, 23);
      int sequences = SignReadout.WIDEST + 1;
      BlockPlan plan = BlockPlan.balanced(sequences, SignReadout.WIDEST);
      assertThat(plan.count()).isEqualTo(2);
      InputSequences inputs = InputSequences.normalized(StreamKey.of(23), DIMENSION, LENGTH, EPS_X);
      InversionErrors found =
          new SignReadout(Nets.BLAS, arena, network, sequences)
              .naive(inputs, LENGTH, Checkpoint.NONE);
      InversionErrors expected = new InversionErrors(LENGTH, DIMENSION);
      RealMatrix w = Nets.copy(network.recurrent());
      RealMatrix a = Nets.copy(network.input());
      RealMatrix[] all = new RealMatrix[LENGTH];
      java.util.Arrays.fill(all, identity(32));
      for (double[] x : Nets.sequences(inputs, LENGTH, plan)) {
        double[][] states = Nets.states(w, a, x);
        expected.add(wbar(w, a, all).preMultiply(states[LENGTH - 1]), x);
      }
      // Two orders of summation over products of a few hundred numbers.
      assertThat(found.rms()).isCloseTo(expected.rms(), within(1e-12));
      assertThat(found.linf()).isCloseTo(expected.linf(), within(1e-12));
    }
  }

  /**
   * Lemma 4.4, exact law: with T of m x d standard normals, e = v.x - (2/m) (T v).relu(T x) has
   * mean 0 and {@code m Var e = ||v||^2 ||x||^2 (2 + 3 cos^2 theta)}. The naive readout at L = 1 is
   * that sum for every axis v at once; their squared cosines add to 1, so the sum over axes is
   * {@code 2 d + 3}: d = 1 and d = 4 tell both constants. The standard error comes from 3000
   * networks; |z| < 4.5 is a false alarm in 150,000 checks. Twins: either constant off by a fifth.
   */
  @Test
  void oneLayerHasTheExactVarianceOfTheLemma() throws InterruptedException {
    for (int d : new int[] {1, 4}) {
      double[] sums = scaledSquares(50, d, 12_000);
      assertThat(Math.abs(studentized(sums, 2 * d + 3))).isLessThan(4.5);
      assertThat(Math.abs(studentized(sums, 2 * d + 3.6))).isGreaterThan(4.5);
      assertThat(Math.abs(studentized(sums, 1.6 * d + 3))).isGreaterThan(4.5);
    }
  }

  /** m ||r - x||^2 / ||x||^2 of one fixed x under many networks. */
  private static double[] scaledSquares(int m, int d, int networks) throws InterruptedException {
    InputSequences inputs = InputSequences.gaussian(StreamKey.of(31).name("x"), d);
    double[] sums = new double[networks];
    for (int seed = 0; seed < networks; seed++) {
      try (Arena arena = Arena.ofBytes(1 << 20)) {
        ElmanNetwork network = Nets.he(arena, Precision.DOUBLE, m, d, seed);
        double relative =
            new SignReadout(Nets.BLAS, arena, network, 1)
                .naive(inputs, 1, Checkpoint.NONE)
                .relativeL2();
        sums[seed] = m * relative * relative;
      }
    }
    return sums;
  }

  /**
   * Lemma C.1: {@code E 2 (w.v) relu(w.x) = v.x} for w ~ N(0, I). |z| < 4.5 is a false alarm in
   * 150,000 runs; without the factor 2 it must fail.
   */
  @Test
  void reluReadsALinearFunction() {
    double[] v = {1, -0.5, 2, 0.3};
    double[] x = {0.4, 1, 1.5, -0.2};
    double expected = 0.4 - 0.5 + 3 - 0.06;
    assertThat(identityZ(v, x, expected, 2)).isLessThan(4.5);
    assertThat(identityZ(v, x, expected, 1)).isGreaterThan(4.5);
  }

  private static double identityZ(double[] v, double[] x, double expected, double factor) {
    int n = 200_000;
    NormalStream normals = NormalStream.of(StreamKey.of(41));
    double[] w = new double[v.length];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      normals.fill(w, 0, w.length);
      double wv = 0;
      double wx = 0;
      for (int j = 0; j < w.length; j++) {
        wv += w[j] * v[j];
        wx += w[j] * x[j];
      }
      double term = factor * wv * Math.max(0, wx);
      sum += term;
      squares += term * term;
    }
    double mean = sum / n;
    return Math.abs(mean - expected) / Math.sqrt((squares / n - mean * mean) / n);
  }

  /**
   * Without sign patterns the noise grows by sqrt(2) a step under he weights. Slope between L = 6
   * and L = 16 of the log error of the first token, the farthest (over all tokens 1/sqrt(L) comes
   * in). Each step adds noise, so its square goes as 2^L - 1, which is 0.0008 above the limit
   * slope. 24 networks: the standard error comes from them, |t| < 3.8 is a false alarm in 1000 (23
   * degrees of freedom); a growth of 2, the factor-2 reading, must fail, and so must no growth.
   */
  @Test
  void naiveErrorsGrowBySquareRootOfTwoAStep() throws InterruptedException {
    double[] slopes = new double[24];
    for (int seed = 0; seed < slopes.length; seed++) {
      slopes[seed] = (Math.log(naive(seed, 16)) - Math.log(naive(seed, 6))) / 10;
    }
    assertThat(Math.abs(studentized(slopes, Math.log(2) / 2))).isLessThan(3.8);
    assertThat(Math.abs(studentized(slopes, Math.log(2)))).isGreaterThan(3.8);
    assertThat(Math.abs(studentized(slopes, 0))).isGreaterThan(3.8);
  }

  private static double naive(int seed, int length) throws InterruptedException {
    try (Arena arena = Arena.ofBytes(1 << 26)) {
      ElmanNetwork network = Nets.he(arena, Precision.DOUBLE, 512, 3, seed);
      InputSequences inputs =
          InputSequences.normalized(StreamKey.of(seed).name("x"), 3, length, 0.5 / length);
      return new SignReadout(Nets.BLAS, arena, network, 4)
          .naive(inputs, length, Checkpoint.NONE)
          .positionRms()[0];
    }
  }

  @Test
  void wantsADoubleNetwork() {
    try (Arena arena = Arena.ofBytes(1 << 20)) {
      ElmanNetwork network = Nets.he(arena, Precision.SINGLE, 8, 3, 1);
      assertThatThrownBy(() -> new SignReadout(Nets.BLAS, arena, network, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("the network must be double");
    }
  }

  private static double studentized(double[] values, double expected) {
    double mean = java.util.Arrays.stream(values).average().orElseThrow();
    double square = java.util.Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return (mean - expected) / Math.sqrt(square / (values.length - 1) / values.length);
  }

  private static RealMatrix[] signs(double[][] states) {
    RealMatrix[] signs = new RealMatrix[states.length];
    for (int l = 0; l < states.length; l++) {
      double[] h = states[l];
      signs[l] = diagonal(h.length, i -> h[i] > 0 ? 1 : 0);
    }
    return signs;
  }

  private static RealMatrix identity(int m) {
    return diagonal(m, i -> 1);
  }

  private static RealMatrix diagonal(int m, IntToDoubleFunction entry) {
    RealMatrix matrix = new Array2DRowRealMatrix(m, m);
    for (int i = 0; i < m; i++) {
      matrix.setEntry(i, i, entry.applyAsDouble(i));
    }
    return matrix;
  }

  private static RealMatrix beside(RealMatrix left, RealMatrix right) {
    int columns = left.getColumnDimension();
    RealMatrix both =
        new Array2DRowRealMatrix(left.getRowDimension(), columns + right.getColumnDimension());
    both.setSubMatrix(left.getData(), 0, 0);
    both.setSubMatrix(right.getData(), 0, columns);
    return both;
  }

  private static double distance(RealMatrix a, RealMatrix b) {
    double largest = 0;
    RealMatrix difference = a.subtract(b);
    for (double[] row : difference.getData()) {
      for (double value : row) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest;
  }
}
