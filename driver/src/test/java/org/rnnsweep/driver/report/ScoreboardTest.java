package org.rnnsweep.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rnnsweep.driver.analyse.AllowedSet;
import org.rnnsweep.driver.analyse.ClaimResult;
import org.rnnsweep.driver.analyse.JudgedClaim;
import org.rnnsweep.driver.analyse.Judgement;
import org.rnnsweep.driver.analyse.Relation;
import org.rnnsweep.driver.analyse.Verdict;
import org.rnnsweep.driver.config.CataloguedClaim;
import org.rnnsweep.driver.config.CataloguedClaim.Feasibility;
import org.rnnsweep.driver.config.Claim;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.Figure;
import org.rnnsweep.driver.config.Suite;
import org.rnnsweep.driver.store.TrialRecord;

/** The scoreboard of two made-up experiments. */
class ScoreboardTest {
  private static final String HOSTILE = "</td><script>alert(\"1\")</script>, 'x' & <img src=x>";

  private final Locale before = Locale.getDefault();

  @TempDir Path folder;

  @AfterEach
  void restoreTheLocale() {
    Locale.setDefault(before);
  }

  private static Claim claim(String id, String part, String text, String relation, String where) {
    return new Claim(
        id,
        part,
        part.isEmpty() ? "printed" : "repaired",
        text,
        "A, \"B\" & C, Theorem 1",
        "rel_l2",
        "width",
        "1",
        Relation.parse(relation),
        0,
        0.05,
        where,
        List.of("gradient", "sign-flip"),
        part.isEmpty() ? Relation.parse("exponent = -1/2") : null,
        "");
  }

  private static Experiment experiment(String name, String text, List<Claim> claims, int seeds) {
    Experiment base = MadeUp.grid(seeds);
    return new Experiment(
        name,
        text,
        base.job(),
        base.numerics(),
        base.seeds(),
        base.axes(),
        base.configurations(),
        claims,
        List.of(new Figure("f", text, "width", List.of("rel_l2"), null, "input_dim", true, true)),
        text,
        base.source());
  }

  private static ExperimentReport report(Experiment experiment, List<TrialRecord> records) {
    RunFacts.Builder facts = RunFacts.builder();
    records.forEach(facts);
    var summary = MadeUp.summary(experiment, records);
    return new ExperimentReport(
        summary,
        MadeUp.scoreboard(experiment, records),
        experiment.figures().stream().map(figure -> FigureData.of(figure, summary)).toList(),
        facts.build());
  }

  private static Suite suite(String text, List<Experiment> experiments) {
    return new Suite(
        "made-up",
        text,
        text,
        List.of(new Suite.FrontFigure("two", "f")),
        List.of(
            new CataloguedClaim("grows", "A & B", text, Feasibility.EXACT),
            new CataloguedClaim("falls", "A & B", "it falls", Feasibility.EXACT),
            new CataloguedClaim("later", text, text, Feasibility.QUALITATIVE)),
        experiments,
        "{}");
  }

  /** Exponent -1/2 in the width: one claim holds, one is contradicted, one cannot be told. */
  private static List<Experiment> experiments(String text) {
    return List.of(
        experiment(
            "one",
            text,
            List.of(
                claim("falls", "", text, "exponent <= -1/12", ""),
                claim("stays", "flat", "it stays", "exponent = 0", "input_dim == 2")),
            8),
        experiment(
            "two",
            text,
            List.of(claim("grows", "", "it grows", "exponent >= 1/4", "input_dim == 4")),
            3));
  }

  private static List<ExperimentReport> reports(List<Experiment> experiments) {
    List<ExperimentReport> reports = new ArrayList<>();
    experiments.forEach(each -> reports.add(report(each, MadeUp.records(each))));
    return reports;
  }

  private String write(String text) throws IOException {
    List<Experiment> experiments = experiments(text);
    SuiteReportWriter.write(
        FileSystem.getLocal(new Configuration(false)),
        new org.apache.hadoop.fs.Path(folder.toUri()),
        suite(text, experiments),
        reports(experiments));
    return Files.readString(folder.resolve("index.html"));
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = ScoreboardTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Judgement judgement(Relation relation, Verdict verdict, double estimate) {
    return new Judgement(
        relation,
        new AllowedSet(Double.NEGATIVE_INFINITY, relation.bound()),
        0.05,
        0.0625,
        verdict,
        "",
        estimate,
        estimate - 0.125,
        Double.NaN,
        -0.5,
        1e-10,
        verdict == Verdict.CONSISTENT ? "loose" : "",
        relation.bound() - estimate,
        Double.POSITIVE_INFINITY,
        0.001,
        "about 40 seeds would decide",
        List.of(),
        List.of("a note"));
  }

  private static ClaimResult result(Claim claim, long length, Verdict verdict, double estimate) {
    Map<String, Object> setting = new LinkedHashMap<>();
    setting.put("length", length);
    setting.put("input_scale", 0.125);
    Relation ours = claim.prediction();
    return new ClaimResult(
        claim,
        setting,
        256,
        65536,
        9,
        8,
        8,
        1,
        72,
        1,
        judgement(claim.relation(), verdict, estimate),
        ours == null ? null : judgement(ours, Verdict.REFUTED, 1234.5));
  }

  /** Others read the file: columns may be added at the end, none is renamed. */
  @ParameterizedTest
  @ValueSource(strings = {"", "en-US", "ru-RU"})
  void theCsvIsSealed(String locale) throws IOException {
    Locale.setDefault(Locale.forLanguageTag(locale));
    Claim falls =
        claim("falls", "", "commas, \"quotes\"\nand lines", "exponent <= 1/4", "width > 1");
    Claim stays = claim("stays", "flat", "it stays", "value <= 1e-12", "");
    List<ScoreboardRow> rows =
        List.of(
            new ScoreboardRow(
                "one",
                "A & B",
                new JudgedClaim(
                    falls,
                    List.of(
                        result(falls, 4, Verdict.CONSISTENT, -0.5),
                        result(falls, 8, Verdict.UNDECIDED, 0.125))),
                false,
                "one/index.html#figure-1"),
            new ScoreboardRow(
                "two",
                "A",
                new JudgedClaim(stays, List.of(result(stays, 4, Verdict.REFUTED, 12345678.9))),
                true,
                ""),
            new ScoreboardRow("two", "A", new JudgedClaim(stays, List.of()), false, ""));
    assertThat(ScoreboardCsv.render(rows)).isEqualTo(golden("scoreboard.csv"));
  }

  @Test
  void aClaimIsARowAndTheRowsFollowTheCatalogue() throws IOException {
    String page = write("words");
    assertThat(page.split("<tr class=\"", -1)).hasSize(4);
    assertThat(page)
        .containsSubsequence(
            "<tr class=\"UNDECIDED\" data-paper=\"A &amp; B\" data-verdict=\"UNDECIDED\">",
            "it grows",
            "No verdict: 3 seeds",
            "<tr class=\"CONSISTENT\"",
            "exponent &lt;= -1/12 = -0.0833",
            "<tr class=\"REFUTED\" data-paper=\"A\"",
            "it stays",
            "stays · flat · repaired");
    // Counts: nothing consistent of the uncatalogued one, and the catalogue is covered in part.
    String counts = page.substring(page.indexOf("<table class=\"counts\">"));
    assertThat(counts.substring(0, counts.indexOf("</table>")).replaceAll("<[^>]*>", " "))
        .containsPattern("A &amp; B +1 +– +– +1 +2 of 2")
        .containsPattern("words +– +– +– +– +0 of 1")
        .containsPattern("A +– +1 +– +– +–");
    assertThat(page).containsSubsequence("No row yet", "words: 1 qualitative", "later");
    assertThat(page).contains("href=\"one/index.html#figure-1\"", "href=\"two/index.html\"");
    assertThat(page).containsSubsequence("To remember", "<svg", "two/index.html#figure-1");
    assertThat(page).contains("all 330 trials completed");
    assertThat(Files.readString(folder.resolve("claims.json")))
        .contains("\"experiment\" : \"one\"", "\"experiment\" : \"two\"");
  }

  @Test
  void everyTextFromOutsideIsEscaped() throws IOException {
    String page = write(HOSTILE);
    assertThat(page).doesNotContain("<script>alert", "<img");
    // Title and heading, description, statement, figure twice, catalogue and its paper.
    assertThat(page.split(Pattern.quote(Markup.escape(HOSTILE)), -1)).hasSizeGreaterThan(8);
  }

  @Test
  void thePageFetchesNothingAndRunsOnlyItsOwnScript() throws Exception {
    String page = write("words");
    assertThat(page.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http:", "https:", "url(", "@import");
    Matcher script = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(page);
    assertThat(script.find()).isTrue();
    byte[] hash =
        MessageDigest.getInstance("SHA-256")
            .digest(script.group(1).getBytes(StandardCharsets.UTF_8));
    assertThat(page).contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
    assertThat(script.group(1)).contains("getElementById(\"filter\")");
    assertThat(script.find()).as("a second script").isFalse();
    // Without the script every row is there, and the filter that could not work is not.
    assertThat(page).contains("<form id=\"filter\" hidden>").doesNotContain("<tr hidden");
  }

  @Test
  void aClaimWithoutRowsAndASuiteWithoutClaimsAreShown() throws IOException {
    Experiment empty =
        experiment(
            "two",
            "words",
            List.of(claim("grows", "", "it grows", "exponent >= 1/4", "width < 2")),
            3);
    List<Experiment> experiments = List.of(empty);
    Suite suite = suite("words", experiments);
    List<ExperimentReport> reports = List.of(report(empty, List.of()));
    List<ScoreboardRow> rows = ScoreboardRow.of(suite, reports);
    assertThat(ScoreboardPage.render(suite, reports, rows))
        .contains("No configuration is in its range.", "0 of 90 trials completed", "not final");
    assertThat(ScoreboardCsv.render(rows)).contains("UNDECIDED,,false,0,0,0,0,,,");
    Experiment silent = experiment("two", "words", List.of(), 3);
    assertThat(
            ScoreboardPage.render(
                suite("words", List.of(silent)), List.of(report(silent, List.of())), List.of()))
        .contains("The experiments make no claims.");
  }

  /** A number of the row by another way: the claim's mean slope is that of the printed interval. */
  @Test
  void theCsvSaysWhatTheVerdictRestsOn() throws IOException {
    write("words");
    List<String> lines = Files.readAllLines(folder.resolve("scoreboard.csv"));
    assertThat(lines).hasSize(4);
    Map<String, String> falls = new LinkedHashMap<>();
    String[] values = lines.get(2).replaceAll("\"[^\"]*(\"\"[^\"]*)*\"", "quoted").split(",", -1);
    for (int i = 0; i < values.length; i++) {
      falls.put(ScoreboardCsv.COLUMNS.get(i), values[i]);
    }
    assertThat(falls).containsEntry("id", "falls").containsEntry("verdict", "CONSISTENT");
    assertThat(falls).containsEntry("consistent", "6").containsEntry("trials", "240");
    double measured = Double.parseDouble(falls.get("measured"));
    // 10% noise on 5 widths an octave apart: one slope has a standard error of 0.046, eight of
    // 0.016;
    // the least favourable of six settings lies within four of them.
    assertThat(measured).isBetween(-0.565, -0.435);
    assertThat(Double.parseDouble(falls.get("slack"))).isEqualTo(-1.0 / 12 - measured);
    assertThat(Double.parseDouble(falls.get("ci95_low"))).isLessThan(measured);
  }

  @Test
  void endsOfARangeAreValuesOfTheGrid() {
    assertThat(HtmlReport.axisValue(16_384)).isEqualTo("16384");
    assertThat(HtmlReport.axisValue(1 << 24)).isEqualTo("16777216");
    assertThat(HtmlReport.axisValue(1 / 30.0)).isEqualTo("0.03333");
  }
}
