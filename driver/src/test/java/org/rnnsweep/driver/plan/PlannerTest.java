package org.rnnsweep.driver.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentReader;
import org.rnnsweep.driver.config.SeedPlan;
import org.rnnsweep.driver.config.ToyJob;
import org.rnnsweep.driver.config.Until;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.kernels.NumericsProfile;

class PlannerTest {
  @TempDir Path folder;

  private Experiment experiment(int seeds, String axes) throws IOException {
    Path file = folder.resolve("x.conf");
    Files.writeString(
        file,
        "experiment = x\njob = toy\nseeds { root = 1, count = "
            + seeds
            + " }\naxes { "
            + axes
            + " }\n");
    return ExperimentReader.read(file, List.of(), ToyJob.catalog());
  }

  @Test
  void theLooksOfAnAdaptivePlanAreItsSeedsInOrder() throws IOException {
    Experiment fixed = experiment(7, "m = [16, 64, 512], L = [2, 4]");
    Plan whole = Planner.plan(fixed, Set.of());
    assertThat(Planner.byLook(whole)).containsExactly(whole);
    Experiment adaptive =
        new Experiment(
            fixed.name(),
            "",
            fixed.job(),
            fixed.numerics(),
            new SeedPlan(1, 7, List.of(2, 4, 7), Until.DECIDED),
            fixed.axes(),
            fixed.configurations(),
            List.of(),
            List.of(),
            fixed.specHash(),
            fixed.source());
    List<Trial> stored = trials(whole).stream().filter(t -> t.seedIndex() == 3).toList();
    Set<String> settled = stored.stream().map(Trial::id).collect(Collectors.toSet());
    Plan rest = Planner.plan(adaptive, settled);
    List<Plan> parts = Planner.byLook(rest);
    assertThat(parts.stream().map(part -> trials(part).stream().map(Trial::seedIndex)))
        .extracting(seeds -> seeds.collect(Collectors.toSet()))
        .containsExactly(Set.of(0, 1), Set.of(2), Set.of(4, 5, 6));
    assertThat(parts.stream().flatMap(part -> trials(part).stream()).map(Trial::id))
        .containsExactlyInAnyOrderElementsOf(trials(rest).stream().map(Trial::id).toList())
        .doesNotHaveDuplicates();
  }

  private static List<Trial> trials(Plan plan) {
    return plan.bundles().stream()
        .flatMap(bundle -> bundle.groups().stream())
        .flatMap(group -> group.trials().stream())
        .toList();
  }

  /** Every trial there is, made without the planner. */
  private static Set<String> allIds(Experiment x) {
    Set<String> ids = new TreeSet<>();
    for (Configuration configuration : x.configurations()) {
      for (int seed = 0; seed < x.seeds().count(); seed++) {
        ids.add(new Trial("toy", 3, x.numerics(), x.seeds().root(), seed, configuration).id());
      }
    }
    return ids;
  }

  @Test
  void everyTrialIsInOneGroupWithThoseThatShareItsWork() throws IOException {
    Experiment x = experiment(5, "m = { log2 { from = 4, to = 4096 } }, L = [8, 2, 4], d = [1, 2]");
    Plan plan = Planner.plan(x, Set.of());
    List<String> ids = trials(plan).stream().map(Trial::id).toList();
    assertThat(ids).doesNotHaveDuplicates().hasSize(11 * 3 * 2 * 5);
    assertThat(new TreeSet<>(ids)).isEqualTo(allIds(x));
    assertThat(plan.totalTrials()).isEqualTo(330);
    for (Bundle bundle : plan.bundles()) {
      for (TrialGroup group : bundle.groups()) {
        assertThat(group.trials())
            .extracting(t -> t.configuration().get("length"))
            .containsExactly(8L, 2L, 4L);
        assertThat(group.trials())
            .extracting(t -> List.of(t.seedIndex(), t.configuration().without(Set.of("length"))))
            .containsOnly(
                List.of(
                    group.first().seedIndex(),
                    group.first().configuration().without(Set.of("length"))));
      }
    }
  }

  @Test
  void isDeterministicAndDropsWhatIsSettled() throws IOException {
    Experiment x = experiment(8, "m = [16, 64, 512], L = [2, 4, 8]");
    List<String> all = new ArrayList<>(allIds(x));
    Collections.shuffle(all, new Random(5));
    List<String> settled = new ArrayList<>(all.subList(0, 31));
    Set<String> rest = new HashSet<>(all.subList(31, all.size()));
    settled.add("0123456789abcdef0123456789abcdef"); // of another experiment
    Plan plan = Planner.plan(x, new LinkedHashSet<>(settled));
    assertThat(plan.storedTrials()).isEqualTo(31);
    assertThat(plan.trials()).isEqualTo(72 - 31);
    assertThat(trials(plan)).extracting(Trial::id).containsExactlyInAnyOrderElementsOf(rest);
    Collections.reverse(settled);
    assertThat(Planner.plan(x, new LinkedHashSet<>(settled)).bundles()).isEqualTo(plan.bundles());
    assertThat(Planner.plan(x, allIds(x)).bundles()).isEmpty();
  }

  @Test
  void bundlesAreLongestFirstSimilarInMemoryAndAddUp() throws IOException {
    Experiment x = experiment(30, "L = [2, 4], m = { linear { from = 2, to = 400, step = 2 } }");
    Plan plan = Planner.plan(x, Set.of());
    double flops = 0;
    for (Bundle bundle : plan.bundles()) {
      assertThat(bundle.groups()).hasSizeBetween(1, 256);
      double sum = 0;
      long largest = 0;
      long smallest = Long.MAX_VALUE;
      for (TrialGroup group : bundle.groups()) {
        sum += x.job().cost(group).flops();
        largest = Math.max(largest, x.job().cost(group).memoryBytes());
        smallest = Math.min(smallest, x.job().cost(group).memoryBytes());
      }
      assertThat(bundle.flops()).isCloseTo(sum, within(1e-9 * sum));
      assertThat(bundle.memoryBytes()).isEqualTo(largest);
      assertThat(largest).isLessThan(2 * smallest);
      flops += sum;
    }
    assertThat(plan.flops()).isCloseTo(flops, within(1e-9 * flops));
    assertThat(plan.bundles()).isSortedAccordingTo((a, b) -> Double.compare(b.flops(), a.flops()));
    // 6000 groups of up to 6.4e11 flop: enough bundles to end together, far fewer than groups.
    assertThat(plan.bundles().size()).isBetween(200, 1000);
    assertThat(plan.bundles().get(0).flops())
        .as("one group at most above the target")
        .isLessThan(6e12 + 6.4e11);
  }

  @Test
  void aLongGroupIsABundleOfItsOwn() throws IOException {
    Plan plan = Planner.plan(experiment(5, "L = 100, m = [10, 1000000]"), Set.of());
    assertThat(plan.bundles().subList(0, 5))
        .allSatisfy(bundle -> assertThat(bundle.groups()).hasSize(1));
    assertThat(plan.bundles()).hasSize(6);
  }

  @Test
  void bundlesSurviveTheWireBitForBit() throws IOException {
    Experiment x =
        experiment(
            3,
            "L = [1, 2], union = [ { m = 7, eps = [0.1, 0.30000000000000004, 4.9e-324, 0] },"
                + " { m = 8, estimator = sgd } ]");
    for (Bundle bundle : Planner.plan(x, Set.of()).bundles()) {
      byte[] bytes = BundleCodec.encode(bundle);
      Bundle decoded = BundleCodec.decode(bytes);
      assertThat(decoded).isEqualTo(bundle);
      for (int i = 0; i < bundle.groups().size(); i++) {
        assertThat(decoded.groups().get(i).trials())
            .extracting(Trial::id)
            .isEqualTo(bundle.groups().get(i).trials().stream().map(Trial::id).toList());
      }
      for (int cut = 0; cut < bytes.length; cut++) {
        byte[] torn = Arrays.copyOf(bytes, cut);
        assertThatThrownBy(() -> BundleCodec.decode(torn))
            .as("cut at %d", cut)
            .isInstanceOf(IllegalArgumentException.class);
      }
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
      assertThatThrownBy(() -> BundleCodec.decode(longer)).hasMessageContaining("1 bytes");
    }
  }

  @Test
  void aBundleHasOneRootSeed() {
    Trial trial = trial(1);
    Bundle mixed = new Bundle(List.of(new TrialGroup(List.of(trial, trial(2)))), 1, 1);
    assertThatThrownBy(() -> BundleCodec.encode(mixed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("root seed");
  }

  private static Trial trial(long root) {
    return new Trial(
        "toy",
        3,
        NumericsProfile.parse("java:netlib:double"),
        root,
        0,
        Configuration.of(Map.of("width", 1)));
  }

  @ParameterizedTest
  @CsvSource({
    "0.2, under 1 s",
    "59.4, 59 s",
    "59.6, 1 min 00 s",
    "200, 3 min 20 s",
    "7500, 2 h 05 min",
    "86399.7, 1 d 0 h",
    "273600, 3 d 4 h",
  })
  void durationsReadAsOneSaysThem(double seconds, String expected) {
    assertThat(CostModel.formatted(seconds)).isEqualTo(expected);
  }

  @Test
  void timeIsThatOfTheLastTask() throws IOException {
    // Five bundles of 1e6 * 1e12 * 10 flop each.
    Plan plan = Planner.plan(experiment(5, "L = 10, m = 1000000"), Set.of());
    CostModel model = CostModel.of(1e18);
    assertThat(model.seconds(plan, 1)).isEqualTo(50);
    assertThat(model.seconds(plan, 2)).isEqualTo(30);
    assertThat(model.seconds(plan, 5)).isEqualTo(10);
    assertThat(model.seconds(plan, 500)).isEqualTo(10);
    assertThatThrownBy(() -> model.seconds(plan, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CostModel.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    // 90 s at 2e9 against 10 s assumed at 1e9.
    assertThat(CostModel.of(1e9).withFinished(180e9, 90).flopsPerSecond())
        .isEqualTo(1.9e9, within(1.0));
  }

  @Test
  void textSaysWhatARunWouldDo() throws IOException {
    Experiment x = experiment(5, "L = [10, 20], m = [1000, 1000000]");
    Set<String> settled = Set.of(trials(Planner.plan(x, Set.of())).get(0).id());
    String text = PlanText.render(Planner.plan(x, settled), 2, CostModel.of(1e18), claim -> "");
    assertThat(text.lines().map(line -> line.replaceAll(" +", " ")))
        .contains(
            "configurations 4",
            " length 10, 20",
            " width 1000, 1000000",
            "trials 20",
            " stored already 1",
            " to run 19",
            "groups 10 that share work, in 10 bundles",
            "operations 1.00e+20 flop",
            "time about 1 min 00 s on 2 cores, at 1000000000 Gflop/s each");
    assertThat(PlanText.render(Planner.plan(x, allIds(x)), 2, CostModel.of(1), claim -> ""))
        .contains("nothing to do");
  }

  @Test
  @Tag("full")
  void aMillionConfigurationsFitTwoGibibytesAndHalfAMinute() throws IOException {
    long start = System.nanoTime();
    Experiment x =
        experiment(
            1,
            "m = { linear { from = 1, to = 2000, step = 1 } }"
                + ", L = { linear { from = 1, to = 1000, step = 1 } }, where = \"(m + L) / 2 >= 1 and m <= 1000\"");
    double read = (System.nanoTime() - start) * 1e-9;
    Plan plan = Planner.plan(x, Set.of("none"));
    double planned = (System.nanoTime() - start) * 1e-9;
    assertThat(plan.trials()).isEqualTo(1_000_000);
    System.out.printf(
        Locale.ROOT,
        "1,000,000 configurations: read in %.1f s, read and planned in %.1f s, heap at most %d MiB%n",
        read,
        planned,
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getMax() >> 20);
    assertThat(planned).as("several times what it takes, on a busy machine").isLessThan(30);
  }
}
