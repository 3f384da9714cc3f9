package org.rnnsweep.driver.execute;

class InProcessExecutorTest extends TrialExecutorContract {
  @Override
  TrialExecutor executor() {
    return InProcessExecutor.of(2, MemoryTicket.ofBytes(64 << 20));
  }
}
