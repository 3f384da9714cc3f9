package org.rnnsweep.determinism;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rnnsweep.cluster.StandaloneCluster;
import org.rnnsweep.driver.execute.InProcessExecutor;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.InMemoryTrialStore;
import org.rnnsweep.packaging.Checkout;

/**
 * The same sweep in other processes: by the launcher under hostile environments, and on a cluster
 * of two executors. The packaged jar runs, as a user runs it.
 */
@Tag("full")
class SameBitsElsewhereTest {
  private static SortedMap<String, String> reference;

  @TempDir static Path folder;

  @BeforeAll
  static void runHere() throws Exception {
    InMemoryTrialStore store = new InMemoryTrialStore();
    for (var experiment : Sweeps.read(Sweeps.INVERSION)) {
      Sweeps.run(InProcessExecutor.of(1), List.of(Planner.plan(experiment, Set.of())), store);
    }
    reference = Sweeps.bits(store);
  }

  private static List<Path> files() throws Exception {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < Sweeps.INVERSION.size(); i++) {
      Path file = folder.resolve("bits" + i + ".conf");
      files.add(Files.writeString(file, Sweeps.INVERSION.get(i)));
    }
    return files;
  }

  /** The launcher drops every variable; were one to arrive, the bits or the start would tell. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "OPENBLAS_NUM_THREADS=1",
        "OPENBLAS_NUM_THREADS=2",
        "OPENBLAS_NUM_THREADS=4",
        "OMP_NUM_THREADS=4",
        "OPENBLAS_CORETYPE=Haswell"
      })
  void theEnvironmentDoesNotMatter(String variable) throws Exception {
    Path store = folder.resolve("store-" + variable.replace('=', '-'));
    for (Path file : files()) {
      ProcessBuilder builder =
          new ProcessBuilder(
              Checkout.root().resolve("bin/rnnsweep").toString(),
              "run",
              file.toString(),
              "--cores",
              "2",
              "--store",
              store.toString());
      Map<String, String> environment = builder.environment();
      environment.put("JAVA_HOME", System.getProperty("java.home"));
      environment.put("RNNSWEEP_HEAP", "1g");
      environment.put(
          variable.substring(0, variable.indexOf('=')),
          variable.substring(variable.indexOf('=') + 1));
      Path log = Files.createTempFile(folder, "launcher", ".log");
      Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      try {
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ended in time").isTrue();
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }
    assertThat(Sweeps.bits(Sweeps.store(store))).isEqualTo(reference);
  }

  @Test
  void aClusterOfTwoExecutorsGivesTheSameAndItsAuditAgrees() throws Exception {
    Path store = folder.resolve("store-cluster");
    try (StandaloneCluster cluster =
        StandaloneCluster.start(Files.createDirectory(folder.resolve("cluster")))) {
      for (Path file : files()) {
        StandaloneCluster.Submission run =
            submit(cluster, "run", file.toString(), "--store", store.toString());
        assertThat(run.exitCode()).as(run.err() + cluster.logs()).isZero();
      }
      FolderTrialStore stored = Sweeps.store(store);
      assertThat(Sweeps.bits(stored)).isEqualTo(reference);
      TreeSet<String> executors = new TreeSet<>();
      stored.scan(record -> executors.add(record.provenance().executor()));
      assertThat(executors).as("executors that computed").isSubsetOf("0", "1").isNotEmpty();

      StandaloneCluster.Submission audit =
          submit(cluster, "audit", store.toString(), "--sample", "0.2", "--seed", "1");
      assertThat(audit.exitCode()).as(audit.out() + audit.err()).isZero();
      assertThat(audit.out()).contains("17 trials equal bit for bit, 0 not");
      SortedMap<String, String> after = new TreeMap<>(Sweeps.bits(stored));
      assertThat(after).isEqualTo(reference);
      assertThat(stored.records("")).hasSize(reference.size()); // the audit added nothing
      try (var left = Files.list(store)) {
        assertThat(left.map(p -> p.getFileName().toString())).noneMatch(n -> n.contains("audit"));
      }
    }
  }

  private static StandaloneCluster.Submission submit(StandaloneCluster cluster, String... arguments)
      throws Exception {
    return cluster.submit(
        "client",
        List.of("--conf", "spark.rnnsweep.memory=512m"),
        "org.rnnsweep.driver.cli.RnnsweepCommand",
        Checkout.jar(),
        arguments);
  }
}
