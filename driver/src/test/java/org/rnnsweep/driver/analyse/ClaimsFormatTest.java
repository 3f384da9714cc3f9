package org.rnnsweep.driver.analyse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rnnsweep.driver.config.Claim;

/**
 * The sealed formats, held against golden files in every locale. Others read {@code claims.json}:
 * add keys, but neither rename one nor change what it means.
 */
class ClaimsFormatTest {
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restoreTheLocale() {
    Locale.setDefault(before);
  }

  private static final Claim CLAIM =
      new Claim(
          "pg-example",
          "m",
          "repaired",
          "the error is at most \"m^-1/12\" <up to logs>",
          "Theorem 4.5",
          "relative_error",
          "width",
          "1",
          Relation.parse("exponent <= -1/12"),
          0.5,
          0.05,
          "width >= 50*length^2",
          List.of("sign-flip"),
          Relation.parse("exponent = -1/2"),
          "derivation A");

  private static Scoreboard scoreboard() {
    Judgement consistent =
        new Judgement(
            CLAIM.relation(),
            new AllowedSet(Double.NEGATIVE_INFINITY, -1.0 / 12),
            0.05,
            0.0625,
            Verdict.CONSISTENT,
            "",
            -0.51234,
            -0.55,
            -0.475,
            -0.5,
            0.04,
            "loose",
            0.429,
            0.0415,
            1,
            "",
            List.of(),
            List.of("a note"));
    Judgement refuted =
        new Judgement(
            CLAIM.prediction(),
            new AllowedSet(-0.5, -0.5),
            0.05,
            0,
            Verdict.REFUTED,
            "",
            12345.678,
            0.00001234,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            "",
            -1234.5,
            Double.POSITIVE_INFINITY,
            0.00001,
            "",
            List.of(new Judgement.PartResult("width = 256", 1.5, 1.25, 1.75)),
            List.of());
    Judgement undecided =
        new Judgement(
            CLAIM.relation(),
            new AllowedSet(Double.NEGATIVE_INFINITY, -1.0 / 12),
            0.05,
            0.0625,
            Verdict.UNDECIDED,
            "",
            -0.1,
            -0.2,
            0.0,
            -0.1,
            0.01,
            "",
            0.0166,
            0.3,
            0.6,
            "about 40 seeds would decide",
            List.of(),
            List.of());
    Map<String, Object> first = new LinkedHashMap<>();
    first.put("length", 4L);
    first.put("input_scale", 0.125);
    Map<String, Object> second = new LinkedHashMap<>();
    second.put("length", 8L);
    second.put("input_scale", 0.125);
    return new Scoreboard(
        "example",
        List.of(
            new JudgedClaim(
                CLAIM,
                List.of(
                    new ClaimResult(
                        CLAIM, first, 256, 65536, 9, 8, 8, 1, 72, 0, consistent, refuted),
                    new ClaimResult(
                        CLAIM, second, 3200, 65536, 5, 7, 8, 1, 40, 1, undecided, refuted)))));
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = ClaimsFormatTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "en-US", "ru-RU"})
  void theJsonIsSealed(String locale) throws IOException {
    Locale.setDefault(Locale.forLanguageTag(locale));
    assertThat(new ClaimsJson().write(List.of(scoreboard()))).isEqualTo(golden("claims.json"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "en-US", "ru-RU"})
  void theTextIsSealed(String locale) throws IOException {
    Locale.setDefault(Locale.forLanguageTag(locale));
    assertThat(ClaimsText.of(scoreboard())).isEqualTo(golden("claims.txt"));
  }

  /** Five settings agree, one does not: the five are told together, by the least favourable. */
  @Test
  void manySettingsAreToldTogether() {
    ClaimResult consistent = scoreboard().rows().get(0);
    ClaimResult undecided = scoreboard().rows().get(1);
    List<ClaimResult> rows = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      rows.add(at(consistent, 10L + i, -0.5 + 0.1 * (i * 2 % 5)));
    }
    rows.add(3, undecided);
    String text = ClaimsText.of(new Scoreboard("example", List.of(new JudgedClaim(CLAIM, rows))));
    String flowing = text.replaceAll("\\s+", " ");
    assertThat(flowing)
        .contains(
            "the statement is undecided; our prediction (exponent = -1/2 = -0.5000) is contradicted")
        .contains(
            "CONSISTENT (not refuted by sign-flip), loose for sign-flip in 5 settings of length,"
                + " input_scale: exponent <= -1/12 = -0.0833, measured -0.5000 to -0.1000")
        .containsOnlyOnce("Least favourable at length = 12, input_scale = 0.125: Every value")
        .contains("Our prediction: REFUTED in 5.")
        .containsOnlyOnce("UNDECIDED at length = 8");
    assertThat(text.lines()).allMatch(line -> line.length() <= 110).hasSizeLessThan(16);
  }

  private static ClaimResult at(ClaimResult row, long length, double estimate) {
    Map<String, Object> setting = new LinkedHashMap<>();
    setting.put("length", length);
    setting.put("input_scale", 0.125);
    Judgement j = row.statement();
    return new ClaimResult(
        row.claim(),
        setting,
        row.from(),
        row.to(),
        row.points(),
        row.seeds(),
        row.look(),
        row.looks(),
        row.trials(),
        row.seedsDropped(),
        new Judgement(
            j.relation(),
            j.allowed(),
            j.margin(),
            j.logsWidth(),
            j.verdict(),
            j.reason(),
            estimate,
            estimate - 0.05,
            estimate + 0.05,
            j.next(),
            j.nextError(),
            j.label(),
            -1.0 / 12 - estimate,
            j.detectable(),
            j.refutingTail(),
            j.decides(),
            j.parts(),
            j.notes()),
        row.prediction());
  }

  /** The bound reads as it was written, a number as itself. */
  @ParameterizedTest
  @CsvSource({
    "rate = ln(2)/2, rate = ln(2)/2 = 0.3466",
    "exponent <= -1/12, exponent <= -1/12 = -0.0833",
    "exponent <= 1.4, exponent <= 1.4",
    "value <= 3, value <= 3",
    "identity <= 1e-12, identity <= 1e-12",
    "exponent <= 11/6 on rays of n to power 1/2, exponent <= 11/6 = 1.833 on rays of n to power 1/2",
    "monotone decreasing, monotone decreasing",
  })
  void boundsAreShownAsWrittenBesideTheirValue(String relation, String shown) {
    assertThat(Relation.parse(relation).shown()).isEqualTo(shown);
    assertThat(Relation.parse(relation)).hasToString(relation);
  }

  @Test
  void aSuiteIsCountedAndToldInALineAClaim() {
    Scoreboard one = scoreboard();
    ClaimResult consistent = one.rows().get(0);
    Scoreboard other =
        new Scoreboard("other", List.of(new JudgedClaim(CLAIM, List.of(consistent, consistent))));
    Scoreboard none = new Scoreboard("none", List.of(new JudgedClaim(CLAIM, List.of())));
    String flowing = ClaimsText.of("suite", List.of(one, other, none)).replaceAll("\\s+", " ");
    assertThat(flowing)
        .startsWith("suite: 3 claims, 1 CONSISTENT, 2 UNDECIDED ")
        .contains(
            "UNDECIDED pg-example (m), repaired: exponent <= -1/12 = -0.0833, measured -0.1000"
                + " (95%: -0.2000 to 0) at length = 8, input_scale = 0.125")
        .contains("allows both readings: about 40 seeds would decide.")
        .contains("CONSISTENT (loose) pg-example (m), repaired: ")
        .contains("No configuration is in its range.")
        .endsWith(
            "4 rows; were every statement true, at most 0.0040 false REFUTED would be expected. ");
    assertThat(ClaimsText.of("suite", List.of())).isEqualTo("suite: no claims\n");
  }

  /** The row that speaks for a claim has its verdict and, of those, the least slack. */
  @Test
  void theLeastFavourableRowOfTheVerdictSpeaksForTheClaim() {
    ClaimResult consistent = scoreboard().rows().get(0);
    ClaimResult near = at(consistent, 5, -0.1);
    ClaimResult far = at(consistent, 6, -0.9);
    assertThat(new JudgedClaim(CLAIM, List.of(far, near, far)).telling()).contains(near);
    ClaimResult undecided = scoreboard().rows().get(1);
    assertThat(new JudgedClaim(CLAIM, List.of(near, undecided, far)).telling()).contains(undecided);
    assertThat(new JudgedClaim(CLAIM, List.of()).telling()).isEmpty();
  }

  @Test
  void whatIsNotANumberIsNull() throws IOException {
    JsonNode row =
        new ObjectMapper().readTree(new ClaimsJson().write(List.of(scoreboard()))).get(0);
    assertThat(row.get("allowed").get(0).isNull()).isTrue();
    assertThat(row.get("prediction").get("next").isNull()).isTrue();
    assertThat(row.get("prediction").get("ci95").get(1).isNull()).isTrue();
    assertThat(row.get("fitted").doubleValue()).isEqualTo(-0.51234);
  }

  @Test
  void anExperimentWithoutClaimsHasNothingToSay() {
    Scoreboard empty = new Scoreboard("empty", List.of());
    assertThat(ClaimsText.of(empty)).isEmpty();
    assertThat(new ClaimsJson().write(List.of(empty))).isEqualTo("[ ]\n");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-3, -3",
    "0.5, 0.5000",
    "12.3456, 12.35",
    "1234.56, 1235",
    "0.00012345, 1.235e-04",
    "NaN, -",
    "1e9, 1.000e+09",
    "-0.0123456, -0.0123",
    "99.999, 100.00"
  })
  void numbersAreShort(double value, String text) {
    assertThat(ClaimResult.number(value)).isEqualTo(text);
  }
}
