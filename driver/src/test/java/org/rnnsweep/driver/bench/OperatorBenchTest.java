package org.rnnsweep.driver.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.bench.OperatorBench.Asked;
import org.rnnsweep.driver.bench.OperatorBench.Drawn;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.operator.Products;

/** That all pairs are asked within the memory declared. Times are never asserted. */
class OperatorBenchTest {
  private static final int SEQUENCES = 2;
  private static final int LENGTH = 8;

  @Test
  void everyPairOfStepsIsAskedOnce() {
    int right = 0;
    int left = 0;
    for (int s = 0; s < SEQUENCES; s++) {
      for (int j = 2; j <= LENGTH; j++) {
        right++; // W h^(j-1)
        for (int i = 1; i < j; i++) {
          left++;
        }
      }
    }
    assertThat(OperatorBench.products()).isEqualTo(new Products(right, left));
  }

  @Test
  void aPassTakesWhatItKeepsAndNoMoreThanDeclared() throws InterruptedException {
    List<String> log = new ArrayList<>();
    long m = 200;
    Asked asked = new OperatorBench(Library.NATIVE, log::add).measure(m);
    // Questions and answers of W, states, backward vectors; 4 bytes each.
    long kept = 4 * m * (2 * (14 + 56) + SEQUENCES * LENGTH + 56);
    assertThat(asked.takenBytes()).isBetween(kept, asked.declaredBytes());
    assertThat(asked.declaredBytes()).isEqualTo(OperatorBench.declaredBytes(m));
    assertThat(asked.repeats()).isEqualTo(16);
    assertThat(asked.took().wallSeconds()).isPositive();
    assertThat(log)
        .containsExactly("operator, m = 200, 16 x 2 sequences of L = 8, 0.00 GiB declared");
  }

  @Test
  void aMillionNeuronsAreDeclaredBelowThreeGigabytes() {
    assertThat(OperatorBench.declaredBytes(1 << 20)).isLessThan(3L << 30);
    assertThat(OperatorBench.declaredBytes(1 << 22)).isLessThan(8L << 30);
  }

  /** Times m and m^1.5: exponents 1 and 1.5, over two octaves 1 and 4^0.5 apart. */
  @Test
  void growthIsThatOfTheTimes() {
    List<Asked> linear = List.of(asked(100, 1), asked(200, 2), asked(400, 4));
    assertThat(OperatorBench.exponent(linear)).isCloseTo(1, within(1e-15));
    assertThat(OperatorBench.spread(linear)).isCloseTo(1, within(1e-15));
    List<Asked> steeper = List.of(asked(100, 1), asked(200, 2 * Math.sqrt(2)), asked(400, 8));
    assertThat(OperatorBench.exponent(steeper)).isCloseTo(1.5, within(1e-15));
    assertThat(OperatorBench.spread(steeper)).isCloseTo(2, within(1e-14));
  }

  private static Asked asked(long width, double cpuSeconds) {
    return new Asked(width, 1, new Elapsed(2 * cpuSeconds, cpuSeconds), 3L << 30, 1L << 31);
  }

  @Test
  void normalsAreDrawn() throws InterruptedException {
    Drawn drawn = new OperatorBench(Library.NATIVE, line -> {}).normals(2);
    assertThat(drawn.normals()).isEqualTo(2 * 4096);
    assertThat(drawn.took().wallSeconds()).isPositive().isFinite();
  }

  @Test
  void linesAreTheSameUnderEveryLocale() {
    Locale before = Locale.getDefault();
    Drawn drawn = new Drawn(81_000_000, new Elapsed(1, 0.5));
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertThat(BenchText.row(asked(1 << 20, 2.5)))
          .isEqualToNormalizingWhitespace(
              "operator 1048576 1 times, L = 8 5.000 2.500 2384 3.000 2.000");
      assertThat(BenchText.operator(List.of(asked(100, 1), asked(400, 4)), drawn))
          .contains(
              "from m = 100 to 400 the thread's time grows as m^1.000, time / m stays within a"
                  + " factor 1.00",
              "normals: 81 million a second, single, one thread (162 of its own time)");
      assertThat(BenchText.operator(List.of(asked(100, 1)), drawn)).doesNotContain("grows");
    } finally {
      Locale.setDefault(before);
    }
  }
}
