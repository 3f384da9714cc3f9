package org.rnnsweep.driver.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.SideBySideJob;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentReader;
import org.rnnsweep.driver.config.ExperimentSource;
import org.rnnsweep.driver.config.InvalidExperimentException;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;

/** Groups of a job that takes several seeds of one configuration at once. */
class SeedsTogetherTest {
  private final SideBySideJob job = new SideBySideJob();

  private Experiment experiment(String seeds, String axes) {
    return ExperimentReader.read(
        new ExperimentSource(
            "experiment = x, job = side-by-side, seeds { root = 1, "
                + seeds
                + " }, axes { "
                + axes
                + " }",
            List.of()),
        "a test's",
        JobCatalog.of(List.of(job)));
  }

  private static List<TrialGroup> groups(Plan plan) {
    return plan.bundles().stream().flatMap(bundle -> bundle.groups().stream()).toList();
  }

  /** A group as text: seed and length of each trial. */
  private static String text(TrialGroup group) {
    List<String> trials = new ArrayList<>();
    for (Trial trial : group.trials()) {
      trials.add(trial.seedIndex() + "/" + trial.configuration().get("length"));
    }
    return String.join(" ", trials);
  }

  private static List<String> texts(Plan plan) {
    return groups(plan).stream().map(SeedsTogetherTest::text).toList();
  }

  @Test
  void seedsAndSharedAxesFillAGroup() {
    Plan plan = Planner.plan(experiment("count = 7", "L = [8, 4]"), Set.of());
    assertThat(texts(plan))
        .containsExactlyInAnyOrder("0/8 0/4 1/8 1/4 2/8 2/4", "3/8 3/4 4/8 4/4 5/8 5/4", "6/8 6/4");
    assertThat(plan.trials()).isEqualTo(14);
    assertThat(plan.storedTrials()).isZero();
    assertThat(plan.flops()).isEqualTo(14);
    assertThat(job.costs).as("one of three seeds, one of one").hasValue(2);
  }

  @Test
  void eachConfigurationSaysHowMany() {
    Experiment x = experiment("count = 4", "k = [1, 2, 50], L = [8, 4]");
    Plan plan = Planner.plan(x, Set.of());
    for (TrialGroup group : groups(plan)) {
      assertThat(group.trials())
          .extracting(trial -> trial.configuration().without(Set.of("length")))
          .containsOnly(group.first().configuration().without(Set.of("length")));
    }
    assertThat(texts(plan))
        .containsExactlyInAnyOrder(
            "0/8 0/4",
            "1/8 1/4",
            "2/8 2/4",
            "3/8 3/4",
            "0/8 0/4 1/8 1/4",
            "2/8 2/4 3/8 3/4",
            "0/8 0/4 1/8 1/4 2/8 2/4 3/8 3/4");
    assertThat(job.costs).as("one a configuration").hasValue(3);
  }

  @Test
  void oneSeedAtATimeKeepsTheOrderOfConfigurationsAndSeeds() {
    Plan plan = Planner.plan(experiment("count = 3", "k = 1, b = [7, 5], L = [8, 4]"), Set.of());
    List<String> once = List.of("0/8 0/4", "1/8 1/4", "2/8 2/4");
    List<String> twice = new ArrayList<>(once);
    twice.addAll(once);
    assertThat(texts(plan)).isEqualTo(twice);
    assertThat(groups(plan))
        .extracting(group -> group.first().configuration().get("bad"))
        .containsExactly(7L, 7L, 7L, 5L, 5L, 5L);
  }

  @Test
  void whatIsStoredIsLeftOutAndTheNextSeedsMoveUp() {
    Experiment x = experiment("count = 7", "L = [8, 4]");
    Set<String> settled = new HashSet<>();
    for (TrialGroup group : groups(Planner.plan(x, Set.of()))) {
      for (Trial trial : group.trials()) {
        boolean second = trial.configuration().integer("length") == 4;
        if (trial.seedIndex() == 1 || trial.seedIndex() == 4 && second) {
          settled.add(trial.id());
        }
      }
    }
    Plan rest = Planner.plan(x, settled);
    assertThat(rest.storedTrials()).isEqualTo(3);
    assertThat(texts(rest))
        .containsExactlyInAnyOrder("0/8 0/4 2/8 2/4 3/8 3/4", "4/8 5/8 5/4 6/8 6/4");
    assertThat(rest.flops()).as("of the group that is not whole, its own").isEqualTo(11);
    assertThat(texts(Planner.only(rest, group -> group.first().seedIndex() == 4)))
        .containsExactly("4/8 5/8 5/4 6/8 6/4");
  }

  @Test
  void noGroupCrossesALook() {
    Experiment x =
        experiment(
            "until = { metric = drawn, relative-half-width = 0.05 }, min = 2, max = 9, looks = [2, 4, 9]",
            "L = [8, 4]");
    assertThat(x.seeds().isAdaptive()).isTrue();
    Plan plan = Planner.plan(x, Set.of());
    List<Plan> parts = Planner.byLook(plan);
    assertThat(parts.stream().map(part -> Set.copyOf(texts(part))))
        .containsExactly(
            Set.of("0/8 0/4 1/8 1/4"),
            Set.of("2/8 2/4 3/8 3/4"),
            Set.of("4/8 4/4 5/8 5/4 6/8 6/4", "7/8 7/4 8/8 8/4"));
    assertThat(parts.stream().mapToInt(Plan::trials).sum()).isEqualTo(plan.trials());
  }

  @Test
  void groupsOfSeveralSeedsSurviveTheWire() {
    Plan plan = Planner.plan(experiment("count = 7", "L = [8, 4]"), Set.of());
    for (Bundle bundle : plan.bundles()) {
      assertThat(BundleCodec.decode(BundleCodec.encode(bundle))).isEqualTo(bundle);
    }
  }

  @Test
  void noSeedAtAllIsTheJobsFault() {
    Experiment x = experiment("count = 7", "k = 0");
    assertThatThrownBy(() -> Planner.plan(x, Set.of()))
        .isInstanceOf(InvalidExperimentException.class)
        .hasMessageContaining("job side-by-side: seedsTogether threw")
        .hasMessageContaining("not at least 1: 0");
  }
}
