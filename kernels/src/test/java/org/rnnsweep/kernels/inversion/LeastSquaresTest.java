package org.rnnsweep.kernels.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.rnn.ElmanNetwork;

class LeastSquaresTest {
  private static final double RIDGE = 1e-6;

  /** Second method: pure Java states, and QR of [H; sqrt(lambda) I] instead of normal equations. */
  @Test
  void agreesWithAnOrthogonalDecompositionOfTheSameFeatures() throws InterruptedException {
    int m = 24;
    int d = 2;
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      ElmanNetwork network = Nets.he(arena, Precision.DOUBLE, m, d, 5);
      BlockPlan plan = BlockPlan.balanced(200, 64);
      assertThat(plan.sequencesIn(plan.count() - 1)).as("a padded tail").isLessThanOrEqualTo(50);
      StatePanel panel = new StatePanel(Nets.BLAS, arena, network, 3, plan.width());
      InputSequences train = InputSequences.gaussian(StreamKey.of(5).name("train"), d);
      List<Readout> readouts =
          LeastSquares.fit(panel, arena, train, List.of(1, 3), 199, RIDGE, Checkpoint.NONE);

      RealMatrix w = Nets.copy(network.recurrent());
      RealMatrix a = Nets.copy(network.input());
      for (Readout readout : readouts) {
        int length = readout.length();
        double[][] x = Nets.sequences(train, length, new BlockPlan(199, plan.width()));
        double[][] rows = new double[199 + m][m];
        double trace = 0;
        for (int i = 0; i < 199; i++) {
          rows[i] = Nets.states(w, a, x[i])[length - 1];
          for (double h : rows[i]) {
            trace += h * h;
          }
        }
        for (int j = 0; j < m; j++) {
          rows[199 + j][j] = Math.sqrt(RIDGE * trace / m);
        }
        double[][] targets = new double[199 + m][length * d];
        System.arraycopy(x, 0, targets, 0, 199);
        RealMatrix expected =
            new QRDecomposition(new Array2DRowRealMatrix(rows))
                .getSolver()
                .solve(new Array2DRowRealMatrix(targets));
        // Normal equations lose the square of the condition: at most 1e6 m here, 1e-16 * 2e7.
        assertThat(Nets.copy(readout.weights()).transpose().subtract(expected).getNorm())
            .isLessThan(1e-8 * (1 + expected.getNorm()));
      }
    }
  }

  /**
   * Closed form at L = 1: for x ~ N(0, I) and h = relu(A x), {@code E h h^T} is the arc-cosine
   * kernel of the rows of A and {@code E h x^T = A/2}, so the best readout and its error are known.
   * 12 sets of draws on one network give the standard error; |z| < 4.4 has a false alarm in 1000
   * (Student, 11 degrees of freedom). With n = 3000 m the fit is off its limit by m/n, 3e-4.
   */
  @Test
  void reachesTheClosedFormAtLengthOne() throws InterruptedException {
    int m = 12;
    int d = 2;
    int replicates = 12;
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      ElmanNetwork network = Nets.he(arena, Precision.DOUBLE, m, d, 17);
      double closedForm = populationError(Nets.copy(network.input()));
      StatePanel panel = new StatePanel(Nets.BLAS, arena, network, 1, 1000);
      double[] ratios = new double[replicates];
      for (int r = 0; r < replicates; r++) {
        StreamKey key = StreamKey.of(17).seed(r);
        InputSequences train = InputSequences.gaussian(key.name("train"), d);
        InputSequences test = InputSequences.gaussian(key.name("test"), d);
        Readout readout =
            LeastSquares.fit(panel, arena, train, List.of(1), 3000L * m, RIDGE, Checkpoint.NONE)
                .get(0);
        double rms = panel.errors(test, List.of(readout), 20_000, Checkpoint.NONE).get(1).rms();
        ratios[r] = rms * rms * d / closedForm - 1;
        arena.release(readout.weights());
      }
      assertThat(Math.abs(studentized(ratios, 0.0))).isLessThan(4.4);
      // Twin: an error 5% off must be seen, or the test says nothing.
      assertThat(Math.abs(studentized(ratios, 0.05))).isGreaterThan(4.4);
    }
  }

  /** E ||x - B^T h||^2 at the population's ridge solution B = (C + lambda I)^-1 A/2. */
  private static double populationError(RealMatrix a) {
    int m = a.getRowDimension();
    RealMatrix kernel = new Array2DRowRealMatrix(m, m);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        double u = a.getRowVector(i).getNorm();
        double v = a.getRowVector(j).getNorm();
        double cosine = i == j ? 1 : a.getRowVector(i).dotProduct(a.getRowVector(j)) / (u * v);
        double angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
        kernel.setEntry(
            i, j, u * v * (Math.sin(angle) + (Math.PI - angle) * cosine) / (2 * Math.PI));
      }
    }
    RealMatrix cross = a.scalarMultiply(0.5);
    RealMatrix regularised = kernel.copy();
    for (int i = 0; i < m; i++) {
      regularised.addToEntry(i, i, RIDGE * kernel.getTrace() / m);
    }
    RealMatrix b = new CholeskyDecomposition(regularised).getSolver().solve(cross);
    return a.getColumnDimension()
        - 2 * b.transpose().multiply(cross).getTrace()
        + b.transpose().multiply(kernel).multiply(b).getTrace();
  }

  private static double studentized(double[] values, double shift) {
    double mean = 0;
    for (double value : values) {
      mean += (value + shift) / values.length;
    }
    double square = 0;
    for (double value : values) {
      square += (value + shift - mean) * (value + shift - mean);
    }
    return mean / Math.sqrt(square / (values.length - 1) / values.length);
  }

  /** A single forward pass on the same draws costs less than a hundredth of the seeds' spread. */
  @Test
  void singleForwardPassDoesNotShow() throws InterruptedException {
    int seeds = 6;
    double[][] errors = new double[2][seeds];
    double sum = 0;
    double squares = 0;
    double worst = 0;
    for (int seed = 0; seed < seeds; seed++) {
      errors[0][seed] = error(Precision.DOUBLE, 150, 4, seed).relativeL2();
      errors[1][seed] = error(Precision.SINGLE, 150, 4, seed).relativeL2();
      sum += errors[0][seed];
      squares += errors[0][seed] * errors[0][seed];
      worst = Math.max(worst, Math.abs(errors[0][seed] - errors[1][seed]));
    }
    double spread = Math.sqrt((squares - sum * sum / seeds) / (seeds - 1));
    assertThat(worst).isPositive().isLessThan(spread / 100);
  }

  /** Trends of Figure 4, far outside the few percent by which seeds differ. */
  @Test
  void errorsFallWithTheWidthAndRiseWithTheLength() throws InterruptedException {
    double narrow = error(Precision.DOUBLE, 50, 3, 0).relativeL2();
    double wide = error(Precision.DOUBLE, 200, 3, 0).relativeL2();
    double longer = error(Precision.DOUBLE, 200, 5, 0).relativeL2();
    assertThat(wide).isLessThan(0.7 * narrow);
    assertThat(longer).isGreaterThan(1.5 * wide);
  }

  @Test
  void saysWhenStatesOverflow() throws InterruptedException {
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      ElmanNetwork network = Nets.he(arena, Precision.SINGLE, 8, 1, 3);
      for (int i = 0; i < 8; i++) {
        network.recurrent().putRow(i, new float[] {1e20f, 0, 0, 0, 0, 0, 0, 1e20f});
      }
      StatePanel panel = new StatePanel(Nets.BLAS, arena, network, 4, 64);
      InputSequences train = InputSequences.gaussian(StreamKey.of(3), 1);
      List<Readout> readouts =
          LeastSquares.fit(panel, arena, train, List.of(1, 4), 64, RIDGE, Checkpoint.NONE);
      assertThat(readouts.get(0).usable()).isTrue();
      assertThat(readouts.get(1).problem()).isEqualTo("the states h^(4) are not finite");
      assertThat(panel.errors(train, readouts, 10, Checkpoint.NONE)).containsOnlyKeys(1);
      assertThatThrownBy(
              () ->
                  LeastSquares.fit(
                      panel, arena, train, List.of(1), 64, Double.NaN, Checkpoint.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("ridge must be positive, found NaN");
    }
  }

  @Test
  void refusesAPrefixThatIsNoSequence() {
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      ElmanNetwork network = Nets.he(arena, Precision.DOUBLE, 8, 3, 3);
      StatePanel panel = new StatePanel(Nets.BLAS, arena, network, 5, 64);
      InputSequences train = InputSequences.normalized(StreamKey.of(3), 3, 5, 0.1);
      assertThatThrownBy(
              () ->
                  LeastSquares.fit(panel, arena, train, List.of(3, 5), 64, RIDGE, Checkpoint.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("these sequences have 5 tokens; their first 3 are not one of that length");
    }
  }

  private static InversionErrors error(Precision precision, int m, int length, int seed)
      throws InterruptedException {
    try (Arena arena = Arena.ofBytes(1 << 26)) {
      ElmanNetwork network = Nets.he(arena, precision, m, 2, seed);
      BlockPlan plan = BlockPlan.balanced(8L * m, 1024);
      StatePanel panel = new StatePanel(Nets.BLAS, arena, network, length, plan.width());
      StreamKey key = StreamKey.of(seed);
      List<Readout> readouts =
          LeastSquares.fit(
              panel,
              arena,
              InputSequences.gaussian(key.name("train"), 2),
              List.of(length),
              8L * m,
              RIDGE,
              Checkpoint.NONE);
      Map<Integer, InversionErrors> errors =
          panel.errors(
              InputSequences.gaussian(key.name("test"), 2), readouts, 500, Checkpoint.NONE);
      return errors.get(length);
    }
  }
}
