package org.rnnsweep.kernels.inversion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.inversion.OnlineSgd.Features;
import org.rnnsweep.kernels.inversion.OnlineSgd.Loss;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.optim.SgdMomentum;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.rnn.ElmanNetwork;

class OnlineSgdTest {
  private static final SgdMomentum PAPER = new SgdMomentum(0.1, 0.9);
  private static final int BATCH = 128;

  /** From Wbar = 0, one step gives {@code 2 rate / (batch outputs) F^T X}, F the features. */
  @Test
  void theFirstStepIsTheGradientsClosedForm() throws InterruptedException {
    int length = 2;
    int d = 3;
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      ElmanNetwork network = Nets.he(arena, Precision.DOUBLE, 10, d, 1);
      InputSequences train = InputSequences.gaussian(StreamKey.of(1), d);
      double[][] x = Nets.sequences(train, length, new BlockPlan(BATCH, BATCH));
      double[][] h = new double[BATCH][];
      double squares = 0;
      for (int i = 0; i < BATCH; i++) {
        h[i] =
            Nets.states(Nets.copy(network.recurrent()), Nets.copy(network.input()), x[i])[
                length - 1];
        for (double value : h[i]) {
          squares += value * value;
        }
      }
      RealMatrix product =
          new Array2DRowRealMatrix(h).transpose().multiply(new Array2DRowRealMatrix(x));
      StatePanel panel = new StatePanel(Nets.BLAS, arena, network, length, BATCH);
      for (Loss loss : Loss.values()) {
        for (Features features : Features.values()) {
          Readout readout =
              OnlineSgd.fit(
                      panel,
                      arena,
                      train,
                      List.of(length),
                      1,
                      PAPER,
                      loss,
                      features,
                      Checkpoint.NONE)
                  .get(0);
          double outputs = loss == Loss.MEAN ? length * d : 1;
          // Scaled features enter the gradient once, and the readout of raw states once more.
          double scale = features == Features.RAW ? 1 : BATCH * 10 / squares;
          RealMatrix expected = product.scalarMultiply(2 * 0.1 * scale / (BATCH * outputs));
          // Sums of 128 terms: about 1e-14 relative.
          assertThat(Nets.copy(readout.weights()).transpose().subtract(expected).getNorm())
              .as("%s %s", loss, features)
              .isLessThan(1e-12 * expected.getNorm());
        }
      }
    }
  }

  /**
   * The excess over the best readout falls as steps go on, for the raw states and the mean loss.
   */
  @Test
  void approachesTheOptimum() throws InterruptedException {
    double best = leastSquares(40, 2);
    double early = sgd(40, 2, 30, Features.RAW).rms() - best;
    double later = sgd(40, 2, 300, Features.RAW).rms() - best;
    double last = sgd(40, 2, 10_000, Features.RAW).rms() - best;
    assertThat(early).isGreaterThan(2 * later);
    assertThat(later).isGreaterThan(2 * last);
    assertThat(last).isPositive().isLessThan(best);
  }

  /**
   * Largest eigenvalue c of E h h^T against {@code 2 c / (L d) < 38}: at m = 400, L d = 4 it is
   * near 60 for states of unit rms and below 1 for raw ones.
   */
  @Test
  void divergesWhereTheCurvatureSaysSo() throws InterruptedException {
    int m = 400;
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      StatePanel panel =
          new StatePanel(Nets.BLAS, arena, Nets.he(arena, Precision.SINGLE, m, 2, 3), 2, BATCH);
      InputSequences train = InputSequences.gaussian(StreamKey.of(3), 2);
      Readout unitRms =
          OnlineSgd.fit(
                  panel,
                  arena,
                  train,
                  List.of(2),
                  20_000,
                  PAPER,
                  Loss.MEAN,
                  Features.UNIT_RMS,
                  Checkpoint.NONE)
              .get(0);
      assertThat(unitRms.usable()).isFalse();
      assertThat(unitRms.problem()).matches("the loss is not finite at step \\d+");
      assertThat(panel.errors(train, List.of(unitRms), 10, Checkpoint.NONE)).isEmpty();
    }
    assertThat(sgd(m, 2, 500, Features.RAW).relativeL2()).isLessThan(0.2);
    // Below the threshold of about 60 L d neurons unit rms is fine as well.
    assertThat(sgd(40, 2, 2000, Features.UNIT_RMS).relativeL2()).isLessThan(0.2);
  }

  @Test
  void aLengthThatDivergesLeavesTheOthersAlone() throws InterruptedException {
    try (Arena arena = Arena.ofBytes(1 << 26)) {
      // With L d = 1 the curvature of 200 neurons is near 2 * 200 / pi; with L d = 6 below 38.
      StatePanel panel =
          new StatePanel(Nets.BLAS, arena, Nets.he(arena, Precision.DOUBLE, 200, 1, 4), 6, BATCH);
      InputSequences train = InputSequences.gaussian(StreamKey.of(4), 1);
      List<Readout> both = unitRms(panel, arena, train, List.of(1, 6));
      assertThat(both.get(0).usable()).isFalse();
      assertThat(both.get(1).usable()).isTrue();
      Readout alone = unitRms(panel, arena, train, List.of(6)).get(0);
      assertThat(Nets.copy(both.get(1).weights())).isEqualTo(Nets.copy(alone.weights()));
    }
  }

  private static List<Readout> unitRms(
      StatePanel panel, Arena arena, InputSequences train, List<Integer> lengths)
      throws InterruptedException {
    return OnlineSgd.fit(
        panel, arena, train, lengths, 1500, PAPER, Loss.MEAN, Features.UNIT_RMS, Checkpoint.NONE);
  }

  private static InversionErrors sgd(int m, int length, long steps, Features features)
      throws InterruptedException {
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      StatePanel panel =
          new StatePanel(
              Nets.BLAS, arena, Nets.he(arena, Precision.DOUBLE, m, 2, 3), length, BATCH);
      List<Readout> readouts =
          OnlineSgd.fit(
              panel,
              arena,
              InputSequences.gaussian(StreamKey.of(3).name("train"), 2),
              List.of(length),
              steps,
              PAPER,
              Loss.MEAN,
              features,
              Checkpoint.NONE);
      return test(panel, readouts).get(length);
    }
  }

  private static double leastSquares(int m, int length) throws InterruptedException {
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      StatePanel panel =
          new StatePanel(
              Nets.BLAS, arena, Nets.he(arena, Precision.DOUBLE, m, 2, 3), length, BATCH);
      List<Readout> readouts =
          LeastSquares.fit(
              panel,
              arena,
              InputSequences.gaussian(StreamKey.of(3).name("train"), 2),
              List.of(length),
              1000L * m,
              1e-9,
              Checkpoint.NONE);
      return test(panel, readouts).get(length).rms();
    }
  }

  private static java.util.Map<Integer, InversionErrors> test(
      StatePanel panel, List<Readout> readouts) throws InterruptedException {
    return panel.errors(
        InputSequences.gaussian(StreamKey.of(3).name("test"), 2), readouts, 1000, Checkpoint.NONE);
  }
}
