package org.rnnsweep.driver.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.jobs.JobCatalog;

/** The kernel suite's experiments are read and planned; the counts are worked out by hand. */
class WangExperimentsTest {
  private static final Path QUICK = Path.of("..", "conf", "papers", "quick");

  /** Configurations, seeds and claims of each. */
  private static final Map<String, List<Integer>> EXPECTED =
      Map.ofEntries(
          Map.entry("wang-backward-lower", List.of(2 * 3 * 8 + 3 * 8, 1, 8)),
          Map.entry("wang-degeneracy", List.of(2 * 5, 1, 8)),
          Map.entry("wang-finite-width", List.of(6 + 6 + 5, 48, 8)),
          Map.entry("wang-finite-length", List.of(5, 16, 4)),
          Map.entry("wang-ntk-convergence", List.of(2 * 6 + 5, 48, 6)),
          Map.entry("wang-certificates", List.of(3 * 4 * 7 + 2 * 2 * 5 + 4 + 2 * 4, 1, 17)),
          Map.entry("wang-window", List.of(2 * 9, 1, 4)),
          Map.entry(
              "wang-complexity",
              List.of(
                  2 * 4 * 4 + 4 + 3 * 3 + 3 * 2 * 12 + 2 * 2 * 18 + 6 * 2 + 3 * 12 + 3 * 12 + 6,
                  1,
                  14)),
          Map.entry("wang-label", List.of((2 + 2 + 2) * 5 + (2 + 1) * 5 - 2, 8, 11)),
          Map.entry("wang-label-width", List.of(5 + 5 - 1, 8, 3)),
          Map.entry("wang-label-variables", List.of(5 + 6, 8, 5)),
          Map.entry("wang-label-far", List.of(2 * 5, 8, 3)),
          Map.entry("wang-label-ablation", List.of(2 * 5, 1, 2)),
          Map.entry("wang-sgd-rate", List.of(5 * 5, 8, 4)),
          Map.entry("wang-sgd-network", List.of(5 * (5 + 2), 8, 5)),
          Map.entry("wang-sgd-scaling", List.of(2 * 5 + 5 + 5 - 1, 8, 4)),
          Map.entry("wang-lazy-solution", List.of(5 + 5 + 5 - 1, 16, 5)),
          Map.entry("wang-seqlabel-learning", List.of(2 * 5 + 5, 8, 4)),
          Map.entry("wang-outputs", List.of(5, 16, 5)),
          Map.entry("wang-lemmas", List.of(2 * 3 * 7 + 7 + 4 + 5, 64, 7)),
          Map.entry("wang-series", List.of(3, 1, 3)),
          Map.entry("wang-gradient", List.of(3, 8, 2)),
          Map.entry("wang-parts", List.of(5 + 7, 16, 3)),
          Map.entry("wang-linearisation", List.of(3 * (8 + 6 - 1) + 2 * 5, 16, 8)),
          Map.entry("wang-linearisation-length", List.of(3 * 7, 8, 4)),
          Map.entry("wang-initial-norms", List.of(7, 8, 2)),
          Map.entry("wang-products", List.of(5, 5, 1)),
          Map.entry("wang-changed-products", List.of(5, 8, 1)));

  private static Set<String> shipped() throws IOException {
    try (Stream<Path> files = Files.list(QUICK)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("wang-") && name.endsWith(".conf"))
          .map(name -> name.substring(0, name.length() - ".conf".length()))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void areReadAndPlanned() throws IOException {
    assertThat(shipped()).isEqualTo(new TreeSet<>(EXPECTED.keySet()));
    for (Map.Entry<String, List<Integer>> entry : EXPECTED.entrySet()) {
      Experiment experiment =
          ExperimentReader.read(
              QUICK.resolve(entry.getKey() + ".conf"), List.of(), JobCatalog.load());
      assertThat(experiment.name()).isEqualTo(entry.getKey());
      assertThat(
              List.of(
                  experiment.configurations().size(),
                  experiment.seeds().count(),
                  experiment.claims().size()))
          .as(entry.getKey())
          .isEqualTo(entry.getValue());
      assertThat(Planner.plan(experiment, Set.of()).trials()).isPositive();
      for (Claim claim : experiment.claims()) {
        assertThat(claim.id()).as("an id of the catalogue").startsWith("wang-");
      }
    }
  }
}
