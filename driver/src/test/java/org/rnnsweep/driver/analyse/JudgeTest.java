package org.rnnsweep.driver.analyse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.config.Claim;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentSource;
import org.rnnsweep.driver.config.SeedPlan;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;

/** From claims and records to rows: which cells, which seeds, which kind of measurement. */
class JudgeTest {
  static final NumericsProfile NUMERICS =
      new NumericsProfile(NumericsProfile.Library.JAVA, Precision.DOUBLE);

  /** A job that is only described. */
  static final class DescribedJob implements Job {
    @Override
    public String id() {
      return "described";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public String summary() {
      return "for tests";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.integer("width", "m", 1, 1_000_000, "width"),
          Parameter.integer("length", "L", 1, 1_000_000, "length"),
          Parameter.real("step", "s", 0, 10, "something else"));
    }

    @Override
    public List<Metric> metrics() {
      return List.of(Metric.scalar("error", "error", "1", "error").withRoundingFloor(1e-14));
    }

    @Override
    public Cost cost(TrialGroup group) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<TrialResult> run(TrialGroup group, JobContext context) {
      throw new UnsupportedOperationException();
    }
  }

  private static final int[] WIDTHS = {256, 512, 1024, 2048, 4096};

  private static Configuration cell(int width, int length) {
    return Configuration.of(Map.of("width", width, "length", length));
  }

  private static List<Configuration> grid(int[] widths, int... lengths) {
    List<Configuration> grid = new ArrayList<>();
    for (int length : lengths) {
      for (int width : widths) {
        grid.add(cell(width, length));
      }
    }
    return grid;
  }

  static Claim claim(String relation, double logs, String prediction) {
    Relation read = Relation.parse(relation);
    return new Claim(
        "test-claim",
        "",
        "printed",
        "the error falls",
        "Theorem 1",
        "error",
        "width",
        "1",
        read,
        logs,
        read.kind().defaultMargin(),
        "",
        List.of(),
        prediction == null ? null : Relation.parse(prediction),
        "");
  }

  private static Claim along(Claim claim, String axis) {
    return new Claim(
        claim.id(),
        claim.part(),
        claim.reading(),
        claim.statement(),
        claim.source(),
        claim.metric(),
        axis,
        claim.shape(),
        claim.relation(),
        claim.logs(),
        claim.margin(),
        claim.where(),
        claim.attacks(),
        claim.prediction(),
        claim.predictionSource());
  }

  private static Experiment experiment(
      List<Configuration> configurations, SeedPlan seeds, Claim... claims) {
    return new Experiment(
        "made-up",
        "",
        new DescribedJob(),
        NUMERICS,
        seeds,
        List.of("width", "length"),
        configurations,
        List.of(claims),
        List.of(),
        "hash",
        new ExperimentSource("", List.of()));
  }

  private static SeedPlan seeds(int count) {
    return new SeedPlan(7, count, List.of(count));
  }

  private static TrialRecord record(
      Configuration configuration, int seed, Outcome outcome, double value) {
    Trial trial = new Trial("described", 1, NUMERICS, 7, seed, configuration);
    Map<String, Double> metrics = outcome == Outcome.COMPLETED ? Map.of("error", value) : Map.of();
    return new TrialRecord(trial.id(), trial, outcome, "", metrics, Map.of(), null);
  }

  private static List<TrialRecord> records(
      Experiment experiment, ToDoubleBiFunction<Configuration, Integer> value) {
    return experiment.configurations().stream()
        .flatMap(
            c ->
                IntStream.range(0, experiment.seeds().count())
                    .mapToObj(s -> record(c, s, Outcome.COMPLETED, value.applyAsDouble(c, s))))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static JudgedClaim judged(Experiment experiment, List<TrialRecord> records) {
    return new Judge(experiment).judge(records).claims().get(0);
  }

  private static ClaimResult onlyRow(
      Claim claim, int seeds, ToDoubleBiFunction<Configuration, Integer> value) {
    Experiment experiment = experiment(grid(WIDTHS, 4), seeds(seeds), claim);
    JudgedClaim judged = judged(experiment, records(experiment, value));
    assertThat(judged.rows()).hasSize(1);
    return judged.rows().get(0);
  }

  /** m^power, times a factor of the seed that cancels in a slope, times a little of the width. */
  private static ToDoubleBiFunction<Configuration, Integer> law(double power) {
    return (c, s) ->
        Math.pow(c.real("width"), power + 0.002 * (s % 4 - 1.5)) * (1 + s) * (1 + c.real("length"));
  }

  @Test
  void anExponentIsJudgedTwice() {
    ClaimResult row = onlyRow(claim("exponent <= -1/12", 0, "exponent = -1/2"), 8, law(-0.5));
    // The exponents of the seeds are -0.5 + 0.002 (-1.5, -0.5, 0.5, 1.5), twice.
    double se = 0.002 * Math.sqrt(10.0 / 7 / 8);
    double t = 2.364624251592785; // of 7 degrees of freedom, 0.975
    Judgement statement = row.statement();
    assertThat(statement.verdict()).isEqualTo(Verdict.CONSISTENT);
    assertThat(statement.estimate()).isCloseTo(-0.5, within(1e-12));
    assertThat(statement.high()).isCloseTo(-0.5 + t * se, within(1e-9));
    assertThat(statement.next()).isCloseTo(-0.5, within(1e-12));
    assertThat(statement.label()).isEqualTo("loose");
    assertThat(statement.slack()).isCloseTo(0.5 - 1.0 / 12, within(1e-12));
    // t_7(0.999) = 4.785290, t_7(0.8) = 0.896030 from tables
    assertThat(statement.detectable()).isCloseTo(-1.0 / 12 + 0.05 + 5.681320 * se, within(1e-6));
    assertThat(row.prediction().verdict()).isEqualTo(Verdict.CONSISTENT);
    assertThat(row.seeds()).isEqualTo(8);
    assertThat(row.points()).isEqualTo(5);
    assertThat(row.trials()).isEqualTo(40);
    assertThat(row.seedsDropped()).isZero();
    assertThat(row.explanation())
        .isEqualTo(
            "Every value in the 95% interval, -0.5020 to -0.4980, is allowed within the"
                + " margin of 0.0500.");
  }

  @Test
  void aBoundOnItsOwnExponentIsTight() {
    ClaimResult row = onlyRow(claim("exponent <= -1/2", 0, null), 8, law(-0.5));
    assertThat(row.verdictInWords()).isEqualTo("CONSISTENT, tight");
    assertThat(row.prediction()).isNull();
  }

  @Test
  void aFalseBoundIsRefutedUnlessItsLogsAllowIt() {
    assertThat(onlyRow(claim("exponent <= -1", 0, null), 8, law(-0.5)).statement().verdict())
        .isEqualTo(Verdict.REFUTED);
    // lambda = 4 adds 4 / ln 1024 = 0.577 to the slope
    Judgement logs = onlyRow(claim("exponent <= -1", 4, null), 8, law(-0.5)).statement();
    assertThat(logs.logsWidth()).isCloseTo(4 / Math.log(1024), within(1e-12));
    assertThat(logs.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(logs.decides()).isEqualTo("the logs allow it, and no number of seeds decides");
    assertThat(logs.notes()).anyMatch(note -> note.startsWith("not refutable at this size"));
    assertThat(onlyRow(claim("exponent >= -1/2", 0, null), 8, law(-1)).statement().verdict())
        .isEqualTo(Verdict.REFUTED);
  }

  @Test
  void aKnownFactorIsDividedOut() {
    ToDoubleBiFunction<Configuration, Integer> law =
        (c, s) -> law(-0.5).applyAsDouble(c, s) * Math.sqrt(Math.log(c.real("width")));
    Claim plain = claim("exponent = -1/2", 0, null);
    Claim shaped =
        new Claim(
            plain.id(),
            "",
            "printed",
            "",
            "",
            "error",
            "width",
            "sqrt(ln(width))",
            plain.relation(),
            0,
            0.05,
            "",
            List.of(),
            null,
            "");
    assertThat(onlyRow(plain, 8, law).statement().estimate()).isGreaterThan(-0.45);
    assertThat(onlyRow(shaped, 8, law).statement().estimate()).isCloseTo(-0.5, within(1e-12));
  }

  @Test
  void aSlopeThatBendsAcrossTheBoundIsNotAsymptotic() {
    // Local slopes from -1 to 0: on average -0.5, beyond the range above.
    ToDoubleBiFunction<Configuration, Integer> parabola =
        (c, s) -> {
          double v = Math.log(c.real("width") / 4096) / Math.log(16);
          return Math.exp(Math.log(16) * v * v / 2 + 0.001 * s * v);
        };
    ClaimResult row = onlyRow(claim("exponent <= -0.4", 0, null), 8, parabola);
    assertThat(row.statement().verdict()).isEqualTo(Verdict.NOT_ASYMPTOTIC);
    assertThat(row.explanation()).contains("would be CONSISTENT").contains("larger values");
    ClaimResult mirrored = onlyRow(claim("exponent >= -0.2", 0, null), 8, parabola);
    assertThat(mirrored.statement().verdict()).isEqualTo(Verdict.NOT_ASYMPTOTIC);
    assertThat(mirrored.explanation()).contains("would be REFUTED");
  }

  @Test
  void oneRowASettingAndOneVerdictOnAll() {
    Claim claim = claim("exponent <= -1/4", 0, null);
    Experiment experiment = experiment(grid(WIDTHS, 2, 4, 6), seeds(8), claim);
    ToDoubleBiFunction<Configuration, Integer> lengthMatters =
        (c, s) -> law(c.integer("length") == 6 ? 0.5 : -0.5).applyAsDouble(c, s);
    JudgedClaim judged = judged(experiment, records(experiment, lengthMatters));
    assertThat(judged.rows())
        .extracting(ClaimResult::setting)
        .containsExactly(Map.of("length", 2L), Map.of("length", 4L), Map.of("length", 6L));
    assertThat(judged.rows())
        .extracting(row -> row.statement().verdict())
        .containsExactly(Verdict.CONSISTENT, Verdict.CONSISTENT, Verdict.REFUTED);
    assertThat(judged.verdict()).isEqualTo(Verdict.REFUTED);
    assertThat(new Scoreboard("made-up", List.of(judged)).survivingHolm())
        .containsExactly(judged.rows().get(2));
    assertThat(new Scoreboard("made-up", List.of(judged)).expectedFalseRefuted())
        .isCloseTo(0.003, within(1e-15));
    assertThat(judged(experiment, records(experiment, law(-0.5))).verdict())
        .isEqualTo(Verdict.CONSISTENT);
  }

  @Test
  void aZippedAxisIsNotAnotherSetting() {
    List<Configuration> zipped = new ArrayList<>();
    for (int i = 0; i < WIDTHS.length; i++) {
      zipped.add(cell(WIDTHS[i], 2 + i));
    }
    Experiment experiment = experiment(zipped, seeds(8), claim("exponent <= 0", 0, null));
    JudgedClaim judged = judged(experiment, records(experiment, (c, s) -> 1.0 / (s + 1)));
    assertThat(judged.rows()).hasSize(1);
    assertThat(judged.rows().get(0).setting()).isEmpty();
    assertThat(judged.rows().get(0).points()).isEqualTo(5);
  }

  @Test
  void theRangeIsChosenByParametersAlone() {
    Claim claim = claim("exponent <= 0", 0, null);
    Claim wide =
        new Claim(
            "test-claim",
            "",
            "printed",
            "",
            "",
            "error",
            "width",
            "1",
            claim.relation(),
            0,
            0.05,
            "width >= 512",
            List.of(),
            null,
            "");
    ClaimResult row = onlyRow(wide, 8, law(-0.5));
    assertThat(row.from()).isEqualTo(512);
    assertThat(row.points()).isEqualTo(4);
    assertThat(row.statement().reason()).isEqualTo("4 values of width, an exponent needs 5");
    assertThat(row.statement().estimate()).isCloseTo(-0.5, within(1e-12));
  }

  @Test
  void rangesMustReachFarEnough() {
    int[] narrow = {256, 384, 512, 768, 1024};
    Claim claim = claim("exponent <= 0", 0, null);
    Experiment experiment = experiment(grid(narrow, 4), seeds(8), claim);
    assertThat(
            judged(experiment, records(experiment, law(-0.5))).rows().get(0).statement().reason())
        .isEqualTo("width spans a factor of 4, an exponent needs 16");
    // A length needs a factor of 4 only.
    List<Configuration> lengths =
        IntStream.of(4, 6, 8, 12, 16).mapToObj(length -> cell(256, length)).toList();
    Experiment inLength = experiment(lengths, seeds(8), along(claim, "length"));
    ToDoubleBiFunction<Configuration, Integer> flat = (c, s) -> 1 + 0.01 * s / c.real("length");
    assertThat(judged(inLength, records(inLength, flat)).verdict()).isEqualTo(Verdict.CONSISTENT);
  }

  @Test
  void theAxisMayBeAReciprocal() {
    Claim claim = along(claim("exponent <= 1/2", 0, null), "1/width");
    ClaimResult row = onlyRow(claim, 8, law(-0.5));
    assertThat(row.statement().estimate()).isCloseTo(0.5, within(1e-12));
    assertThat(row.from()).isEqualTo(1.0 / 4096);
  }

  @Test
  void fewSeedsGiveNumbersButNoVerdict() {
    ClaimResult row = onlyRow(claim("exponent <= 0", 0, null), 4, law(-0.5));
    assertThat(row.statement().verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(row.explanation()).isEqualTo("No verdict: 4 seeds, a verdict needs 5.");
    assertThat(row.statement().estimate()).isCloseTo(-0.5, within(1e-12));
  }

  @Test
  void aSeedThatFailedAnywhereIsDroppedEverywhere() {
    Experiment experiment = experiment(grid(WIDTHS, 4), seeds(8), claim("exponent <= 0", 0, null));
    List<TrialRecord> records = records(experiment, law(-0.5));
    records.set(3, record(cell(256, 4), 3, Outcome.OUT_OF_MEMORY, 0));
    ClaimResult row = judged(experiment, records).rows().get(0);
    assertThat(row.seeds()).isEqualTo(7);
    assertThat(row.seedsDropped()).isEqualTo(1);
    assertThat(row.statement().verdict()).isEqualTo(Verdict.CONSISTENT);
    // A later run repaired it.
    records.add(record(cell(256, 4), 3, Outcome.COMPLETED, 1));
    assertThat(judged(experiment, records).rows().get(0).seeds()).isEqualTo(8);
  }

  @Test
  void aDivergedTrialCensorsTheRow() {
    Experiment experiment = experiment(grid(WIDTHS, 4), seeds(8), claim("exponent <= 0", 0, null));
    List<TrialRecord> records = records(experiment, law(-0.5));
    records.set(3, record(cell(256, 4), 3, Outcome.DIVERGED, 0));
    Judgement statement = judged(experiment, records).rows().get(0).statement();
    assertThat(statement.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(statement.reason())
        .isEqualTo("censored: in the range 1 trials diverged and 0 were rejected");
  }

  @Test
  void valuesNearTheRoundingFloorSayNothing() {
    ClaimResult row =
        onlyRow(
            claim("exponent <= 0", 0, null),
            8,
            (c, s) -> c.integer("width") == 4096 && s == 2 ? 1e-13 : 1);
    assertThat(row.statement().reason()).startsWith("below resolution: 1 values are 0 or within");
  }

  @Test
  void verdictsAreTakenAtLooksOnlyAndTheirTailsAreDivided() {
    SeedPlan plan = new SeedPlan(7, 16, List.of(8, 16));
    Experiment experiment = experiment(grid(WIDTHS, 4), plan, claim("exponent <= 0", 0, null));
    List<TrialRecord> all = records(experiment, law(-0.5));
    List<TrialRecord> some = all.stream().filter(r -> r.trial().seedIndex() < 12).toList();
    ClaimResult row = judged(experiment, some).rows().get(0);
    assertThat(row.look()).isEqualTo(8);
    assertThat(row.seeds()).isEqualTo(8);
    double se = 0.002 * Math.sqrt(10.0 / 7 / 8);
    double t = 2.8412442; // of 7 degrees of freedom, 1 - 0.0125
    assertThat(row.statement().high()).isCloseTo(-0.5 + t * se, within(1e-7));
    List<TrialRecord> few = all.stream().filter(r -> r.trial().seedIndex() < 7).toList();
    ClaimResult early = judged(experiment, few).rows().get(0);
    assertThat(early.statement().verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(early.statement().reason())
        .isEqualTo(
            "the run is not complete: 35 of the 40 trials up to the first look at 8 seeds are"
                + " there");
    assertThat(early.statement().estimate()).isCloseTo(-0.5, within(0.01));
  }

  @Test
  void recordsOfOtherExperimentsArePassedOver() {
    Experiment experiment = experiment(grid(WIDTHS, 4), seeds(8), claim("exponent <= 0", 0, null));
    List<TrialRecord> records = records(experiment, law(-0.5));
    Trial foreign = new Trial("described", 1, NUMERICS, 8, 0, cell(256, 4));
    records.add(
        new TrialRecord(
            foreign.id(), foreign, Outcome.COMPLETED, "", Map.of("error", 99.0), Map.of(), null));
    ClaimResult row = judged(experiment, records).rows().get(0);
    assertThat(row.trials()).isEqualTo(40);
    assertThat(row.statement().estimate()).isCloseTo(-0.5, within(1e-12));
  }

  // ---- the other kinds

  @Test
  void aRateIsASlopeInTheAxisItself() {
    List<Configuration> lengths =
        IntStream.of(2, 4, 6, 8, 10).mapToObj(length -> cell(256, length)).toList();
    Claim claim = along(claim("rate = ln(2)/2", 1, null), "length");
    Experiment experiment = experiment(lengths, seeds(8), claim);
    JudgedClaim judged =
        judged(
            experiment,
            records(
                experiment,
                (c, s) -> Math.exp((Math.log(2) / 2 + 0.001 * (s % 2)) * c.real("length"))));
    Judgement statement = judged.rows().get(0).statement();
    assertThat(statement.verdict()).isEqualTo(Verdict.CONSISTENT);
    assertThat(statement.estimate()).isCloseTo(Math.log(2) / 2 + 0.0005, within(1e-12));
    double middle = Math.pow(2 * 4 * 6 * 8 * 10, 0.2);
    assertThat(statement.logsWidth()).isCloseTo(1 / Math.log(256) / middle, within(1e-12));
  }

  @Test
  void aSignedMeanGoesThroughTheJackknife() {
    // Means are 1/m exactly: the noise is antisymmetric in the seeds.
    ToDoubleBiFunction<Configuration, Integer> signed =
        (c, s) -> (1 + 0.9 * (s % 2 == 0 ? 1 : -1)) / c.real("width");
    ClaimResult row = onlyRow(claim("exponent of mean <= -1", 0, null), 16, signed);
    assertThat(row.statement().estimate()).isCloseTo(-1, within(1e-9));
    assertThat(row.statement().verdict()).isEqualTo(Verdict.CONSISTENT);
    assertThat(onlyRow(claim("exponent of mean <= -1", 0, null), 8, signed).statement().reason())
        .isEqualTo("8 seeds, a mean of signed values needs 16");
    ToDoubleBiFunction<Configuration, Integer> lost =
        (c, s) -> (1 + 90 * (s % 2 == 0 ? 1 : -1)) / c.real("width");
    assertThat(onlyRow(claim("exponent of mean <= -1", 0, null), 16, lost).statement().reason())
        .startsWith("signal below noise: at width = 256 the mean is 0.0039");
    assertThat(onlyRow(claim("exponent <= -1", 0, null), 16, lost).statement().reason())
        .isEqualTo("40 values are negative; use 'exponent of mean' for a signed quantity");
  }

  @Test
  void anExactRecursionNeedsNoSeeds() {
    Claim claim = claim("exact exponent <= -1/2", 0, null);
    assertThat(onlyRow(claim, 1, (c, s) -> 1 / c.real("width")).statement().verdict())
        .isEqualTo(Verdict.CONSISTENT);
    ClaimResult slow = onlyRow(claim, 1, (c, s) -> Math.pow(c.real("width"), -0.25));
    assertThat(slow.statement().verdict()).isEqualTo(Verdict.REFUTED);
    assertThat(slow.explanation())
        .isEqualTo(
            "The last local slope, -0.2500, lies outside what is allowed (at most -0.5000) even"
                + " with the margin of 0.0500.");
    // The last local slope is just below, and rising faster than the margin.
    ToDoubleBiFunction<Configuration, Integer> bending =
        (c, s) -> {
          double v = Math.log(c.real("width") / 4096) / Math.log(2); // -4 .. 0
          return Math.pow(2, -0.5 * v + 0.1 * v * v);
        };
    assertThat(onlyRow(claim, 1, bending).statement().verdict()).isEqualTo(Verdict.NOT_ASYMPTOTIC);
  }

  @Test
  void aLimitIsTheRatioAtTheLargestValue() {
    ToDoubleBiFunction<Configuration, Integer> near =
        (c, s) -> 2 * (1 + 10 / c.real("width") * (1 + 0.1 * (s % 3)));
    ClaimResult row = onlyRow(claim("limit = 2", 0, null), 8, near);
    assertThat(row.statement().verdict()).isEqualTo(Verdict.CONSISTENT);
    assertThat(row.statement().estimate()).isCloseTo(10.0 / 4096 * 1.0875, within(1e-12));
    assertThat(row.statement().notes().get(0))
        .startsWith("the distance to the limit has the exponent -1");
    assertThat(onlyRow(claim("limit = 3", 0, null), 8, near).statement().verdict())
        .isEqualTo(Verdict.REFUTED);
  }

  @Test
  void aValueIsJudgedAtEveryPoint() {
    ToDoubleBiFunction<Configuration, Integer> falling =
        (c, s) -> 1000 / c.real("width") + 0.01 * (s % 3);
    assertThat(onlyRow(claim("value <= 4", 0, null), 8, falling).statement().verdict())
        .isEqualTo(Verdict.CONSISTENT);
    Judgement one = onlyRow(claim("value <= 3", 0, null), 8, falling).statement();
    assertThat(one.verdict()).isEqualTo(Verdict.REFUTED);
    assertThat(one.parts()).hasSize(5);
    assertThat(one.parts().get(0).name()).isEqualTo("width = 256");
    assertThat(one.estimate()).isCloseTo(1000.0 / 256 + 0.00875, within(1e-12));
  }

  @Test
  void aProbabilityHasExactBounds() {
    Claim claim = claim("probability <= 0.5", 0, null);
    Judgement none = onlyRow(claim, 8, (c, s) -> 0).statement();
    assertThat(none.verdict()).isEqualTo(Verdict.CONSISTENT);
    assertThat(none.high()).isCloseTo(1 - Math.pow(0.025, 1.0 / 8), within(1e-9));
    assertThat(none.notes())
        .containsExactly("no violation in 8 seeds certifies no probability below 3.7/n = 0.4625");
    assertThat(onlyRow(claim("probability <= 0.1", 0, null), 8, (c, s) -> 0).statement().verdict())
        .isEqualTo(Verdict.UNDECIDED);
    assertThat(onlyRow(claim("probability <= 0.1", 0, null), 8, (c, s) -> 1).statement().verdict())
        .isEqualTo(Verdict.REFUTED);
    assertThat(onlyRow(claim("probability >= 0.5", 0, null), 8, (c, s) -> 1).statement().verdict())
        .isEqualTo(Verdict.CONSISTENT);
  }

  /** Every seed has a success somewhere on widths and lengths, but one; no cell has two. */
  @Test
  void theBestOfAGridIsOneSuccessASeed() {
    List<Configuration> grid = grid(new int[] {256, 512, 1024, 2048}, 4, 8);
    Claim claim = claim("probability >= 0.4 for some length", 0, null);
    Experiment experiment = experiment(grid, seeds(8), claim);
    ToDoubleBiFunction<Configuration, Integer> once =
        (c, s) -> s < 7 && grid.indexOf(c) == s ? 1 : 0;
    List<TrialRecord> records = records(experiment, once);
    JudgedClaim judged = judged(experiment, records);
    assertThat(judged.rows()).hasSize(1);
    Judgement row = judged.rows().get(0).statement();
    assertThat(row.estimate()).isEqualTo(7 / 8.0);
    assertThat(row.verdict()).isEqualTo(Verdict.CONSISTENT);
    // As of 7 of 8: Clopper and Pearson.
    assertThat(row.low()).isCloseTo(0.4735, within(1e-4));
    // A run that diverged is one that did not succeed, and censors nothing.
    records.replaceAll(
        r ->
            r.trial().seedIndex() == 2
                ? record(r.trial().configuration(), 2, Outcome.DIVERGED, 0)
                : r);
    Judgement less = judged(experiment, records).rows().get(0).statement();
    assertThat(less.estimate()).isEqualTo(6 / 8.0);
    assertThat(less.verdict()).isEqualTo(Verdict.UNDECIDED);
    records.remove(0);
    assertThat(judged(experiment, records).rows().get(0).statement().reason())
        .startsWith("the run is not complete");
  }

  @Test
  void monotoneMeansEveryStep() {
    Claim falling = claim("monotone decreasing", 0, null);
    assertThat(onlyRow(falling, 8, law(-0.5)).statement().verdict()).isEqualTo(Verdict.CONSISTENT);
    ToDoubleBiFunction<Configuration, Integer> bump =
        (c, s) -> law(-0.5).applyAsDouble(c, s) * (c.integer("width") == 1024 ? 2 : 1);
    Judgement broken = onlyRow(falling, 8, bump).statement();
    assertThat(broken.verdict()).isEqualTo(Verdict.REFUTED);
    assertThat(broken.parts()).hasSize(4);
    assertThat(broken.estimate()).isCloseTo(0.5 * Math.log(2), within(0.01));
  }

  @Test
  void growthNeedsOctaves() {
    List<Configuration> octaves =
        IntStream.of(4, 8, 16, 32, 64).mapToObj(length -> cell(256, length)).toList();
    Claim claim = along(claim("polynomial", 0, "exponential"), "length");
    Experiment experiment = experiment(octaves, seeds(8), claim);
    ToDoubleBiFunction<Configuration, Integer> exponential =
        (c, s) -> Math.exp((0.35 + 0.001 * s) * c.real("length"));
    JudgedClaim judged = judged(experiment, records(experiment, exponential));
    assertThat(judged.verdict()).isEqualTo(Verdict.REFUTED);
    assertThat(judged.predictionVerdict()).isEqualTo(Verdict.CONSISTENT);
    assertThat(judged.rows().get(0).statement().notes().get(0)).contains("exponential");
    ToDoubleBiFunction<Configuration, Integer> power =
        (c, s) -> Math.pow(c.real("length"), 4 + 0.01 * s);
    assertThat(judged(experiment, records(experiment, power)).verdict())
        .isEqualTo(Verdict.CONSISTENT);
    Claim width = claim("polynomial", 0, null);
    Experiment uneven = experiment(grid(new int[] {2, 4, 8, 12}, 4), seeds(8), width);
    assertThat(judged(uneven, records(uneven, law(1))).rows().get(0).statement().reason())
        .isEqualTo("growth laws need three octaves of width, each value twice the last");
  }

  @Test
  void anIdentityIsItsLargestError() {
    Claim claim = claim("identity <= 1e-12", 0, null);
    assertThat(onlyRow(claim, 1, (c, s) -> -1e-13).statement().verdict())
        .isEqualTo(Verdict.CONSISTENT);
    ClaimResult broken =
        onlyRow(claim, 2, (c, s) -> c.integer("width") == 512 && s == 1 ? -1e-11 : 0);
    assertThat(broken.statement().verdict()).isEqualTo(Verdict.REFUTED);
    assertThat(broken.explanation())
        .isEqualTo("The largest value seen, 1.000e-11, exceeds the tolerance.");
  }

  @Test
  void twoParametersAreJudgedOnRays() {
    int[] widths = {16, 64, 256, 1024, 4096};
    List<Configuration> grid = grid(widths, 4, 8, 16, 32, 64);
    Claim claim = claim("exponent <= -1/4 on rays of length to power 1/2", 0, null);
    Experiment experiment = experiment(grid, seeds(8), claim);
    // m^-1/2 r^1/2: -1/2 on fixed r, -1/4 on r = m^1/2.
    ToDoubleBiFunction<Configuration, Integer> good =
        (c, s) -> Math.pow(c.real("width"), -0.5 + 0.001 * (s % 3)) * Math.sqrt(c.real("length"));
    JudgedClaim judged = judged(experiment, records(experiment, good));
    Judgement statement = judged.rows().get(0).statement();
    assertThat(judged.rows()).hasSize(1);
    assertThat(statement.verdict()).isEqualTo(Verdict.CONSISTENT);
    assertThat(statement.parts())
        .extracting(Judgement.PartResult::name)
        .containsExactly("length = 4", "length = 64", "length = width^0.5000");
    assertThat(statement.estimate()).isCloseTo(-0.25, within(0.01));
    // Twice the power in r breaks the steep ray alone.
    ToDoubleBiFunction<Configuration, Integer> bad =
        (c, s) -> Math.pow(c.real("width"), -0.5 + 0.001 * (s % 3)) * c.real("length");
    assertThat(judged(experiment, records(experiment, bad)).verdict()).isEqualTo(Verdict.REFUTED);
  }

  @Test
  void undecidedSaysHowManySeedsOrHowMuchRangeWouldDecide() {
    // Exponents of the seeds -0.5 +- d: the half-width is t_7(0.975) d sqrt(8 / 7 / 8).
    ToDoubleBiFunction<Configuration, Integer> wide =
        (c, s) -> Math.pow(c.real("width"), -0.5 + (s % 2 == 0 ? 0.06 : -0.06));
    double halfWidth = 2.364624 * 0.06 / Math.sqrt(7);
    Judgement near = onlyRow(claim("exponent <= -1/2", 0, null), 8, wide).statement();
    assertThat(near.verdict()).isEqualTo(Verdict.UNDECIDED);
    long expected = (long) Math.ceil(16 * Math.pow(halfWidth / 0.05, 2));
    assertThat(near.decides()).isEqualTo("about " + expected + " seeds would decide");
    Judgement far = onlyRow(claim("exponent <= -0.53", 0, null), 8, wide).statement();
    double factor = 2 * Math.pow(halfWidth / 0.02, 2);
    assertThat(factor).isGreaterThan(4);
    long octaves = (long) Math.ceil(5 * (Math.cbrt(factor) - 1));
    assertThat(far.decides()).isEqualTo("about " + octaves + " more octaves of width would decide");
  }

  @Test
  void attacksReserveTheVerdict() {
    Claim plain = claim("exponent <= 0", 0, null);
    Claim forAll =
        new Claim(
            "test-claim",
            "",
            "printed",
            "",
            "",
            "error",
            "width",
            "1",
            plain.relation(),
            0,
            0.05,
            "",
            List.of("sign-flip", "random"),
            null,
            "");
    assertThat(onlyRow(forAll, 8, law(-0.5)).verdictInWords())
        .isEqualTo("CONSISTENT (not refuted by sign-flip, random), loose for sign-flip, random");
  }

  @Test
  void anEmptyStoreIsUndecided() {
    Experiment experiment =
        experiment(grid(WIDTHS, 4), seeds(8), claim("exponent <= 0", 0, "exponent = 0"));
    JudgedClaim judged = judged(experiment, List.of());
    assertThat(judged.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(judged.rows().get(0).statement().estimate()).isNaN();
    assertThat(judged.rows().get(0).explanation())
        .startsWith("No verdict: the run is not complete");
  }

  /** A parameter m may mean nothing for a kind of trial; then the axis stands in for the logs. */
  @Test
  void aSettingWithoutWidthIsJudgedToo() {
    List<Configuration> lengths = new ArrayList<>();
    for (int length : new int[] {4, 8, 16, 32, 64}) {
      lengths.add(Configuration.of(Map.of("length", length)));
    }
    Claim claim = along(claim("exponent <= 2", 0, null), "length");
    Experiment experiment = experiment(lengths, seeds(8), claim);
    JudgedClaim judged =
        judged(experiment, records(experiment, (c, s) -> (1 + s) * c.real("length")));
    assertThat(judged.verdict()).isEqualTo(Verdict.CONSISTENT);
  }
}
