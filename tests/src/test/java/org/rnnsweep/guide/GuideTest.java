package org.rnnsweep.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rnnsweep.driver.cli.RnnsweepCommand;
import org.rnnsweep.packaging.Checkout;
import picocli.CommandLine;

/** What README and docs say can be typed, found and looked up as they say. */
class GuideTest {
  private static final Path ROOT = Checkout.root();
  private static final String RUN = "(?:\\./bin/|^)rnnsweep ";
  private static final String SUBMIT = "\\S*rnnsweep\\.jar ";

  private static List<Path> guides() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(
              Stream.of(ROOT.resolve("README.md")),
              docs.filter(file -> file.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  /** Argument lists of every command line in a block of code, and in the help's examples. */
  static Stream<String> commandLines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path guide : guides()) {
      for (String block : matches("(?ms)^```[a-z]*$(.*?)^```$", Files.readString(guide))) {
        lines.addAll(arguments(block));
      }
    }
    assertThat(lines).as("in the guides").hasSizeGreaterThan(5);
    CommandLine command = RnnsweepCommand.commandLine();
    List<CommandLine> all = new ArrayList<>(command.getSubcommands().values());
    all.add(command);
    for (CommandLine one : all) {
      for (String line : one.getCommandSpec().usageMessage().footer()) {
        lines.addAll(arguments(line.strip()));
      }
    }
    return lines.stream().distinct();
  }

  private static List<String> arguments(String block) {
    return block
        .replace("\\\n", " ")
        .lines()
        .map(line -> line.replaceFirst("\\s+#.*", ""))
        .flatMap(line -> matches("(?:" + RUN + "|" + SUBMIT + ")([^)]*)", line).stream())
        .map(String::strip)
        .toList();
  }

  private static List<String> matches(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("commandLines")
  void everyCommandLineIsUnderstood(String line) {
    String[] arguments = line.split("\\s+");
    assertThatCode(() -> RnnsweepCommand.commandLine().parseArgs(arguments))
        .doesNotThrowAnyException();
    for (String argument : arguments) {
      if (argument.endsWith(".conf") && argument.contains("/") && !argument.contains(":")) {
        assertThat(ROOT.resolve(argument)).exists();
      }
    }
  }

  /** Of folders in version control; what a build or a run makes is not there yet. */
  @Test
  void everyPathThatIsNamedIsThere() throws IOException {
    Set<String> named = new TreeSet<>();
    for (Path guide : guides()) {
      named.addAll(
          matches(
              "(?<![\\w/.:-])((?:bin|conf|docs|kernels|jobs|driver|tests|examples|bench)/[\\w./-]*)",
              Files.readString(guide)));
    }
    named.removeIf(path -> path.contains("/target/"));
    assertThat(named).hasSizeGreaterThan(8);
    assertThat(named).allSatisfy(path -> assertThat(ROOT.resolve(path)).exists());
  }

  @Test
  void theListOfCommandsIsTheCommands() throws IOException {
    List<String> listed = matches("(?m)^\\| `([a-z-]+)[^`]*` \\|", section("Commands"));
    Set<String> commands = new TreeSet<>(RnnsweepCommand.commandLine().getSubcommands().keySet());
    assertThat(section("Commands")).contains("generate-completion");
    commands.remove("generate-completion");
    assertThat(listed).containsExactlyInAnyOrderElementsOf(commands);
  }

  @Test
  void theMapIsTheHouse() throws IOException {
    String map = section("Where things live");
    Set<String> mapped =
        matches("(?m)^\\| `([a-z]+)/", map).stream().collect(Collectors.toCollection(TreeSet::new));
    Set<String> there = new TreeSet<>(Set.of("bin", "conf", "docs"));
    matches("<module>([a-z]+)", Files.readString(ROOT.resolve("pom.xml"))).forEach(there::add);
    assertThat(mapped).isEqualTo(there);

    String driver = matches("(?m)^\\| `driver/` \\| (.*)", map).get(0);
    assertThat(new TreeSet<>(matches("`([a-z]+)`", driver)))
        .isEqualTo(folders("driver/src/main/java/org/rnnsweep/driver"));
  }

  @Test
  void theExitCodesAreTheCommandsOwn() throws IOException {
    String text = section("Commands");
    RnnsweepCommand.commandLine()
        .getCommandSpec()
        .usageMessage()
        .exitCodeList()
        .keySet()
        .forEach(code -> assertThat(text).containsPattern("(?s)Exit codes:.*\\b" + code + " "));
  }

  private static String section(String title) throws IOException {
    String text = Files.readString(ROOT.resolve("README.md"));
    return matches("(?ms)^## " + Pattern.quote(title) + "$(.*?)(?=^## |\\z)", text).get(0);
  }

  private static Set<String> folders(String path) {
    return Arrays.stream(ROOT.resolve(path).toFile().listFiles(file -> file.isDirectory()))
        .map(file -> file.getName())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
