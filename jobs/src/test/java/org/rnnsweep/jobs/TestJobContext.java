package org.rnnsweep.jobs;

import java.util.ArrayList;
import java.util.List;
import org.rnnsweep.kernels.linalg.Arena;

/**
 * A context for tests: an arena of exactly what the job declared, every report of progress kept,
 * and a cancellation that strikes at a chosen call.
 */
public final class TestJobContext implements JobContext, AutoCloseable {
  private final Arena arena;
  private final long cancelledAtCall;
  private final List<Double> progress = new ArrayList<>();
  private long cancellationChecks;

  private TestJobContext(long memoryBytes, long cancelledAtCall) {
    this.arena = Arena.ofBytes(memoryBytes);
    this.cancelledAtCall = cancelledAtCall;
  }

  /** A context that is never cancelled. */
  public static TestJobContext of(Cost cost) {
    return new TestJobContext(cost.memoryBytes(), Long.MAX_VALUE);
  }

  /** A context whose {@code call}-th question (from 1) is answered by a cancellation. */
  public static TestJobContext cancelledAt(long call, Cost cost) {
    return new TestJobContext(cost.memoryBytes(), call);
  }

  @Override
  public Arena arena() {
    return arena;
  }

  @Override
  public void progress(double fraction) {
    progress.add(fraction);
  }

  @Override
  public void checkCancelled() throws InterruptedException {
    cancellationChecks++;
    if (cancellationChecks >= cancelledAtCall) {
      throw new InterruptedException("cancelled by the test");
    }
  }

  /** How often the job asked whether it is to stop. */
  public long cancellationChecks() {
    return cancellationChecks;
  }

  /** What was reported, in order. */
  public List<Double> progress() {
    return List.copyOf(progress);
  }

  @Override
  public void close() {
    arena.close();
  }
}
