package org.rnnsweep.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rnnsweep.driver.execute.SharedSpark;

/** Wrong input: one clear message, exit code 2, nothing on standard output, nothing written. */
class WrongInputTest {
  private static final String GOOD =
      """
      experiment = tiny
      job = inversion
      seeds { root = 11, count = 2 }
      parameters { estimator = least-squares, dimension = 2, length = 2 }
      axes { width = [32, 64] }
      """;

  private static final String CLAIM =
      """
      claims = [
        {
          id = falls, statement = "it falls", source = "a test"
          metric = METRIC, axis = width, relation = "monotone decreasing"
        }
      ]
      """;

  @TempDir Path folder;
  private SortedMap<String, String> before;

  @BeforeAll
  static void withoutSpark() {
    SharedSpark.stop();
  }

  @BeforeEach
  void files() throws IOException {
    write("good.conf", GOOD);
    write("misspelt.conf", GOOD.replace("width", "widht"));
    write("unknown-metric.conf", GOOD + CLAIM.replace("METRIC", "relative_l3"));
    write("negative.conf", GOOD.replace("32", "-32"));
    write("syntax.conf", GOOD + "axes {");
    byte[] random = new byte[400];
    new Random(5).nextBytes(random);
    Files.write(folder.resolve("random.conf"), random);
    write("a-file", "text");
    Files.createDirectory(folder.resolve("other"));
    write("other/notes.txt", "mine");
    Files.createDirectory(folder.resolve("suite"));
    write("suite/a.conf", GOOD);
    Files.createDirectory(folder.resolve("twice"));
    write("twice/a.conf", GOOD);
    write("twice/b.conf", GOOD);
    before = contents();
  }

  @AfterEach
  void nothingIsWrittenAndSparkIsNotStarted() throws IOException {
    assertThat(contents()).isEqualTo(before);
    assertThat(Path.of("stores")).doesNotExist();
    assertThat(SparkEnv.get()).isNull();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  /** Every file and folder with its size and time. */
  private SortedMap<String, String> contents() throws IOException {
    SortedMap<String, String> contents = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.toList()) {
        contents.put(path.toString(), Files.size(path) + " " + Files.getLastModifiedTime(path));
      }
    }
    return contents;
  }

  /** {@code @} stands for the folder; then what the message says, in this order. */
  static Stream<Arguments> wrong() {
    return Stream.of(
        of(
            "run @/misspelt.conf",
            "misspelt.conf:5: ",
            "'widht'",
            "did you mean 'width'?",
            "allowed"),
        of("plan @/misspelt.conf", "misspelt.conf:5: ", "'widht'", "did you mean 'width'?"),
        of(
            "run @/unknown-metric.conf",
            "unknown-metric.conf:9: ",
            "'relative_l3'",
            "did you mean 'relative_l2'?",
            "allowed: relative_l2, linf, rms"),
        of("run @/negative.conf", "negative.conf:5: ", "-32", "allowed: integer from 1 to"),
        of("run @/syntax.conf", "syntax.conf:"),
        of("run @/random.conf", "random.conf: ", "not UTF-8 text"),
        of("run @/missing.conf", "missing.conf: ", "no such file"),
        of("run @/other", "other: has no experiment", "allowed: files *.conf besides suite.conf"),
        of("plan @/other", "other: has no experiment"),
        of("report @/suite", "there is no store at", "stores/suite"),
        of(
            "run @/suite widht=32",
            "command line: no experiment of the suite has 'widht'",
            "did you mean 'width'?",
            "allowed: ",
            "estimator"),
        of(
            "run @/suite --only tinny",
            "command line: no experiment of 'suite' is called 'tinny'",
            "did you mean 'tiny'?",
            "allowed: tiny"),
        of("plan @/suite --only t*,b*", "is called 'b*'", "allowed: tiny"),
        of("run @/good.conf --only tiny", "--only: 'tiny' is one experiment"),
        of(
            "run @/twice",
            "twice/b.conf: its experiment is called 'tiny', as that of a.conf",
            "one name each"),
        of("run @/suite m=-1 --seeds 2", "'width' is '-1'", "allowed: integer from 1"),
        of("run @/good.conf --store @/a-file", "a store is a folder", "a-file is a file"),
        of("run @/good.conf --store @/other", "other is not empty and not a store", "notes.txt"),
        of("run @/good.conf --store nosuch://x/y", "cannot use nosuch://x/y as a store", "nosuch"),
        of("plan @/good.conf --store @/a-file", "a store is a folder", "a-file is a file"),
        of("run @/good.conf --store @/s --cores 0", "--cores: found 0", "allowed is 1 or more"),
        of("plan @/good.conf --store @/s --cores 0", "--cores: found 0", "allowed is 1 or more"),
        of("run @/good.conf --store @/s --cores many", "'--cores'", "'many' is not an int"),
        of("run @/good.conf --store @/s --seeds 0", "'seeds' is '0'", "allowed: integer from 1"),
        of("run @/good.conf --store @/s widht=32", "'widht'", "did you mean 'width'?", "allowed"),
        of("run @/good.conf --store @/s width=-1", "'width' is", "-1", "allowed: integer from 1"),
        of("run @/good.conf --store @/s --sede 3", "Unknown option", "'--sede'", "--seeds"),
        of("run", "Missing required parameter", "FILE", "see rnnsweep run --help"),
        of("rum @/good.conf", "Unmatched argument", "'rum'", "run", "see rnnsweep --help"),
        of("", "a command is missing", "see rnnsweep --help"),
        of("list inversoin", "'inversoin'", "inversion"),
        of("status @/nothing", "there is no store at", "nothing"),
        of("status @/a-file", "a store is a folder", "a-file is a file"),
        of("status @/other", "other is not empty and not a store"),
        of("report @/nothing", "there is no store at", "nothing"),
        of("report @/other", "other is not empty and not a store"),
        of("bench speed", "'speed'", "see rnnsweep bench --help"),
        of("bench --cores 0", "--cores: found 0", "allowed is 1 or more"),
        of("bench --widths 0", "--widths: found 0", "allowed is from 1"),
        of("bench operator trial --widths 65536", "found 65536, allowed is from 1 to 32768"),
        of("bench operator --widths 1099511627776", "found 1099511627776, allowed is from 1"),
        of("doctor --library mkl", "'--library'", "found 'mkl'", "native, native-portable"));
  }

  private static Arguments of(String line, String... message) {
    return Arguments.of(line, List.of(message));
  }

  @ParameterizedTest(name = "rnnsweep {0}")
  @MethodSource("wrong")
  void isRefusedWithOneClearMessage(String line, List<String> message) {
    Cli cli = Cli.run((Object[]) words(line));
    assertThat(cli.code()).as(cli.err()).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).containsSubsequence(message);
    assertThat(cli.err().lines()).as(cli.err()).hasSizeLessThanOrEqualTo(4);
    assertThat(cli.err()).doesNotContain("Exception");
  }

  private String[] words(String line) {
    return Arrays.stream(line.split(" "))
        .filter(word -> !word.isEmpty())
        .map(word -> word.replace("@", folder.toString()))
        .toArray(String[]::new);
  }

  @Test
  void aFileThatMayNotBeRead() throws IOException {
    Path file = folder.resolve("good.conf");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    try {
      assumeFalse(Files.isReadable(file), "this user may read everything");
      Cli cli = Cli.run("run", file);
      assertThat(cli.code()).isEqualTo(2);
      assertThat(cli.err()).contains("good.conf: ").hasLineCount(1);
    } finally {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }
  }

  @Test
  void everyProblemOfAllFilesOfASuiteIsSaidAtOnce() throws IOException {
    write("suite/b.conf", GOOD.replace("tiny", "two").replace("width", "widht"));
    write("suite/c.conf", GOOD.replace("tiny", "three").replace("32", "-32"));
    write("suite/suite.conf", "sute = x\nfront = [ \"tiny/errors\" ]");
    before = contents();
    for (String command : List.of("run", "plan")) {
      Cli cli = Cli.run(command, folder.resolve("suite"));
      assertThat(cli.code()).isEqualTo(2);
      assertThat(cli.out()).isEmpty();
      assertThat(cli.err().lines())
          .anySatisfy(line -> assertThat(line).contains("b.conf:5: ", "mean 'width'?"))
          .anySatisfy(line -> assertThat(line).contains("c.conf:5: ", "-32"))
          .anySatisfy(line -> assertThat(line).contains("suite.conf:1: ", "mean 'suite'?"))
          .hasSize(3);
    }
  }

  @Test
  void everyProblemOfAFileIsSaidAtOnce() throws IOException {
    write(
        "many.conf",
        GOOD.replace("width = [32, 64]", "width = [32, -5], legnth = [2]")
                .replace("count = 2", "count = 0")
            + CLAIM.replace("METRIC", "linff"));
    before = contents();
    Cli cli = Cli.run("run", folder.resolve("many.conf"), "dimensoin=3");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
    String file = folder.resolve("many.conf").toString();
    assertThat(cli.err().lines())
        .anySatisfy(line -> assertThat(line).startsWith(file + ":3: ").contains("0", "allowed"))
        .anySatisfy(line -> assertThat(line).startsWith(file + ":5: ").contains("-5", "allowed"))
        .anySatisfy(line -> assertThat(line).startsWith(file + ":5: ").contains("mean 'length'?"))
        .anySatisfy(line -> assertThat(line).startsWith(file + ":9: ").contains("mean 'linf'?"))
        .anySatisfy(line -> assertThat(line).contains("'dimensoin'", "mean 'dimension'?"))
        .hasSize(5);
  }
}
