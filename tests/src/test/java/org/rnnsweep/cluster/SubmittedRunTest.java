package org.rnnsweep.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rnnsweep.driver.cli.ExitCode;
import org.rnnsweep.driver.cli.RnnsweepCommand;
import org.rnnsweep.driver.store.Provenance;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.faults.FaultyJob;
import org.rnnsweep.faults.FaultyJobJar;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.packaging.Checkout;

/**
 * The shipped jar on a cluster, submitted as the README says, with the settings that we ship for
 * one: what comes back equals what the same file gives in one process.
 *
 * <p>Budget: 90 s on an idle machine of two cores, for one cluster that all tests share and seven
 * runs on it.
 */
class SubmittedRunTest {
  private static final String EXPERIMENT =
      """
      experiment = four-estimators
      description = "Every estimator, in bundles enough for two executors."
      job = inversion
      numerics { library = native, precision = single }
      seeds { root = 7, count = 3 }
      axes {
        length = [3, 4]
        width = [64, 512]
        union = [
          { estimator = least-squares, dimension = 2 }
          { estimator = sgd, dimension = 2, steps = 200 }
          { estimator = [constructive, naive], inputs = normalized, dimension = 4 }
        ]
      }
      figures = [
        { id = error, x = width, metrics = [linf], lines = length, panels = estimator }
      ]
      """;

  private static final int TRIALS = 4 * 2 * 2 * 3;

  @TempDir static Path folder;
  private static StandaloneCluster cluster;
  private static Path experiment;
  private static Path local;

  @BeforeAll
  static void start() throws Exception {
    experiment = Files.writeString(folder.resolve("four-estimators.conf"), EXPERIMENT);
    local = folder.resolve("local");
    int code =
        RnnsweepCommand.execute(
            "run", experiment.toString(), "--store", local.toString(), "--cores", "2");
    assertThat(code).isEqualTo(ExitCode.FINISHED);
    cluster = StandaloneCluster.start(Files.createDirectory(folder.resolve("cluster")));
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** The store is named by a relative path, which means another folder in every process. */
  @Test
  void inClientModeTheStoreIsThatOfOneProcess() throws Exception {
    StandaloneCluster.Submission submission =
        submit("client", List.of(), "run", experiment.toString(), "--store", "stores/client");
    assertThat(submission.exitCode()).as(submission.err()).isEqualTo(ExitCode.FINISHED);
    Path store = folder.resolve("cluster/stores/client");
    assertEqualsLocal(store);
    assertNoErrors(submission);

    List<Path> before = filesUnder(store.resolve("trials"));
    StandaloneCluster.Submission again =
        submit("client", List.of(), "run", experiment.toString(), "--store", "stores/client");
    assertThat(again.exitCode()).as(again.err()).isEqualTo(ExitCode.FINISHED);
    assertThat(again.err()).contains(TRIALS + " trials, " + TRIALS + " of them stored already");
    assertThat(filesUnder(store.resolve("trials"))).isEqualTo(before);
  }

  /** The properties file alone has what a driver on a worker needs of Java. */
  @Test
  void inClusterModeTheStoreIsThatOfOneProcess() throws Exception {
    Path store = folder.resolve("in-cluster-mode");
    StandaloneCluster.Submission submission =
        submit("cluster", List.of(), "run", experiment.toString(), "--store", store.toString());
    assertThat(submission.exitCode()).as(submission.err()).isZero();
    assertThat(store.resolve("report/summary.csv")).as(cluster.logs()).exists();
    assertEqualsLocal(store);
    assertNoErrors(submission);
  }

  @ParameterizedTest
  @ValueSource(strings = {"client", "cluster"})
  void aThirdPartysJobComesWithItsJar(String deployMode) throws Exception {
    Path example = Checkout.root().resolve("examples/hidden-norm");
    List<String> run =
        List.of(
            "run", example.resolve("hidden-norm.conf").toString(), "width=64,128", "--seeds", "4");
    Path here = folder.resolve("hidden-norm-local-" + deployMode);
    assertThat(RnnsweepCommand.execute(with(run, "--store", here.toString(), "--cores", "2")))
        .isEqualTo(ExitCode.FINISHED);
    Path there = folder.resolve("hidden-norm-" + deployMode);
    StandaloneCluster.Submission submission =
        submit(
            deployMode,
            List.of("--jars", example.resolve("target/hidden-norm.jar").toString()),
            with(run, "--store", there.toString()));
    assertThat(submission.exitCode()).as(submission.err()).isEqualTo(ExitCode.FINISHED);
    assertThat(there.resolve("report/summary.csv")).as(cluster.logs()).exists();
    assertThat(StoredTrial.all(there)).hasSize(3 * 2 * 4).isEqualTo(StoredTrial.all(here));
  }

  /**
   * Spark starts its executor again and the bundle with it, which hands back what was under way;
   * alone it ends two more executors and is given up.
   */
  @Test
  void aTrialThatEndsItsExecutorCostsItselfAlone() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("faulty.conf"),
            """
            experiment = faulty
            job = faulty
            numerics { library = java }
            seeds { root = 5, count = 1 }
            axes {
              union = [
                { number = [1, 2, 3, 4, 5], millis = 200 }
                { number = [99], millis = 210, manner = halt }
              ]
            }
            """);
    Path store = folder.resolve("faulty");
    StandaloneCluster.Submission submission =
        submit(
            "client",
            List.of("--jars", FaultyJobJar.in(folder).toString()),
            "run",
            file.toString(),
            "--store",
            store.toString());
    assertThat(submission.exitCode())
        .as(submission.err() + cluster.logs())
        .isEqualTo(ExitCode.TRIALS_FAILED);
    assertThat(submission.err()).contains("LOST, 1 times", "rnnsweep replay " + store + " ");
    SortedMap<String, StoredTrial> stored = StoredTrial.all(store);
    assertThat(stored).hasSize(6);
    stored.forEach(
        (id, trial) -> {
          if (trial.trial().configuration().integer("number") == 99) {
            assertThat(trial.outcome()).isEqualTo(Outcome.LOST);
          } else {
            assertThat(trial.outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(trial.metricBits())
                .containsEntry("value", Double.doubleToRawLongBits(FaultyJob.value(trial.trial())));
          }
        });
    assertThat(store.resolve("_started")).doesNotExist();
  }

  /** The trial of one experiment is under way for a while, and two executors are there. */
  @Test
  void experimentsOfASuiteRunBesideEachOther() throws Exception {
    Path suite = Files.createDirectory(folder.resolve("beside"));
    Files.writeString(suite.resolve("suite.conf"), "suite = beside, title = Beside\n");
    String head = "job = faulty\nnumerics { library = java }\nseeds { root = 5, count = 1 }\n";
    Files.writeString(
        suite.resolve("a.conf"),
        "experiment = a\n" + head + "axes { number = [99], millis = 3000 }\n");
    Files.writeString(
        suite.resolve("b.conf"),
        "experiment = b\n" + head + "axes { number = [1, 2, 3], millis = 1000 }\n");
    Path store = folder.resolve("beside-store");
    StandaloneCluster.Submission submission =
        submit(
            "client",
            List.of("--jars", FaultyJobJar.in(folder).toString()),
            "run",
            suite.toString(),
            "--store",
            store.toString());
    assertThat(submission.exitCode())
        .as(submission.err() + cluster.logs())
        .isEqualTo(ExitCode.FINISHED);
    assertThat(submission.err())
        .containsPattern("a: 1 trials computed in \\d+ s of core time")
        .contains("beside: 4 trials computed in ");
    Collection<TrialRecord> all = StoredTrial.records(store).values();
    assertThat(all).hasSize(4).extracting(TrialRecord::outcome).containsOnly(Outcome.COMPLETED);
    assertThat(store.resolve("_started")).doesNotExist();
  }

  /** Its memory would leave room for a small one beside it; its slots do not. */
  @Test
  void aLargeTrialTakesTheSlotsOfItsMemory() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("mixed.conf"),
            """
            experiment = mixed
            job = faulty
            numerics { library = java }
            seeds { root = 5, count = 6 }
            parameters { number = 1, millis = 300 }
            axes { mebibytes = [100, 700] }
            """);
    Path store = folder.resolve("mixed");
    StandaloneCluster.Submission submission =
        submit(
            "client",
            List.of(
                "--jars",
                FaultyJobJar.in(folder).toString(),
                "--conf",
                "spark.executor.cores=2",
                "--conf",
                "spark.cores.max=4"),
            "run",
            file.toString(),
            "--store",
            store.toString());
    assertThat(submission.exitCode())
        .as(submission.err() + cluster.logs())
        .isEqualTo(ExitCode.FINISHED);
    Collection<TrialRecord> all = StoredTrial.records(store).values();
    assertThat(all).hasSize(12);
    for (TrialRecord large : all) {
      if (large.trial().configuration().integer("mebibytes") == 700) {
        assertThat(all)
            .filteredOn(other -> other != large && overlap(large.provenance(), other.provenance()))
            .as("beside " + large)
            .isEmpty();
      }
    }
  }

  /** By more than half of what either slept: a trial's seconds hold what storing it took. */
  private static boolean overlap(Provenance a, Provenance b) {
    double both =
        Math.min(end(a), end(b)) - Math.max(a.startedEpochMillis(), b.startedEpochMillis());
    return a.executor().equals(b.executor()) && both > 150;
  }

  private static double end(Provenance trial) {
    return trial.startedEpochMillis() + 1000 * trial.seconds();
  }

  @Test
  void wrongInputIsRefusedWithItsCode() throws Exception {
    Path store = folder.resolve("never-made");
    StandaloneCluster.Submission submission =
        submit(
            "client",
            List.of(),
            "run",
            experiment.toString(),
            "widht=3",
            "--store",
            store.toString());
    assertThat(submission.exitCode()).as(submission.err()).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(submission.err()).contains("widht").contains("width");
    assertThat(store).doesNotExist();
  }

  @Test
  void aStoreThatAnExecutorDoesNotSeeIsRefusedByItsHost() throws Exception {
    assumeTrue(cluster.hides(), "this system hides no folder from a process");
    Path store = cluster.hidden().resolve("store");
    StandaloneCluster.Submission submission =
        submit("client", List.of(), "run", experiment.toString(), "--store", store.toString());
    assertThat(submission.exitCode()).as(submission.err()).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(submission.err())
        .contains("host " + InetAddress.getLocalHost().getHostName())
        .contains("the store must be on a file system they share");
    assertThat(filesUnder(cluster.hidden())).as("what was written").isEmpty();
  }

  private static StandaloneCluster.Submission submit(
      String deployMode, List<String> options, String... arguments) throws Exception {
    List<String> all = new ArrayList<>();
    all.add("--properties-file");
    all.add(Checkout.root().resolve("conf/cluster/standalone.conf").toString());
    // Of what the file asks for, this machine gives less.
    all.addAll(List.of("--conf", "spark.executor.memory=512m"));
    all.addAll(List.of("--conf", "spark.executor.cores=1"));
    all.addAll(List.of("--conf", "spark.rnnsweep.memory=1g"));
    all.addAll(options);
    return cluster.submit(
        deployMode, all, RnnsweepCommand.class.getName(), Checkout.jar(), arguments);
  }

  private static void assertEqualsLocal(Path store) throws IOException {
    assertThat(StoredTrial.all(store)).hasSize(TRIALS).isEqualTo(StoredTrial.all(local));
    assertThat(StoredTrial.provenance(store))
        .extracting(Provenance::executor)
        .as("executors that ran trials")
        .contains("0", "1")
        .doesNotContain("driver");
    assertThat(StoredTrial.provenance(local))
        .extracting(Provenance::executor)
        .containsOnly("driver");
    assertThat(Files.readAllBytes(store.resolve("report/summary.csv")))
        .isEqualTo(Files.readAllBytes(local.resolve("report/summary.csv")));
  }

  /** Nothing that is an error, in the driver or in an executor; Spark calls its own end one. */
  private static void assertNoErrors(StandaloneCluster.Submission submission) throws IOException {
    assertThat(
            (submission.err() + cluster.logs())
                .lines()
                .filter(line -> line.contains(" ERROR "))
                .filter(line -> !isItsEnd(line)))
        .isEmpty();
  }

  /** An executor that is told to end logs it as an error; the line may be half written yet. */
  private static boolean isItsEnd(String line) {
    String message = line.replaceFirst(".* ERROR ", "");
    return "CoarseGrainedExecutorBackend: RECEIVED SIGNAL TERM".startsWith(message);
  }

  private static List<Path> filesUnder(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String[] with(List<String> first, String... then) {
    return Stream.concat(first.stream(), Arrays.stream(then)).toArray(String[]::new);
  }
}
