package org.rnnsweep.driver.execute;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A request to stop, made once from any thread: Ctrl-C's way into a run. */
public final class Cancellation {

  /** How long a cancelled run may take to finish or abandon what is in flight. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private final List<Runnable> actions = new ArrayList<>();
  private long cancelledNanos;
  private boolean cancelled;

  /** Asks the run to stop. Asking again does nothing. */
  public synchronized void cancel() {
    if (!cancelled) {
      cancelled = true;
      cancelledNanos = System.nanoTime();
      actions.forEach(Runnable::run);
    }
  }

  public synchronized boolean isCancelled() {
    return cancelled;
  }

  /** Runs the action at the request, or now if it was made. It must not wait. */
  synchronized void onCancel(Runnable action) {
    if (cancelled) {
      action.run();
    } else {
      actions.add(action);
    }
  }

  /** What is left of {@link #PATIENCE}; all of it before the request. */
  synchronized Duration patienceLeft() {
    return cancelled ? PATIENCE.minusNanos(System.nanoTime() - cancelledNanos) : PATIENCE;
  }
}
