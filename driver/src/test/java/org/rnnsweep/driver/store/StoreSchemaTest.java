package org.rnnsweep.driver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.JobContract;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;

class StoreSchemaTest {

  private record Named(List<Parameter> parameters, List<Metric> metrics) implements Job {
    @Override
    public String id() {
      return "named";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public String summary() {
      return "has names";
    }

    @Override
    public Cost cost(TrialGroup group) {
      return new Cost(0, 0);
    }

    @Override
    public List<TrialResult> run(TrialGroup group, JobContext context) {
      return List.of();
    }
  }

  /** What third parties check their names against is what the store writes. */
  @Test
  void theContractReservesEveryColumnOfOurs() {
    Job nameless = new Named(List.of(), List.of());
    Set<String> ours = new HashSet<>(Set.of("job"));
    StoreSchema.of(nameless).message().getFields().forEach(column -> ours.add(column.getName()));
    assertThat(JobContract.RESERVED).containsExactlyInAnyOrderElementsOf(ours);
  }

  @Test
  void namesThatTwoColumnsWouldShareAreFoundBeforeARun() {
    Job job =
        new Named(
            List.of(
                Parameter.integer("width", "m", 1, 2, "w"),
                Parameter.real("seconds", "t", 0, 1, "s"),
                Parameter.choice("job", "j", "a", "b")),
            List.of(Metric.scalar("width", "w", "1", "w"), Metric.series("host", "h", "1", "h")));
    assertThat(StoreSchema.problems(job))
        .containsExactly(
            "job named: parameter seconds has the name of another column",
            "job named: parameter job has the name of another column",
            "job named: metric width has the name of another column",
            "job named: metric host has the name of another column");
    assertThatThrownBy(() -> StoreSchema.of(job)).isInstanceOf(IllegalArgumentException.class);
    assertThat(StoreSchema.problems(new FakeJob())).isEmpty();
  }
}
