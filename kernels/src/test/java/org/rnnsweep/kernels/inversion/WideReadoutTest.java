package org.rnnsweep.kernels.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.inversion.WideReadout.Signs;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.rnn.ElmanNetwork;

/** {@link SignReadout}, which has explicit matrices as its oracle, is the oracle here. */
class WideReadoutTest {
  private static final int LENGTH = 5;
  private static final int DIMENSION = 4;
  private static final int SEQUENCES = 3;
  private static final double EPS_X = 0.1;

  /**
   * The answers of a W that is not formed belong to one matrix: that matrix, asked for afterwards
   * column by column, gives the same errors. Products of a few hundred numbers, in other orders.
   */
  @ParameterizedTest
  @EnumSource
  void isTheReadoutOfTheMatrixThatWasAsked(Representation representation)
      throws InterruptedException {
    int m = 64;
    StreamKey seed = StreamKey.of(51);
    Products asked = WideReadout.products(Signs.BASE_AND_OWN, SEQUENCES, LENGTH);
    Products all = new Products(asked.right() + m, asked.left());
    try (Arena arena = Arena.ofBytes(1 << 24);
        WideNetwork network =
            WideNetwork.draw(Nets.BLAS, arena, representation, m, DIMENSION, all, seed)) {
      WideReadout.Recovered found = measure(network, seed, Signs.BASE_AND_OWN, SEQUENCES, EPS_X);
      ElmanNetwork formed = new ElmanNetwork(whole(arena, network), network.input());
      SignReadout.Constructive expected =
          new SignReadout(Nets.BLAS, arena, formed, SEQUENCES)
              .constructive(
                  InputSequences.base(DIMENSION, LENGTH, EPS_X),
                  inputs(seed, EPS_X),
                  LENGTH,
                  Checkpoint.NONE);
      InversionErrors errors = errors(found.actual(), found.found());
      assertThat(errors.rms()).isCloseTo(expected.errors().rms(), within(1e-12)).isPositive();
      assertThat(errors.linf()).isCloseTo(expected.errors().linf(), within(1e-12));
      assertThat(errors.positionRms())
          .containsExactly(expected.errors().positionRms(), within(1e-12));
      InversionErrors own = errors(found.actual(), found.withOwn());
      assertThat(own.rms()).isCloseTo(expected.concentration().rms(), within(1e-12));
      assertThat(errors(found.withOwn(), found.found()).linf())
          .isCloseTo(expected.epsLinf(), within(1e-12));
      // Twin: with the two kinds of patterns exchanged it must not agree.
      assertThat(own.rms()).isNotCloseTo(expected.errors().rms(), within(1e-6));
      assertThat(found.flips()[0]).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutPatternsTooIsThatOfTheMatrix(Representation representation)
      throws InterruptedException {
    int m = 48;
    StreamKey seed = StreamKey.of(52);
    Products asked = WideReadout.products(Signs.NONE, SEQUENCES, LENGTH);
    try (Arena arena = Arena.ofBytes(1 << 24);
        WideNetwork network =
            WideNetwork.draw(
                Nets.BLAS,
                arena,
                representation,
                m,
                DIMENSION,
                new Products(asked.right() + m, asked.left()),
                seed)) {
      WideReadout.Recovered found = measure(network, seed, Signs.NONE, SEQUENCES, EPS_X);
      ElmanNetwork formed = new ElmanNetwork(whole(arena, network), network.input());
      InversionErrors expected =
          new SignReadout(Nets.BLAS, arena, formed, SEQUENCES)
              .naive(inputs(seed, EPS_X), LENGTH, Checkpoint.NONE);
      // Errors are of order 4 here: 1e-11 is 12 digits.
      assertThat(errors(found.actual(), found.found()).rms())
          .isCloseTo(expected.rms(), within(1e-11))
          .isPositive();
      assertThat(found.withOwn()).isNull();
    }
  }

  /** A formed W is that of {@link ElmanNetwork} under the same key. */
  @Test
  void aFormedNetworkIsTheElmanNetworkOfItsKey() {
    StreamKey seed = StreamKey.of(53);
    try (Arena arena = Arena.ofBytes(1 << 20);
        WideNetwork network =
            WideNetwork.draw(
                Nets.BLAS, arena, Representation.DENSE, 16, DIMENSION, new Products(16, 0), seed)) {
      ElmanNetwork expected = Nets.he(arena, Precision.DOUBLE, 16, DIMENSION, 53);
      assertThat(Nets.copy(whole(arena, network))).isEqualTo(Nets.copy(expected.recurrent()));
      assertThat(Nets.copy(network.input())).isEqualTo(Nets.copy(expected.input()));
    }
  }

  /** The sequence's first steps alone: what Corollary D.1.1 reads. */
  @Test
  void readsAnEarlierState() throws InterruptedException {
    int m = 64;
    int steps = LENGTH - 1;
    StreamKey seed = StreamKey.of(54);
    try (Arena arena = Arena.ofBytes(1 << 24);
        WideNetwork network =
            WideNetwork.draw(
                Nets.BLAS,
                arena,
                Representation.DENSE,
                m,
                DIMENSION,
                WideReadout.products(Signs.BASE_AND_OWN, 1, steps),
                seed)) {
      WideReadout.Recovered found =
          WideReadout.measure(
              network,
              Signs.BASE_AND_OWN,
              InputSequences.base(DIMENSION, LENGTH, EPS_X),
              inputs(seed, EPS_X),
              1,
              steps,
              Checkpoint.NONE);
      double[] x = found.actual()[0];
      assertThat(x).hasSize(steps * DIMENSION);
      ElmanNetwork formed = Nets.he(arena, Precision.DOUBLE, m, DIMENSION, 54);
      double[][] states = Nets.states(Nets.copy(formed.recurrent()), Nets.copy(formed.input()), x);
      // The first block read, k = steps, is A^T D_(0) h; with own patterns A^T h.
      double[] expected = Nets.copy(formed.input()).preMultiply(states[steps - 1]);
      for (int j = 0; j < DIMENSION; j++) {
        assertThat(found.withOwn()[0][(steps - 1) * DIMENSION + j])
            .isCloseTo(expected[j], within(1e-13));
      }
    }
  }

  /**
   * Both representations at m = 1024 by two-sample Kolmogorov-Smirnov tests of seven statistics;
   * Bonferroni at 1e-3, root seeds 55 (formed) and 56 (conditioned). Twin: eps_x larger by a fifth.
   */
  @Test
  void bothRepresentationsHaveOneLaw() throws InterruptedException {
    Map<String, double[]> formed = sample(Representation.DENSE, 55, EPS_X);
    assertThat(smallestPValue(formed, sample(Representation.CONDITIONED, 56, EPS_X)))
        .isGreaterThan(1e-3);
    assertThat(smallestPValue(formed, sample(Representation.CONDITIONED, 56, 1.2 * EPS_X)))
        .isLessThan(1e-3);
  }

  private static double smallestPValue(Map<String, double[]> one, Map<String, double[]> other) {
    assertThat(one).hasSize(7);
    double smallest = 1;
    for (String name : one.keySet()) {
      double p =
          KolmogorovSmirnovTest.withDefaults().test(one.get(name), other.get(name)).getPValue();
      smallest = Math.min(smallest, p * one.size());
    }
    return smallest;
  }

  private static Map<String, double[]> sample(Representation representation, int root, double epsX)
      throws InterruptedException {
    int draws = 150;
    Map<String, double[]> sample = new LinkedHashMap<>();
    for (int n = 0; n < draws; n++) {
      StreamKey seed = StreamKey.of(root).seed(n);
      try (Arena arena = Arena.ofBytes(1 << 26);
          WideNetwork network =
              WideNetwork.draw(
                  Nets.BLAS,
                  arena,
                  representation,
                  1024,
                  DIMENSION,
                  WideReadout.products(Signs.BASE_AND_OWN, 1, LENGTH),
                  seed)) {
        WideReadout.Recovered found = measure(network, seed, Signs.BASE_AND_OWN, 1, epsX);
        InversionErrors errors = errors(found.actual(), found.found());
        InversionErrors own = errors(found.actual(), found.withOwn());
        InversionErrors between = errors(found.withOwn(), found.found());
        double[] statistics = {
          errors.rms(),
          errors.linf(),
          own.rms(),
          own.positionRms()[0],
          own.positionRms()[LENGTH - 1],
          between.rms(),
          found.flips()[LENGTH - 2]
        };
        for (int i = 0; i < statistics.length; i++) {
          sample.computeIfAbsent("statistic " + i, any -> new double[draws])[n] = statistics[i];
        }
      }
    }
    return sample;
  }

  /**
   * What a measurement takes is what it declares, on either representation and with or without
   * patterns.
   */
  @ParameterizedTest
  @EnumSource
  void takesTheMemoryItDeclares(Representation representation) throws InterruptedException {
    for (Signs signs : Signs.values()) {
      int m = 5000; // a chunk and a rest
      StreamKey seed = StreamKey.of(57);
      Products products = WideReadout.products(signs, 2, 3);
      long bytes =
          WideNetwork.memoryBytes(representation, m, DIMENSION, products)
              + WideReadout.memoryBytes(signs, m, DIMENSION, 2, 3);
      try (Arena arena = Arena.ofBytes(bytes)) {
        try (WideNetwork network =
            WideNetwork.draw(Nets.BLAS, arena, representation, m, DIMENSION, products, seed)) {
          WideReadout.measure(
              network,
              signs,
              InputSequences.base(DIMENSION, 3, EPS_X),
              InputSequences.normalized(seed, DIMENSION, 3, EPS_X),
              2,
              3,
              Checkpoint.NONE);
        }
        assertThat(arena.peak()).isGreaterThan(bytes * 9 / 10);
        assertThat(arena.used()).isZero();
      }
    }
  }

  private static WideReadout.Recovered measure(
      WideNetwork network, StreamKey seed, Signs signs, int sequences, double epsX)
      throws InterruptedException {
    return WideReadout.measure(
        network,
        signs,
        InputSequences.base(DIMENSION, LENGTH, epsX),
        inputs(seed, epsX),
        sequences,
        LENGTH,
        Checkpoint.NONE);
  }

  private static InputSequences inputs(StreamKey seed, double epsX) {
    return InputSequences.normalized(seed.name("x"), DIMENSION, LENGTH, epsX);
  }

  private static InversionErrors errors(double[][] actual, double[][] found) {
    InversionErrors errors = new InversionErrors(LENGTH, DIMENSION);
    for (int s = 0; s < actual.length; s++) {
      errors.add(found[s], actual[s]);
    }
    return errors;
  }

  /** W, asked for column by column; it must have m right products left. */
  static OffHeapMatrix whole(Arena arena, WideNetwork network) {
    int m = (int) network.width();
    OffHeapMatrix identity = arena.matrix(m, m, Precision.DOUBLE);
    for (int j = 0; j < m; j++) {
      identity.set(j, j, 1);
    }
    OffHeapMatrix columns = arena.matrix(m, m, Precision.DOUBLE);
    network.recurrent().right(identity, columns);
    OffHeapMatrix w = arena.matrix(m, m, Precision.DOUBLE);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        w.set(i, j, columns.get(j, i));
      }
    }
    return w;
  }
}
