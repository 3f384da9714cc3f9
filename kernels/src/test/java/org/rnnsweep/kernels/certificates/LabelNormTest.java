package org.rnnsweep.kernels.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

class LabelNormTest {
  private static final Blas BLAS = Blas.of(new NumericsProfile(Library.JAVA, Precision.DOUBLE));

  private static LabelNorm of(double[][] gram, double[] target) {
    try (Arena arena = Arena.ofBytes(LabelNorm.memoryBytes(gram.length))) {
      return LabelNorm.of(BLAS, arena, gram, target);
    }
  }

  /** I + 11^T has the inverse I - 11^T / (n + 1), and the eigenvalues n + 1 and 1. */
  @Test
  void aMatrixWhoseInverseIsKnown() {
    int n = 12;
    double[][] gram = new double[n][n];
    double[] target = new double[n];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        gram[i][j] = i == j ? 2 : 1;
      }
      target[i] = i * i - 20;
      sum += target[i];
      squares += target[i] * target[i];
    }
    LabelNorm norm = of(gram, target);
    assertThat(norm.squared()).isCloseTo(squares - sum * sum / (n + 1), within(1e-10));
    assertThat(norm.largest()).isCloseTo(n + 1, within(1e-9));
    assertThat(norm.smallest()).isCloseTo(1, within(1e-9));
    assertThat(norm.condition()).isCloseTo(n + 1, within(1e-8));
    assertThat(norm.jitter()).isZero();
  }

  @Test
  void aSingularMatrixIsSaidToBeSo() {
    double[][] ones = {{1, 1}, {1, 1}};
    LabelNorm norm = of(ones, new double[] {1, 1});
    assertThat(norm.jitter()).isPositive().isLessThanOrEqualTo(1e-8);
    assertThat(norm.squared()).isCloseTo(1, within(1e-6));
    assertThatThrownBy(() -> of(new double[][] {{1, 2}, {2, 1}}, new double[2]))
        .hasMessageContaining("2 x 2 Gram matrix");
  }

  /**
   * Proposition 2.4: M >= alpha^2 K_p gives sqrt(y^T M^-1 y) <= |beta|^p / alpha for y = (beta^T
   * x)^p. 200 random instances; the twin, a beta twice as long as is said, breaks it.
   */
  @Test
  void propositionTwoPointFour() {
    int broken = 0;
    for (int instance = 0; instance < 200; instance++) {
      NormalStream stream = NormalStream.of(StreamKey.of(31).block(instance));
      int n = 4 + instance % 20;
      int p = 1 + instance % 5;
      double alpha = 0.5 + stream.nextUniform();
      double[][] x = new double[n][3];
      double[] beta = new double[3];
      double[][] rest = new double[n][n];
      stream.fill(beta, 0, 3);
      for (int i = 0; i < n; i++) {
        stream.fill(x[i], 0, 3);
        stream.fill(rest[i], 0, n);
      }
      double[][] gram = new double[n][n];
      double[] target = new double[n];
      double small = 1e-3;
      for (int i = 0; i < n; i++) {
        target[i] = Math.pow(dot(beta, x[i]), p);
        for (int j = 0; j < n; j++) {
          gram[i][j] = alpha * alpha * Math.pow(dot(x[i], x[j]), p) + small * dot(rest[i], rest[j]);
        }
      }
      double bound = Math.pow(Math.sqrt(dot(beta, beta)), p) / alpha;
      double root = Math.sqrt(of(gram, target).squared());
      assertThat(root).as("instance %d", instance).isLessThanOrEqualTo(bound * (1 + 1e-8));
      broken += root > bound / Math.pow(2, p) ? 1 : 0;
    }
    assertThat(broken).isGreaterThan(100);
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }
}
