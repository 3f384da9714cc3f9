package org.rnnsweep.kernels.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Preset;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.LossVectors;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.TokenFamily;
import org.rnnsweep.kernels.stability.Trajectory;

class WideDescentTest {
  private static final Blas BLAS =
      Blas.of(new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE));
  private static final StreamKey KEY = StreamKey.of(43).seed(0);
  private static final int SEQUENCES = 2;
  private static final int LENGTH = 4;
  private static final int OUTPUTS = 2;
  private static final int DIMENSION = 4;
  private static final double[][][] X =
      TokenFamily.UNRELATED.draw(KEY.name("tokens"), SEQUENCES, DIMENSION, 0.8, LENGTH);
  private static final double[][][] Y = targets();

  private static double[][][] targets() {
    double[][][] y = new double[SEQUENCES][][];
    for (int i = 0; i < SEQUENCES; i++) {
      y[i] = LossVectors.Family.RANDOM.draw(KEY.name("y").with("sequence", i), OUTPUTS, LENGTH);
    }
    return y;
  }

  private static NetworkShape shape(int m) {
    return new NetworkShape(m, DIMENSION, OUTPUTS, Trained.RECURRENT, Output.EVERY_STEP, 2, 1);
  }

  /** Losses before every step and after the last, distances after every step, gradient norms. */
  private record Course(double[] losses, double[] distances, double[] gradients) {
    Course(int steps) {
      this(new double[steps + 1], new double[steps], new double[steps]);
    }

    /**
     * The largest difference in units of the first errors r_0: f = |r|^2 / 2 moves by |r| |r_0|
     * times what outputs move, so {@code |f - f'| / sqrt(f' f'_0)}; gradients over the first one,
     * distances over themselves.
     */
    double from(Course other) {
      double worst = 0;
      for (int t = 0; t < losses.length; t++) {
        double unit = Math.sqrt(other.losses[t] * other.losses[0]);
        worst = Math.max(worst, Math.abs(losses[t] - other.losses[t]) / unit);
      }
      for (int t = 0; t < gradients.length; t++) {
        double far = Math.abs(distances[t] - other.distances[t]) / other.distances[t];
        double steep = Math.abs(gradients[t] - other.gradients[t]) / other.gradients[0];
        worst = Math.max(worst, Math.max(far, steep));
      }
      return worst;
    }

    /** Last loss over the first. */
    double reached() {
      return losses[losses.length - 1] / losses[0];
    }
  }

  private static RandomNetwork draw(
      Arena arena,
      Representation representation,
      Precision precision,
      int m,
      Products more,
      int steps) {
    Products own = WideDescent.products(SEQUENCES, LENGTH, steps);
    return RandomNetwork.draw(
        BLAS,
        arena,
        representation,
        precision,
        new RandomNetwork.Shape(m, DIMENSION, OUTPUTS),
        RandomNetwork.HE,
        new Products(own.right() + more.right(), own.left() + more.left()),
        KEY);
  }

  private static WideDescent descent(Arena arena, RandomNetwork net, int steps) {
    return new WideDescent(
        BLAS,
        arena,
        shape((int) net.width()),
        net.recurrent(),
        net.input(),
        net.output(),
        Loss.SQUARED,
        X,
        Y,
        steps);
  }

  private static Course course(WideDescent descent, int steps, double rate) {
    Course course = new Course(steps);
    for (int t = 0; t < steps; t++) {
      course.losses[t] = descent.loss();
      course.gradients[t] = descent.step(rate);
      course.distances[t] = descent.distance();
    }
    course.losses[steps] = descent.loss();
    return course;
  }

  /** Plain descent on the matrix that the operator turns out to be. */
  private static Course dense(Arena arena, RandomNetwork net, int steps, double rate) {
    int m = (int) net.width();
    Network network =
        Network.draw(
            arena,
            Precision.DOUBLE,
            shape(m),
            Network.law(Preset.ALLEN_ZHU_LI_SONG, LENGTH, m),
            KEY.name("other"));
    OffHeapMatrix unit = arena.matrix(m, m, Precision.DOUBLE);
    OffHeapMatrix columns = arena.matrix(m, m, Precision.DOUBLE);
    for (int k = 0; k < m; k++) {
      unit.set(k, k, 1);
    }
    net.recurrent().right(unit, columns);
    BLAS.gemm(Transpose.YES, Transpose.NO, 1, columns, unit, 0, network.recurrent());
    network.input().copyFrom(net.input());
    network.readout().copyFrom(net.output());
    return dense(arena, network, steps, rate);
  }

  private static Course dense(Arena arena, Network network, int steps, double rate) {
    Network initial = network.copy(arena);
    Network zero = network.zeros(arena);
    Network gradient = network.zeros(arena);
    Course course = new Course(steps);
    try (Descent descent = Descent.of(BLAS, arena, network, Loss.SQUARED, SEQUENCES, LENGTH, 0)) {
      for (int t = 0; t < steps; t++) {
        course.losses[t] = descent.step(X, Y, rate);
        descent.pass().addGradient(1, 0, gradient);
        course.gradients[t] = gradient.distance(zero);
        course.distances[t] = network.distance(initial);
      }
      course.losses[steps] = descent.loss(X, Y);
    }
    return course;
  }

  /**
   * The matrix completed after the training trains alike. With 8 and 24 neurons what is asked comes
   * to span everything, on both sides; with 64 it does not at first. Answers agree with one matrix
   * to 1e-14 of the norms, and a descent that converges does not enlarge that.
   */
  @ParameterizedTest
  @CsvSource({"8, 40, 0.01, 1", "24, 60, 0.01, 0.1", "64, 10, 0.005, 0.1", "64, 200, 0.005, 1e-5"})
  void conditionedMatrixTrainsAsTheOneItTurnsOutToBe(
      int m, int steps, double rate, double reached) {
    try (Arena arena = Arena.ofBytes(1 << 26)) {
      RandomNetwork net =
          draw(arena, Representation.CONDITIONED, Precision.DOUBLE, m, new Products(m, 0), steps);
      try (WideDescent descent = descent(arena, net, steps)) {
        Course wide = course(descent, steps, rate);
        double from = wide.from(dense(arena, net, steps, rate));
        assertThat(from).isLessThan(1e-12);
        assertThat(wide.reached()).isLessThan(reached);
      }
    }
  }

  @Test
  void formedMatrixTrainsAsTheNetwork() {
    int m = 40;
    int steps = 100;
    try (Arena arena = Arena.ofBytes(1 << 26)) {
      RandomNetwork net =
          draw(arena, Representation.DENSE, Precision.DOUBLE, m, new Products(0, 0), steps);
      NetworkLaw law = Network.law(Preset.ALLEN_ZHU_LI_SONG, LENGTH, m);
      Network same = Network.draw(arena, Precision.DOUBLE, shape(m), law, KEY);
      try (WideDescent descent = descent(arena, net, steps)) {
        assertThat(course(descent, steps, 0.005).from(dense(arena, same, steps, 0.005)))
            .isLessThan(1e-12);
      }
    }
  }

  /** Twins that leave out what was learnt, in one of the three places where it enters. */
  @ParameterizedTest
  @CsvSource({"NO, 1", "NO, 2", "YES, 3"})
  void changeThatIsLeftOutIsSeen(Transpose where, int from) {
    int m = 64;
    int steps = 10;
    try (Arena arena = Arena.ofBytes(1 << 26)) {
      RandomNetwork net =
          draw(arena, Representation.CONDITIONED, Precision.DOUBLE, m, new Products(m, 0), steps);
      GaussianOperator w = net.recurrent();
      OffHeapMatrix answer = arena.matrix(SEQUENCES, m, Precision.DOUBLE);
      try (WideDescent wrong =
          new WideDescent(
              BLAS, arena, shape(m), w, net.input(), net.output(), Loss.SQUARED, X, Y, steps) {
            private OffHeapMatrix first;

            @Override
            void addProduct(Transpose transpose, int l, OffHeapMatrix x, OffHeapMatrix y) {
              if (transpose != where || l < from || (l > 1 && from == 1)) {
                super.addProduct(transpose, l, x, y);
                return;
              }
              if (transpose == Transpose.YES) {
                w.left(x, answer);
              } else if (l > 1) {
                w.right(x, answer);
              } else if (first == null) {
                first = arena.matrix(SEQUENCES, m, Precision.DOUBLE);
                w.right(x, first);
              }
              for (int i = 0; i < SEQUENCES; i++) {
                RowMeasures.add(y, i, 1, l == 1 ? first : answer, i);
              }
            }
          }) {
        Course course = course(wrong, steps, 0.005);
        assertThat(course.from(dense(arena, net, steps, 0.005))).isGreaterThan(1e-3);
      }
    }
  }

  /** On the same draws, rounding of single is 1e-6 of the first errors, however small the last. */
  @Test
  void singleFollowsDouble() {
    int steps = 40;
    Course[] courses = new Course[2];
    for (Precision precision : Precision.values()) {
      try (Arena arena = Arena.ofBytes(1 << 26)) {
        RandomNetwork net =
            draw(arena, Representation.CONDITIONED, precision, 1000, new Products(0, 0), steps);
        try (WideDescent descent = descent(arena, net, steps)) {
          courses[precision.ordinal()] = course(descent, steps, 6e-4);
        }
      }
    }
    assertThat(courses[0].from(courses[1])).isBetween(1e-9, 1e-5);
    assertThat(courses[0].reached()).isLessThan(1e-3);
  }

  @Test
  void takesWhatWasDeclaredAndNoMore() {
    int m = 100;
    int steps = 3;
    Products none = new Products(0, 0);
    long bytes =
        RandomNetwork.memoryBytes(
                Representation.CONDITIONED,
                Precision.DOUBLE,
                new RandomNetwork.Shape(m, DIMENSION, OUTPUTS),
                WideDescent.products(SEQUENCES, LENGTH, steps))
            + WideDescent.memoryBytes(shape(m), Precision.DOUBLE, SEQUENCES, LENGTH, steps);
    try (Arena arena = Arena.ofBytes(bytes)) {
      RandomNetwork net = draw(arena, Representation.CONDITIONED, Precision.DOUBLE, m, none, steps);
      try (WideDescent descent = descent(arena, net, steps)) {
        course(descent, steps, 1e-3);
        assertThat(arena.peak()).isGreaterThan(bytes * 4 / 5);
        assertThatThrownBy(() -> descent.step(1e-3))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("3 steps were declared, found one more");
      }
      assertThat(arena.used()).isLessThan(bytes / 2); // what is left is W_0's
      net.close();
      assertThat(arena.used()).isZero();
    }
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      RandomNetwork net =
          draw(arena, Representation.CONDITIONED, Precision.DOUBLE, m, none, steps - 1);
      try (WideDescent descent = descent(arena, net, steps)) {
        assertThatThrownBy(() -> course(descent, steps, 1e-3))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("products were declared");
      }
      NetworkShape all =
          new NetworkShape(m, DIMENSION, OUTPUTS, Trained.ALL, Output.EVERY_STEP, 2, 1);
      assertThatThrownBy(
              () ->
                  new WideDescent(
                      BLAS,
                      arena,
                      all,
                      net.recurrent(),
                      net.input(),
                      net.output(),
                      Loss.SQUARED,
                      X,
                      Y,
                      1))
          .hasMessageContaining("W alone is trained");
    }
  }

  /**
   * The tangent matrix K of the same operator, by backward vectors: |grad f|^2 = r^T K r to
   * rounding, and the first steps make r into (I - eta K) r, up to signs that flip: less and less
   * so as the width grows.
   */
  @Test
  void firstStepsFollowTheTangentMatrix() {
    double narrow = lossBesideTheTangentMatrix(1 << 8);
    double wide = lossBesideTheTangentMatrix(1 << 14);
    assertThat(Math.abs(wide)).isLessThan(0.05);
    assertThat(Math.abs(wide)).isLessThan(Math.abs(narrow) / 3);
  }

  private static double lossBesideTheTangentMatrix(int m) {
    int steps = 5;
    try (Arena arena = Arena.ofBytes(1L << 28)) {
      Products more =
          new Products(
              Trajectory.products(SEQUENCES, LENGTH),
              BackwardVectors.products(SEQUENCES, OUTPUTS, 2, LENGTH));
      RandomNetwork net = draw(arena, Representation.CONDITIONED, Precision.DOUBLE, m, more, steps);
      double[][] kernel;
      try (Trajectory states =
          new Trajectory(BLAS, arena, net.recurrent(), net.input(), SEQUENCES, LENGTH)) {
        for (int l = 0; l < LENGTH; l++) {
          states.step(new double[][] {X[0][l], X[1][l]});
        }
        kernel = TangentMatrix.of(BLAS, arena, net.recurrent(), net.output(), states);
      }
      try (WideDescent descent = descent(arena, net, steps)) {
        TangentModes modes = TangentModes.of(kernel, descent.errors());
        assertThat(modes.loss(1, 0)).isCloseTo(descent.loss(), withinPercentage(1e-10));
        double rate = 0.5 / modes.largest();
        Course course = course(descent, steps, rate);
        assertThat(course.gradients[0]).isCloseTo(modes.gradient(), withinPercentage(1e-10));
        assertThat(course.distances[0])
            .isCloseTo(rate * course.gradients[0], withinPercentage(1e-10))
            .isCloseTo(modes.distance(rate, 1), withinPercentage(1e-10));
        assertThat(course.distances[steps - 1])
            .isCloseTo(modes.distance(rate, steps), withinPercentage(m < 1000 ? 5 : 0.5));
        return Math.log(course.losses[steps] / modes.loss(rate, steps));
      }
    }
  }
}
