package org.rnnsweep.driver.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.NumericsProfile.Library;

class DescentBenchTest {
  @Test
  void stepsRunAtATinyWidth() throws InterruptedException {
    List<String> log = new ArrayList<>();
    DescentBench bench = new DescentBench(Library.NATIVE, log::add);
    for (int batch : new int[] {1, 64}) {
      DescentBench.Steps steps = bench.measure(20, batch);
      assertThat(steps.repeats()).isEqualTo(20_000);
      assertThat(steps.steps().wallSeconds()).isPositive();
      assertThat(steps.products().wallSeconds()).isPositive();
    }
    assertThat(log)
        .containsExactly(
            "steps of descent, m = 20, batch 1, L = 8",
            "steps of descent, m = 20, batch 64, L = 8");
  }

  @Test
  void smallNetworksRunSideBySide() throws InterruptedException {
    List<String> log = new ArrayList<>();
    DescentBench.SideBySide found = new DescentBench(Library.NATIVE, log::add).sideBySide(4);
    assertThat(found.together().wallSeconds()).isPositive();
    assertThat(found.apart().wallSeconds()).isPositive();
    assertThat(log).containsExactly("8 networks side by side, m = 4, L = 8");
    DescentBench.SideBySide row =
        new DescentBench.SideBySide(10, 1000, new Elapsed(0.004, 0.004), new Elapsed(0.02, 0.02));
    assertThat(row.flops()).isEqualTo(8 * 2e2 * 20);
    assertThat(BenchText.row(row))
        .isEqualToNormalizingWhitespace(
            "8 networks, m = 10, batch 1, L = 8, single: side by side 4.0 us a step of all, 8.0"
                + " Gflop/s; one after another 20.0 us, 1.6 Gflop/s: 5.0 times");
  }

  @Test
  void countsTheProductsOfAStep() {
    // 7 forward, 6 back, 7 of the update; W is read by 7 + 6 + 1 and written once.
    DescentBench.Steps one =
        new DescentBench.Steps(1000, 1, 10, new Elapsed(0.1, 0.1), new Elapsed(0.08, 0.08));
    assertThat(one.flops()).isEqualTo(2e6 * 20);
    assertThat(one.bytes()).isEqualTo(8e6 * 15);
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertThat(BenchText.row(one))
          .isEqualToNormalizingWhitespace(
              "descent on W, m = 1000, batch 1, L = 8, double: 10.000 ms a step, 12.0 GB/s of W;"
                  + " its products alone 8.000 ms, 15.0 GB/s: 80.0%");
    } finally {
      Locale.setDefault(before);
    }
  }
}
