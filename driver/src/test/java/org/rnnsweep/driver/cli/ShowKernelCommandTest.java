package org.rnnsweep.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rnnsweep.kernels.ntk.Preset;

class ShowKernelCommandTest {
  private static final String GOLDEN =
      "{\"sequences\": [[[1, 0], [0, 1], [0.6, 0.8]], [[0, 1], [0.6, -0.8], [1, 0]]]}";

  @TempDir Path folder;

  @BeforeEach
  void files() throws IOException {
    write("golden.json", GOLDEN);
    write("unequal.json", "{\"sequences\": [[[1, 0]], [[0, 1], [0.6, -0.8]]]}");
    write("key.json", "{\"sequnces\": [[[1]]]}");
    write("syntax.json", "{\"sequences\": [\n[[1], [2,]]]}");
    write("twice.json", GOLDEN + GOLDEN);
    write("ragged.json", "{\"sequences\": [[[1, 2], [3]], [], [[1, \"x\"], [1e999, 2], 5]]}");
    write("empty.json", "");
    write("explosive.json", "{\"sequences\": [[[1e80]]]}");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private Cli run(String line) {
    return Cli.run(
        (Object[])
            Arrays.stream(("show kernel " + line).split(" +"))
                .map(word -> word.replace("@", folder.toString()))
                .toArray(String[]::new));
  }

  private JsonNode succeeded(String line) throws IOException {
    Cli cli = run(line);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.err()).isEmpty();
    return new ObjectMapper().readTree(cli.out());
  }

  /** Digits of an independent NumPy program. */
  @Test
  void aPresetPrintsItsMatrixWithAllDigits() throws IOException {
    JsonNode found = succeeded("--preset wang --inputs @/golden.json");
    JsonNode matrix = found.get("matrix");
    assertThat(matrix.size()).isEqualTo(2);
    assertThat(matrix.get(0).get(0).doubleValue()).isCloseTo(14.0 / 9, within(1e-15));
    assertThat(matrix.get(0).get(1).doubleValue())
        .isEqualTo(matrix.get(1).get(0).doubleValue())
        .isCloseTo(1.1303003005942256, within(1e-15));
    assertThat(found.get("trained").textValue()).isEqualTo("w");
    assertThat(found.get("input_variance").doubleValue()).isEqualTo(2.0 / 27);
    assertThat(run("--preset wang --inputs @/golden.json").out())
        .contains("\"kind\": \"ntk\"")
        .containsPattern("1\\.130300300594225[0-9]e\\+00");
  }

  @Test
  void theOptionsSpellOutAPreset() throws IOException {
    String common =
        "--activation relu --weight-variance 2 --input-variance 2 --inputs @/golden.json";
    assertThat(succeeded(common + " --trained w,a --readout-variance 2").get("matrix"))
        .isEqualTo(
            succeeded("--preset panigrahi-goyal-printed --inputs @/golden.json").get("matrix"));
    // The diagonal: (L - t + 1)|x_t|^2 summed, 6 for three unit tokens.
    assertThat(
            succeeded("--preset panigrahi-goyal --readout-variance 2 --inputs @/golden.json")
                .get("matrix")
                .get(0)
                .get(0)
                .doubleValue())
        .isCloseTo(6, within(1e-14));
    assertThat(succeeded(common + " --kind nngp").get("matrix").get(0).get(0).doubleValue())
        .isCloseTo(3, within(1e-14));
    assertThat(succeeded(common + " --output every-step").get("matrix").size()).isEqualTo(6);
    assertThat(succeeded(common + " --output average").get("matrix").size()).isEqualTo(2);
    assertThat(
            succeeded(
                    "--activation erf --weight-variance 1 --input-variance 1 --input-scale 1/d"
                        + " --trained all --parametrization unit-variance --inputs @/unequal.json")
                .get("matrix")
                .size())
        .isEqualTo(2);
  }

  @Test
  void theLocaleOfTheMachineChangesNothing() throws IOException {
    Locale before = Locale.getDefault();
    String found = run("--preset allen-zhu-li --inputs @/golden.json").out();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-u-nu-arab"));
      assertThat(run("--preset allen-zhu-li --inputs @/golden.json").out()).isEqualTo(found);
    } finally {
      Locale.setDefault(before);
    }
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        of("", "Missing required option", "--inputs"),
        of("--preset wnag --inputs @/golden.json", "'wnag'", "did you mean 'wang'?", "allowed: a"),
        of("--inputs @/golden.json", "--activation: missing", "--weight-variance: missing"),
        of(
            "--preset wang --activation rleu --trained w,b --input-scale d --kind ntt"
                + " --output lsat --readout-variance -1 --inputs @/golden.json",
            "--kind: found 'ntt', did you mean 'ntk'?",
            "--output: found 'lsat', did you mean 'last'?",
            "--activation: found 'rleu', did you mean 'relu'?",
            "--input-scale: found 'd'",
            "allowed: 1, 1/d",
            "--readout-variance: found '-1', allowed is",
            "--trained: found 'w,b', did you mean 'w,a'?"),
        of("--preset wang --inputs @/golden.json --weight-variance NaN", "found 'NaN'"),
        of("--preset wang --inputs @/unequal.json", "--preset wang: depends on L"),
        of("--preset wang --inputs @/missing.json", "missing.json: no such file"),
        of("--preset wang --inputs @", "is a directory"),
        of("--preset wang --inputs @/key.json", "'sequnces', did you mean 'sequences'?", "needs"),
        of("--preset wang --inputs @/syntax.json", "syntax.json:2: not JSON"),
        of("--preset wang --inputs @/twice.json", "twice.json:1: not JSON"),
        of("--preset wang --inputs @/empty.json", "needs \"sequences\""),
        of(
            "--preset allen-zhu-li --inputs @/ragged.json",
            "sequences[0][1] has 1 numbers, the first token has 2",
            "sequences[1] must be a list of at least one token",
            "sequences[2][0][1]: found \"x\", allowed is a finite number",
            "sequences[2][1][0]: found",
            "sequences[2][2] must be a list of at least one number"),
        of("--preset allen-zhu-li --inputs @/explosive.json", "at step 1", "allowed is below"));
  }

  private static Arguments of(String line, String... message) {
    return Arguments.of(line, List.of(message));
  }

  @ParameterizedTest(name = "rnnsweep show kernel {0}")
  @MethodSource("wrong")
  void wrongInputIsSaidAllAtOnce(String line, List<String> message) {
    Cli cli = run(line);
    assertThat(cli.code()).as(cli.err()).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).containsSubsequence(message).doesNotContain("Exception");
  }

  @Test
  void helpStatesTheConventionsAndEveryPreset() {
    String help = run("--help").out();
    assertThat(help.replaceAll("\\s+", " "))
        .contains("W (m x m) WEIGHT/m", "INPUT/d with --input-scale 1/d", "B READOUT/m");
    for (Preset preset : Preset.values()) {
      assertThat(help).contains(preset.label());
    }
  }
}
