package org.rnnsweep.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.Figure;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Outcome;

class ReportWriterTest {
  private static final String HOSTILE = "</td><script>alert(1)</script><img src=x onerror='f()'>";

  private final Locale before = Locale.getDefault();

  @TempDir Path folder;

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(before);
  }

  /** Run in a child JVM without AWT too. */
  static ReportWriter.Written write(Path folder, Experiment experiment, List<TrialRecord> records)
      throws Exception {
    RunFacts.Builder facts = RunFacts.builder();
    records.forEach(facts);
    return ReportWriter.write(
        FileSystem.getLocal(new Configuration(false)),
        new org.apache.hadoop.fs.Path(folder.toUri()),
        MadeUp.summary(experiment, records),
        MadeUp.scoreboard(experiment, records),
        facts.build());
  }

  private String page() throws Exception {
    return Files.readString(folder.resolve("index.html"));
  }

  private List<String> names() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void everythingIsThereAndNothingElse() throws Exception {
    Experiment experiment = MadeUp.grid(5);

    ReportWriter.Written written = write(folder, experiment, MadeUp.records(experiment));

    assertThat(written.notes()).isEmpty();
    assertThat(written.page().getName()).isEqualTo("index.html");
    assertThat(names())
        .containsExactly(
            "claims.json",
            "error-against-width.png",
            "error-against-width.svg",
            "index.html",
            "summary.csv");
  }

  @Test
  void writingAgainReplacesAndGivesTheSameBytesInAnyLocaleAndOrder() throws Exception {
    Experiment experiment = MadeUp.grid(3);
    List<TrialRecord> records = new ArrayList<>(MadeUp.records(experiment));
    Files.writeString(folder.resolve("index.html"), "of an earlier run");
    Locale.setDefault(Locale.ROOT);
    write(folder, experiment, records);
    String page = page();
    String csv = Files.readString(folder.resolve("summary.csv"));

    Collections.reverse(records);
    Locale.setDefault(Locale.forLanguageTag("ru-RU"));
    write(folder, experiment, records);

    assertThat(page()).isEqualTo(page).startsWith("<!DOCTYPE html>");
    assertThat(Files.readString(folder.resolve("summary.csv"))).isEqualTo(csv);
    assertThat(names()).hasSize(5);
  }

  @Test
  void thePictureShowsTheLinesInTheirColours() throws Exception {
    Experiment experiment = MadeUp.grid(5);
    write(folder, experiment, MadeUp.records(experiment));

    BufferedImage image = ImageIO.read(folder.resolve("error-against-width.png").toFile());

    Matcher size =
        Pattern.compile("width=\"(\\d+)\" height=\"(\\d+)\"")
            .matcher(Files.readString(folder.resolve("error-against-width.svg")));
    assertThat(size.find()).isTrue();
    assertThat(image.getWidth()).isEqualTo(2 * Integer.parseInt(size.group(1)));
    assertThat(image.getHeight()).isEqualTo(2 * Integer.parseInt(size.group(2)));
    for (int line = 0; line < 4; line++) {
      int colour = Integer.parseInt(Theme.PAPER.series(line).substring(1), 16);
      int found = 0;
      for (int y = 0; y < image.getHeight(); y++) {
        for (int x = 0; x < image.getWidth(); x++) {
          found += (image.getRGB(x, y) & 0xffffff) == colour ? 1 : 0;
        }
      }
      // A line with its markers covers thousands of pixels; nothing blends into the fourth colour.
      assertThat(found)
          .as("pixels of line %d", line)
          .isBetween(line < 3 ? 1000 : 0, line < 3 ? 100_000 : 50);
    }
  }

  @Test
  void thePageFetchesNothingAndRunsOnlyItsOwnScript() throws Exception {
    Experiment experiment = MadeUp.grid(2);
    write(folder, experiment, MadeUp.records(experiment));
    String page = page();

    assertThat(page.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http:", "https:", "url(", "@import");
    Matcher script = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(page);
    assertThat(script.find()).isTrue();
    byte[] hash =
        MessageDigest.getInstance("SHA-256")
            .digest(script.group(1).getBytes(StandardCharsets.UTF_8));
    assertThat(page)
        .contains("default-src 'none'")
        .contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
    assertThat(script.find()).as("a second script").isFalse();
  }

  @Test
  void everyTextFromOutsideIsEscaped() throws Exception {
    Experiment base = MadeUp.grid(2);
    Experiment experiment =
        new Experiment(
            HOSTILE,
            HOSTILE,
            base.job(),
            base.numerics(),
            base.seeds(),
            base.axes(),
            base.configurations(),
            base.claims(),
            List.of(
                new Figure("f", HOSTILE, "width", List.of("linf"), null, "input_dim", true, true)),
            HOSTILE,
            base.source());
    List<TrialRecord> records = new ArrayList<>(MadeUp.records(experiment));
    TrialRecord first = records.remove(0);
    records.add(
        MadeUp.record(
            experiment, first.trial().configuration(), 0, Outcome.FAILED, HOSTILE, Map.of()));

    write(folder, experiment, records);

    String page = page();
    assertThat(page).doesNotContain("<script>alert", "<img");
    // Title, heading, description, figure twice, message, hash: all of them arrived, as text.
    assertThat(page.split(Pattern.quote(Markup.escape(HOSTILE)), -1)).hasSizeGreaterThan(6);
  }

  @Test
  void verdictsComeFirstInWordsAndWithTheirFigure() throws Exception {
    Experiment experiment = MadeUp.grid(8);
    write(folder, experiment, MadeUp.records(experiment));
    String page = page();

    assertThat(page)
        .contains("✓ The statement agrees with the data")
        .contains("✗ The statement is contradicted by the data")
        .contains("It does not depend on &lt;script&gt;.");
    assertThat(page.indexOf("Verdicts</h2>")).isPositive().isLessThan(page.indexOf("Figures</h2>"));
    assertThat(page.indexOf("Figures</h2>")).isLessThan(page.indexOf("Numbers</h2>"));
    assertThat(page).contains("href=\"#figure-1\"", "id=\"figure-1\"");
    assertThat(page)
        .contains("href=\"error-against-width.svg\"", "href=\"error-against-width.png\"");
  }

  @Test
  void anEmptyStoreGivesAPageThatSaysSo() throws Exception {
    ReportWriter.Written written = write(folder, MadeUp.grid(2), List.of());

    assertThat(written.notes()).isEmpty();
    assertThat(page()).contains("0 of 60 trials completed; not run yet: 60");
  }

  @Test
  void aFigureThatCannotBeDrawnIsANoteAndNotAFailure() throws Exception {
    Experiment base = MadeUp.grid(1);
    Experiment experiment =
        MadeUp.experiment(
            base.axes(),
            base.configurations(),
            1,
            List.of(new Figure("f", "", "estimator", List.of("linf"), null, null, true, true)));

    assertThat(write(folder, experiment, MadeUp.records(experiment)).notes())
        .containsExactly(
            "figure f left out: figure f: x = estimator is a choice, allowed are numbers");
  }

  /** Writes a report where there is no AWT at all; prints what was noted. */
  static final class WithoutAwt {
    public static void main(String[] arguments) throws Exception {
      Experiment experiment = MadeUp.grid(2);
      ReportWriter.Written written =
          write(Path.of(arguments[0]), experiment, MadeUp.records(experiment));
      written.notes().forEach(note -> System.out.println("NOTE " + note));
    }
  }

  @Test
  void withoutAwtTheSvgIsWrittenAndThePngIsSkippedWithOneLine() throws Exception {
    Path output = folder.resolve("output.txt");
    // Log4j, which logs here if it is there, does not start without java.desktop.
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("log4j"))
            .collect(Collectors.joining(File.pathSeparator));
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                // Everything that Hadoop asks for, and no java.desktop.
                "--limit-modules",
                "java.base,java.logging,java.management,java.naming,java.security.jgss,"
                    + "java.security.sasl,java.sql,java.xml,jdk.unsupported,jdk.security.auth",
                "-cp",
                classPath,
                WithoutAwt.class.getName(),
                folder.resolve("report").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).as("child ended").isTrue();
    } finally {
      child.destroyForcibly();
    }

    String printed = Files.readString(output);
    assertThat(child.exitValue()).as(printed).isZero();
    assertThat(printed.lines().filter(line -> line.startsWith("NOTE")))
        .singleElement()
        .asString()
        .startsWith("NOTE PNG skipped, the SVG is there: this Java cannot draw (");
    File[] written = folder.resolve("report").toFile().listFiles();
    assertThat(written)
        .extracting(File::getName)
        .containsExactlyInAnyOrder(
            "claims.json", "error-against-width.svg", "index.html", "summary.csv");
    assertThat(Files.readString(folder.resolve("report/index.html")))
        .contains("error-against-width.svg")
        .doesNotContain("error-against-width.png");
  }
}
