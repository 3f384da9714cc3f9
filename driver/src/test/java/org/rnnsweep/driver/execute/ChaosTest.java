package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChaosTest {
  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("rnnsweep-chaos"))
        .count();
  }

  @Test
  @Timeout(30)
  void runsBesideEachOtherMakeDeathsNoMoreLikely() throws Exception {
    Chaos chaos = Chaos.parse("kill=0/20ms");
    chaos.begin("one");
    chaos.begin("two");
    chaos.begin("one");
    assertThat(threads()).isEqualTo(1);
    Chaos.end("one");
    Thread.sleep(60);
    assertThat(threads()).as("the other goes on").isEqualTo(1);
    Chaos.end("two");
    while (threads() > 0) {
      Thread.sleep(5);
    }
  }
}
