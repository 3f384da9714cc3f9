package org.rnnsweep.kernels.stability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;

/** The steps against the same ones on explicit matrices, with gradients by differences. */
class TrainingDisplacementTest {
  private static final int M = 40;
  private static final int LENGTH = 4;
  private static final double SIZE = 1 / Math.sqrt(M);
  private static final StreamKey KEY = StreamKey.of(62).seed(0);
  private static final List<NormalizedInput> X = List.of(input(0), input(1), input(2));
  private static final double[][] LABELS = {{1, 0}, {-0.6, 0.8}, {0, -1}};

  private static NormalizedInput input(int t) {
    return NormalizedInput.of(NormalizedInput.Law.SPREAD, KEY.name("x").block(t), 4, 0.25);
  }

  private static RandomNetwork network(Arena arena, Representation representation) {
    return RandomNetwork.draw(
        Explicit.BLAS,
        arena,
        representation,
        Precision.DOUBLE,
        new RandomNetwork.Shape(M, 4, 2),
        RandomNetwork.HE,
        new Products(100, 100),
        KEY);
  }

  @ParameterizedTest
  @EnumSource(Representation.class)
  void trainsAsOnExplicitMatrices(Representation representation) {
    try (Arena arena = Arena.ofBytes(1L << 26);
        RandomNetwork net = network(arena, representation)) {
      Arena own = Arena.ofBytes(1L << 26);
      try (TrainingDisplacement change =
          TrainingDisplacement.train(Explicit.BLAS, own, net, X, LABELS, LENGTH, SIZE)) {
        assertThat(own.peak())
            .isLessThanOrEqualTo(TrainingDisplacement.memoryBytes(M, 4, 2, LENGTH, X.size()));
        double[][] w = Explicit.complete(arena, net.recurrent());
        double[][] a = Explicit.entries(net.input());
        double[][] b = Explicit.entries(net.output());
        double[][] moved = new double[M][M];
        for (int t = 0; t < X.size(); t++) {
          double[][] gradient = gradient(plus(w, 1, moved), a, b, t);
          moved = plus(moved, SIZE / X.size() / SymmetricEigen.spectralNorm(gradient), gradient);
        }
        moved = plus(new double[M][M], SIZE / SymmetricEigen.spectralNorm(moved), moved);
        double[][] found = plus(Explicit.complete(arena, change.sum()), -1, w);
        for (int i = 0; i < M; i++) {
          assertThat(found[i]).containsExactly(moved[i], within(1e-6));
        }
        assertThat(SymmetricEigen.spectralNorm(found)).isCloseTo(SIZE, within(1e-9));
      }
      assertThat(own.used()).isZero();
    }
  }

  /** Of <y, B h_L> by W, entry by entry. */
  private static double[][] gradient(double[][] w, double[][] a, double[][] b, int t) {
    double[][] gradient = new double[M][M];
    double step = 1e-6;
    for (int i = 0; i < M; i++) {
      for (int j = 0; j < M; j++) {
        double at = w[i][j];
        w[i][j] = at + step;
        double above = output(w, a, b, t);
        w[i][j] = at - step;
        double below = output(w, a, b, t);
        w[i][j] = at;
        gradient[i][j] = (above - below) / (2 * step);
      }
    }
    return gradient;
  }

  private static double output(double[][] w, double[][] a, double[][] b, int t) {
    double[] h = new double[M];
    for (int l = 1; l <= LENGTH; l++) {
      double[] x = l < LENGTH ? X.get(t).token(l) : X.get(t).lastToken(LENGTH);
      double[] next = new double[M];
      for (int k = 0; k < M; k++) {
        next[k] = Math.max(0, dot(w[k], h) + dot(a[k], x));
      }
      h = next;
    }
    return LABELS[t][0] * dot(b[0], h) + LABELS[t][1] * dot(b[1], h);
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }

  private static double[][] plus(double[][] x, double factor, double[][] y) {
    double[][] sum = new double[x.length][x[0].length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x[i].length; j++) {
        sum[i][j] = x[i][j] + factor * y[i][j];
      }
    }
    return sum;
  }

  @Test
  void refusesInWords() {
    try (Arena arena = Arena.ofBytes(1L << 26);
        RandomNetwork net = network(arena, Representation.DENSE)) {
      assertThatThrownBy(
              () ->
                  TrainingDisplacement.train(
                      Explicit.BLAS, arena, net, X, LABELS, LENGTH, Double.NaN))
          .hasMessageContaining("3 sequences, 3 labels, 4 tokens and NaN");
    }
  }
}
