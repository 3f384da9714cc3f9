package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentReader;
import org.rnnsweep.driver.config.ExperimentSource;
import org.rnnsweep.driver.execute.Halving.Race;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.store.InMemoryTrialStore;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.JobCatalog;

/** Numbers are drawn anew at every effort, so who is ahead changes from rung to rung. */
class HalvingTest {
  private static final int SEEDS = 2;
  private static final double[] RUNGS = {0.25, 0.5, 1};

  private static Experiment experiment(String axes) {
    String text =
        "experiment = x\njob = fake\nnumerics { library = java }\nseeds { root = 3, count = "
            + SEEDS
            + " }\naxes { "
            + axes
            + " }\n";
    return ExperimentReader.read(
        new ExperimentSource(text, List.of()), "a test's", JobCatalog.of(List.of(new FakeJob())));
  }

  /** Two races, manners, of ten widths each; one ends badly. */
  private static Experiment races() {
    return experiment(
        "manner = [well, fail], width = { linear { from = 3, to = 12, step = 1 } },"
            + " scale = [1.0, 0.25, 0.5]");
  }

  private static Race race(Experiment experiment) {
    return Race.of(experiment, "drawn", "eps_x", List.of("m"));
  }

  private static RunSummary run(
      TrialExecutor executor, Experiment experiment, InMemoryTrialStore store) throws Exception {
    return executor.run(
        Planner.plan(experiment, store.settledIds()), store, p -> {}, new Cancellation());
  }

  private static TrialExecutor inProcess() {
    return InProcessExecutor.of(2, MemoryTicket.ofBytes(1 << 20));
  }

  private static List<TrialRecord> records(InMemoryTrialStore store) {
    List<TrialRecord> records = new ArrayList<>();
    assertThat(store.scan(records::add)).isEmpty();
    return records;
  }

  private static double mean(List<TrialRecord> records, long width, double scale) {
    return records.stream()
        .filter(r -> r.trial().configuration().choice("manner").equals("well"))
        .filter(r -> r.trial().configuration().integer("width") == width)
        .filter(r -> r.trial().configuration().real("scale") == scale)
        .mapToDouble(r -> r.metrics().get("drawn"))
        .average()
        .orElseThrow();
  }

  private static Set<String> ids(List<TrialRecord> records, String manner) {
    return records.stream()
        .filter(r -> r.trial().configuration().choice("manner").equals(manner))
        .map(TrialRecord::trialId)
        .collect(Collectors.toSet());
  }

  @Test
  void theBestThirdGoesOnAndNobodyElse() throws Exception {
    Experiment experiment = races();
    InMemoryTrialStore whole = new InMemoryTrialStore();
    run(inProcess(), experiment, whole);
    List<TrialRecord> all = records(whole);
    List<Long> going = IntStream.rangeClosed(3, 12).mapToObj(Long::valueOf).toList();
    Set<String> expected = new HashSet<>();
    String best = "";
    for (double rung : RUNGS) {
      List<Long> here = going;
      all.stream()
          .filter(r -> r.trial().configuration().choice("manner").equals("well"))
          .filter(r -> r.trial().configuration().real("scale") == rung)
          .filter(r -> here.contains(r.trial().configuration().integer("width")))
          .forEach(r -> expected.add(r.trialId()));
      List<Long> ranked =
          going.stream()
              .sorted(Comparator.comparingDouble((Long width) -> -mean(all, width, rung)))
              .toList();
      best = "width=" + ranked.get(0);
      going = ranked.subList(0, (ranked.size() + 2) / 3);
    }
    InMemoryTrialStore store = new InMemoryTrialStore();
    RunSummary summary = run(Halving.of(inProcess(), race(experiment)), experiment, store);
    assertThat(ids(records(store), "well")).isEqualTo(expected).hasSize((10 + 4 + 2) * SEEDS);
    assertThat(summary.trials()).isEqualTo(2 * (10 + 4 + 2) * SEEDS);
    assertThat(Halving.winners(experiment, race(experiment), store))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("best of width at manner=well " + best + " scale=1.0: drawn 0.");
  }

  @Test
  void theSameCommandAgainComputesNothingThatSettled() throws Exception {
    Experiment experiment =
        experiment(
            "manner = well, width = { linear { from = 3, to = 12, step = 1 } }, scale = [0.25, 0.5, 1.0]");
    Race race = race(experiment);
    InMemoryTrialStore store = new InMemoryTrialStore();
    assertThat(run(Halving.of(inProcess(), race), experiment, store).trials()).isEqualTo(32);
    assertThat(run(Halving.of(inProcess(), race), experiment, store).trials()).isZero();
    // The whole run goes on from it.
    assertThat(run(inProcess(), experiment, store).trials()).isEqualTo(60 - 32);
  }

  @Test
  void whatDoesNotFitTheExperimentIsSaid() {
    Experiment experiment = races();
    assertThatThrownBy(() -> Race.of(experiment, "draws", "scale", List.of("width")))
        .hasMessage("--best: the job has no scalar metric 'draws'");
    assertThatThrownBy(() -> Race.of(experiment, "drawn", "manner", List.of("width")))
        .hasMessage("--best: 'manner' is a choice, not an effort");
    assertThatThrownBy(() -> Race.of(experiment, "drawn", "scale", List.of("m", "scale")))
        .hasMessage("--best: 'scale' is the effort and looked for");
    assertThatThrownBy(() -> Race.of(experiment, "drawn", "epochs", List.of("m")))
        .hasMessage("the job has no parameter 'epochs'");
    Experiment one = experiment("manner = well, width = 3, scale = [0.5, 1.0]");
    assertThatThrownBy(() -> Race.of(one, "drawn", "scale", List.of("m")))
        .hasMessage("--best: 'm' takes one value only");
  }
}
