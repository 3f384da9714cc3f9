package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;

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
}
