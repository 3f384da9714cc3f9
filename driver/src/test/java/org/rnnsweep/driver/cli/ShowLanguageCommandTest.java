package org.rnnsweep.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rnnsweep.kernels.languages.LanguageCatalog;

class ShowLanguageCommandTest {
  @TempDir Path folder;

  private static Cli show(Object... arguments) {
    Object[] all = new Object[arguments.length + 2];
    all[0] = "show";
    all[1] = "language";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return Cli.run(all);
  }

  private static Cli succeeded(Object... arguments) {
    Cli cli = show(arguments);
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli;
  }

  @Test
  void aloneListsTheNamesOneALine() {
    Cli cli = succeeded();
    assertThat(cli.out().lines().map(line -> line.split("\\s+")[0]))
        .isEqualTo(LanguageCatalog.names());
    assertThat(cli.out().lines()).allMatch(line -> line.matches("\\S+ +\\S.*"));
    assertThat(cli.err()).isEmpty();
  }

  @Test
  void aStringIsTakenPrefixByPrefix() throws Exception {
    Cli cli = succeeded("d-2", "0010", "", "10", "--json");
    List<String> lines = cli.out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0))
        .isEqualTo(
            "{\"language\":\"d-2\",\"string\":\"0010\",\"member\":false,"
                + "\"in_language\":[true,false,false,false,false],"
                + "\"alive\":[true,true,true,true,true],"
                + "\"legal_next\":[[\"0\"],[\"0\",\"1\"],[\"1\"],[\"0\",\"1\"],[\"1\"]]}");
    JsonNode empty = new ObjectMapper().readTree(lines.get(1));
    assertThat(empty.get("member").asBoolean()).isTrue();
    assertThat(empty.get("legal_next").toString()).isEqualTo("[[\"0\"]]");
    JsonNode dead = new ObjectMapper().readTree(lines.get(2));
    assertThat(dead.get("alive").toString()).isEqualTo("[true,false,false]");
    assertThat(dead.get("legal_next").toString()).isEqualTo("[[\"0\"],[],[]]");
    assertThat(cli.err()).isEmpty();
  }

  @Test
  void aStringIsShownAsATable() {
    assertThat(succeeded("tomita-4", "0001").out())
        .isEqualToNormalizingNewlines(
            """
            0001 is not in tomita-4
              prefix   member    alive  next
              (empty)  yes       yes    0 1
              0        yes       yes    0 1
              00       yes       yes    1
              000      no        no     none
              0001     no        no     none
            """);
    assertThat(succeeded("regex:ab:(ab)*", "abab").out())
        .startsWith("abab is a member of regex:ab:");
  }

  @Test
  void aNameAloneDrawsAndCounts() throws Exception {
    Path file = folder.resolve("t.svg");
    Cli cli = succeeded("tomita-7", "--svg", file, "--lengths", 4);
    assertThat(cli.out())
        .contains("tomita-7: 0*1*0*1*", "(states: 5)", "labels in the benchmark: viable")
        .endsWith(String.format("%n     3  8%n     4  15%n"));
    assertThat(cli.err()).contains(file.toString());
    assertThat(Files.readString(file)).startsWith("<svg").endsWith("</svg>\n");
  }

  @Test
  void theDrawingGoesToThisFolderAndSaysSo() throws Exception {
    Path file = Path.of("regex_ab_ab_.svg");
    Files.deleteIfExists(file);
    try {
      Cli cli = succeeded("regex:ab:(ab)*");
      assertThat(cli.err()).contains(file.toAbsolutePath().toString());
      assertThat(file).exists();
    } finally {
      Files.deleteIfExists(file);
    }
  }

  @Test
  void whatIsTooLargeIsCountedButNotDrawn() {
    Cli cli = succeeded("regex:01:0{40}", "--lengths", 41);
    assertThat(cli.out()).contains("(states: 42)", String.format("%n    40  1%n    41  0%n"));
    assertThat(cli.err()).isEmpty();
  }

  @Test
  void longStringsAndOtherLocalesAreShownAlike() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertThat(succeeded("tomita-5", "--lengths", 12, "--svg", folder.resolve("a.svg")).out())
          .contains(String.format(Locale.ROOT, "%n    12  2048%n"));
      assertThat(succeeded("tomita-1", "1".repeat(200)).out().lines())
          .allMatch(line -> line.length() < 80);
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest(name = "show language {0}")
  @CsvSource(
      delimiter = '~',
      value = {
        "tomita7 ~ no language is called 'tomita7'; did you mean 'tomita-7'?",
        "partiy-odd 01 ~ no language is called 'partiy-odd'; did you mean 'parity-odd'?",
        "nonsense ~ no language is called 'nonsense' (rnnsweep show language lists them)",
        "tomita-1 0121 ~ tomita-1: '0121' has '2' at place 3; the symbols are 0, 1",
        "tomita-1 11 2 --json ~ tomita-1: '2' has '2' at place 1; the symbols are 0, 1",
        "regex:01:(0 ~ found no ')'",
        "dfa:01:0,5 ~ a transition of state 0 is 5",
        "contains-x ~ a pattern has from 1 to 64 symbols",
        "tomita-1 --json ~ --json: tells about strings, and there is none",
        "--json ~ --json: tells about strings, and there is none",
        "tomita-1 --lengths -1 ~ --lengths: found -1, allowed is from 0 to 1000",
        "tomita-1 --svg /proc/no/such.svg ~ --svg: /proc/no/such.svg cannot be written",
        "regex:01:0{40} --svg /proc/x.svg ~ regex:01:0{40} has 42 states; up to 32 are drawn",
      })
  void wrongInputIsRefused(String line, String message) {
    Cli cli = show((Object[]) line.split(" "));
    assertThat(cli.code()).as(cli.err()).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).contains(message);
  }

  @Test
  void showAloneSaysWhatThereIs() {
    Cli cli = Cli.run("show");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("what to show is missing", "language");
    assertThat(Cli.run("show", "--help").out()).containsPattern("Examples?:\\R  rnnsweep show");
    assertThat(Cli.run("show", "language", "--help").out())
        .containsPattern("Examples:\\R  rnnsweep show language");
  }
}
