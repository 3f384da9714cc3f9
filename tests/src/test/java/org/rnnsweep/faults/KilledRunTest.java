package org.rnnsweep.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Outcome;

/**
 * A sweep whose processes are ended, all at once and without a word, at random moments, and which
 * is started again each time.
 */
@EnabledOnOs(OS.LINUX)
class KilledRunTest {
  /** Of the moments; chosen once, with the test. */
  private static final long SEED = 20_261_122;

  private static final int SLOTS = 2;

  /** Twenty of 50 ms are what the planner takes for a bundle of a second. */
  private static final int GROUPS_OF_A_BUNDLE = 20;

  @TempDir Path folder;

  @Test
  void threeMoments() throws Exception {
    killed(3, 200);
  }

  @Test
  @Tag("full")
  void twentyMoments() throws Exception {
    killed(20, 1000);
  }

  private void killed(int kills, int trials) throws Exception {
    FaultySweep sweep =
        new FaultySweep(
            folder,
            "axes { number = "
                + IntStream.range(0, trials).boxed().toList()
                + " }\nparameters { millis = 50 }\n");
    SplittableRandom random = new SplittableRandom(SEED);
    int done = 0;
    for (; done < kills; done++) {
      int before = sweep.starts().size();
      Process run = sweep.start();
      while (run.isAlive() && sweep.starts().size() == before) {
        Thread.sleep(5);
      }
      Thread.sleep(random.nextInt(2500));
      boolean alive = run.isAlive();
      FaultySweep.kill(run);
      if (!alive) {
        break; // nothing is left to kill
      }
    }
    assertThat(done).as("runs that were killed: %s", sweep.text()).isGreaterThan(kills / 2);
    FaultySweep.Ended last = sweep.run();
    assertThat(last.code()).as(last.text()).isZero();

    assertThat(sweep.outcomes().values())
        .extracting(TrialRecord::outcome)
        .containsOnly(Outcome.COMPLETED)
        .hasSize(trials);
    assertThat(sweep.opened().records("")).as("each once").hasSize(trials);
    List<String> starts = sweep.starts();
    assertThat(new HashSet<>(starts)).hasSize(trials);
    assertThat(starts.size() - trials)
        .as("only what was in flight ran again")
        .isBetween(1, done * SLOTS * GROUPS_OF_A_BUNDLE);
  }

  /** The sweep's own process alone: it goes on by itself. */
  @Test
  void theSweepGoesOnWhenItsProcessIsKilled() throws Exception {
    FaultySweep sweep =
        new FaultySweep(
            folder,
            "axes { number = "
                + IntStream.range(0, 60).boxed().toList()
                + " }\nparameters { millis = 50 }\n");
    Process run = sweep.start();
    while (run.isAlive() && sweep.starts().size() < 10) {
      Thread.sleep(5);
    }
    ProcessHandle child = run.children().findFirst().orElseThrow();
    child.destroyForcibly();
    FaultySweep.Ended ended = sweep.await(run);
    assertThat(ended.code()).as(ended.text()).isZero();
    assertThat(ended.text())
        .contains("exit code 137: killed; the system does that", "going on in a new one")
        .contains("60 trials computed");
    assertThat(sweep.outcomes().values())
        .extracting(TrialRecord::outcome)
        .containsOnly(Outcome.COMPLETED)
        .hasSize(60);
  }

  /** The twin of the above: nobody is left to compute when the parent is gone. */
  @Test
  void nothingGoesOnWhenTheParentIsKilled() throws Exception {
    FaultySweep sweep =
        new FaultySweep(
            folder,
            "axes { number = "
                + IntStream.range(0, 400).boxed().toList()
                + " }\nparameters { millis = 50 }\n");
    Process run = sweep.start();
    while (run.isAlive() && sweep.starts().size() < 5) {
      Thread.sleep(5);
    }
    ProcessHandle child = run.children().findFirst().orElseThrow();
    run.destroyForcibly();
    child.onExit().get(15, java.util.concurrent.TimeUnit.SECONDS);
    assertThat(sweep.starts().size()).isLessThan(400);
    assertThat(sweep.text()).contains("the same command goes on from there");
  }
}
