package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentReader;
import org.rnnsweep.driver.config.ExperimentSource;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.store.Provenance;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;

class TimeLeftTest {
  private static final String EXPERIMENT =
      """
      experiment = recorded
      job = inversion
      numerics { precision = single }
      seeds { root = 20210521, count = 5 }
      parameters { estimator = least-squares }
      axes { dimension = [2, 4, 8], length = [2, 4, 6], width = [500, 1000, 2000, 5000] }
      """;

  /**
   * How long the groups of that sweep took on two cores, relative to the first seed of m = 5000, d
   * = 2: width, dimension, and the five seeds. An operation is 1.7 times as slow at m = 500.
   */
  private static final String RECORDED =
      """
      500 2 0.00152 0.00178 0.00151 0.00170 0.00151
      500 4 0.00157 0.00154 0.00153 0.00153 0.00153
      500 8 0.00164 0.00159 0.00162 0.00157 0.00157
      1000 2 0.00991 0.01009 0.01001 0.00991 0.01001
      1000 4 0.01016 0.01041 0.01027 0.01013 0.01003
      1000 8 0.01030 0.01012 0.01003 0.01006 0.01020
      2000 2 0.06887 0.07009 0.07029 0.06971 0.06887
      2000 4 0.06945 0.06978 0.06938 0.06963 0.06961
      2000 8 0.08425 0.06934 0.07037 0.06995 0.07040
      5000 2 1.00000 0.98833 0.99428 0.99334 0.99669
      5000 4 0.95464 1.01382 1.00555 0.98629 0.99703
      5000 8 1.00198 1.00188 0.98763 0.97767 0.96007
      """;

  /** Between two slots the truth is a step; below so many per cent of the sweep nobody waits. */
  private static final double NOBODY_WAITS = 0.01;

  private static Map<String, Double> recorded() {
    Map<String, Double> seconds = new HashMap<>();
    for (String line : RECORDED.lines().toList()) {
      String[] words = line.strip().split(" ");
      for (int seed = 0; seed < 5; seed++) {
        seconds.put(
            words[0] + " " + words[1] + " " + seed, 113 * Double.parseDouble(words[2 + seed]));
      }
    }
    assertThat(seconds).hasSize(60);
    return seconds;
  }

  private static double seconds(Map<String, Double> recorded, TrialGroup group) {
    Configuration c = group.first().configuration();
    return recorded.get(
        c.integer("width") + " " + c.integer("dimension") + " " + group.first().seedIndex());
  }

  private static BundleReport report(Map<String, Double> recorded, Bundle bundle) {
    BundleReport report = new BundleReport();
    for (TrialGroup group : bundle.groups()) {
      double share = seconds(recorded, group) / group.trials().size();
      for (Trial trial : group.trials()) {
        Provenance p = new Provenance("", "", "", "", "", "", "", "", "", "", "", 0, share, 0);
        report.add(
            new TrialRecord(trial.id(), trial, Outcome.COMPLETED, "", Map.of(), Map.of(), p));
      }
    }
    return report;
  }

  private record Running(int index, double start, double end) {}

  /** Whether executors tell the driver how far they are, or their end alone. */
  enum Telling {
    PROGRESS,
    ENDS
  }

  /** Largest relative error of the time left, from that part of the sweep on. */
  private static double worst(int slots, Telling telling, double from) throws Exception {
    Map<String, Double> recorded = recorded();
    Experiment experiment =
        ExperimentReader.read(
            new ExperimentSource(EXPERIMENT, List.of()), "a test's", JobCatalog.load());
    Plan plan = Planner.plan(experiment, Set.of());
    List<Running> schedule = new ArrayList<>();
    PriorityQueue<Double> free = new PriorityQueue<>();
    double whole = 0;
    for (int i = 0; i < plan.bundles().size(); i++) {
      double start = free.size() < slots ? 0 : free.remove();
      double end =
          start
              + plan.bundles().get(i).groups().stream()
                  .mapToDouble(group -> seconds(recorded, group))
                  .sum();
      free.add(end);
      schedule.add(new Running(i, start, end));
      whole = Math.max(whole, end);
    }
    double[] now = new double[1];
    RunMeter meter = new RunMeter(plan, RunOptions.standard(), () -> (long) (now[0] * 1e9));
    meter.nextRound();
    double worst = 0;
    Set<Integer> finished = new java.util.HashSet<>();
    for (double t = 0.5; t < whole * (1 - NOBODY_WAITS); t += 0.5) {
      now[0] = t;
      int running = 0;
      for (Running task : schedule) {
        if (task.end() <= t && finished.add(task.index())) {
          meter.finished(task.index(), report(recorded, plan.bundles().get(task.index())));
        } else if (task.start() <= t && t < task.end()) {
          running++;
          if (telling == Telling.PROGRESS) {
            double part = (t - task.start()) / (task.end() - task.start());
            meter.advanced(task.index(), part * plan.bundles().get(task.index()).flops());
          }
        }
      }
      double left = meter.progress(running).secondsLeft();
      if (t >= from * whole) {
        assertThat(left).as("at %s s", t).isNotNaN();
        worst = Math.max(worst, Math.abs(left - (whole - t)) / (whole - t));
      }
    }
    return worst;
  }

  /** Executors of a cluster tell nothing before their first bundle ends, after an eighth. */
  @ParameterizedTest
  @CsvSource({"1, PROGRESS, 0.1", "2, PROGRESS, 0.1", "2, ENDS, 0.13", "4, ENDS, 0.26"})
  void isWithinThirtyPerCentForARecordedSweep(int slots, Telling telling, double from)
      throws Exception {
    assertThat(worst(slots, telling, from)).isLessThan(0.3);
  }

  @Test
  void aKindThatHasNotRunTakesTheNearestRate() {
    TimeLeft left = new TimeLeft();
    assertThat(left.seconds(1e9, 1)).isNaN();
    left.took(1e12, 1, 100);
    left.took(64e6, 64, 1); // a million a group: slower an operation
    assertThat(left.seconds(2e12, 1)).isCloseTo(200, Offset.offset(1e-9));
    assertThat(left.seconds(2e6, 1)).isCloseTo(2 / 64.0, Offset.offset(1e-9));
    assertThat(left.seconds(1e11, 1)).isCloseTo(10, Offset.offset(1e-9));
  }

  @Test
  void tasksTakeTheSlotThatIsFreeFirst() {
    TimeLeft left = new TimeLeft();
    left.begin(2);
    List.of(5.0, 3.0, 1.0, 2.0).forEach(left::add); // 5 | 3 1 2
    assertThat(left.end()).isEqualTo(6);
    left.begin(1);
    left.add(4);
    assertThat(left.end()).isEqualTo(4);
  }
}
