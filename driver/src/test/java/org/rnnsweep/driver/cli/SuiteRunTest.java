package org.rnnsweep.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.execute.SharedSpark;

/** A folder of two small experiments from its files to its scoreboard. */
class SuiteRunTest {
  private static final String TINY =
      """
      experiment = NAME
      job = inversion
      seeds { root = 11, count = 5 }
      parameters { estimator = least-squares, dimension = 2, length = 2 }
      axes { width = [32, WIDEST] }
      claims = [
        {
          id = pg-appI-inversion, part = NAME
          statement = "the error falls with the width", source = "Panigrahi and Goyal, Figure 4"
          metric = relative_l2, axis = width, relation = "monotone decreasing"
        }
      ]
      figures = [
        { id = error, title = "Error of NAME", x = width, metrics = [relative_l2] }
      ]
      """;
  private static final String SUITE =
      """
      suite = small, title = "A small <suite>"
      front = [ wide/error ]
      catalogue = [
        { paper = "Panigrahi and Goyal", claims = [
          { id = pg-appI-inversion, feasibility = approximate, statement = "the error falls" }
          { id = pg-parity-cosine, feasibility = exact, statement = "cosines & parity" } ] }
      ]
      """;

  @TempDir Path folder;
  private Path store;

  @BeforeAll
  static void withoutSpark() {
    SharedSpark.stop();
  }

  @AfterEach
  void sparkIsStopped() {
    assertThat(SparkEnv.get()).isNull();
  }

  private Path suite() throws IOException {
    Path suite = Files.createDirectory(folder.resolve("suite"));
    for (List<String> each : List.of(List.of("narrow", "64"), List.of("wide", "96"))) {
      Files.writeString(
          suite.resolve(each.get(0) + ".conf"),
          TINY.replace("NAME", each.get(0)).replace("WIDEST", each.get(1)));
    }
    Files.writeString(suite.resolve("suite.conf"), SUITE);
    store = folder.resolve("store");
    return suite;
  }

  private static Cli succeeded(Object... arguments) {
    Cli cli = Cli.run(arguments);
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli;
  }

  @Test
  void oneCommandFillsOneStoreAndTheNextOneResumes() throws IOException {
    Path suite = suite();
    Cli plan = succeeded("plan", suite, "--store", store, "--cores", 2);
    assertThat(plan.out())
        .startsWith("suite ")
        .containsPattern("narrow +10 +10 ")
        // Width 32 is the same trials again: the first experiment runs them for both.
        .containsPattern("wide +10 +5 ")
        .containsPattern("\\ntrials +20\\n +to run +15\\n")
        .containsPattern("time +(about .* on 2 cores|under 1 s.*)");
    assertThat(store).doesNotExist();

    Cli first = succeeded("run", suite, "--store", store, "--cores", 2);
    assertThat(first.err())
        .contains("small: 20 trials, 5 of them stored already; store file://" + store)
        .contains("narrow: 10 trials computed in ")
        .contains("wide: 5 trials computed in ");
    assertThat(store.resolve("report/narrow/index.html")).isNotEmptyFile();
    assertThat(store.resolve("report/wide/error.svg")).isNotEmptyFile();

    List<String> board = Files.readAllLines(store.resolve("report/scoreboard.csv"));
    assertThat(board).hasSize(3);
    assertThat(board.get(1)).startsWith("narrow,pg-appI-inversion,narrow,printed,Panigrahi and ");
    assertThat(board.get(2)).startsWith("wide,pg-appI-inversion,wide,").endsWith("#figure-1");
    assertThat(Files.readString(store.resolve("report/index.html")))
        .contains("A small &lt;suite&gt;", "cosines &amp; parity", "Error of wide")
        .doesNotContain("Error of narrow"); // not on the front page
    assertThat(first.out())
        .containsPattern("small: 2 claims, ")
        .contains("pg-appI-inversion (wide): monotone decreasing, measured ")
        .endsWith(store.resolve("report/index.html") + System.lineSeparator());

    Cli again = succeeded("run", suite, "--store", store);
    assertThat(again.err())
        .contains("small: 20 trials, 20 of them stored already")
        .doesNotContain("computed");
    assertThat(again.out()).isEqualTo(first.out());
    assertThat(succeeded("status", store).out())
        .contains("experiment narrow: 10 of 10", "experiment wide: 10 of 10");

    Cli more = succeeded("run", suite, "m=32,48", "--store", store, "--seeds", 6);
    assertThat(more.err())
        .contains("small: 24 trials, ")
        .contains("narrow: 7 trials computed in ") // seed 5 at both widths, 48 at the others
        .doesNotContain("wide: ");
  }

  private static final String FAKE =
      """
      experiment = NAME
      job = fake
      numerics { library = java }
      seeds { root = ROOT, count = 30 }
      parameters { manner = MANNER }
      axes { width = [4, 5] }
      """;

  /** Each has its own line when it ends, in whatever order; the worst end is that of the suite. */
  @Test
  void aHopelessExperimentEndsNoOther() throws IOException {
    Path suite = Files.createDirectory(folder.resolve("fakes"));
    Files.writeString(suite.resolve("suite.conf"), "suite = fakes, title = Fakes\n");
    for (List<String> each :
        List.of(List.of("a", "1", "well"), List.of("b", "2", "fail"), List.of("c", "3", "well"))) {
      Files.writeString(
          suite.resolve(each.get(0) + ".conf"),
          FAKE.replace("NAME", each.get(0))
              .replace("ROOT", each.get(1))
              .replace("MANNER", each.get(2)));
    }
    Cli cli = Cli.run("run", suite, "--store", folder.resolve("store"), "--cores", 2);
    assertThat(cli.code()).as(cli.err()).isEqualTo(3);
    assertThat(cli.err().lines())
        .contains("a: 60 trials computed in under 1 s of core time")
        .contains("c: 60 trials computed in under 1 s of core time")
        .anyMatch(line -> line.matches("b: \\d+ trials computed in under 1 s of core time"))
        .anyMatch(line -> line.matches("fakes: 1\\d\\d trials computed in .*"));
  }

  @Test
  void theStoreAloneIsEnough() throws IOException {
    Path suite = suite();
    Cli run = succeeded("run", suite, "--store", store);
    for (String name : List.of("narrow.conf", "wide.conf", "suite.conf")) {
      Files.delete(suite.resolve(name));
    }
    Path page = store.resolve("report/index.html");
    byte[] written = Files.readAllBytes(page);
    Files.delete(page);
    assertThat(succeeded("report", store).out()).isEqualTo(run.out());
    assertThat(page).hasBinaryContent(written);

    // One of them by itself leaves the suite's page alone.
    Files.delete(store.resolve("report/wide/index.html"));
    assertThat(succeeded("report", store, "--experiment", "wide").out())
        .contains(store.resolve("report/wide/index.html").toString());
    assertThat(page).hasBinaryContent(written);
  }

  /** What was not asked for has no row; once it is run, the board has both. */
  @Test
  void aPartOfASuiteIsRunIntoTheSuitesBoard() throws IOException {
    Path suite = suite();
    Path narrow = suite.resolve("narrow.conf"); // no trial is of both
    Files.writeString(narrow, Files.readString(narrow).replace("root = 11", "root = 12"));
    assertThat(succeeded("plan", suite, "--store", store, "--only", "w?d*").out())
        .containsPattern("wide +10 +10 ")
        .doesNotContain("narrow");
    Cli part = succeeded("run", suite, "--store", store, "--only", "w*,wide");
    assertThat(part.err()).contains("small: 10 trials, 0 of them").doesNotContain("narrow: ");
    assertThat(part.out()).containsPattern("small: 1 claim, ").doesNotContain("(narrow)");
    Path board = store.resolve("report/scoreboard.csv");
    assertThat(Files.readAllLines(board)).hasSize(2).last().asString().startsWith("wide,");
    assertThat(succeeded("status", store).out())
        .contains("experiment narrow: 0 of 10", "experiment wide: 10 of 10");

    succeeded("run", suite, "--store", store);
    assertThat(Files.readAllLines(board)).hasSize(3);
    Cli report = succeeded("report", store, "--only", "narrow");
    assertThat(report.out()).contains("(narrow)").doesNotContain("(wide)");
    assertThat(Files.readAllLines(board)).hasSize(3);
  }
}
