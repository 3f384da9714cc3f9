package org.rnnsweep.kernels.stability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

class SeparationTest {
  private static final StreamKey KEY = StreamKey.of(48);

  /** Against projections by Gram-Schmidt on vectors of R^20, two sequences of four steps. */
  @Test
  void agreesWithExplicitProjections() {
    int n = 2;
    int steps = 4;
    double[][] x = new double[n * steps][20];
    NormalStream normals = NormalStream.of(KEY);
    for (double[] row : x) {
      normals.fill(row, 0, 20);
    }
    double[][] gram = new double[x.length][x.length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x.length; j++) {
        gram[i][j] = dot(x[i], x[j]);
      }
    }
    Separation found = Separation.of(gram, n);
    double[][] basis = new double[x.length][];
    int rank = 0;
    double leastSeparation = Double.POSITIVE_INFINITY;
    for (int l = 1; l <= steps; l++) {
      double[][] rest = new double[n][];
      for (int i = 0; i < n; i++) {
        rest[i] = without(x[(l - 1) * n + i], basis, rank);
      }
      double a = Math.sqrt(dot(rest[0], rest[0]));
      double b = Math.sqrt(dot(rest[1], rest[1]));
      double sine = Math.sqrt(1 - Math.pow(dot(rest[0], rest[1]) / (a * b), 2));
      assertThat(found.newPart(l)).isCloseTo(Math.min(a, b), within(1e-12));
      assertThat(found.separation(l)).isCloseTo(Math.min(a, b) * sine, within(1e-12));
      leastSeparation = Math.min(leastSeparation, Math.min(a, b) * sine);
      for (int i = 0; i < n; i++) {
        double[] vector = without(x[(l - 1) * n + i], basis, rank);
        double norm = Math.sqrt(dot(vector, vector));
        for (int k = 0; k < 20; k++) {
          vector[k] /= norm;
        }
        basis[rank++] = vector;
      }
    }
    assertThat(found.leastSeparation()).isCloseTo(leastSeparation, within(1e-12));
    assertThatThrownBy(() -> Separation.of(gram, 3)).hasMessageContaining("3 sequences");
  }

  /** Without inputs l times the new part tends to 3 pi / sqrt(2): off by about ln(l) / l. */
  @Test
  void silentSequencesHaveAClosedForm() {
    Separation limit = Separation.limit(TokenFamily.SILENT.draw(KEY, 1, 4, 1, 128));
    assertThat(128 * limit.newPart(128)).isCloseTo(3 * Math.PI / Math.sqrt(2), within(0.3));
    assertThat(limit.newPart(2)).isCloseTo(Math.sqrt(1 - 1 / (Math.PI * Math.PI)), within(1e-14));
    assertThat(limit.leastNewPart()).isEqualTo(limit.newPart(128));
    assertThat(limit.separation(5)).isInfinite(); // one sequence only
  }

  /**
   * First tokens at distance delta; the separation is then about delta / (1 + delta l / (3 pi)).
   */
  @Test
  void firstTokensAreAtTheirDistance() {
    for (TokenFamily family : TokenFamily.values()) {
      double[][][] tokens = family.draw(KEY, 3, 6, 0.2, 4);
      double square = 0;
      for (int k = 0; k < 6; k++) {
        square += Math.pow(tokens[0][0][k] - tokens[1][0][k], 2);
      }
      assertThat(Math.sqrt(square)).isCloseTo(0.2, within(1e-14));
      for (double[][] sequence : tokens) {
        assertThat(dot(sequence[0], sequence[0])).isCloseTo(1, within(1e-14));
        assertThat(sequence[0][5]).isEqualTo(Math.sqrt(0.5));
        double later = dot(sequence[3], sequence[3]);
        assertThat(later).isCloseTo(family == TokenFamily.SILENT ? 0 : 1, within(1e-14));
      }
      assertThat(family.draw(KEY, 2, 6, 0.2, 2)[1][1]).isEqualTo(tokens[1][1]); // a prefix
      assertThat(TokenFamily.ofLabel(family.label())).isSameAs(family);
    }
    Separation limit = Separation.limit(TokenFamily.SILENT.draw(KEY, 2, 6, 0.01, 40));
    assertThat(limit.separation(40) / 0.01).isBetween(0.9, 1.0);
    assertThatThrownBy(() -> TokenFamily.SILENT.draw(KEY, 2, 6, 2, 4)).hasMessageContaining("2.0");
  }

  private static double[] without(double[] vector, double[][] basis, int rank) {
    double[] rest = vector.clone();
    for (int sweep = 0; sweep < 2; sweep++) {
      for (int k = 0; k < rank; k++) {
        double part = dot(rest, basis[k]);
        for (int c = 0; c < rest.length; c++) {
          rest[c] -= part * basis[k][c];
        }
      }
    }
    return rest;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }
}
