package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.report.MadeUp;

class SuiteProgressTest {
  private final Plan plan = Planner.plan(MadeUp.grid(2), Set.of());
  private final int trials = plan.trials();
  private final int bundles = plan.bundles().size();

  private RunProgress of(double share, double elapsed) {
    boolean done = share == 1;
    return new RunProgress(
        done ? bundles : 0,
        bundles,
        (int) (share * trials),
        trials,
        share * plan.flops(),
        plan.flops(),
        done ? 0 : 2,
        1,
        elapsed,
        elapsed * (1 - share) / share);
  }

  /** Two plans of the same work: half of the first is a quarter of both, and three are left. */
  @Test
  void isThatOfAllPlans() {
    List<RunProgress> told = new ArrayList<>();
    SuiteProgress progress = SuiteProgress.of(List.of(plan, plan), told::add);
    var first = progress.next();
    first.accept(of(0.5, 10));
    first.accept(of(1, 20));
    progress.next().accept(of(0.5, 10));
    assertThat(told).hasSize(3);
    assertThat(told.get(0).fraction()).isEqualTo(0.25);
    assertThat(told.get(0).secondsLeft()).isEqualTo(30);
    assertThat(told.get(0).trials()).isEqualTo(2 * trials);
    assertThat(told.get(1).fraction()).isEqualTo(0.5);
    assertThat(told.get(1).bundlesDone()).isEqualTo(bundles).isLessThan(told.get(1).bundles());
    assertThat(told.get(2).fraction()).isEqualTo(0.75);
    assertThat(told.get(2).elapsedSeconds()).isEqualTo(30);
    assertThat(told.get(2).failed()).isEqualTo(2);
    assertThat(told.get(2).trialsDone()).isEqualTo(trials + trials / 2);
  }

  private RunProgress of(double share, int running, double elapsed, double left) {
    return new RunProgress(
        0,
        bundles,
        (int) (share * trials),
        trials,
        share * plan.flops(),
        plan.flops(),
        running,
        0,
        elapsed,
        left);
  }

  /**
   * Plans of equal work: 10 s of one slot are left of the first, 30 of the second, each of which
   * has one of two slots.
   */
  @Test
  void plansBesideEachOtherShareTheSlots() {
    List<RunProgress> told = new ArrayList<>();
    SuiteProgress progress = SuiteProgress.of(List.of(plan, plan), told::add);
    var first = progress.next();
    first.accept(of(0.9, 2, 60, 5));
    var second = progress.next();
    second.accept(of(0.5, 1, 10, 30));
    first.accept(of(0.9, 1, 70, 10));
    RunProgress both = told.get(2);
    assertThat(both.running()).isEqualTo(2);
    assertThat(both.elapsedSeconds()).isEqualTo(70);
    assertThat(both.fraction()).isCloseTo(0.7, within(1e-12));
    assertThat(both.trialsDone()).isEqualTo((int) (0.9 * trials) + trials / 2);
    // Ten seconds on both slots, then 20 of one slot on two.
    assertThat(both.secondsLeft()).isCloseTo(20, within(1e-9));

    // One trial of the first outlasts all else.
    first.accept(of(0.9, 1, 71, 100));
    assertThat(told.get(3).secondsLeft()).isCloseTo(100, within(1e-9));
    // It waits behind the first: its work counts at the rate so far, 1.4 of 2 in 72 s.
    second.accept(of(0.5, 0, 12, Double.NaN));
    first.accept(of(0.9, 2, 72, 5));
    assertThat(told.get(5).secondsLeft()).isCloseTo(5 + 0.5 * 72 / 1.4, within(1e-9));
  }

  @Test
  void nothingIsSaidOfTheTimeLeftBeforeAnythingIsKnown() {
    List<RunProgress> told = new ArrayList<>();
    SuiteProgress.of(List.of(plan, plan), told::add).next().accept(of(0, 2, 1, Double.NaN));
    assertThat(told.get(0).secondsLeft()).isNaN();
  }
}
