package org.rnnsweep.driver.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** That the right operations are counted and run. Times are never asserted. */
class LimitBenchTest {

  @Test
  void pairsAndStepsAreCountedOneByOne() {
    long steps = 0;
    for (int row = 0; row < 7; row++) {
      for (int column = row; column < 7; column++) {
        steps += 3;
      }
    }
    LimitBench.Gram gram = new LimitBench.Gram(7, 3, 2, new Elapsed(1, 1));
    assertThat(gram.pairSteps()).isEqualTo(steps);
    assertThat(gram.flops()).isEqualTo(60 * 49 * 3);
  }

  @Test
  void everythingRunsAtATinySize() throws InterruptedException {
    List<String> log = new ArrayList<>();
    LimitBench bench = new LimitBench(2, log::add);
    LimitBench.Gram gram = bench.gram(5, 3);
    assertThat(gram).isEqualTo(new LimitBench.Gram(5, 3, 2, gram.took()));
    assertThat(gram.took().wallSeconds()).isPositive();
    assertThat(bench.longPair(60).length()).isEqualTo(60);
    assertThat(log)
        .containsExactly(
            "infinite-width tangent kernel, n = 5, L = 3",
            "infinite-width tangent kernel, a pair, L = 60");
  }

  /** They check themselves that they end where they should. */
  @Test
  void unitsAreMeasured() throws InterruptedException {
    Units units = Units.measure(1e-3);
    assertThat(units.acosSeconds()).isPositive().isFinite();
    assertThat(units.scalarFlops()).isPositive().isFinite();
    assertThat(units.vectorFlops()).isPositive().isFinite();
  }

  /** 4 s for n = 2000, L = 50: 100,050,000 pairs and steps, 1.2e10 operations by the count. */
  @Test
  void linesAreTheSameUnderEveryLocale() {
    Locale before = Locale.getDefault();
    LimitBench.Gram gram = new LimitBench.Gram(2000, 50, 2, new Elapsed(4, 7.5));
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertThat(BenchText.row(gram, new Units(1e-7, 5e9, 4e10)))
          .contains(
              "n = 2000, L = 50, 2 threads: 4.00 s (7.50 s of CPU)",
              "25.0 million pairs and steps a second; in time of CPU 75.0 ns each, 1.6 Gflop/s",
              "0.8 with each pair counted once",
              "5.0 Gflop/s scalar, 40.0 along an array; Math.acos 100 ns, 10.0 s");
      LimitBench.LongPair pair =
          new LimitBench.LongPair(1000, new Elapsed(0.25, 0.2), new Elapsed(0.5, 0.4));
      assertThat(BenchText.row(pair))
          .contains("L = 1000: one pair 0.25 s (0.20", "inputs 0.50 s (0.40)");
    } finally {
      Locale.setDefault(before);
    }
  }
}
