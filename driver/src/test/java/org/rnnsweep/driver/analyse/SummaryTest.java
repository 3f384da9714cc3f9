package org.rnnsweep.driver.analyse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.report.MadeUp;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Outcome;

class SummaryTest {
  private static final Configuration FIRST = MadeUp.grid(4).configurations().get(0);

  @Test
  void intervalOfFiveValuesIsTheTextbooksOne() {
    SummaryStatistics s = SummaryStatistics.of(4, 1, 5, 2, 3);

    assertThat(s.mean()).isEqualTo(3);
    assertThat(s.sd()).isCloseTo(Math.sqrt(2.5), within(1e-15));
    assertThat(s.median()).isEqualTo(3);
    assertThat(s.min()).isEqualTo(1);
    assertThat(s.max()).isEqualTo(5);
    // t_4(0.975) = 2.776445105198 (R 4: qt(0.975, 4)); the library's inverse is good to 1e-9.
    double half = 2.776445105198 * Math.sqrt(2.5) / Math.sqrt(5);
    assertThat(s.ci95Low()).isCloseTo(3 - half, within(2e-9));
    assertThat(s.ci95High()).isCloseTo(3 + half, within(2e-9));
  }

  @Test
  void aLargeOffsetDoesNotEatTheSpread() {
    // The textbook's shortcut (sum of squares minus square of sum) gives 0 or nonsense here.
    assertThat(SummaryStatistics.of(1e9 + 1, 1e9 + 2, 1e9 + 3).sd()).isEqualTo(1);
  }

  @Test
  void oneValueHasNoSpreadAndNoneIsRefused() {
    SummaryStatistics s = SummaryStatistics.of(7);

    assertThat(s.median()).isEqualTo(7);
    assertThat(s.sd()).isNaN();
    assertThat(s.ci95Low()).isNaN();
    assertThat(s.standardError()).isNaN();
    assertThatThrownBy(SummaryStatistics::of).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SummaryStatistics.of(1, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("statistics need finite values: found NaN");
  }

  @Test
  void medianOfAnEvenCountIsBetweenTheMiddleTwo() {
    assertThat(SummaryStatistics.of(10, 1, 2, 4).median()).isEqualTo(3);
  }

  @Test
  void orderOfRecordsDoesNotMatterToTheLastBit() {
    Experiment experiment = MadeUp.grid(5);
    List<TrialRecord> records = MadeUp.records(experiment);
    List<TrialRecord> shuffled = new ArrayList<>(records);
    Collections.shuffle(shuffled, new Random(4));

    Summary one = MadeUp.summary(experiment, records);
    Summary other = MadeUp.summary(experiment, shuffled);

    for (int i = 0; i < one.cells().size(); i++) {
      assertThat(other.cells().get(i).statistics("linf"))
          .isEqualTo(one.cells().get(i).statistics("linf"));
    }
  }

  @Test
  void onlyCompletedTrialsAreAveragedAndTheOthersAreCounted() {
    Experiment experiment = MadeUp.grid(4);
    Summary summary =
        MadeUp.summary(
            experiment,
            List.of(
                MadeUp.completed(experiment, FIRST, 0, Map.of("linf", 1.0)),
                MadeUp.completed(experiment, FIRST, 2, Map.of("linf", 3.0)),
                MadeUp.record(
                    experiment, FIRST, 1, Outcome.DIVERGED, "at step 3", Map.of("linf", 1e300)),
                MadeUp.record(experiment, FIRST, 3, Outcome.LOST, "host gone", Map.of())));

    assertThat(summary.cells().get(0).statistics("linf").orElseThrow().mean()).isEqualTo(2);
    assertThat(summary.cells().get(0).statistics("rel_l2")).isEmpty();
    assertThat(summary.outcomes())
        .isEqualTo(Map.of(Outcome.COMPLETED, 2, Outcome.DIVERGED, 1, Outcome.LOST, 1));
    assertThat(summary.shortfalls())
        .extracting(TrialRecord::message)
        .containsExactly("at step 3", "host gone");
    assertThat(summary.plannedTrials()).isEqualTo(30 * 4);
    assertThat(summary.endedTrials()).isEqualTo(4);
  }

  @Test
  void aTrialThatFailedAndWasRunAgainIsWhatItBecame() {
    Experiment experiment = MadeUp.grid(1);
    TrialRecord lost = MadeUp.record(experiment, FIRST, 0, Outcome.LOST, "host gone", Map.of());
    TrialRecord done = MadeUp.completed(experiment, FIRST, 0, Map.of("linf", 1.0));

    for (List<TrialRecord> order : List.of(List.of(lost, done), List.of(done, lost))) {
      Summary summary = MadeUp.summary(experiment, order);
      assertThat(summary.outcomes()).isEqualTo(Map.of(Outcome.COMPLETED, 1));
      assertThat(summary.shortfalls()).isEmpty();
    }
  }

  @Test
  void trialsOfOtherExperimentsInTheStoreAreLeftOutAndCounted() {
    Experiment two = MadeUp.grid(2);
    Experiment five = MadeUp.grid(5);
    Configuration elsewhere = FIRST.with("width", 77L);

    Summary summary =
        MadeUp.summary(
            two,
            List.of(
                MadeUp.completed(five, FIRST, 1, Map.of("linf", 1.0)),
                MadeUp.completed(five, FIRST, 2, Map.of("linf", 9.0)),
                MadeUp.completed(two, elsewhere, 0, Map.of("linf", 9.0))));

    assertThat(summary.cells().get(0).statistics("linf").orElseThrow().mean()).isEqualTo(1);
    assertThat(summary.otherTrials()).isEqualTo(2);
  }
}
