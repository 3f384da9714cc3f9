package org.rnnsweep.driver.execute;

import java.util.Comparator;
import java.util.Locale;
import java.util.PriorityQueue;

/**
 * The memory off the heap that the trials of one JVM may hold together: a semaphore in bytes. Who
 * asks for most is served first, and until then nobody behind it is: a large group cannot be
 * starved by small ones, and the longest work starts early. Equal requests are served in order.
 */
public final class MemoryTicket {
  private final long capacityBytes;
  private final PriorityQueue<Request> waiting =
      new PriorityQueue<>(
          Comparator.<Request>comparingLong(request -> -request.bytes)
              .thenComparingLong(request -> request.arrival));
  private long freeBytes;
  private long arrivals;

  private MemoryTicket(long capacityBytes) {
    this.capacityBytes = capacityBytes;
    this.freeBytes = capacityBytes;
  }

  /**
   * A ticket for so many bytes.
   *
   * @throws IllegalArgumentException if that is not positive
   */
  public static MemoryTicket ofBytes(long capacityBytes) {
    if (capacityBytes <= 0) {
      throw new IllegalArgumentException(
          "the memory for trials must be positive, found " + capacityBytes + " bytes");
    }
    return new MemoryTicket(capacityBytes);
  }

  public long capacityBytes() {
    return capacityBytes;
  }

  /**
   * Waits until so many bytes are free and takes them; {@link #give} must follow.
   *
   * @throws IllegalArgumentException if it is negative or more than there can ever be
   * @throws InterruptedException if interrupted while waiting; nothing is taken then
   */
  public void take(long bytes) throws InterruptedException {
    if (bytes < 0 || bytes > capacityBytes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "asked for %d bytes of memory, allowed is 0 to %d",
              bytes,
              capacityBytes));
    }
    synchronized (this) {
      Request request = new Request(bytes, arrivals++);
      waiting.add(request);
      try {
        while (waiting.peek() != request || bytes > freeBytes) {
          wait();
        }
        freeBytes -= bytes;
      } finally {
        waiting.remove(request);
        notifyAll(); // the next in the queue may fit, too
      }
    }
  }

  /** Gives back what was taken. */
  public synchronized void give(long bytes) {
    freeBytes += bytes;
    notifyAll();
  }

  private static final class Request {
    final long bytes;
    final long arrival;

    Request(long bytes, long arrival) {
      this.bytes = bytes;
      this.arrival = arrival;
    }
  }
}
