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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rnnsweep.driver.plan.CostModel;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.PlanText;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.jobs.JobCatalog;

/** Every file under {@code conf/} is read and planned; the counts are worked out by hand. */
class ShippedExperimentsTest {
  private static final Path CONF = Path.of("..", "conf");

  /** Configurations, seeds and claims of each. */
  private static final Map<String, List<Integer>> EXPECTED =
      Map.of(
          "inversion-quick", List.of(2 * 3 * 4, 5, 4),
          "inversion-figure4", List.of(3 * 3 * 5, 5, 4),
          "inversion-sgd", List.of(2 * 3 * 2, 5, 2),
          "inversion-theorem", List.of(7 + 5 + 3 + 1, 16, 3),
          "inversion-naive", List.of(2 * 8, 16, 2),
          "languages-quick", List.of(3 * 2 * 2, 5, 2),
          "languages-tomita7", List.of(2 * 3 * 2, 16, 3),
          "languages-table1", List.of(17 * 2 * 2 * 4, 12, 4),
          "languages-length", List.of(5 * 2 * 2 * 4, 8, 1));

  static Set<String> shipped() throws IOException {
    try (Stream<Path> files = Files.list(CONF)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".conf"))
          .map(name -> name.substring(0, name.length() - ".conf".length()))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Experiment read(String name) {
    return ExperimentReader.read(CONF.resolve(name + ".conf"), List.of(), JobCatalog.load());
  }

  @Test
  void everyShippedExperimentIsExpectedHereAndTheOtherWayRound() throws IOException {
    assertThat(shipped()).containsAll(EXPECTED.keySet());
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void isReadAndPlanned(String name) {
    Experiment experiment = read(name);
    assertThat(experiment.name()).as("named after its file").isEqualTo(name);
    assertThat(experiment.claims()).isNotEmpty();
    assertThat(experiment.figures()).isNotEmpty();
    Plan plan = Planner.plan(experiment, Set.of());
    assertThat(plan.trials()).isEqualTo(plan.totalTrials());
    if (EXPECTED.containsKey(name)) {
      assertThat(
              List.of(
                  experiment.configurations().size(),
                  experiment.seeds().count(),
                  experiment.claims().size()))
          .isEqualTo(EXPECTED.get(name));
    }
    String text = PlanText.render(plan, 2, CostModel.of(experiment.numerics()), claim -> "");
    assertThat(text).contains("trials").contains(name);
  }
}
