package org.rnnsweep.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.cluster.StandaloneCluster;
import org.rnnsweep.driver.cli.RnnsweepCommand;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.packaging.Checkout;

/** Executors that die while a sweep runs on them. */
@Tag("full")
class KilledExecutorsTest {
  @TempDir Path folder;

  private static StandaloneCluster.Submission submit(
      StandaloneCluster cluster, FaultySweep sweep, String... options) throws Exception {
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of("run", sweep.file().toString(), "--store", sweep.store().toString()));
    arguments.addAll(List.of(options));
    return cluster.submit(
        "client",
        List.of(
            "--properties-file",
            Checkout.root().resolve("conf/cluster/standalone.conf").toString(),
            "--conf",
            "spark.executor.memory=512m",
            "--conf",
            "spark.executor.cores=1",
            "--conf",
            "spark.rnnsweep.memory=1g",
            "--jars",
            sweep.jar().toString()),
        RnnsweepCommand.class.getName(),
        Checkout.jar(),
        arguments.toArray(String[]::new));
  }

  /**
   * Each of the two ends itself with probability 0.3 every 2 s, for half a minute of work. A trial
   * of 50 ms that was under way is lost for good only if that happens to it twice more while it
   * runs alone: with probability (0.3 * 0.05 / 2)^2 = 6e-5.
   */
  @Test
  void aSweepSurvivesChaos() throws Exception {
    FaultySweep sweep =
        new FaultySweep(
            Files.createDirectory(folder.resolve("chaos")),
            "axes { number = "
                + IntStream.range(0, 600).boxed().toList()
                + " }\nparameters { millis = 50 }\n");
    try (StandaloneCluster cluster =
        StandaloneCluster.start(Files.createDirectory(folder.resolve("cluster")))) {
      StandaloneCluster.Submission run = submit(cluster, sweep, "--chaos", "kill=0.3/2s");
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(sweep.outcomes().values())
          .extracting(TrialRecord::outcome)
          .containsOnly(Outcome.COMPLETED)
          .hasSize(600);
      long executors =
          sweep.opened().records("").stream()
              .map(record -> record.provenance().executor())
              .distinct()
              .count();
      assertThat(executors).as("some died: new ones came").isGreaterThan(2);
    }
  }

  @Test
  void aTrialThatDoesNotStopTakesItsExecutorAndNothingElse() throws Exception {
    FaultySweep sweep =
        new FaultySweep(
            Files.createDirectory(folder.resolve("timeout")),
            """
            axes {
              union = [
                { number = %s, millis = 50 }
                { number = [101], manner = loop, millis = 60 }
              ]
            }
            """
                .formatted(IntStream.range(0, 60).boxed().toList()));
    try (StandaloneCluster cluster =
        StandaloneCluster.start(Files.createDirectory(folder.resolve("cluster2")))) {
      StandaloneCluster.Submission run = submit(cluster, sweep, "--timeout", "3s");
      assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
      assertThat(run.err()).contains("TIMED_OUT, 1 times");
      Map<Long, TrialRecord> outcomes = sweep.outcomes();
      assertThat(outcomes).hasSize(61);
      outcomes.forEach(
          (number, record) ->
              assertThat(record.outcome())
                  .isEqualTo(number == 101 ? Outcome.TIMED_OUT : Outcome.COMPLETED));
    }
  }
}
