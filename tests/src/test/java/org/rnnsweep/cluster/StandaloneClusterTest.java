package org.rnnsweep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the cluster of the other tests is one: separate executors, in both deploy modes. */
class StandaloneClusterTest {
  @TempDir static Path folder;
  private static StandaloneCluster cluster;
  private static Path program;

  @BeforeAll
  static void start() throws Exception {
    cluster = StandaloneCluster.start(Files.createDirectory(folder.resolve("cluster")));
    program =
        StandaloneCluster.jar(
            folder.resolve("program.jar"),
            WhereTasksRun.class,
            WhereTasksRun.Place.class,
            StandaloneCluster.class);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"client", "cluster"})
  void tasksRunInTwoExecutorsBesideTheDriver(String deployMode) throws Exception {
    Path report = folder.resolve(deployMode + ".txt");
    StandaloneCluster.Submission submission =
        cluster.submit(
            deployMode, List.of(), WhereTasksRun.class.getName(), program, report.toString());
    assertThat(submission.exitCode()).as(submission.err()).isZero();
    assertThat(report).as(cluster.logs()).exists();
    List<String> lines = Files.readAllLines(report);
    assertThat(lines).hasSize(1 + StandaloneCluster.WORKERS);
    assertThat(lines.get(1)).startsWith("executor 0 ");
    assertThat(lines.get(2)).startsWith("executor 1 ");
    assertThat(lines)
        .extracting(line -> line.substring(line.lastIndexOf(' ') + 1))
        .doesNotHaveDuplicates(); // three processes
  }

  @Test
  void aProgramThatFailsIsSeenToFail() throws Exception {
    StandaloneCluster.Submission submission =
        cluster.submit(
            "client",
            List.of(),
            WhereTasksRun.class.getName(),
            program,
            folder.resolve("no/such/folder").toString());
    assertThat(submission.exitCode()).isNotZero();
    assertThat(submission.err()).contains("NoSuchFileException");
  }
}
