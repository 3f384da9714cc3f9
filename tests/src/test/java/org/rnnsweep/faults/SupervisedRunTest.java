package org.rnnsweep.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Outcome;

/** Trials that take their process along, in a sweep that the launcher supervises. */
@EnabledOnOs(OS.LINUX)
class SupervisedRunTest {
  @TempDir Path folder;

  /** A trial that loops and one that fills the heap, among others that do neither. */
  @Test
  void whatNeverEndsCostsItselfAlone() throws Exception {
    List<Integer> well = IntStream.rangeClosed(1, 12).boxed().toList();
    FaultySweep sweep =
        new FaultySweep(
            folder,
            """
            axes {
              union = [
                { number = %s, millis = 20 }
                { number = [101], manner = loop, millis = 30 }
                { number = [104], manner = heap, millis = 15 }
              ]
            }
            """
                .formatted(well));
    FaultySweep.Ended run = sweep.run("--timeout", "4s");
    assertThat(run.code()).as(run.text()).isEqualTo(3);
    Map<Long, TrialRecord> outcomes = sweep.outcomes();
    assertThat(outcomes).as(run.text()).hasSize(14);
    outcomes.forEach((number, record) -> assertEnded(number, record));
    assertThat(run.text())
        .contains("TIMED_OUT, 1 times", "ran longer than 4.0 s allow a trial")
        .contains("OUT_OF_MEMORY, 1 times", "java.lang.OutOfMemoryError: Java heap space")
        .contains("a trial did not stop when its time was over); going on in a new one")
        .contains("14 trials computed")
        .contains("rnnsweep replay " + sweep.store() + " " + outcomes.get(101L).trialId());
    List<String> starts = sweep.starts();
    assertThat(Collections.frequency(starts, outcomes.get(101L).trialId())).isEqualTo(1);
    assertThat(Collections.frequency(starts, outcomes.get(104L).trialId())).isEqualTo(3);
  }

  /**
   * A trial of the second experiment of a suite ends the process while the last one of the first is
   * under way: both are suspects, each is run alone, and one is found innocent.
   */
  @Test
  void aTrialThatEndsItsProcessIsNotTakenForThatOfAnotherExperiment() throws Exception {
    FaultySweep sweep =
        FaultySweep.suite(
            folder,
            "axes { number = [200], millis = 3000 }\n",
            """
            axes {
              union = [
                { number = [1, 2, 3, 4, 5], millis = 20 }
                { number = [103], manner = halt, millis = 10 }
              ]
            }
            """);
    FaultySweep.Ended run = sweep.run();
    assertThat(run.code()).as(run.text()).isEqualTo(3);
    Map<Long, TrialRecord> outcomes = sweep.outcomes();
    assertThat(outcomes).as(run.text()).hasSize(7);
    outcomes.forEach((number, record) -> assertEnded(number, record));
    List<String> starts = sweep.starts();
    assertThat(Collections.frequency(starts, outcomes.get(200L).trialId())).isEqualTo(2);
    assertThat(Collections.frequency(starts, outcomes.get(103L).trialId())).isEqualTo(3);
    assertThat(sweep.opened().records(outcomes.get(200L).trialId()))
        .extracting(TrialRecord::outcome)
        .containsExactlyInAnyOrder(Outcome.LOST, Outcome.COMPLETED);
    assertThat(run.text())
        .contains("b: 6 trials computed in ", "LOST, 1 times")
        .containsPattern("its process ended \\(exit code 0\\) with \\d trials? under way");
    assertThat(sweep.store().resolve("_started")).doesNotExist();
  }

  private static void assertEnded(long number, TrialRecord record) {
    Outcome expected =
        Map.of(
                101L, Outcome.TIMED_OUT,
                102L, Outcome.TIMED_OUT,
                103L, Outcome.LOST,
                104L, Outcome.OUT_OF_MEMORY)
            .getOrDefault(number, Outcome.COMPLETED);
    assertThat(record.outcome()).as("%d: %s", number, record.message()).isEqualTo(expected);
  }

  /**
   * One trial that loops, one that waits in the system, one that ends its process with a code that
   * says all is well, one that fills the heap, among twelve that do none of that.
   */
  @Test
  @Tag("full")
  void whatEndsItsProcessCostsItselfAlone() throws Exception {
    List<Integer> well = IntStream.rangeClosed(1, 12).boxed().toList();
    FaultySweep sweep =
        new FaultySweep(
            folder,
            """
            axes {
              union = [
                { number = %s, millis = 20 }
                { number = [101], manner = loop, millis = 30 }
                { number = [102], manner = native, millis = 10 }
                { number = [103], manner = halt, millis = 25 }
                { number = [104], manner = heap, millis = 15 }
              ]
            }
            """
                .formatted(well));
    FaultySweep.Ended run = sweep.run("--timeout", "4s");
    assertThat(run.code()).as(run.text()).isEqualTo(3);
    Map<Long, TrialRecord> outcomes = sweep.outcomes();
    assertThat(outcomes).as(run.text()).hasSize(16);
    outcomes.forEach((number, record) -> assertEnded(number, record));
    assertThat(run.text())
        .contains("TIMED_OUT, 2 times", "ran longer than 4.0 s allow a trial")
        .contains("LOST, 1 times", "its process ended (exit code 0) with 1 trial under way")
        .contains("OUT_OF_MEMORY, 1 times")
        .contains("a trial did not stop when its time was over); going on in a new one")
        .contains("rnnsweep replay " + sweep.store() + " " + outcomes.get(103L).trialId());
    // Once, and again alone at most twice; what timed out is not tried again.
    List<String> starts = sweep.starts();
    assertThat(Collections.frequency(starts, outcomes.get(101L).trialId())).isEqualTo(1);
    assertThat(Collections.frequency(starts, outcomes.get(102L).trialId())).isEqualTo(1);
    assertThat(Collections.frequency(starts, outcomes.get(103L).trialId())).isEqualTo(3);
    assertThat(Collections.frequency(starts, outcomes.get(104L).trialId())).isEqualTo(3);
    assertThat(sweep.store().resolve("_started")).doesNotExist();
    assertThat(sweep.opened().records("").stream().filter(r -> r.outcome().settled()))
        .as("what completed is there once")
        .hasSize(12);
  }
}
