package org.rnnsweep.driver.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rnnsweep.driver.analyse.Relation;
import org.rnnsweep.driver.config.CataloguedClaim.Feasibility;
import org.rnnsweep.driver.config.Suite.FrontFigure;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.jobs.JobCatalog;

class SuiteReaderTest {
  private static final Path PAPERS = Path.of("..", "conf", "papers");

  private static final String COMMON =
      """
      job = toy
      claims = [
        { id = a-claim, statement = "s", source = "t", metric = linf, axis = m
          relation = "exponent <= 0" }
      ]
      figures = [ { id = f, x = m, metrics = [linf] } ]
      """;
  private static final String AXES =
      "seeds { root = 1, count = 5 }\naxes { width = [250, 500], length = [2, 4] }\n";
  private static final String CATALOGUE =
      """
      catalogue = [
        { paper = "A and B", claims = [
          { id = a-claim, feasibility = exact, statement = "it holds" }
          { id = another, feasibility = qualitative, statement = "it may hold" } ] }
      ]
      """;

  @TempDir Path folder;

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Suite read(String name, String... overrides) {
    return SuiteReader.read(folder.resolve(name), List.of(overrides), ToyJob.catalog());
  }

  private List<String> problems(String name, String... overrides) {
    InvalidExperimentException refused =
        catchThrowableOfType(InvalidExperimentException.class, () -> read(name, overrides));
    assertThat(refused).as("must be refused").isNotNull();
    return refused.problems().stream()
        .map(problem -> problem.toString().replace(folder + "/", ""))
        .toList();
  }

  private void twoExperiments() throws IOException {
    write("shared/common.conf", COMMON);
    for (String name : List.of("beta", "alpha")) {
      write(
          "quick/" + name + ".conf",
          "experiment = " + name + "\ninclude \"../shared/common.conf\"\n" + AXES);
    }
  }

  @Test
  void aFolderIsReadInTheOrderOfNamesAndSharesItsCommonPart() throws IOException {
    twoExperiments();
    write("quick/notes.txt", "no experiment");
    write("quick/deeper/other.conf", "not read");
    write("shared/catalogue.conf", CATALOGUE);
    write(
        "quick/suite.conf",
        """
        suite = both, title = "T", description = "D"
        include "../shared/catalogue.conf"
        front = [ "beta/f" ]
        """);
    Suite suite = read("quick");
    assertThat(suite.name()).isEqualTo("both");
    assertThat(suite.title()).isEqualTo("T");
    assertThat(suite.description()).isEqualTo("D");
    assertThat(suite.experiments()).extracting(Experiment::name).containsExactly("alpha", "beta");
    assertThat(suite.experiments()).allMatch(each -> each.configurations().size() == 4);
    assertThat(suite.front()).containsExactly(new FrontFigure("beta", "f"));
    assertThat(suite.catalogue())
        .containsExactly(
            new CataloguedClaim("a-claim", "A and B", "it holds", Feasibility.EXACT),
            new CataloguedClaim("another", "A and B", "it may hold", Feasibility.QUALITATIVE));

    Suite again = SuiteReader.read(suite.source(), "x", "store", suite.experiments());
    assertThat(again).isEqualTo(suite);
    assertThat(again.specHash()).isEqualTo(suite.specHash());
    assertThat(read("quick", "seeds=6").specHash()).isNotEqualTo(suite.specHash());
  }

  @Test
  void withoutASuiteFileTheFolderNamesItAndQuickStandsForAFolderOfSuites() throws IOException {
    twoExperiments();
    assertThat(read("quick").name()).isEqualTo("quick");
    assertThat(read("").experiments()).hasSize(2);
    assertThat(SuiteReader.isSuite(folder.toString())).isTrue();
    assertThat(SuiteReader.isSuite(folder.resolve("shared/none").toString())).isFalse();
    assertThat(SuiteReader.isSuite("hdfs://host/store")).isFalse();
  }

  @Test
  void aFolderWithoutExperimentsNamesThoseThatHaveSome() throws IOException {
    write("full/a.conf", "experiment = a\n" + COMMON + AXES);
    assertThat(problems(""))
        .singleElement()
        .asString()
        .contains("has no experiment")
        .endsWith("; or name one of full)");
  }

  @Test
  void overridesApplyWhereTheJobHasTheParameterAndMustApplySomewhere() throws IOException {
    twoExperiments();
    write(
        "quick/gamma.conf",
        """
        experiment = gamma
        job = fake
        seeds { root = 1, count = 5 }
        axes { width = [4, 5], manner = well }
        """);
    JobCatalog both = JobCatalog.of(List.of(new ToyJob(), new org.rnnsweep.driver.FakeJob()));
    Path quick = folder.resolve("quick");
    Suite suite = SuiteReader.read(quick, List.of("L=8", "seeds=7"), both);
    // The fake job has no length: its experiment is as it was, and stored as if nothing was asked.
    assertThat(suite.experiments())
        .extracting(each -> each.configurations().size())
        .containsExactly(2, 2, 2);
    assertThat(suite.experiments())
        .extracting(each -> each.source().overrides())
        .containsExactly(List.of("L=8", "seeds=7"), List.of("L=8", "seeds=7"), List.of("seeds=7"));
    assertThat(suite.experiments()).allMatch(each -> each.seeds().count() == 7);
    InvalidExperimentException refused =
        catchThrowableOfType(
            InvalidExperimentException.class,
            () -> SuiteReader.read(quick, List.of("lenght=8"), both));
    assertThat(refused.problems())
        .singleElement()
        .asString()
        .contains("no experiment of the suite has 'lenght'; did you mean 'length'?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "suite = Both | 'suite' is \"Both\"",
        "sute = both | did you mean 'suite'?",
        "front = [ beta/g ] | 'front' names 'beta/g'; did you mean 'beta/f'?",
        "front = [ gamma ] | 'front' names 'gamma'",
        "front = 3 | 'front' is 3",
        "catalogue = [ { paper = p, claims = [ { id = a-clam, statement = s } ] } ]"
            + " | has a claim 'a-claim', which the catalogue does not know; did you mean 'a-clam'?",
        "catalogue = [ { paper = p, claims = [ { id = a-claim, statement = s, feasibility = hard } ] } ]"
            + " | 'feasibility' is \"hard\"",
        "catalogue = [ { paper = p, claims = [ { id = a-claim, statement = s }, { id = a-claim, statement = t } ] } ]"
            + " | a second claim 'a-claim' in the catalogue",
      })
  void aWrongSuiteFileIsRefused(String line, String message) throws IOException {
    twoExperiments();
    write("quick/suite.conf", line);
    assertThat(problems("quick"))
        .first()
        .asString()
        .startsWith("quick/suite.conf:1: ")
        .contains(message);
  }

  @Test
  void oneLibraryForAll() throws IOException {
    twoExperiments();
    write(
        "quick/zeta.conf",
        "experiment = zeta\nnumerics { library = native-portable }\n" + COMMON + AXES);
    assertThat(problems("quick"))
        .singleElement()
        .asString()
        .contains("zeta.conf: asks for the library native-portable", "native, as alpha.conf");
  }

  @ParameterizedTest
  @CsvSource({
    "../other/common.conf",
    "../../shared/common.conf",
    "../shared/deeper/common.conf",
    "../shared/../shared/common.conf",
    "/etc/passwd",
  })
  void nothingButTheFolderAndItsSharedNeighbourIsIncluded(String name) throws IOException {
    write("quick/a.conf", "experiment = a\ninclude \"" + name + "\"\n" + COMMON + AXES);
    assertThat(problems("quick"))
        .first()
        .asString()
        .contains("quick/a.conf:2: include " + name, "or include \"../shared/name\"");
  }

  @Test
  void aSharedFileIncludesSharedFilesOnly() throws IOException {
    write("quick/a.conf", "experiment = a\ninclude \"../shared/b.conf\"\n" + AXES);
    write("quick/c.conf.txt", "");
    write("shared/b.conf", "include \"c.conf\"\n");
    write("shared/c.conf", COMMON);
    assertThat(problems("quick"))
        .first()
        .asString()
        .isEqualTo("shared/b.conf:1: include c.conf (allowed: include \"../shared/name\")");
    write("shared/b.conf", "include \"../shared/c.conf\"\n");
    assertThat(read("quick").experiments()).hasSize(1);
    write("shared/c.conf", "include \"../shared/b.conf\"\n");
    assertThat(problems("quick")).first().asString().contains("goes in a circle");
  }

  @Test
  void whatIncludesAndIncludedBothWriteIsARepeatedKey() throws IOException {
    twoExperiments();
    write(
        "quick/beta.conf",
        "experiment = beta\ninclude \"../shared/common.conf\"\njob = toy\n" + AXES);
    assertThat(problems("quick"))
        .singleElement()
        .asString()
        .contains("quick/beta.conf:3: repeated key 'job', first at shared/common.conf:1");
  }

  private static Suite shipped(String size, String... overrides) {
    return SuiteReader.read(PAPERS.resolve(size), List.of(overrides), JobCatalog.load());
  }

  @Test
  void everyFolderOfPapersIsASuiteOrShared() throws IOException {
    try (Stream<Path> folders = Files.list(PAPERS)) {
      assertThat(folders.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrder("quick", "full", "cluster", "shared");
    }
  }

  /** Reading refuses claims that the catalogue does not know, and figures that are not there. */
  @ParameterizedTest
  @ValueSource(strings = {"quick", "full", "cluster"})
  void shippedSuitesAreRead(String size) {
    Suite read = shipped(size);
    assertThat(read.name()).isEqualTo("papers-" + size);
    assertThat(read.catalogue()).hasSizeGreaterThan(100);
    assertThat(read.experiments())
        .allMatch(each -> Files.exists(PAPERS.resolve("shared/" + each.name() + ".conf")));
  }

  /** One seed stands for all where nothing is random: such grids are the same or left out. */
  @ParameterizedTest
  @CsvSource({"full, true", "cluster, false"})
  void aLargerSuiteJudgesTheSameClaimsOnDrawsOfItsOwn(String size, boolean withExact) {
    Map<String, Experiment> quick =
        shipped("quick").experiments().stream()
            .filter(each -> withExact || each.seeds().count() > 1)
            .collect(Collectors.toMap(Experiment::name, Function.identity()));
    Suite larger = shipped(size);
    assertThat(larger.experiments())
        .extracting(Experiment::name)
        .containsExactlyInAnyOrderElementsOf(quick.keySet());
    for (Experiment each : larger.experiments()) {
      Experiment small = quick.get(each.name());
      assertThat(each.claims()).as(each.name()).isEqualTo(small.claims());
      assertThat(each.figures()).as(each.name()).isEqualTo(small.figures());
      if (small.seeds().count() == 1) {
        assertThat(each.seeds()).isEqualTo(small.seeds());
        assertThat(each.configurations()).isEqualTo(small.configurations());
      } else {
        assertThat(each.seeds().root()).as(each.name()).isNotEqualTo(small.seeds().root());
        // Rates of success are judged by their own exact bounds, and a training is dear.
        boolean rates = each.claims().stream().allMatch(SuiteReaderTest::isRate);
        assertThat(each.seeds().count())
            .as(each.name())
            .isGreaterThanOrEqualTo(rates ? small.seeds().count() + 1 : 32);
        assertThat(each.configurations())
            .as(each.name())
            .hasSizeGreaterThanOrEqualTo(small.configurations().size());
      }
    }
  }

  private static boolean isRate(Claim claim) {
    Relation.Kind kind = claim.relation().kind();
    return kind == Relation.Kind.PROBABILITY || kind == Relation.Kind.SOME;
  }

  /** What the heads of the files promise. */
  @ParameterizedTest
  @CsvSource({"quick, 2", "full, 7", "cluster, 33"})
  void noTrialOfAShippedSuiteTakesMoreMemoryThanItSays(String size, long gibibytes) {
    for (Experiment each : shipped(size, "seeds=1").experiments()) {
      for (Bundle bundle : Planner.plan(each, Set.of()).bundles()) {
        assertThat(bundle.memoryBytes()).as(each.name()).isLessThanOrEqualTo(gibibytes << 30);
      }
    }
  }

  /** The main job's experiments are not of a suite, but their claims are of the papers. */
  @Test
  void everyClaimOfTheShippedExperimentsIsCatalogued() throws IOException {
    ExperimentText text = ExperimentText.read(PAPERS.resolve("shared/catalogue.conf"));
    Files.createDirectory(folder.resolve("all"));
    for (String name : ShippedExperimentsTest.shipped()) {
      Files.copy(
          PAPERS.resolve("..").resolve(name + ".conf"), folder.resolve("all/" + name + ".conf"));
    }
    Files.createDirectory(folder.resolve("all/published"));
    Files.copy(
        PAPERS.resolve("../published/table1.csv"), folder.resolve("all/published/table1.csv"));
    write("all/suite.conf", text.canonical());
    Suite suite = SuiteReader.read(folder.resolve("all"), List.of(), JobCatalog.load());
    assertThat(suite.experiments()).hasSizeGreaterThanOrEqualTo(5);
    assertThat(new TreeSet<>(suite.catalogue().stream().map(CataloguedClaim::paper).toList()))
        .containsExactly(
            "Allen-Zhu and Li",
            "Allen-Zhu, Li and Song",
            "Panigrahi and Goyal",
            "Wang, Shen, Hu and Cao");
  }
}
