package org.rnnsweep.driver.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever stands in a file, it is read or refused with located messages, never worse. */
class ReaderFuzzTest {
  private static final String[] WORDS = {
    "{",
    "}",
    "[",
    "]",
    "=",
    ":",
    "+=",
    ",",
    "\n",
    "\"",
    "\"\"\"",
    "${",
    "${?HOME}",
    "${axes}",
    "}",
    "include",
    "include \"x.conf\"",
    "#",
    "//",
    "\\",
    ".",
    "-1",
    "1e999",
    "NaN",
    "null",
    "true",
    "width",
    "m",
    "L",
    "axes",
    "union",
    "zip",
    "where",
    "log2",
    "from",
    "9^9^9",
    "'",
    "(",
    "\u00e9"
  };

  @TempDir Path folder;

  @Test
  void fiveHundredMutations() throws IOException {
    mutate(500, 20210521);
  }

  @Test
  @Tag("full")
  void tenThousandMutations() throws IOException {
    mutate(10_000, 20210522);
  }

  private void mutate(int count, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Path file = folder.resolve("x.conf");
    int accepted = 0;
    for (int i = 0; i < count; i++) {
      byte[] text = mutated(random.split());
      Files.write(file, text);
      String shown = "mutation " + i + ":\n" + new String(text, StandardCharsets.UTF_8);
      try {
        Experiment experiment = ExperimentReader.read(file, List.of(), ToyJob.catalog());
        assertThat(experiment.configurations()).as(shown).isNotEmpty();
        accepted++;
      } catch (InvalidExperimentException e) {
        assertThat(e.problems()).as(shown).isNotEmpty();
        for (ConfigProblem problem : e.problems()) {
          assertThat(problem.file()).as(shown).isEqualTo(file.toString());
          assertThat(problem.found()).as(shown).isNotBlank();
          if (problem.line() < 1) {
            assertThat(problem.found())
                .as("only what is nowhere has no line; " + shown)
                .matches("there is no .*|is not UTF-8 text");
          }
          assertThat(problem.toString()).as(shown).doesNotContain("\n").doesNotContain("Exception");
        }
      } catch (RuntimeException | Error e) {
        throw new AssertionError(shown, e);
      }
    }
    // Both must happen, or the mutations are too strong or too weak to mean anything.
    assertThat(accepted).isBetween(count / 50, count - count / 4);
  }

  private static byte[] mutated(SplittableRandom random) {
    StringBuilder text = new StringBuilder(ExperimentReaderTest.RIGHT);
    for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(6)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, WORDS[random.nextInt(WORDS.length)]);
        case 2 -> text.setCharAt(at, (char) (' ' + random.nextInt(95)));
        case 3 -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
        case 4 -> {
          int from = random.nextInt(text.length());
          int to = Math.min(text.length(), from + random.nextInt(60));
          text.insert(at, text.substring(from, to));
        }
        default -> text.setCharAt(at, text.charAt(random.nextInt(text.length())));
      }
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(20) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }
}
