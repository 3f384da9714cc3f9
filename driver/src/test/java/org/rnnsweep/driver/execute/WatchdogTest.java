package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchdogTest {
  private final List<String> said = new CopyOnWriteArrayList<>();

  private Watchdog watchdog(String name, Duration timeout, CompletableFuture<Integer> halted) {
    return new Watchdog(
        timeout,
        () -> said.add(name + " stores"),
        () -> said.add(name + " timed out"),
        halted::complete);
  }

  /** An interrupt first; the process only after the grace, and all bundles store before that. */
  @Test
  void asksFirstAndThenEndsTheProcess() throws Exception {
    CompletableFuture<Integer> halted = new CompletableFuture<>();
    long start = System.nanoTime();
    try (Watchdog deaf = watchdog("deaf", Duration.ofMillis(200), halted);
        Watchdog neighbour = watchdog("neighbour", Duration.ZERO, halted)) {
      neighbour.begin(1);
      deaf.begin(1);
      while (!Thread.interrupted()) {
        Thread.onSpinWait();
      }
      assertThat(deaf.isLate()).isTrue();
      assertThat(neighbour.isLate()).isFalse();
      assertThat(halted).isNotDone();
      assertThat(halted.get(30, TimeUnit.SECONDS)).isEqualTo(Watchdog.HALTED);
      assertThat(System.nanoTime() - start)
          .isGreaterThanOrEqualTo(Watchdog.GRACE.plusMillis(200).toNanos());
      assertThat(said).containsExactly("deaf timed out", "neighbour stores");
    }
  }

  @Test
  void aGroupHasTheTimeOfAllItsTrials() throws Exception {
    CompletableFuture<Integer> halted = new CompletableFuture<>();
    try (Watchdog watchdog = watchdog("group", Duration.ofMillis(100), halted)) {
      watchdog.begin(1000);
      Thread.sleep(400);
      assertThat(watchdog.end()).isFalse();
      watchdog.begin(1);
      Thread.sleep(50);
      assertThat(watchdog.end()).as("in time").isFalse();
      Thread.sleep(300);
      assertThat(Thread.interrupted()).as("between groups nobody is late").isFalse();
    }
  }
}
