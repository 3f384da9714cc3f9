package org.rnnsweep.driver.analyse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.analyse.MadeUp.Noise;
import org.rnnsweep.driver.analyse.Relation.Direction;
import org.rnnsweep.kernels.stats.Contrast;
import org.rnnsweep.kernels.stats.Estimate;

/**
 * How often the procedure is right and wrong, on made-up data with a known law. Every bound gets
 * three binomial standard errors at the number of repeats; the seed is fixed and was never changed
 * for a result. Twins run a broken procedure and must violate the bound that the right one keeps.
 *
 * <p>There are about 190 comparisons; most keep their bound with room to spare. Of those that sit
 * at their bound (ten or so) each fails by chance once in 700 seeds.
 */
abstract class VerdictRates {
  private static final long SEED = 20240607;
  private static final double MARGIN = 0.05;
  private static final int[] POINTS = {5, 9};
  private static final int[] SEEDS = {5, 8, 16};

  private final MadeUp data = new MadeUp(SEED);

  abstract int repeats();

  abstract void show(String line);

  private void table(String format, Object... arguments) {
    show(String.format(Locale.ROOT, format, arguments));
  }

  /** A bound with three binomial standard errors. */
  private double atMost(double rate) {
    return rate + 3 * Math.sqrt(rate * (1 - rate) / repeats());
  }

  private double atLeast(double rate) {
    return rate - 3 * Math.sqrt(rate * (1 - rate) / repeats());
  }

  private static VerdictRule rule(Direction direction, double bound, double logsWidth, int looks) {
    return VerdictRule.of(AllowedSet.of(direction, bound), MARGIN, logsWidth, looks, 1);
  }

  /** Share of each verdict on an exponent. */
  private Map<Verdict, Double> verdicts(VerdictRule rule, double[] x, Supplier<double[][]> blocks) {
    Contrast slope = Contrast.slope(x);
    Contrast next = Contrast.nextSlope(x);
    return shares(
        () -> {
          double[][] y = blocks.get();
          return rule.judge(slope.estimate(y), next.estimate(y));
        });
  }

  private Map<Verdict, Double> shares(Supplier<Verdict> verdict) {
    int[] counts = new int[Verdict.values().length];
    for (int r = 0; r < repeats(); r++) {
      counts[verdict.get().ordinal()]++;
    }
    Map<Verdict, Double> shares = new EnumMap<>(Verdict.class);
    for (Verdict each : Verdict.values()) {
      shares.put(each, (double) counts[each.ordinal()] / repeats());
    }
    return shares;
  }

  private static String text(Map<Verdict, Double> shares) {
    StringBuilder text = new StringBuilder();
    shares.forEach((v, share) -> text.append(String.format(Locale.ROOT, "%s %.4f  ", v, share)));
    return text.toString();
  }

  private static DoubleUnaryOperator power(double exponent) {
    return logX -> exponent * logX;
  }

  // ---- 1. coverage

  @Test
  void ninetyFivePercentIntervalsCoverTheTruth() {
    show("coverage of the 95% interval");
    for (Noise noise : Noise.values()) {
      for (int points : POINTS) {
        for (int seeds : SEEDS) {
          double covered = coverage(noise, points, seeds);
          table("  %-15s K=%d n=%2d  %.4f", noise, points, seeds, covered);
          double least = noise == Noise.SKEWED ? 0.91 : 0.935;
          assertThat(covered)
              .as("%s, K=%d, n=%d", noise, points, seeds)
              .isBetween(atLeast(least), atMost(0.965));
        }
      }
    }
  }

  private double coverage(Noise noise, int points, int seeds) {
    double[] x = MadeUp.octaves(8, points);
    Contrast slope = Contrast.slope(x);
    double quantile = Estimate.quantile(seeds, 0.025);
    int covered = 0;
    for (int r = 0; r < repeats(); r++) {
      Estimate estimate = slope.estimate(data.draw(x, power(-0.5), noise, seeds));
      if (Math.abs(estimate.mean() + 0.5) <= quantile * estimate.standardError()) {
        covered++;
      }
    }
    return (double) covered / repeats();
  }

  // ---- 2. false verdicts at the boundary

  @Test
  void aTruthAtTheEndOfTheMarginIsRarelyJudged() {
    show("truth exactly at the end of the margin: CONSISTENT, REFUTED");
    for (Direction direction : new Direction[] {Direction.AT_MOST, Direction.AT_LEAST}) {
      double truth = direction == Direction.AT_MOST ? -0.5 + MARGIN : -0.5 - MARGIN;
      VerdictRule rule = rule(direction, -0.5, 0, 1);
      for (Noise noise : Noise.values()) {
        for (int points : POINTS) {
          double[] x = MadeUp.octaves(8, points);
          for (int seeds : SEEDS) {
            Map<Verdict, Double> shares =
                verdicts(rule, x, () -> data.draw(x, power(truth), noise, seeds));
            double consistent = shares.get(Verdict.CONSISTENT);
            double refuted = shares.get(Verdict.REFUTED);
            table(
                "  %-8s %-15s K=%d n=%2d  %.4f  %.5f",
                direction, noise, points, seeds, consistent, refuted);
            String where = direction + ", " + noise + ", K=" + points + ", n=" + seeds;
            // Skewed noise puts nearly all misses of the interval on one side; there, the bound
            // is what a coverage of 0.91 leaves.
            boolean exposed = noise == Noise.SKEWED && direction == Direction.AT_LEAST;
            double allowed = exposed ? 0.09 : 0.025;
            assertThat(consistent).as(where).isLessThanOrEqualTo(atMost(allowed));
            assertThat(refuted)
                .as(where)
                .isLessThanOrEqualTo(atMost(noise == Noise.SKEWED ? 0.006 : 0.001));
          }
        }
      }
    }
  }

  // ---- 3. power

  @Test
  void thePowerIsWhatTheDocumentationSays() {
    show("power at sigma 0.25: CONSISTENT if the truth is the bound, REFUTED at 0.2 beyond it");
    VerdictRule rule = rule(Direction.AT_MOST, -0.5, 0, 1);
    for (int points : new int[] {5, 7, 9}) {
      double[] x = MadeUp.octaves(8, points);
      for (int seeds : new int[] {5, 8, 16, 32}) {
        double consistent =
            verdicts(rule, x, () -> data.draw(x, power(-0.5), Noise.GAUSSIAN, seeds))
                .get(Verdict.CONSISTENT);
        double refuted =
            verdicts(rule, x, () -> data.draw(x, power(-0.3), Noise.GAUSSIAN, seeds))
                .get(Verdict.REFUTED);
        table("  K=%d n=%2d  %.3f  %.3f", points, seeds, consistent, refuted);
        double se = 0.25 / Math.sqrt(seeds) / (Math.log(2) * spread(points));
        // Without the trend, the power is a noncentral t law, here by another route.
        double bound = StudentPower.above(MARGIN / se, seeds, 0.025);
        assertThat(consistent).isLessThanOrEqualTo(atMost(bound));
        double beyond = StudentPower.above((0.2 - MARGIN) / se, seeds, 0.001);
        assertThat(refuted).isLessThanOrEqualTo(atMost(beyond));
        // What the trend takes away of a straight law.
        assertThat(consistent).isGreaterThanOrEqualTo(atLeast(bound) - 0.07);
        assertThat(refuted).isGreaterThanOrEqualTo(atLeast(beyond) - 0.07);
      }
    }
  }

  /**
   * t(1 - tail) + t(0.8) standard errors is a first approximation of the distance that is found
   * with probability 0.8: exact in the limit of many seeds, short of it with few.
   */
  @Test
  void whatIsCalledDetectableIsFoundAboutAsOftenAsSaid() {
    show("probability of REFUTED at the printed detectable distance");
    for (int seeds : new int[] {5, 8, 16, 32, 1000}) {
      double distance = Estimate.detectableDistance(seeds, VerdictRule.REFUTED_TAIL);
      double found = StudentPower.above(distance, seeds, VerdictRule.REFUTED_TAIL);
      table("  n=%4d  %.3f", seeds, found);
      assertThat(found).isBetween(0.7, 0.81);
      if (seeds == 1000) {
        assertThat(found).isCloseTo(0.8, within(0.005));
      }
    }
  }

  private static double spread(int points) {
    return Math.sqrt(points * (points * points - 1.0) / 12);
  }

  // ---- 4. not asymptotic

  @Test
  void straightLawsAreRarelyCalledNotAsymptotic() {
    show("NOT_ASYMPTOTIC on straight laws");
    VerdictRule rule = rule(Direction.AT_MOST, -0.5, 0, 1);
    for (double truth : new double[] {-0.7, -0.55, -0.5, -0.45, -0.4, -0.3}) {
      for (int points : POINTS) {
        double[] x = MadeUp.octaves(8, points);
        for (int seeds : SEEDS) {
          double share =
              verdicts(rule, x, () -> data.draw(x, power(truth), Noise.GAUSSIAN, seeds))
                  .get(Verdict.NOT_ASYMPTOTIC);
          table("  slope %.2f K=%d n=%2d  %.4f", truth, points, seeds, share);
          assertThat(share).isLessThanOrEqualTo(atMost(0.07));
        }
      }
    }
  }

  @Test
  void aLawThatBendsIsFoundOut() {
    show("m^-1/2 (1 + 100 m^-1/2), claimed at most -3/4: NOT_ASYMPTOTIC, CONSISTENT");
    double[] x = MadeUp.octaves(8, 9);
    DoubleUnaryOperator law = v -> -0.5 * v + Math.log1p(100 * Math.exp(-0.5 * v));
    VerdictRule rule = rule(Direction.AT_MOST, -0.75, 0, 1);
    double[] expected = {0.63, 0.80};
    int[] seeds = {8, 16};
    for (int k = 0; k < 2; k++) {
      int n = seeds[k];
      Map<Verdict, Double> shares = verdicts(rule, x, () -> data.draw(x, law, Noise.GAUSSIAN, n));
      table(
          "  n=%2d  %.3f  %.3f",
          n, shares.get(Verdict.NOT_ASYMPTOTIC), shares.get(Verdict.CONSISTENT));
      // The expectation has two digits.
      assertThat(shares.get(Verdict.NOT_ASYMPTOTIC))
          .isBetween(atLeast(expected[k]) - 0.01, atMost(expected[k]) + 0.01);
    }
  }

  // ---- 5. logs

  @Test
  void statedLogsProtectAndAShapeDecides() {
    show("m^-1/2 sqrt(ln m), claimed at most -1/2 with lambda 1/2");
    double[] x = MadeUp.octaves(8, 9);
    double middle = Arrays.stream(x).average().orElseThrow();
    DoubleUnaryOperator law = v -> -0.5 * v + 0.5 * Math.log(v);
    DoubleUnaryOperator shape = v -> 0.5 * Math.log(v);
    for (int seeds : new int[] {8, 16, 32}) {
      VerdictRule rule = rule(Direction.AT_MOST, -0.5, 0.5 / middle, 1);
      Map<Verdict, Double> plain =
          verdicts(rule, x, () -> data.draw(x, law, Noise.GAUSSIAN, seeds));
      Map<Verdict, Double> shaped =
          verdicts(
              rule,
              x,
              () ->
                  data.draw(
                      x,
                      v -> law.applyAsDouble(v) - shape.applyAsDouble(v),
                      Noise.GAUSSIAN,
                      seeds));
      table("  n=%2d  plain %s", seeds, text(plain));
      table("        shape %s", text(shaped));
      assertThat(plain.get(Verdict.REFUTED)).isLessThanOrEqualTo(atMost(0.001));
      assertThat(plain.get(Verdict.UNDECIDED)).isGreaterThan(0.9);
      assertThat(shaped.get(Verdict.REFUTED)).isLessThanOrEqualTo(atMost(0.001));
      assertThat(shaped.get(Verdict.CONSISTENT)).isGreaterThan(seeds == 8 ? 0.5 : 0.8);
    }
    // Twin: were the logs forgotten, the same data would refute a true statement.
    VerdictRule forgetful = rule(Direction.AT_MOST, -0.5 - MARGIN, 0, 1);
    assertThat(
            verdicts(forgetful, x, () -> data.draw(x, law, Noise.GAUSSIAN, 32))
                .get(Verdict.REFUTED))
        .isGreaterThan(atMost(0.001));
  }

  // ---- 6. looks

  @Test
  void looksShareOneErrorRate() {
    double divided = consistentAtSomeLook(4);
    double undivided = consistentAtSomeLook(1);
    table("CONSISTENT at some look of 5, 8, 16, 32 at the boundary: %.4f", divided);
    table("  with undivided tails: %.4f", undivided);
    assertThat(divided).isLessThanOrEqualTo(atMost(0.025));
    assertThat(undivided).isGreaterThan(atMost(0.025)); // the twin
  }

  private double consistentAtSomeLook(int divisor) {
    double[] x = MadeUp.octaves(8, 9);
    Contrast slope = Contrast.slope(x);
    Contrast next = Contrast.nextSlope(x);
    VerdictRule rule = rule(Direction.AT_MOST, -0.5, 0, divisor);
    return shares(
            () -> {
              double[][] y = data.draw(x, power(-0.5 + MARGIN), Noise.GAUSSIAN, 32);
              for (int look : new int[] {5, 8, 16, 32}) {
                double[][] seen = Arrays.copyOf(y, look);
                Verdict verdict = rule.judge(slope.estimate(seen), next.estimate(seen));
                if (verdict == Verdict.CONSISTENT) {
                  return Verdict.CONSISTENT;
                }
              }
              return Verdict.UNDECIDED;
            })
        .get(Verdict.CONSISTENT);
  }

  // ---- 7. shapes

  @Test
  void growthLawsAreToldApart() {
    show("polynomial in L, octaves 4 .. 64, n = 8");
    Map<String, DoubleUnaryOperator> powers = new LinkedHashMap<>(); // a fixed order of draws
    powers.put("L^0", l -> 0);
    powers.put("L^1/2", l -> 0.5 * Math.log(l));
    powers.put("L^4", l -> 4 * Math.log(l));
    powers.put("L + L^4/10^4", l -> Math.log(l + Math.pow(l, 4) / 1e4));
    powers.forEach(
        (name, law) ->
            assertThat(shape(name, law).get(Verdict.REFUTED))
                .as(name)
                .isLessThanOrEqualTo(atMost(0.001)));
    Map<Verdict, Double> exponential = shape("exp(0.35 L)", l -> 0.35 * l);
    assertThat(exponential.get(Verdict.CONSISTENT)).isLessThanOrEqualTo(atMost(0.001));
    assertThat(exponential.get(Verdict.REFUTED)).isGreaterThan(0.9);
    // Not separable at these lengths: s_top = 3.4, s_prev = 2.4 look like a power.
    assertThat(shape("exp(sqrt L)", Math::sqrt).get(Verdict.REFUTED)).isLessThan(0.05);
  }

  private Map<Verdict, Double> shape(String name, DoubleUnaryOperator law) {
    double[] logL = MadeUp.octaves(2, 5);
    Contrast shape = Contrast.octaveShape(logL);
    VerdictRule rule = VerdictRule.of(AllowedSet.of(Direction.AT_MOST, 0), 0, 0, 1, 1);
    Map<Verdict, Double> shares =
        shares(
            () -> {
              double[][] y =
                  data.draw(logL, v -> law.applyAsDouble(Math.exp(v)), Noise.GAUSSIAN, 8);
              return rule.judge(shape.estimate(y).minus(0.5), null);
            });
    table("  %-12s %s", name, text(shares));
    return shares;
  }

  // ---- 8. twins: what the procedure does not do, and why

  @Test
  void aBootstrapOverThreeSeedsCoversTooLittle() {
    double[] x = MadeUp.octaves(8, 9);
    Contrast slope = Contrast.slope(x);
    int covered = 0;
    int repeats = repeats() / 4;
    for (int r = 0; r < repeats; r++) {
      double[] theta =
          Arrays.stream(data.draw(x, power(-0.5), Noise.GAUSSIAN, 3))
              .mapToDouble(slope::of)
              .toArray();
      double[] means = new double[400];
      Arrays.setAll(
          means, b -> (theta[data.below(3)] + theta[data.below(3)] + theta[data.below(3)]) / 3);
      if (percentilesContain(means, -0.5)) {
        covered++;
      }
    }
    table("coverage of a bootstrap over 3 seeds: %.3f", (double) covered / repeats);
    assertThat((double) covered / repeats).isLessThan(atLeast(0.935));
  }

  @Test
  void cellsResampledApartForgetWhatTheyShare() {
    double[] x = MadeUp.octaves(8, 5);
    Contrast slope = Contrast.slope(x);
    int seeds = 16;
    int covered = 0;
    int repeats = repeats() / 8;
    for (int r = 0; r < repeats; r++) {
      double[][] y = data.draw(x, power(-0.5), Noise.TILTED_BY_SEED, seeds);
      double[] means = new double[400];
      for (int b = 0; b < means.length; b++) {
        double[] cells = new double[x.length];
        for (int i = 0; i < cells.length; i++) {
          for (int k = 0; k < seeds; k++) {
            cells[i] += y[data.below(seeds)][i] / seeds;
          }
        }
        means[b] = slope.of(cells);
      }
      if (percentilesContain(means, -0.5)) {
        covered++;
      }
    }
    table("coverage when cells are resampled apart: %.3f", (double) covered / repeats);
    assertThat((double) covered / repeats).isLessThan(atLeast(0.935));
  }

  private static boolean percentilesContain(double[] means, double truth) {
    Arrays.sort(means);
    int cut = means.length / 40;
    return means[cut] <= truth && truth <= means[means.length - 1 - cut];
  }

  @Test
  void sequencesAreNotSeeds() {
    double[] x = MadeUp.octaves(8, 9);
    Contrast slope = Contrast.slope(x);
    int seeds = 8;
    int sequences = 4;
    double quantile = Estimate.quantile(seeds * sequences, 0.025);
    int covered = 0;
    for (int r = 0; r < repeats(); r++) {
      double[][] weights = data.draw(x, power(-0.5), Noise.GAUSSIAN, seeds);
      double[] theta = new double[seeds * sequences];
      for (int k = 0; k < theta.length; k++) {
        double[] y = weights[k / sequences].clone();
        for (int i = 0; i < y.length; i++) {
          y[i] += 0.1 * data.normal(); // what another sequence under the same weights adds
        }
        theta[k] = slope.of(y);
      }
      Estimate estimate = Estimate.of(theta);
      if (Math.abs(estimate.mean() + 0.5) <= quantile * estimate.standardError()) {
        covered++;
      }
    }
    table("coverage when sequences count as seeds: %.3f", (double) covered / repeats());
    assertThat((double) covered / repeats()).isLessThan(atLeast(0.935));
  }

  @Test
  void aRangeChosenByItsSlopeAgreesTooOften() {
    double[] x = MadeUp.octaves(8, 9);
    VerdictRule rule = rule(Direction.AT_MOST, -0.5, 0, 1);
    double share =
        shares(
                () -> {
                  double[][] y = data.draw(x, power(-0.5 + MARGIN), Noise.GAUSSIAN, 8);
                  for (int from = 0; from + 5 <= x.length; from++) {
                    for (int to = from + 5; to <= x.length; to++) {
                      if (rule.judge(slope(x, y, from, to), null) == Verdict.CONSISTENT) {
                        return Verdict.CONSISTENT;
                      }
                    }
                  }
                  return Verdict.UNDECIDED;
                })
            .get(Verdict.CONSISTENT);
    table("CONSISTENT at the boundary when the range is chosen by its slope: %.3f", share);
    assertThat(share).isGreaterThan(atMost(0.025));
  }

  private static Estimate slope(double[] x, double[][] y, int from, int to) {
    Contrast slope = Contrast.slope(Arrays.copyOfRange(x, from, to));
    return Estimate.of(
        Arrays.stream(y).mapToDouble(row -> slope.of(Arrays.copyOfRange(row, from, to))).toArray());
  }
}
