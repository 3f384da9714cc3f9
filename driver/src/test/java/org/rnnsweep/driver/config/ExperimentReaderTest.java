package org.rnnsweep.driver.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rnnsweep.driver.analyse.Relation;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;

class ExperimentReaderTest {
  /** A right file; the tests below break one line of it each. */
  static final String RIGHT =
      """
      experiment = toy-sweep
      description = "words"
      job = toy
      numerics { library = java, precision = single }
      seeds { root = -7, count = 8, looks = [5, 8] }
      parameters { dimension = 3 }
      axes {
        length = [2, 4]
        width = { log2 { from = 250, to = 1000 } }
        where = "m >= 50 * L^2"
      }
      claims = [
        { id = pg-appI-x, part = a, statement = "s", source = "t", metric = linf, axis = m
          relation = "exponent <= -1/12", logs = 11, where = "L == 2", shape = "sqrt(ln(m))"
          prediction = "exponent = -1/2", prediction-source = "p" }
      ]
      figures = [ { id = f, x = m, metrics = [linf, rms], lines = L, scale = semilog } ]
      """;

  @TempDir Path folder;

  Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  Experiment read(String text, String... overrides) throws IOException {
    return ExperimentReader.read(write("x.conf", text), List.of(overrides), ToyJob.catalog());
  }

  /** Every problem as it is printed, without the folder. */
  List<String> problems(String text, String... overrides) throws IOException {
    return problems(write("x.conf", text), overrides);
  }

  List<String> problems(Path file, String... overrides) {
    InvalidExperimentException refused =
        catchThrowableOfType(
            InvalidExperimentException.class,
            () -> ExperimentReader.read(file, List.of(overrides), ToyJob.catalog()));
    assertThat(refused).as("must be refused").isNotNull();
    return refused.problems().stream()
        .map(problem -> problem.toString().replace(folder + "/", ""))
        .toList();
  }

  private static String experiment(String rest) {
    return "experiment = x\njob = toy\nseeds { root = 1, count = 5 }\n" + rest;
  }

  private List<String> points(String axes, String... overrides) throws IOException {
    return read(experiment(axes), overrides).configurations().stream()
        .map(c -> c.get("width") + "/" + c.get("length"))
        .toList();
  }

  private static final String COMPARED =
      RIGHT
          + """
          comparison { published = "t.csv", rows = [L], columns = m, metric = linf, at-least = 0.5
            counts = [rms], beside = [rms], name = called }
          """;

  @Test
  void takesAPublishedTableIn() throws IOException {
    Path table =
        write("t.csv", "# Who, when.\n\nlength,width,linf,called\n2, 250,0.259,a b\n4,1000,1.0,\n");
    Experiment experiment = read(COMPARED);
    Comparison comparison = experiment.comparison();
    assertThat(comparison.note()).isEqualTo("Who, when.");
    assertThat(comparison.rows()).containsExactly("length");
    assertThat(comparison.columns()).isEqualTo("width");
    assertThat(comparison.published())
        .containsExactly(
            Map.entry(List.of(2L, 250L), new Comparison.Published("a b", "0.259")),
            Map.entry(List.of(4L, 1000L), new Comparison.Published("", "1.0")));
    // What a store keeps has the table in it.
    Files.delete(table);
    Experiment kept = ExperimentReader.read(experiment.source(), "kept", ToyJob.catalog());
    assertThat(kept.comparison()).isEqualTo(comparison);
    assertThat(kept.specHash()).isEqualTo(experiment.specHash());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "../t.csv|'published' is '../t.csv' (allowed: a .csv file beside this file or below it)",
        "/etc/t.csv|'published' is '/etc/t.csv'",
        "a/../t.csv|'published' is 'a/../t.csv'",
        "t.txt|'published' is 't.txt'",
        "none.csv|none.csv: there is no such file",
        "link/t.csv|is a link out of its folder",
        "empty.csv|there is no column 'length'",
        "short.csv|short.csv:2: 3 fields (allowed: 4, as its head)",
        "word.csv|word.csv:2: 'linf' is 'much' (allowed: a number)",
        "value.csv|value.csv:2: 'length' is 'two' (allowed: integer",
        "twice.csv|twice.csv:3: a second line for [2, 250]",
      })
  void refusesPublishedTables(String name, String message) throws IOException {
    String head = "length,width,linf,called\n";
    write("empty.csv", "");
    write("short.csv", head + "2,250,1\n");
    write("word.csv", head + "2,250,much,x\n");
    write("value.csv", head + "two,250,1,x\n");
    write("twice.csv", head + "2,250,1,x\n2,250,1,y\n");
    Path outside = Files.createTempDirectory("outside");
    Files.writeString(outside.resolve("t.csv"), head);
    Files.createSymbolicLink(folder.resolve("link"), outside);
    assertThat(problems(COMPARED.replace("t.csv", name))).anyMatch(p -> p.contains(message));
    Files.delete(outside.resolve("t.csv"));
    Files.delete(outside);
  }

  @Test
  void refusesComparisonsThatDoNotFitTheJob() throws IOException {
    write("t.csv", "length,width,linf,called\n");
    assertThat(problems(COMPARED.replace("rows = [L]", "rows = [l]")))
        .anyMatch(p -> p.startsWith("x.conf:18: ") && p.contains("has no parameter 'l'"));
    assertThat(problems(COMPARED.replace("at-least = 0.5", "content = \"\"")))
        .anyMatch(p -> p.contains("'content' is what the file of 'published' says"))
        .anyMatch(p -> p.contains("there is no 'at-least'"));
    assertThat(problems(COMPARED.replace("counts = [rms]", "counts = [rmz]")))
        .anyMatch(p -> p.contains("has no metric 'rmz'"));
  }

  @Test
  void readsAdaptiveSeeds() throws IOException {
    String fixed = "count = 8, looks = [5, 8]";
    assertThat(read(RIGHT).seeds().isAdaptive()).isFalse();
    assertThat(read(RIGHT.replace(fixed, "min = 5, max = 32, until = decided")).seeds())
        .isEqualTo(new SeedPlan(-7, 32, List.of(5, 10, 20, 32), Until.DECIDED));
    String narrow = "until { metric = linf, relative-half-width = 0.05 }";
    SeedPlan seeds =
        read(RIGHT.replace(fixed, "min = 5, max = 20, looks = [5, 20], " + narrow)).seeds();
    assertThat(seeds).isEqualTo(new SeedPlan(-7, 20, List.of(5, 20), Until.narrow("linf", 0.05)));
    assertThat(read(RIGHT.replace(fixed, "min = 8, max = 8, until = decided")).seeds().looks())
        .containsExactly(8);
    assertThat(read(RIGHT.replace(fixed, "min = 5, max = 32, until = decided"), "seeds=6").seeds())
        .isEqualTo(new SeedPlan(-7, 6, List.of(5, 6), Until.DECIDED));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "min = 5, max = 9|there is no 'until' in seeds (allowed: decided, or",
        "min = 5, until = decided|there is no 'max' in seeds",
        "max = 5, until = decided|there is no 'min' in seeds",
        "min = 5, max = 4, until = decided|'max' is 4 (allowed: integer from 5 to",
        "min = 5, max = 9, count = 9, until = decided|unknown key 'count' in seeds",
        "min = 5, max = 9, until = decidet|'until' is the text \"decidet\" (allowed: decided, or",
        "min = 5, max = 9, until = [1]|'until' is a list",
        "min = 5, max = 9, looks = [6, 9], until = decided|'looks' begins with 6 (allowed: 'min', 5)",
        "min = 5, max = 9, looks = [5, 8], until = decided|'looks' ends in 8 (allowed: 'max', 9)",
        "min = 5, max = 9, until { metric = linf }|there is no 'relative-half-width' in seeds.until",
        "min = 5, max = 9, until { relative-half-width = 0.1 }|there is no 'metric' in seeds.until",
        "min = 5, max = 9, until { metric = lnf, relative-half-width = 0.1 }|no metric 'lnf'",
        "min = 5, max = 9, until { metric = linf, relative-half-width = 0 }|'relative-half-width' is 0",
        "min = 5, max = 9, until { metric = linf, relative-half-width = 0.1, x = 1 }|unknown key 'x'"
      })
  void refusesWrongAdaptiveSeedsWithTheirLine(String seeds, String problem) throws IOException {
    assertThat(problems(RIGHT.replace("count = 8, looks = [5, 8]", seeds)))
        .singleElement()
        .asString()
        .startsWith("x.conf:5: ")
        .contains(problem);
  }

  @Test
  void aLinkOutOfTheFolderIsNotIncluded() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "m = 1");
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path file = inner.resolve("x.conf");
    Files.writeString(file, experiment("axes { include \"grid.conf\", L = 1 }"));
    Files.createSymbolicLink(inner.resolve("grid.conf"), secret);
    assertThat(problems(file))
        .singleElement()
        .asString()
        .startsWith("inner/x.conf:4: ")
        .endsWith("grid.conf: is a link out of its folder");
    // A cluster's mounted files are links within their folder.
    Path mounted = Files.createDirectory(folder.resolve("..data"));
    Files.writeString(mounted.resolve("grid.conf"), "m = 1");
    Files.createSymbolicLink(folder.resolve("grid.conf"), mounted.resolve("grid.conf"));
    assertThat(points("axes { include \"grid.conf\", L = 1 }")).containsExactly("1/1");
  }

  /** These name files of the store: the experiment's copy, figures. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x", "..", ".", "a/b", "/etc/x", "a\\\\b", "C:x", "~", "a b", "", "x.conf", "x%2f"
      })
  void namesCannotLeaveTheStore(String name) throws IOException {
    assertThat(problems(RIGHT.replace("experiment = toy-sweep", "experiment = \"" + name + "\"")))
        .singleElement()
        .asString()
        .startsWith("x.conf:1: 'experiment' is ")
        .contains("lower-case words joined by '-'");
    assertThat(problems(RIGHT.replace("id = f,", "id = \"" + name + "\",")))
        .singleElement()
        .asString()
        .startsWith("x.conf:17: 'id' is ")
        .contains("lower-case words joined by '-'");
  }

  @Test
  void decidedNeedsClaims() throws IOException {
    String text =
        "experiment = x\njob = toy\nseeds { root = 1, min = 5, max = 8, until = decided }\n";
    assertThat(problems(text + "axes { m = 1, L = 1 }"))
        .singleElement()
        .asString()
        .startsWith("x.conf:3: 'until' is decided, but there are no 'claims'");
  }

  @Test
  void readsEveryPartOfARightFile() throws IOException {
    Experiment x = read(RIGHT);
    assertThat(x.name()).isEqualTo("toy-sweep");
    assertThat(x.numerics())
        .isEqualTo(new NumericsProfile(NumericsProfile.Library.JAVA, Precision.SINGLE));
    assertThat(x.seeds()).isEqualTo(new SeedPlan(-7, 8, List.of(5, 8)));
    assertThat(x.axes()).containsExactly("length", "width");
    // L = 2: m >= 200; L = 4: m >= 800. Defaults are filled in, irrelevant parameters are not
    // there.
    assertThat(x.configurations())
        .containsExactly(toy(2, 250), toy(2, 500), toy(2, 1000), toy(4, 1000));
    Claim claim = x.claims().get(0);
    assertThat(claim.axis()).isEqualTo("width");
    assertThat(claim.where()).isEqualTo("length == 2");
    assertThat(claim.shape()).isEqualTo("sqrt(ln(width))");
    assertThat(claim.relation()).isEqualTo(Relation.parse("exponent <= -1/12"));
    assertThat(claim.prediction()).isEqualTo(Relation.parse("exponent = -1/2"));
    assertThat(claim.margin()).isEqualTo(0.05);
    assertThat(claim.reading()).isEqualTo("printed");
    Figure figure = x.figures().get(0);
    assertThat(figure)
        .isEqualTo(
            new Figure("f", "", "width", List.of("linf", "rms"), "length", null, false, true));
  }

  private static Configuration toy(int length, int width) {
    return Configuration.of(
        Map.of("length", length, "width", width, "dimension", 3, "eps", 0.5, "estimator", "exact"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "experiment = toy-sweep|experiment = Toy|x.conf:1: 'experiment' is \"Toy\"",
        "description = \"words\"|descripton = x|x.conf:2: unknown key 'descripton'; did you mean 'description'?",
        "job = toy|job = toi|x.conf:3: unknown job 'toi'; did you mean 'toy'? (allowed: toy)",
        "library = java|library = jav|x.conf:4: 'library' is \"jav\"; did you mean 'java'?",
        "precision = single|precision = 3|x.conf:4: 'precision' is 3 (allowed: a text)",
        "count = 8|count = 0|x.conf:5: 'count' is 0 (allowed: integer from 1 to 1000000)",
        "count = 8|count = 2.5|x.conf:5: 'count' is 2.5",
        "count = 8|count = \"8\"|x.conf:5: 'count' is the text \"8\"",
        "root = -7, |root = 1e30,|x.conf:5: 'root' is 1.0E30",
        "root = -7, ||x.conf:5: there is no 'root' in seeds",
        "looks = [5, 8]|looks = [8, 5]|x.conf:5: 'looks' has 5",
        "looks = [5, 8]|looks = [5]|x.conf:5: 'looks' ends in 5",
        "dimension = 3|dimension = 3, d = 4|x.conf:6: 'd' sets dimension again",
        "dimension = 3|dimension = 0|x.conf:6: 'dimension' is 0 (allowed: integer from 1 to 1000)",
        "dimension = 3|dimension = 1.5|x.conf:6: 'dimension' is 1.5",
        "dimension = 3|eps = 2|x.conf:6: 'eps' is 2 (allowed: real number from 0 to 1)",
        "dimension = 3|estimator = sdg|x.conf:6: 'estimator' is the text \"sdg\"; did you mean 'sgd'?",
        "dimension = 3|steps = 5|x.conf:6: 'steps' means nothing in any configuration (allowed: only where estimator is sgd)",
        "dimension = 3|length = 5|x.conf:8: 'length' is swept here and fixed at line 6",
        "length = [2, 4]|lenght = [2, 4]|x.conf:8: unknown key 'lenght' in axes; did you mean 'length'?",
        "length = [2, 4]|length = []|x.conf:8: 'length' has no values",
        "length = [2, 4]|length = [2, 4, 2]|x.conf:8: 'length' has the value 2 twice",
        "length = [2, 4]|length = [2, -4]|x.conf:8: 'length' is -4 (allowed: integer from 1 to 100000)",
        "length = [2, 4]|length = null|x.conf:8: 'length' is null",
        "length = [2, 4]|length = [2, 4], steps = [5, 6]|x.conf:8: 'steps' means nothing in 8 configurations",
        "length = [2, 4]|dimension = 4|x.conf:8: 'dimension' is swept here",
        "from = 250, |from = 250, form = 3,|x.conf:9: unknown key 'form' in axes.width.log2; did you mean 'from'?",
        "from = 250, |from = 2000,|x.conf:9: axes.width.log2 runs from 2000 to 1000",
        "from = 250, ||x.conf:9: there is no 'from' in axes.width.log2",
        "log2 { from|log3 { from|x.conf:9: unknown key 'log3' in axes.width; did you mean 'log2'?",
        "log2 { from = 250|linear { step = 0, from = 250|x.conf:9: 'step' is 0",
        "m >= 50 * L^2|m >= 50 * Q^2|x.conf:10: 'where': unknown name 'Q'",
        "m >= 50 * L^2|m + 1|x.conf:10: 'where' is 'm + 1'",
        "m >= 50 * L^2|m >=|x.conf:10: 'where': cannot read",
        "m >= 50 * L^2|m < 0|x.conf:7: no configuration is left",
        "id = pg-appI-x|id = pg_x|x.conf:13: 'id' is \"pg_x\"",
        "metric = linf, axis|metric = lnf, axis|x.conf:13: the job 'toy' has no metric 'lnf'; did you mean 'linf'?",
        "metric = linf, axis|metric = position_rms, axis|x.conf:13: 'position_rms' is a series",
        "axis = m|axis = d|x.conf:13: 'dimension' takes one value only (allowed: length, width)",
        "axis = m|axis = n|x.conf:13: the job 'toy' has no parameter 'n'",
        "logs = 11|logs = -1|x.conf:14: 'logs' is -1",
        "exponent <= -1/12|exponent of -1/12|x.conf:14: 'relation': not a relation",
        "L == 2|L == 3|x.conf:14: 'where' selects none",
        "L == 2|estimator == 'sdg'|x.conf:14: 'where': 'sdg' is never a value of 'estimator'",
        "sqrt(ln(m))|sqrt(ln(1/m))|x.conf:14: 'shape' is NaN",
        "sqrt(ln(m))|random()|x.conf:14: 'shape': cannot read",
        "id = f,||x.conf:17: there is no 'id' in figures[0]",
        "[linf, rms]|[linf, linf]|x.conf:17: 'linf' is there twice",
        "[linf, rms]|[]|x.conf:17: there are no 'metrics'",
        "[linf, rms]|[linf, 3]|x.conf:17: figures[0].metrics[1] is 3",
        "lines = L|lines = m|x.conf:17: figures[0] gives one axis two roles",
        "scale = semilog|scale = semilg|x.conf:17: 'scale' is \"semilg\"; did you mean 'semilog'?",
        "figures = [|figures = 3, x = [|x.conf:17: 'figures' is 3",
      })
  void namesWhatIsWrongAndWhere(String right, String wrong, String expected) throws IOException {
    assertThat(RIGHT).as("the test breaks something").contains(right);
    String broken = RIGHT.replace(right, wrong == null ? "" : wrong);
    assertThat(problems(broken)).anySatisfy(found -> assertThat(found).startsWith(expected));
  }

  @Test
  void reportsEverythingAtOnceInTheOrderOfLines() throws IOException {
    List<String> found =
        problems(
            RIGHT
                .replace("job = toy", "job = toy\njob = toy")
                .replace("length = [2, 4]", "lenght = [2, 4]")
                .replace("count = 8", "count = 0")
                .replace("metric = linf, axis", "metric = lnf, axis"));
    assertThat(found)
        .satisfiesExactly(
            first -> assertThat(first).startsWith("x.conf:4: repeated key 'job', first at line 3"),
            second -> assertThat(second).startsWith("x.conf:6: 'count' is 0"),
            third -> assertThat(third).startsWith("x.conf:9: unknown key 'lenght'"),
            fourth -> assertThat(fourth).startsWith("x.conf:11: 'where' reads 'length'"),
            fifth -> assertThat(fifth).startsWith("x.conf:14: the job 'toy' has no metric 'lnf'"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "job = toy\njob = toy",
        "seeds.count = 3",
        "seeds { count = 3 }",
        "\"seeds\" : { \"count\" : 3 }",
        "seeds = 5",
        "seeds.count.more = 1",
        "axes { union = [ { width = 1, width = 2 } ] }",
        "axes = ${axes} { length = 4 }",
        "axes { length += 4 }",
      })
  void aKeyIsWrittenOnce(String again) throws IOException {
    String text = experiment("axes { width = 1, length = 2 }\n" + again + "\n");
    assertThat(problems(text))
        .anySatisfy(found -> assertThat(found).matches("x.conf:[5-6]: repeated key '.*"));
  }

  @Test
  void partsOfOneObjectAreNotRepetitions() throws IOException {
    String text =
        "experiment = x, job = toy, seeds.root = 1\nseeds { count = 5 }\n"
            + "axes.width = [1] [2] // concatenated\naxes { \"length\" = 3 } # \"a = 1\"\n"
            + "description = \"\"\"a = 1\na = \"2\" \"\"\"\n";
    assertThat(read(text).configurations()).hasSize(2);
  }

  @Test
  void combinesAxes() throws IOException {
    assertThat(points("axes { width = [1, 2], length = [3, 4] }"))
        .containsExactly("1/3", "1/4", "2/3", "2/4");
    assertThat(points("axes { zip = [ { width = [1, 2], L = [3, 4] } ] }"))
        .containsExactly("1/3", "2/4");
    assertThat(points("axes { length = 3, union = [ { m = [1, 2] }, { m = [2, 5] } ] }"))
        .as("overlapping members merge at the first place")
        .containsExactly("1/3", "2/3", "5/3");
    assertThat(
            points(
                "axes { product = [ { m = [1, 2], where = \"m > 1\" } ]\n"
                    + "L = { linear { from = 2, to = 9, step = 3 } } }"))
        .containsExactly("2/2", "2/5", "2/8");
    assertThat(
            read(experiment(
                    "axes { m = 1, L = 1, eps = { linear { from = 0.1, to = 0.3, step = 0.1 } } }"))
                .configurations())
        .extracting(c -> c.real("eps"))
        .as("0.1 + 2 * 0.1 is above 0.3, and still its last value")
        .containsExactly(0.1, 0.2, 0.3);
  }

  @Test
  void aUnionOverEstimatorsKeepsOnlyWhatMeansSomething() throws IOException {
    List<Configuration> found =
        read(experiment(
                "parameters { steps = 7 }\naxes { m = 1, L = 1\n"
                    + "union = [ { estimator = [exact, naive] }\n"
                    + "{ estimator = sgd, schedule = falling, decay = [0.5, 1] } ] }"))
            .configurations();
    assertThat(found).extracting(c -> c.get("steps")).containsExactly(null, null, 7L, 7L);
    assertThat(found).extracting(c -> c.get("decay")).containsExactly(null, null, 0.5, 1.0);
  }

  @Test
  void refusesZipsOfDifferentLengthsAndParametersSetTwice() throws IOException {
    assertThat(problems(experiment("axes { zip = [ { m = [1, 2], L = [3] } ] }")))
        .singleElement()
        .asString()
        .startsWith("x.conf:4: axes.zip[0] has axes of different lengths: width 2, length 1");
    assertThat(problems(experiment("axes { m = 1, L = 1, zip = [ { m = [1, 2] } ] }")))
        .singleElement()
        .asString()
        .startsWith("x.conf:4: 'width' is set twice in axes");
    assertThat(problems(experiment("axes { m = 1\n L = 1\n width = 2 }")))
        .singleElement()
        .asString()
        .startsWith("x.conf:6: 'width' sets width again, first at line 4");
  }

  @Test
  void showsWhatTheJobRefusesOnceWithAnExample() throws IOException {
    assertThat(problems(experiment("axes { m = [1, 2], L = [1, 2], eps = [0.5, 1] }")))
        .singleElement()
        .asString()
        .startsWith(
            "x.conf:4: eps must be below 1 for this network, in 4 configurations, such as"
                + " dimension=2, eps=1.0, estimator=exact, length=1, width=1");
  }

  @Test
  void namesMissingParametersOnce() throws IOException {
    assertThat(problems(experiment("axes { m = [1, 2] }")))
        .singleElement()
        .asString()
        .startsWith("x.conf:4: 'length' is not set in 2 configurations");
  }

  @Test
  void refusesMoreThanCanBePlannedAtOnce() throws IOException {
    String range = " { linear { from = 1, to = 100000, step = 1 } }";
    assertThat(problems(experiment("axes { m =" + range + ", L =" + range + " }")))
        .singleElement()
        .asString()
        .startsWith("x.conf:4: axes make 1.00e+10 points (allowed: at most 2.00e+07)");
    assertThat(
            problems(
                experiment("axes { L = 1, m = { linear { from = 1, to = 4000000, step = 1 } } }")))
        .singleElement()
        .asString()
        .startsWith("x.conf:4: axes.m.linear runs from 1 to 4000000");
  }

  @Test
  void overridesReplaceAxesWhereTheyStand() throws IOException {
    assertThat(points("axes { union = [ { m = [1, 2] }, { m = 5 } ], L = 3 }", "m=7,8"))
        .containsExactly("7/3", "8/3");
    assertThat(points("parameters { m = 4 }\naxes { L = [1, 2] }", "width=7, 8"))
        .containsExactly("7/1", "8/1", "7/2", "8/2");
    assertThat(points("axes { L = [1, 2] }", "m=7")).containsExactly("7/1", "7/2");
    assertThat(read(RIGHT, "seeds=6").seeds()).isEqualTo(new SeedPlan(-7, 6, List.of(5, 6)));
    assertThat(read(RIGHT, "m=1000", "L=2").claims())
        .as("a claim outlives an axis that the user narrowed")
        .hasSize(1);
    assertThat(read(RIGHT, "m=1000").specHash()).isNotEqualTo(read(RIGHT).specHash());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "widht=3|command line: unknown axis 'widht'; did you mean 'width'?",
        "width=-3|command line: 'width' is '-3' (allowed: integer from 1 to 4194304)",
        "width=|command line: 'width' is '' (allowed: integer from 1 to 4194304)",
        "width=3,3|command line: 'width' is '3' twice",
        "width|command line: 'width' is not an override (allowed: axis=v1,v2)",
        "estimator=sdg|command line: 'estimator' is 'sdg'; did you mean 'sgd'?",
        "eps=NaN|command line: 'eps' is 'NaN'",
        "seeds=0|command line: 'seeds' is '0' (allowed: integer from 1 to 1000000)",
        "steps=3|command line: 'steps' means nothing in any configuration",
      })
  void overridesAreCheckedLikeTheFile(String override, String expected) throws IOException {
    assertThat(problems(RIGHT, override)).singleElement().asString().startsWith(expected);
    assertThat(problems(RIGHT, "m=250", "width=500"))
        .singleElement()
        .asString()
        .startsWith("command line: 'width' is given twice");
  }

  @Test
  void neverSeesTheEnvironmentOrSystemProperties() throws IOException {
    assertThat(System.getenv("PATH")).as("there is something to see").isNotNull();
    assertThat(problems(experiment("axes { m = 1, L = 1 }\ndescription = ${PATH}")))
        .singleElement()
        .asString()
        .startsWith("x.conf:5: ")
        .contains("PATH");
    assertThat(problems(experiment("axes { m = 1, L = 1 }\ndescription = ${java.version}")))
        .singleElement()
        .asString()
        .contains("java.version");
    write("part.conf", "description = \"a\"${?PATH}${?user.name}\n");
    Experiment x = read(experiment("include \"part.conf\"\naxes { m = 1, L = 1 }"));
    assertThat(x.description()).isEqualTo("a");
  }

  @Test
  void substitutesWithinTheFileAndNamesTheLineOfTheUse() throws IOException {
    assertThat(points("axes { m = [1, 2]\n L = ${axes.m} }")).hasSize(4);
    assertThat(problems(experiment("axes { eps = [0.5, 0.25], m = 1\n L = ${axes.eps} }")))
        .allSatisfy(found -> assertThat(found).startsWith("x.conf:5: 'length' is 0."))
        .hasSize(2);
  }

  @Test
  void includesAFileBesideAndCountsItsKeys() throws IOException {
    write("grid.conf", "m = [1, 2]\nL = [3]\n");
    assertThat(points("axes { include \"grid.conf\" }")).containsExactly("1/3", "2/3");
    assertThat(problems(experiment("axes { include \"grid.conf\"\n m = 7 }")))
        .singleElement()
        .asString()
        .startsWith("x.conf:5: repeated key 'axes.m', first at");
    write("grid.conf", "m = [1, -2]\nL = [3]\n");
    assertThat(problems(experiment("axes { include \"grid.conf\" }")))
        .singleElement()
        .asString()
        .startsWith("grid.conf:1: 'width' is -2");
    write("grid.conf", "m = [1, \n");
    assertThat(problems(experiment("axes { include \"grid.conf\" }")))
        .singleElement()
        .asString()
        .startsWith("grid.conf:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"/etc/hostname\"",
        "include \"../x.conf\"",
        "include \"sub/x.conf\"",
        "include file(\"part.conf\")",
        "include url(\"file:/etc/hostname\")",
        "include classpath(\"reference.conf\")",
        "include required(\"part.conf\")",
        "include \"absent.conf\"",
        "include \"x.conf\"",
        "include \"round.conf\"",
        "include \".\"",
      })
  void includesNothingElse(String include) throws IOException {
    write("part.conf", "description = d\n");
    write("round.conf", "include \"again.conf\"\n");
    write("again.conf", "include \"round.conf\"\n");
    assertThat(problems(experiment("axes { m = 1, L = 1 }\n" + include + "\n")))
        .singleElement()
        .asString()
        .matches("(x.conf:5|again.conf:1): .*include.*");
  }

  @Test
  void refusesWhatIsNoExperimentFile() throws IOException {
    assertThat(problems(folder.resolve("none.conf")))
        .containsExactly("none.conf: there is no such file");
    assertThat(problems(Files.createDirectory(folder.resolve("d.conf"))))
        .containsExactly("d.conf: is a directory, not an experiment file");
    byte[] random = new byte[4096];
    new Random(1).nextBytes(random);
    assertThat(problems(Files.write(folder.resolve("r.conf"), random)))
        .containsExactly("r.conf: is not UTF-8 text");
    assertThat(problems(write("n.conf", "a = \0")))
        .containsExactly("n.conf:1: is not text: there is a control character");
    byte[] latin = "description = \"\u00e9\"".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(problems(Files.write(folder.resolve("l.conf"), latin)))
        .containsExactly("l.conf: is not UTF-8 text");
    assertThat(problems(Files.write(folder.resolve("b.conf"), new byte[(1 << 20) + 1])))
        .containsExactly("b.conf: has 1048577 bytes; an experiment file has at most 1048576");
    assertThat(problems(write("e.conf", "")))
        .anyMatch(p -> p.startsWith("e.conf: there is no 'job'"));
    assertThat(problems(write("deep.conf", "[".repeat(500_000))))
        .containsExactly(
            "deep.conf:1: brackets or keys are nested too deeply (allowed: at most 64 levels)");
    assertThat(problems(write("long.conf", "\na" + ".a".repeat(100_000) + " = 1")))
        .containsExactly(
            "long.conf:2: brackets or keys are nested too deeply (allowed: at most 64 levels)");
    assertThat(problems(write("laughs.conf", "a = [1]\n" + "a = ${a}${a}\n".repeat(50))))
        .containsExactly("laughs.conf:14: too many substitutions (allowed: at most 24)");
    assertThat(problems(write("s.conf", "a = {\nb = [1,\n}\n")))
        .singleElement()
        .asString()
        .startsWith("s.conf:3: ");
  }

  @Test
  void refusesAFileThatMayNotBeRead() throws IOException {
    Path file = write("secret.conf", RIGHT);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    Assumptions.assumeFalse(Files.isReadable(file), "the superuser reads everything");
    assertThat(problems(file)).containsExactly("secret.conf: may not be read by this user");
  }

  @Test
  void specHashIsOfTheContentNotOfItsWriting() throws IOException {
    String other =
        "# a comment\n" + RIGHT.replace("job = toy", "\"job\" : toy").replace("[2, 4]", "[ 2,4 ]");
    assertThat(read(other).specHash()).isEqualTo(read(RIGHT).specHash()).hasSize(64);
    assertThat(read(RIGHT.replace("[2, 4]", "[2, 3]")).specHash())
        .isNotEqualTo(read(RIGHT).specHash());
  }

  private static String figure(String keys) {
    return experiment(
        "axes { width = [250, 500], length = [2, 4] }\nfigures = [ { id = f, metrics = [linf], "
            + keys
            + " } ]\n");
  }

  @Test
  void aFigureOverAnExpressionBesideReferences() throws IOException {
    Figure figure =
        read(figure(
                "x = \"L/sqrt(m)\", x-label = \"L per root m\", lines = m, metrics-as = lines,"
                    + " y-label = y, where = \"m > 3\","
                    + " references = [ { label = l, formula = \"2*x\" } ]"))
            .figures()
            .get(0);
    assertThat(figure)
        .isEqualTo(
            new Figure(
                "f",
                "",
                "length/sqrt(width)",
                "length",
                "L per root m",
                List.of("linf"),
                Figure.Arrangement.LINES,
                "y",
                "width",
                null,
                true,
                true,
                List.of(new Figure.Reference("l", "2*x")),
                "width > 3"));
    // Where x depends on one swept parameter, a formula may speak of that one too.
    assertThat(
            read(figure("x = \"sqrt(m)\", references = [ { label = l, formula = \"m^3/width\" } ]"))
                .figures()
                .get(0)
                .along())
        .isEqualTo("width");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x = widht | has no parameter 'widht'; did you mean 'width'?",
        "x = \"sqrt(widht)\" | 'x': unknown name 'widht'",
        "x = \"m > 3\" | 'x' is 'm > 3'",
        "x = \"3 + 4\" | 'x' is '3 + 4', which is one value",
        "x = \"ln(m/250)\" | 'x' is 0.0 at",
        "x = \"L/sqrt(m)\", lines = L | gives one axis two roles",
        "x = m, where = \"m < 0\" | 'where' selects none",
        "x = m, where = m | allowed: a comparison",
        "x = m, metrics-as = columns | 'metrics-as' is \"columns\"",
        "x = m, references = [ { label = l } ] | there is no 'formula'",
        "x = m, references = [ { label = l, formula = \"L\" } ] | 'formula': unknown name 'L'",
        "x = m, references = [ { label = l, formula = \"x > 1\" } ] | must be a number",
        "x = \"L/sqrt(m)\", references = [ { label = l, formula = \"L\" } ] | unknown name 'L'",
        "x = m, references = [ { lable = l, formula = x } ] | did you mean 'label'?",
      })
  void aWrongFigureIsRefused(String keys, String message) throws IOException {
    assertThat(problems(figure(keys))).first().asString().startsWith("x.conf:5: ");
    assertThat(String.join("\n", problems(figure(keys)))).contains(message);
  }
}
