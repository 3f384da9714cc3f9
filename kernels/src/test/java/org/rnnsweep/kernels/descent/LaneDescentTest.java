package org.rnnsweep.kernels.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.concepts.TokenLaw;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.ntk.Activation;
import org.rnnsweep.kernels.ntk.InputScale;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.RowMeasures;

class LaneDescentTest {
  private static final NetworkLaw LAW =
      new NetworkLaw(Activation.RELU, 2, 2, InputScale.ONE, 0, 0, 1);
  private static final NetworkLaw BIASED =
      new NetworkLaw(Activation.RELU, 2, 2, InputScale.ONE, 1, 0, 1);
  private static final int LENGTH = 5;
  private static final int DIMENSION = 3;
  private static final double RATE = 0.02;

  private final Arena arena = Arena.ofBytes(1L << 24);

  @AfterEach
  void close() {
    assertThat(arena.used()).isZero();
    arena.close();
  }

  private static NetworkShape shape(int width, int outputs, Trained trained) {
    return new NetworkShape(width, DIMENSION, outputs, trained, Output.LAST, 1, 0.7);
  }

  private static Network network(Arena arena, NetworkShape shape, NetworkLaw law, int seed) {
    return Network.draw(arena, Precision.SINGLE, shape, law, StreamKey.of(5).seed(seed));
  }

  private static double[][] sequence(int seed, int step) {
    StreamKey key = StreamKey.of(5).seed(seed).name("x");
    return TokenLaw.unit(DIMENSION).sequence(key, step, LENGTH);
  }

  private static double[] target(NetworkShape shape, int seed, int step) {
    double[] y = new double[shape.outputs()];
    Arrays.setAll(y, c -> StrictMath.sin(1 + seed + 3 * step + 5 * c));
    return y;
  }

  /** The weights of every seed after some steps, and the losses on the way. */
  private List<double[]> train(
      LaneLoops loops, NetworkShape shape, Loss loss, List<Integer> seeds, int count) {
    List<Network> networks = new ArrayList<>();
    seeds.forEach(seed -> networks.add(network(arena, shape, LAW, seed)));
    LaneDescent lanes = new LaneDescent(loops, networks, loss, LENGTH);
    List<double[]> found = new ArrayList<>();
    for (int lane = 0; lane < seeds.size(); lane++) {
      found.add(new double[count + shape.width() * (shape.width() + DIMENSION) + 1]);
    }
    for (int t = 0; t < count; t++) {
      double[][][] x = new double[seeds.size()][][];
      double[][] y = new double[seeds.size()][];
      for (int lane = 0; lane < x.length; lane++) {
        x[lane] = sequence(seeds.get(lane), t);
        y[lane] = target(shape, seeds.get(lane), t);
      }
      double[] losses = lanes.step(x, y, RATE);
      for (int lane = 0; lane < losses.length; lane++) {
        found.get(lane)[t] = losses[lane];
      }
    }
    for (int lane = 0; lane < seeds.size(); lane++) {
      lanes.copyTo(lane, networks.get(lane));
      weights(networks.get(lane), found.get(lane), count);
      found.get(lane)[found.get(lane).length - 1] = lanes.gradientNorm(lane);
    }
    networks.forEach(Network::close);
    return found;
  }

  private static void weights(Network network, double[] into, int from) {
    int at = from;
    for (int i = 0; i < network.shape().width(); i++) {
      for (int k = 0; k < network.shape().width(); k++) {
        into[at++] = network.recurrent().get(i, k);
      }
      for (int k = 0; k < DIMENSION; k++) {
        into[at++] = network.input().get(i, k);
      }
    }
  }

  /** Widths with and without a rest of four; outputs likewise. */
  @ParameterizedTest
  @CsvSource({"1,1", "3,2", "4,1", "7,5", "8,4", "21,1", "32,1"})
  void theVectorApiGivesTheBitsOfPlainLoops(int width, int outputs) {
    NetworkShape shape = shape(width, outputs, Trained.RECURRENT_AND_INPUT);
    List<Integer> seeds = List.of(0, 1, 2, 3, 4, 5, 6, 7);
    List<double[]> plain = train(new PlainLanes(), shape, Loss.HUBER, seeds, 20);
    List<double[]> vectors = train(new VectorLanes(), shape, Loss.HUBER, seeds, 20);
    for (int lane = 0; lane < seeds.size(); lane++) {
      assertThat(vectors.get(lane)).containsExactly(plain.get(lane));
    }
    assertThat(plain.get(0)).isNotEqualTo(plain.get(1));
  }

  @Test
  void aNetworkHasItsBitsInAnyLaneBesideAnyOthers() {
    NetworkShape shape = shape(9, 1, Trained.RECURRENT);
    List<Integer> seeds = List.of(0, 1, 2, 3, 4, 5, 6, 7);
    List<double[]> together = train(LaneLoops.fastest(), shape, Loss.HUBER, seeds, 50);
    List<Integer> turned = new ArrayList<>(seeds.subList(1, 6));
    Collections.reverse(turned);
    List<double[]> fewer = train(LaneLoops.fastest(), shape, Loss.HUBER, turned, 50);
    for (int lane = 0; lane < turned.size(); lane++) {
      assertThat(fewer.get(lane)).containsExactly(together.get(turned.get(lane)));
    }
    for (int seed : seeds) {
      assertThat(train(LaneLoops.fastest(), shape, Loss.HUBER, List.of(seed), 50).get(0))
          .containsExactly(together.get(seed));
    }
  }

  /** A neighbour that explodes to infinities and NaN is a neighbour like any other. */
  @Test
  void aNetworkHasItsBitsBesideOneThatDiverges() {
    NetworkShape shape = shape(6, 1, Trained.RECURRENT);
    double[] alone = run(shape, List.of(3), 1, 60).get(0);
    List<double[]> both = run(shape, List.of(3, 4), 1e12, 60);
    assertThat(both.get(0)).containsExactly(alone);
    assertThat(Arrays.stream(both.get(1)).allMatch(Double::isFinite)).isFalse();
  }

  /** The second network's targets are this much larger. */
  private List<double[]> run(NetworkShape shape, List<Integer> seeds, double factor, int count) {
    List<Network> networks = new ArrayList<>();
    seeds.forEach(seed -> networks.add(network(arena, shape, LAW, seed)));
    LaneDescent lanes = new LaneDescent(networks, Loss.SQUARED, LENGTH);
    for (int t = 0; t < count; t++) {
      double[][][] x = new double[seeds.size()][][];
      double[][] y = new double[seeds.size()][];
      for (int lane = 0; lane < x.length; lane++) {
        x[lane] = sequence(seeds.get(lane), t);
        y[lane] = target(shape, seeds.get(lane), t);
        y[lane][0] *= lane == 0 ? 1 : factor;
      }
      lanes.step(x, y, RATE);
    }
    List<double[]> found = new ArrayList<>();
    for (int lane = 0; lane < seeds.size(); lane++) {
      double[] weights = new double[shape.width() * (shape.width() + DIMENSION)];
      lanes.copyTo(lane, networks.get(lane));
      weights(networks.get(lane), weights, 0);
      found.add(weights);
    }
    networks.forEach(Network::close);
    return found;
  }

  /**
   * Oracle: {@link Descent}, whose gradient is checked by differences, with products of plain Java.
   * Both are single and differ by some hundred roundings of 6e-8 a step.
   */
  @ParameterizedTest
  @CsvSource({"RECURRENT,HUBER,1", "RECURRENT_AND_INPUT,SQUARED,2", "RECURRENT,LOGISTIC,3"})
  void stepsAreThoseOfDescent(Trained trained, Loss loss, int outputs) {
    NetworkShape shape = shape(16, outputs, trained);
    int count = 30;
    double[] found = train(LaneLoops.fastest(), shape, loss, List.of(0, 1), count).get(1);
    double[] expected = new double[found.length];
    Blas blas = Blas.of(new NumericsProfile(Library.JAVA, Precision.SINGLE));
    try (Network network = network(arena, shape, LAW, 1);
        Descent descent = Descent.of(blas, arena, network, loss, 1, LENGTH, 0)) {
      double[] start = new double[expected.length];
      weights(network, start, count);
      for (int t = 0; t < count; t++) {
        double[][][] x = {sequence(1, t)};
        double[][][] y = {{target(shape, 1, t)}};
        expected[t] = descent.step(x, y, RATE);
      }
      weights(network, expected, count);
      expected[expected.length - 1] = gradientNorm(descent.pass());
      // Were nothing learnt, this would be seen.
      assertThat(Arrays.equals(start, count, start.length, expected, count, start.length))
          .isFalse();
    }
    assertThat(found).containsExactly(expected, within(2e-5));
  }

  private static double gradientNorm(Pass pass) {
    double square = 0;
    for (int i = 2; i <= LENGTH; i++) {
      for (int k = 2; k <= LENGTH; k++) {
        square +=
            RowMeasures.dot(pass.signals(i), 0, pass.signals(k), 0)
                * RowMeasures.dot(pass.states(i - 1), 0, pass.states(k - 1), 0);
      }
    }
    return Math.sqrt(square);
  }

  /** Another JVM that never compiles, without the Vector API's module, gives the same bits. */
  @Test
  void givesTheSameBitsInterpreted() throws Exception {
    for (int warmUp = 0; warmUp < 20; warmUp++) {
      small(arena);
    }
    for (String module : List.of("jdk.incubator.vector", "java.base")) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xint",
                  "--add-modules=" + module,
                  "-Djava.library.path=",
                  "-cp",
                  System.getProperty("java.class.path"),
                  LaneDescentTest.class.getName())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(out.strip().lines().reduce("", (last, line) -> line)).isEqualTo(small(arena));
    }
  }

  /** Prints what {@link #small} gives here. */
  public static void main(String[] args) {
    try (Arena arena = Arena.ofBytes(1L << 22)) {
      System.out.println(small(arena));
    }
  }

  private static String small(Arena arena) {
    NetworkShape shape = shape(10, 1, Trained.RECURRENT_AND_INPUT);
    List<Network> networks = List.of(network(arena, shape, LAW, 0), network(arena, shape, LAW, 1));
    LaneDescent lanes = new LaneDescent(networks, Loss.HUBER, LENGTH);
    for (int t = 0; t < 40; t++) {
      double[][][] x = {sequence(0, t), sequence(1, t)};
      double[][] y = {target(shape, 0, t), target(shape, 1, t)};
      lanes.step(x, y, RATE);
    }
    double[] weights = new double[10 * (10 + DIMENSION)];
    lanes.copyTo(1, networks.get(1));
    weights(networks.get(1), weights, 0);
    networks.forEach(Network::close);
    return Integer.toHexString(Arrays.hashCode(weights));
  }

  @Test
  void refusesOtherNetworks() {
    NetworkShape shape = shape(4, 1, Trained.RECURRENT);
    try (Network plain = network(arena, shape, LAW, 0);
        Network wider = network(arena, shape(5, 1, Trained.RECURRENT), LAW, 0);
        Network biased = network(arena, shape, BIASED, 0);
        Network all = network(arena, shape(4, 1, Trained.ALL), LAW, 0);
        Network accurate =
            Network.draw(arena, Precision.DOUBLE, shape, LAW, StreamKey.of(5).seed(0))) {
      for (Network other : List.of(wider, biased, all, accurate)) {
        assertThatThrownBy(() -> new LaneDescent(List.of(plain, other), Loss.HUBER, 3))
            .hasMessageContaining("found 2");
      }
      assertThatThrownBy(() -> new LaneDescent(Collections.nCopies(9, plain), Loss.HUBER, 3))
          .hasMessageContaining("found 9");
      LaneDescent lanes = new LaneDescent(List.of(plain), Loss.HUBER, 3);
      assertThatThrownBy(
              () -> lanes.step(new double[][][] {sequence(0, 0)}, new double[][] {{1}}, 1))
          .hasMessageContaining("5 tokens");
    }
  }
}
