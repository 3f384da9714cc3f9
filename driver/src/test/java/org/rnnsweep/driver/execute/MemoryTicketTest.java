package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MemoryTicketTest {

  private static Thread waiter(MemoryTicket ticket, long bytes, List<Long> order) {
    Thread thread =
        new Thread(
            () -> {
              try {
                ticket.take(bytes);
                order.add(bytes);
                ticket.give(bytes);
              } catch (InterruptedException e) {
                order.add(-bytes);
              }
            });
    thread.start();
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void theLargestRequestIsServedFirst() throws Exception {
    MemoryTicket ticket = MemoryTicket.ofBytes(100);
    List<Long> order = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    ticket.take(60);
    for (long bytes : new long[] {70, 100, 80, 30}) {
      threads.add(waiter(ticket, bytes, order));
    }
    assertThat(order).isEmpty(); // even 30, which would fit, waits for the larger ones before it
    ticket.give(60);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(order.subList(0, 2)).containsExactly(100L, 80L);
    assertThat(order).containsExactlyInAnyOrder(100L, 80L, 70L, 30L);
  }

  @Test
  void aWaiterThatGivesUpMakesRoomForTheNext() throws Exception {
    MemoryTicket ticket = MemoryTicket.ofBytes(100);
    List<Long> order = Collections.synchronizedList(new ArrayList<>());
    ticket.take(60);
    Thread large = waiter(ticket, 90, order);
    Thread small = waiter(ticket, 40, order);
    large.interrupt();
    large.join();
    small.join();
    assertThat(order).containsExactlyInAnyOrder(-90L, 40L);
  }

  @Test
  void theLimitHoldsUnderLoad() throws Exception {
    long capacity = 1000;
    MemoryTicket ticket = MemoryTicket.ofBytes(capacity);
    AtomicLong held = new AtomicLong();
    AtomicLong most = new AtomicLong();
    CountDownLatch done = new CountDownLatch(8);
    for (int t = 0; t < 8; t++) {
      SplittableRandom random = new SplittableRandom(t);
      new Thread(
              () -> {
                try {
                  for (int i = 0; i < 500; i++) {
                    long bytes = random.nextLong(capacity + 1);
                    ticket.take(bytes);
                    most.accumulateAndGet(held.addAndGet(bytes), Math::max);
                    held.addAndGet(-bytes);
                    ticket.give(bytes);
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                } finally {
                  done.countDown();
                }
              })
          .start();
    }
    done.await();
    assertThat(most.get()).isBetween(1L, capacity);
    ticket.take(capacity); // does not wait: the class has a time limit
  }

  @Test
  void whatCanNeverBeGrantedIsRefused() {
    MemoryTicket ticket = MemoryTicket.ofBytes(100);
    assertThatThrownBy(() -> ticket.take(101))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("asked for 101 bytes of memory, allowed is 0 to 100");
    assertThatThrownBy(() -> ticket.take(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MemoryTicket.ofBytes(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
