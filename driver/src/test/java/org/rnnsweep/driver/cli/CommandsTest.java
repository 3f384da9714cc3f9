package org.rnnsweep.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkEnv;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rnnsweep.driver.execute.SharedSpark;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;

/** The commands that only tell. */
class CommandsTest {
  private static final Path QUICK = Path.of("..", "conf", "inversion-quick.conf");

  @TempDir Path folder;

  @BeforeAll
  static void withoutSpark() {
    SharedSpark.stop();
  }

  private static Cli succeeded(Object... arguments) {
    Cli cli = Cli.run(arguments);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.err()).isEmpty();
    return cli;
  }

  @Test
  void listNamesEveryJob() {
    Cli cli = succeeded("list");
    for (Job job : JobCatalog.load().jobs()) {
      assertThat(cli.out()).contains(job.id()).contains(job.summary());
    }
  }

  @Test
  void listOfAJobNamesEveryParameterAndMetric() {
    Cli cli = succeeded("list", "inversion");
    Job job = JobCatalog.load().find("inversion");
    for (Parameter parameter : job.parameters()) {
      assertThat(cli.out()).contains("  " + parameter.name()).contains(parameter.meaning());
    }
    for (Metric metric : job.metrics()) {
      assertThat(cli.out()).contains("  " + metric.name()).contains(metric.meaning());
    }
  }

  @Test
  void planSaysWhatARunWouldDoAndStartsNoSpark() {
    Path store = folder.resolve("store");
    Cli cli = succeeded("plan", QUICK, "--store", store, "--cores", 2);
    // d in {2, 4}, L in {2, 4, 6}, four widths; five seeds.
    assertThat(cli.out())
        .containsPattern("configurations +24\n")
        .containsPattern("trials +120\n")
        .containsPattern("to run +120\n")
        .containsPattern("operations +[0-9.]+e\\+[0-9]+ flop")
        .containsPattern("memory +[0-9.]+ GiB")
        .containsPattern("time +about .* on 2 cores");
    assertThat(SparkEnv.get()).isNull();
    assertThat(store).doesNotExist();
  }

  @Test
  void theCommandLineChangesThePlan() {
    Cli cli = succeeded("plan", QUICK, "m=250,500,750", "--seeds", 7, "--store", folder);
    assertThat(cli.out())
        .containsPattern("width +250, 500, 750\n")
        .containsPattern("trials +" + 2 * 3 * 3 * 7 + "\n");
  }

  @Test
  void doctorSaysWhatRuns() {
    Cli cli = succeeded("doctor");
    assertThat(cli.out())
        .containsPattern("Java .*" + Runtime.version().feature())
        .containsPattern("OpenBLAS [0-9.]+, 1 thread, profile native, fingerprint [0-9a-f]{16}")
        .containsPattern("rate +[0-9]+ Gflop/s double, [0-9]+ single")
        .containsPattern("Spark +4\\..*Scala 2\\.13");
    assertThat(SparkEnv.get()).isNull();
  }

  @Test
  void theVersionNamesTheCommit() {
    assertThat(succeeded("--version").out()).matches("rnnsweep, commit \\S+\\R");
  }

  @Test
  void theHelpNamesCommandsAndExitCodes() {
    assertThat(succeeded("--help").out())
        .contains("run", "plan", "list", "status", "report", "doctor", "generate-completion")
        .containsPattern("130 +stopped by Ctrl-C")
        .contains("Examples:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "plan", "list", "status", "report", "doctor", "bench"})
  void theHelpOfACommandHasAnExample(String command) {
    assertThat(succeeded(command, "--help").out())
        .contains("Usage: rnnsweep " + command)
        .containsPattern("Examples?:\\R  rnnsweep " + command);
  }

  @Test
  void theCompletionIsAScriptThatBashCanRead() throws Exception {
    Path script = folder.resolve("completion.sh");
    Files.writeString(script, succeeded("generate-completion").out());
    assertThat(Files.readString(script)).contains("complete -F", "--seeds", "--store");
    Process bash =
        new ProcessBuilder("bash", "-n", script.toString()).redirectErrorStream(true).start();
    assertThat(new String(bash.getInputStream().readAllBytes())).isEmpty();
    assertThat(bash.waitFor()).isZero();
  }

  @Test
  void numbersDoNotFollowTheLocale() {
    Locale before = Locale.getDefault();
    try {
      List<Object> plan =
          List.of("plan", Path.of("..", "conf", "inversion-figure4.conf"), "--seeds", 1000);
      Locale.setDefault(Locale.ROOT);
      String expected = succeeded(plan.toArray()).out().lines().limit(12).toList().toString();
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertThat(succeeded(plan.toArray()).out().lines().limit(12).toList()).hasToString(expected);
    } finally {
      Locale.setDefault(before);
    }
  }
}
