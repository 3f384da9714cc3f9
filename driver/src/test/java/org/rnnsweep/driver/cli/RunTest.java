package org.rnnsweep.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentReader;
import org.rnnsweep.driver.execute.SharedSpark;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.jobs.JobCatalog;

/** {@code run}, {@code report} and {@code status} on experiments of a second. */
class RunTest {
  private static final String TINY =
      """
      experiment = tiny
      job = inversion
      seeds { root = 11, count = 2 }
      parameters { estimator = least-squares, dimension = 2, length = 2 }
      axes { width = [32, 64] }
      claims = [
        {
          id = falls, statement = "the error falls with the width", source = "a test"
          metric = relative_l2, axis = width, relation = "monotone decreasing"
        }
      ]
      figures = [
        { id = error, title = "Error", x = width, metrics = [relative_l2], scale = log-log }
      ]
      """;

  @TempDir Path folder;

  @BeforeAll
  static void withoutSpark() {
    SharedSpark.stop();
  }

  @AfterEach
  void sparkIsStopped() {
    assertThat(SparkEnv.get()).isNull();
  }

  private Path experiment(String text) throws IOException {
    return Files.writeString(folder.resolve("tiny.conf"), text);
  }

  private static Set<String> parts(Path store) throws IOException {
    try (Stream<Path> files = Files.walk(store.resolve("trials"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".parquet"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Cli succeeded(Object... arguments) {
    Cli cli = Cli.run(arguments);
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  @Test
  void theSameCommandAgainRunsNothingAndMoreValuesRunOnlyThemselves() throws IOException {
    Path file = experiment(TINY);
    Path store = folder.resolve("a store, 100% ours");
    Cli first = succeeded("run", file, "--store", store, "--cores", 2);
    assertThat(first.err())
        .contains("tiny: 4 trials, 0 of them stored already; store file://" + store)
        .contains("4 trials computed in ");
    assertThat(first.out())
        .contains("relative_l2", "mean ± standard error over seeds")
        .containsPattern("\n +32 +2/2 +")
        .containsPattern("\n +64 +2/2 +")
        .contains("falls: the error falls with the width")
        .contains(store.resolve("report/summary.csv").toString())
        .doesNotContain("trials computed", "stored already", "Spark");
    assertThat(first.err()).doesNotContain("mean ±", "summary.csv");
    assertThat(first.out().lines()).allMatch(line -> line.length() <= 110 || line.startsWith("/"));
    for (String name :
        List.of("summary.csv", "error.svg", "error.png", "claims.json", "index.html")) {
      assertThat(store.resolve("report").resolve(name)).isNotEmptyFile();
    }
    Set<String> parts = parts(store);
    byte[] summary = Files.readAllBytes(store.resolve("report/summary.csv"));
    Files.delete(store.resolve("report/summary.csv"));

    Cli again = succeeded("run", file, "--store", store);
    assertThat(again.err())
        .contains("tiny: 4 trials, 4 of them stored already")
        .doesNotContain("computed");
    assertThat(again.out()).isEqualTo(first.out());
    assertThat(parts(store)).isEqualTo(parts);
    assertThat(store.resolve("report/summary.csv")).hasBinaryContent(summary);

    Cli more = succeeded("run", file, "m=32,64,96", "--store", store);
    assertThat(more.err())
        .contains("tiny: 6 trials, 4 of them stored already")
        .contains("2 trials computed in ");
    assertThat(more.out()).containsPattern("\n +96 +2/2 +");
    assertThat(parts(store)).containsAll(parts).hasSizeGreaterThan(parts.size());
    String longer = Files.readString(store.resolve("report/summary.csv"));
    assertThat(longer.lines()).containsAll(new String(summary).lines().toList());
  }

  @Test
  void theStoreAloneIsEnough() throws IOException {
    Path file = experiment(TINY);
    Path store = folder.resolve("store");
    succeeded("run", file, "m=32,48,64", "--store", store);
    Experiment read = ExperimentReader.read(file, List.of("m=32,48,64"), JobCatalog.load());
    Files.delete(file);
    Path copy = folder.resolve("elsewhere/copy");
    Files.createDirectories(copy.getParent());
    copy(store, copy);
    byte[] summary = Files.readAllBytes(store.resolve("report/summary.csv"));
    Files.delete(copy.resolve("report/summary.csv"));

    Cli report = succeeded("report", copy);
    assertThat(report.out())
        .contains(copy.resolve("report/summary.csv").toString())
        .contains("falls: the error falls with the width");
    assertThat(copy.resolve("report/summary.csv")).hasBinaryContent(summary);
    assertThat(succeeded("status", copy).out())
        .containsPattern("inversion +6 trials completed")
        .contains("experiment tiny: 6 of 6 trials stored");

    List<Experiment> kept =
        StoredExperiments.of(FolderTrialStore.open(copy.toString(), new Configuration()));
    assertThat(kept)
        .singleElement()
        .returns(read.name(), Experiment::name)
        .returns(read.numerics(), Experiment::numerics)
        .returns(read.seeds(), Experiment::seeds)
        .returns(read.axes(), Experiment::axes)
        .returns(read.configurations(), Experiment::configurations)
        .returns(read.claims(), Experiment::claims)
        .returns(read.figures(), Experiment::figures)
        .returns(read.specHash(), Experiment::specHash)
        .returns(read.source(), Experiment::source);
    assertThat(kept.get(0).job().id()).isEqualTo("inversion");

    String lost = parts(copy).iterator().next();
    Files.delete(copy.resolve("trials/job=inversion").resolve(lost));
    Cli partial = succeeded("report", copy);
    assertThat(partial.out()).containsPattern("[01]/2");
    assertThat(Files.readString(copy.resolve("report/summary.csv")))
        .isNotEqualTo(new String(summary));
    assertThat(succeeded("status", copy).out())
        .containsPattern("experiment tiny: [0-5] of 6 trials stored");
  }

  @Test
  void reportOfAnotherExperimentThanTheStoreHasRun() throws IOException {
    Path store = folder.resolve("store");
    succeeded("run", experiment(TINY), "m=32", "--seeds", 1, "--store", store);
    Cli report = Cli.run("report", store, "--experiment", "tny");
    assertThat(report.code()).isEqualTo(2);
    assertThat(report.err()).contains("has not run 'tny'; it has run [tiny]").hasLineCount(1);
  }

  private static final String FAKE =
      """
      experiment = trouble
      job = fake
      numerics { library = java }
      seeds { root = 1, count = 3 }
      axes { width = [4, 5], manner = [MANNERS] }
      """;

  @Test
  void failedTrialsAreToldOnceEachWithCounts() throws IOException {
    Path file = experiment(FAKE.replace("MANNERS", "well, fail, nan, refuse"));
    Path store = folder.resolve("store");
    Cli cli = Cli.run("run", file, "--store", store);
    assertThat(cli.code()).as(cli.err()).isEqualTo(3);
    assertThat(cli.err())
        .contains("24 trials computed")
        .containsOnlyOnce("no luck")
        .containsOnlyOnce(" is not for me") // of width 4 and 5: numbers make no other error
        .containsPattern("FAILED, 6 times, for example trial [0-9a-f]+: .*no luck")
        .containsPattern("REJECTED, 6 times, for example trial [0-9a-f]+: .*width [45]")
        .containsPattern("\n  rnnsweep replay " + store + " [0-9a-f]{32}\n");
    assertThat(cli.out()).contains(store.resolve("report/summary.csv").toString());
    assertThat(succeeded("status", store).out())
        .containsPattern("fake +6 trials completed")
        .containsPattern("fake +6 trials failed")
        .containsPattern("fake +6 trials rejected")
        .contains("experiment trouble: 18 of 24 trials stored");

    Cli again = Cli.run("run", file, "--store", store);
    assertThat(again.code()).isEqualTo(3);
    assertThat(again.err())
        .contains("24 trials, 18 of them stored already")
        .contains("6 trials computed");
  }

  @Test
  void oneErrorInTheFirstTrialsStopsTheRunAndSaysWhy() throws IOException {
    Path file = experiment(FAKE.replace("MANNERS", "fail").replace("count = 3", "count = 40"));
    Path store = folder.resolve("a store");
    Cli cli = Cli.run("run", file, "--store", store, "--stop-after-same-error", 5);
    assertThat(cli.code()).as(cli.err()).isEqualTo(3);
    assertThat(cli.err())
        .containsPattern("stopped: the first \\d+ trials all failed with this error")
        .contains("--stop-after-same-error 0")
        .contains("rnnsweep replay '" + store + "' ");
    Cli all = Cli.run("run", file, "--store", store, "--stop-after-same-error", 0);
    assertThat(all.err()).contains("FAILED, 80 times").doesNotContain("stopped:");
  }

  @Test
  void rejectedTrialsAloneAreNoFailure() throws IOException {
    Path file = experiment(FAKE.replace("MANNERS", "refuse"));
    Cli cli = succeeded("run", file, "--store", folder.resolve("store"));
    assertThat(cli.err()).contains("REJECTED, 6 times");
  }

  /** A file system on which finished parts cannot be renamed: no fault of the input. */
  @Test
  void aStoreThatBreaksUnderTheRunIsTheProgramsFailure() throws IOException {
    Path file = experiment(FAKE.replace("MANNERS", "well"));
    Path store = folder.resolve("store");
    Cli cli = Cli.run("run", file, "--store", "norename://" + store);
    assertThat(cli.code()).as(cli.err()).isEqualTo(1);
    assertThat(cli.err()).contains("cannot rename").contains("rnnsweep: the program failed");
    assertThat(cli.out()).isEmpty();
    assertThat(parts(store)).isEmpty();
  }
}
