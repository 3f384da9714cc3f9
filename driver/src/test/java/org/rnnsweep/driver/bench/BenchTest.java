package org.rnnsweep.driver.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.rnn.ForwardPass;
import org.rnnsweep.kernels.training.Activation;

/** That the right operations are counted. Times are never asserted. */
class BenchTest {

  /** The products of three steps at m = 3, d = 2, written out one multiply-add at a time. */
  @Test
  void aForwardPassIsCountedMultiplyByMultiply() {
    long counted = 0;
    for (int step = 1; step <= 3; step++) {
      for (int sequence = 0; sequence < 5; sequence++) {
        for (int neuron = 0; neuron < 3; neuron++) {
          counted += 2 * 2; // A x
          counted += step == 1 ? 0 : 2 * 3; // W h, h^(0) = 0
        }
      }
    }
    assertThat(ForwardPass.flops(3, 2, 3, 5)).isEqualTo(counted);
  }

  /** The counts of the definition: m^2 n, m^3 / 3, and 2 m n and 2 m^2 a right-hand side. */
  @Test
  void normalEquationsAreCountedByTheDefinition() {
    double gram = 30.0 * 30 * 240;
    double rightHandSide = 2.0 * 30 * 240 * 12;
    double cholesky = 9000;
    double solves = 2.0 * 30 * 30 * 12;
    assertThat(Work.normalEquationsFlops(30, 12, 240))
        .isEqualTo(gram + rightHandSide + cholesky + solves);
    Work trial = Work.leastSquares(30, 2, 6, 240, 1000);
    assertThat(trial.singleFlops()).isEqualTo(ForwardPass.flops(30, 2, 6, 1240));
    assertThat(trial.doubleFlops())
        .isEqualTo(gram + rightHandSide + cholesky + solves + 2.0 * 30 * 12 * 1000);
  }

  @Test
  void efficiencyComparesEachPrecisionWithItsOwnYardstick() {
    Yardstick yardstick = new Yardstick(50, new Elapsed(1250, 1000), new Elapsed(2500, 2000));
    Measurement measured =
        new Measurement("trial", 1, "", new Work(400, 300), new Elapsed(10, 8), 0);
    // 2 s of single and 3 s of double work, done in 10 s of which the thread ran 8; the
    // yardsticks' thread ran four fifths of its time too.
    assertThat(measured.efficiency(yardstick)).isCloseTo(0.5, within(1e-15));
    assertThat(measured.cpuEfficiency(yardstick)).isCloseTo(0.5, within(1e-15));
    assertThat(measured.flopsPerSecond()).isEqualTo(70);
  }

  @Test
  void everythingRunsAtATinyWidth() throws InterruptedException {
    List<String> log = new ArrayList<>();
    Bench bench = new Bench(Library.NATIVE, 100, log::add);
    Measurement forward = bench.forward(40);
    assertThat(forward.work()).isEqualTo(new Work(ForwardPass.flops(40, 2, 6, 200 * 320), 0));
    assertThat(forward.ran()).isEqualTo("200 x 320 sequences");
    Measurement equations = bench.normalEquations(40);
    assertThat(equations.work())
        .isEqualTo(new Work(0, 200 * Work.normalEquationsFlops(40, 12, 320)));
    assertThat(equations.ran()).isEqualTo("200 x n = 8m = 320");
    Measurement reduced = bench.normalEquations(100);
    assertThat(reduced.work())
        .isEqualTo(new Work(0, 200 * Work.normalEquationsFlops(100, 12, 100)));
    assertThat(reduced.ran()).isEqualTo("200 x n = m = 100, 1/8");
    Measurement trial = bench.trial(40);
    assertThat(trial.work()).isEqualTo(Work.leastSquares(40, 2, 6, 320, 1000));
    assertThat(trial.arenaBytes()).isPositive();
    Measurement training = bench.training(Activation.RELU, 3);
    // A symbol at m = 3, two symbols, two bits: forward 3 (5 + 2), states back 3 3, the gradient
    // 3 5, decoder and its gradient 3 2 each, a multiply-add counted as two.
    assertThat(training.work().flops() % (2 * (3 * 7 + 9 + 15 + 12))).isZero();
    assertThat(training.ran()).endsWith("M symbols/s");
    Measurement tangent = bench.tangentGram(40);
    assertThat(tangent.work()).isEqualTo(Work.tangentGram(40, 2, 16, 200));
    assertThat(tangent.ran()).isEqualTo("n = 200, L = 16");
    Bench.Normals normals = bench.normals(40);
    assertThat(normals.normals()).isEqualTo(40 * 44);
    assertThat(log)
        .containsExactly(
            "forward passes, m = 40, 200 x 320 sequences",
            "normal equations, m = 40, 200 x n = 8m = 320",
            "normal equations, m = 100, 200 x n = m = 100, 1/8",
            "least-squares trial, m = 40, n = 8m = 320",
            "training on words, relu, m = 3, 77 epochs",
            "tangent kernel, m = 40, n = 200, L = 16",
            "normals, constructive trial, m = 40, L = 8");
  }

  @Test
  void linesAreTheSameUnderEveryLocale() throws InterruptedException {
    Locale before = Locale.getDefault();
    Yardstick yardstick =
        new Yardstick(1000, new Elapsed(2e9 / 150e9, 2e9 / 150e9), new Elapsed(1, 1));
    Measurement measured =
        new Measurement(
            "forward", 1000, "2 x 1000 sequences", new Work(3e11, 0), new Elapsed(2.5, 2.25), 1);
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertThat(BenchText.row(measured, yardstick))
          .isEqualToNormalizingWhitespace(
              "forward 1000 2 x 1000 sequences 300.0 2.50 2.25 120.0 80.0 88.9 0.00");
      // 3e11 operations in 2.25 s are 133 of 200 Gflop/s.
      assertThat(
              BenchText.ofFusedMultiplyAdds(
                  List.of(measured, measured), new Units(1e-7, 5e9, 1e11)))
          .contains("(200.0 Gflop/s single", ": 66.7%, 66.7%; asked");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void theYardstickIsAProduct() throws InterruptedException {
    Yardstick yardstick = Yardstick.measure(Library.NATIVE, 32);
    assertThat(yardstick.inSingle().wallSeconds()).isPositive().isFinite();
    assertThat(yardstick.inDouble().wallSeconds()).isPositive().isFinite();
    assertThat(BenchText.yardstick(yardstick, Library.NATIVE)).contains("32^3", "fingerprint");
  }
}
