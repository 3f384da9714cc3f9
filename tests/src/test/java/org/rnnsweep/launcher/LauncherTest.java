package org.rnnsweep.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rnnsweep.packaging.Checkout;

/** What {@code bin/rnnsweep} does before Java has the word. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final Path SCRIPT = Checkout.root().resolve("bin/rnnsweep");

  /** What the shell may have exported where people work. */
  private static final Map<String, String> MEDDLING =
      Map.of(
          "OPENBLAS_CORETYPE", "Haswell",
          "OPENBLAS_NUM_THREADS", "7",
          "OPENBLAS_L2_SIZE", "1",
          "OMP_NUM_THREADS", "7",
          "OMP_PROC_BIND", "true",
          "GOTO_NUM_THREADS", "7");

  @TempDir Path folder;

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A home whose {@code java} claims that version and prints its arguments and environment. */
  private Path fakeJava(String version) throws IOException {
    Path home = folder.resolve("java-" + version);
    script(
        home.resolve("bin/java"),
        """
        case "$*" in
          *-XshowSettings*) echo "    java.specification.version = %s" >&2 ;;
          *) for argument in "$@"; do printf 'argument %%s\\n' "$argument"; done; env ;;
        esac
        """
            .formatted(version));
    return home;
  }

  private Launched withFakeJava(String version, Map<String, String> environment) throws Exception {
    Map<String, String> all = new HashMap<>(environment);
    all.put("JAVA_HOME", fakeJava(version).toString());
    return Launched.run(folder, all, "run", "an experiment.conf");
  }

  /** The Vector API's module, whose warning Java prints, only where something is computed. */
  @ParameterizedTest
  @CsvSource({"replay, true", "audit, true", "bench, true", "plan, false", "run, false"})
  void givesJavaWhatSparkAsksFor(String command, boolean computes) throws Exception {
    Launched launched =
        Launched.run(
            folder, Map.of("JAVA_HOME", fakeJava("17").toString()), command, "an experiment.conf");
    List<String> arguments =
        launched
            .out()
            .lines()
            .filter(line -> line.startsWith("argument "))
            .map(line -> line.substring("argument ".length()))
            .toList();
    List<String> options =
        arguments.stream()
            .filter(argument -> argument.matches("--.*|-XX.*|-Dio\\..*|-Djdk\\..*"))
            .toList();
    List<String> ofSpark =
        Arrays.stream(JavaModuleOptions.defaultModuleOptionArray())
            .filter(option -> computes || !option.equals("--add-modules=jdk.incubator.vector"))
            .toList();
    assertThat(options).containsExactlyInAnyOrderElementsOf(ofSpark);
    assertThat(arguments).endsWith(command, "an experiment.conf");
  }

  @Test
  void dropsWhatChangesTheBlasAndListensOnLoopback() throws Exception {
    List<String> environment = withFakeJava("17", MEDDLING).out().lines().toList();
    assertThat(environment)
        .filteredOn(line -> line.matches("(OPENBLAS|OMP|GOTO)_.*"))
        .containsExactlyInAnyOrder("OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1");
    assertThat(environment).contains("SPARK_LOCAL_IP=127.0.0.1");
  }

  @Test
  void sizesTheHeapAndSaysSo() throws Exception {
    Launched own = withFakeJava("17", Map.of());
    Matcher heap = Pattern.compile("argument -Xmx(\\d+)m").matcher(own.out());
    assertThat(heap.find()).isTrue();
    assertThat(Integer.parseInt(heap.group(1))).isBetween(1024, 4096);
    assertThat(own.err()).contains("heap " + heap.group(1) + "m of the machine's ");
    assertThat(withFakeJava("17", Map.of("RNNSWEEP_HEAP", "5g")).out()).contains("-Xmx5g");
  }

  @ParameterizedTest
  @CsvSource({"11, this is Java 11", "1.8, this is Java 8", "'', no Java found"})
  void refusesAnOldJava(String version, String message) throws Exception {
    Launched launched = withFakeJava(version, Map.of());
    assertThat(launched.exitCode()).isEqualTo(1);
    assertThat(launched.out()).isEmpty();
    assertThat(launched.err()).contains(message, "Java 17 or later is needed").hasLineCount(1);
  }

  @Test
  void refusesAJavaHomeWithoutJava() throws Exception {
    Launched launched = Launched.run(folder, Map.of("JAVA_HOME", folder.toString()), "list");
    assertThat(launched.exitCode()).isEqualTo(1);
    assertThat(launched.err()).contains("no Java found (" + folder + "/bin/java)").hasLineCount(1);
  }

  /** In a fresh clone, with a Maven that fails. */
  @Test
  void saysWhatAFirstBuildDownloadsAndWhyItFails() throws Exception {
    Path clone = folder.resolve("a clone");
    Files.createDirectories(clone.resolve("bin"));
    Files.copy(SCRIPT, clone.resolve("bin/rnnsweep"));
    Path tools = folder.resolve("tools");
    script(
        tools.resolve("mvn"),
        "pwd; echo \"$@\"; echo '[INFO] busy'; echo '[ERROR] no network'; exit 1\n");
    Map<String, String> environment =
        Map.of(
            "PATH", tools + ":" + System.getenv("PATH"),
            "JAVA_HOME", fakeJava("17").toString(),
            "TMPDIR", folder.toString());
    Launched launched = Launched.start(clone.resolve("bin/rnnsweep"), folder, environment, "list");
    assertThat(launched.exitCode()).isEqualTo(1);
    assertThat(launched.out()).isEmpty();
    assertThat(launched.err())
        .containsSubsequence(
            "first build", "400 MB", "[ERROR] no network", "the build failed; the whole log is ")
        .doesNotContain("[INFO]");
    String log = launched.err().strip().replaceAll("(?s).*the whole log is ", "");
    assertThat(Path.of(log)).content().contains(clone.toRealPath().toString(), "-pl driver -am");
  }

  @Test
  void worksFromAnywhereThroughLinksAndInFoldersWithSpaces() throws Exception {
    Path clone = Files.createDirectories(folder.resolve("my clone"));
    for (String name : List.of("pom.xml", "conf", "kernels", "jobs", "driver")) {
      Files.createSymbolicLink(clone.resolve(name), Checkout.root().resolve(name));
    }
    Files.createDirectories(clone.resolve("bin"));
    Files.copy(SCRIPT, clone.resolve("bin/rnnsweep"));
    Path links = Files.createDirectories(folder.resolve("my links"));
    Files.createSymbolicLink(links.resolve("first"), Path.of("../my clone/bin/rnnsweep"));
    Files.createSymbolicLink(links.resolve("second"), links.resolve("first"));
    Path elsewhere = folder.resolve("else where");
    Files.createDirectories(elsewhere);
    Files.writeString(
        elsewhere.resolve("my experiment.conf"),
        """
        experiment = tiny
        job = inversion
        seeds { root = 11, count = 1 }
        parameters { estimator = least-squares, dimension = 2, length = 2 }
        axes { width = [32] }
        """);
    Launched launched =
        Launched.start(links.resolve("second"), elsewhere, Map.of(), "run", "my experiment.conf");
    assertThat(launched.exitCode()).as(launched.err()).isZero();
    assertThat(launched.err()).contains("jdk.incubator.vector");
    assertThat(launched.ownErr()).doesNotContain("WARN", "ERROR");
    assertThat(elsewhere.resolve("stores/tiny/report/summary.csv")).isNotEmptyFile();
    assertThat(launched.out())
        .contains(elsewhere.toRealPath().resolve("stores/tiny/report/summary.csv").toString());
  }

  private static String fingerprint(Launched doctor) throws Exception {
    assertThat(doctor.exitCode()).as(doctor.out() + doctor.err()).isZero();
    Matcher line =
        Pattern.compile("profile (\\S+), fingerprint ([0-9a-f]{16})").matcher(doctor.out());
    assertThat(line.find()).as(doctor.out()).isTrue();
    return line.group(1) + " " + line.group(2);
  }

  @Test
  void theShellCannotMeddleWithTheBlas() throws Exception {
    assertThat(fingerprint(Launched.run(folder, MEDDLING, "doctor")))
        .startsWith("native ")
        .isEqualTo(fingerprint(Launched.run(folder, Map.of(), "doctor")));
  }

  @Test
  @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
  void thePortableKernelNeedsNothingFromTheUser() throws Exception {
    Launched doctor = Launched.run(folder, Map.of(), "doctor", "--library", "native-portable");
    assertThat(fingerprint(doctor)).startsWith("native-portable ");
    Path file =
        Files.writeString(
            folder.resolve("portable.conf"),
            """
            experiment = portable
            job = inversion
            numerics { library = native-portable }
            seeds { root = 11, count = 1 }
            parameters { estimator = least-squares, dimension = 2, length = 2 }
            axes { width = [32] }
            """);
    Launched plan = Launched.run(folder, MEDDLING, "plan", file);
    assertThat(plan.exitCode()).as(plan.err()).isZero();
    assertThat(plan.out()).contains("native-portable:openblas-");
    Launched wrong = Launched.run(folder, Map.of(), "run", file, "--cores", "0");
    assertThat(wrong.exitCode()).as("the child's exit code").isEqualTo(2);
    assertThat(wrong.err()).containsOnlyOnce("--cores: found 0");
  }

  @Test
  void shellcheckFindsNothing() throws Exception {
    boolean there = new ProcessBuilder("sh", "-c", "command -v shellcheck").start().waitFor() == 0;
    assumeTrue(there, "shellcheck is not on the path");
    for (String name : List.of("bin/rnnsweep", ".ci/run")) {
      Process check =
          new ProcessBuilder("shellcheck", Checkout.root().resolve(name).toString())
              .redirectErrorStream(true)
              .start();
      String findings = new String(check.getInputStream().readAllBytes());
      assertThat(check.waitFor()).as(findings).isZero();
    }
  }
}
