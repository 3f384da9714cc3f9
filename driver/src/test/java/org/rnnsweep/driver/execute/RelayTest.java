package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.SeedPlan;
import org.rnnsweep.driver.config.Until;
import org.rnnsweep.driver.execute.RunSummary.Ending;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.store.InMemoryTrialStore;
import org.rnnsweep.driver.store.TrialStore;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;

/** The order and the ends of plans that run beside each other. */
@Timeout(60)
class RelayTest {
  private final InMemoryTrialStore store = new InMemoryTrialStore();
  private final Cancellation cancellation = new Cancellation();
  private final List<String> ended = Collections.synchronizedList(new ArrayList<>());
  private final List<String> starts = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch waits = new CountDownLatch(1);
  private ExecutorService slots;

  @AfterEach
  void stop() {
    if (slots != null) {
      slots.shutdownNow();
    }
  }

  /** The same as another experiment's. */
  static Plan plan(String name, Plan plan) {
    return plan(name, plan.experiment().seeds(), plan);
  }

  private static Plan plan(String name, SeedPlan seeds, Plan plan) {
    Experiment as = plan.experiment();
    return new Plan(
        new Experiment(
            name,
            "",
            as.job(),
            as.numerics(),
            seeds,
            as.axes(),
            List.of(),
            List.of(),
            List.of(),
            "5bec" + name,
            as.source()),
        plan.totalTrials(),
        plan.storedTrials(),
        plan.bundles());
  }

  @SafeVarargs
  private static Plan plan(String name, List<Trial>... bundles) {
    return plan(name, Plans.of(bundles));
  }

  /** So many bundles of a trial each. */
  @SuppressWarnings("unchecked")
  private static Plan plan(String name, int bundles) {
    List<Trial>[] each = new List[bundles];
    for (int i = 0; i < bundles; i++) {
      each[i] = Plans.trials(8, "well", i, i + 1);
    }
    return plan(name, each);
  }

  private List<RunSummary> run(List<Relay.Part> parts) throws IOException {
    return run(parts, (plan, summary) -> {});
  }

  private List<RunSummary> run(List<Relay.Part> parts, BiConsumer<Plan, RunSummary> then)
      throws IOException {
    return Relay.run(
        parts,
        store,
        progress -> {},
        (plan, summary) -> {
          ended.add(plan.experiment().name());
          then.accept(plan, summary);
        },
        cancellation);
  }

  private static InProcessExecutor threads(int count) {
    return InProcessExecutor.of(count, MemoryTicket.ofBytes(64 << 20));
  }

  /** Plans share these slots, which take what came first, as Spark's do. */
  private final class OnSlots implements TrialExecutor {
    @Override
    public RunSummary run(
        Plan plan, TrialStore into, Consumer<RunProgress> listener, Cancellation cancelled)
        throws IOException {
      RunMeter meter = new RunMeter(plan, RunOptions.standard());
      List<Future<Object>> tasks = new ArrayList<>();
      List<Bundle> bundles = meter.nextRound().orElseThrow().bundles();
      synchronized (slots) { // the tasks of a plan come together
        for (int i = 0; i < bundles.size(); i++) {
          int index = i;
          tasks.add(
              slots.submit(
                  () -> {
                    starts.add(plan.experiment().name());
                    meter.began();
                    listener.accept(meter.progress(meter.runningHere()));
                    if (bundles.get(index).groups().get(0).first().toString().contains("wait")) {
                      waits.await();
                    }
                    meter.finished(index, new BundleReport());
                    meter.ended();
                    return null;
                  }));
        }
      }
      try {
        for (Future<Object> task : tasks) {
          task.get();
        }
      } catch (InterruptedException | ExecutionException e) {
        throw new IOException(e);
      }
      return meter.summary(Ending.FINISHED);
    }
  }

  /** One long trial on one of two slots: two plans begin and end on the other meanwhile. */
  @Test
  void noSlotIsIdleWhileALastTrialIsUnderWay() throws Exception {
    slots = Executors.newFixedThreadPool(2);
    TrialExecutor executor = new OnSlots();
    List<RunSummary> summaries =
        run(
            List.of(
                new Relay.Part(plan("long", Plans.trials(8, "wait", 0, 1)), executor),
                new Relay.Part(plan("quick", 3), executor),
                new Relay.Part(plan("last", 2), executor)),
            (plan, summary) -> {
              if (ended.size() == 2) {
                waits.countDown();
              }
            });
    assertThat(ended).containsExactlyInAnyOrder("quick", "last", "long").last().isEqualTo("long");
    assertThat(starts).containsExactly("long", "quick", "quick", "quick", "last", "last");
    assertThat(summaries).hasSize(3).extracting(RunSummary::ending).containsOnly(Ending.FINISHED);
  }

  @Test
  void whatComesFirstIsServedFirst() throws Exception {
    slots = Executors.newFixedThreadPool(1);
    TrialExecutor executor = new OnSlots();
    run(
        List.of(
            new Relay.Part(plan("a", 5), executor),
            new Relay.Part(plan("b", 1), executor),
            new Relay.Part(plan("c", 3), executor)));
    assertThat(starts).containsExactly("a", "a", "a", "a", "a", "b", "c", "c", "c");
  }

  @Test
  void aRequestToStopEndsAllThatIsUnderWay() throws Exception {
    FakeJob.waiting = new CountDownLatch(2);
    Thread keyboard =
        new Thread(
            () -> {
              try {
                FakeJob.waiting.await(30, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              cancellation.cancel();
            });
    keyboard.start();
    List<Trial> some = new ArrayList<>(Plans.trials(9, "well", 0, 2));
    some.addAll(Plans.trials(8, "wait", 0, 1));
    List<RunSummary> summaries =
        run(
            List.of(
                new Relay.Part(plan("one", Plans.trials(8, "wait", 1, 2)), threads(1)),
                new Relay.Part(plan("two", some), threads(1))));
    keyboard.join();
    assertThat(summaries).hasSize(2).extracting(RunSummary::ending).containsOnly(Ending.CANCELLED);
    assertThat(ended).isEmpty();
    assertThat(cancellation.patienceLeft()).isPositive();
    assertThat(store.settledIds()).as("what was complete").hasSize(2);
  }

  @Test
  void whatIsCancelledBeforeItBeganRunsNothing() throws Exception {
    cancellation.cancel();
    TrialExecutor never =
        (plan, into, listener, cancelled) -> {
          throw new AssertionError("it ran");
        };
    assertThat(run(List.of(new Relay.Part(plan("a", 1), never))))
        .extracting(RunSummary::ending)
        .containsExactly(Ending.CANCELLED);
  }

  /** The store is full: no plan can go on, and nobody asked for it. */
  @Test
  void aPlanThatBreaksEndsTheOthers() {
    IOException broken = new IOException("no space");
    FakeJob.waiting = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                run(
                    List.of(
                        new Relay.Part(plan("one", Plans.trials(8, "wait", 0, 1)), threads(1)),
                        new Relay.Part(
                            plan("two", 1),
                            (plan, into, listener, cancelled) -> {
                              throw broken;
                            }))))
        .isSameAs(broken);
    assertThat(cancellation.isCancelled()).isFalse();
    assertThat(ended).isEmpty();
  }

  /** Its first trials all fail, so it is stopped; its neighbours know nothing of that. */
  @Test
  void aHopelessPlanStopsAlone() throws Exception {
    List<List<Trial>> failing = new ArrayList<>();
    for (int seed = 0; seed < 60; seed++) {
      failing.add(Plans.trials(8, "fail", seed, seed + 1));
    }
    List<RunSummary> summaries = new ArrayList<>();
    run(
        List.of(
            new Relay.Part(plan("before", Plans.trials(8, "well", 0, 30)), threads(1)),
            new Relay.Part(plan("hopeless", failing.<List<Trial>>toArray(List[]::new)), threads(1)),
            new Relay.Part(plan("after", Plans.trials(8, "well", 30, 60)), threads(1))),
        (plan, summary) -> {
          summaries.add(summary);
          assertThat(summary.ending())
              .isEqualTo(
                  plan.experiment().name().equals("hopeless") ? Ending.STOPPED : Ending.FINISHED);
        });
    assertThat(ended).containsExactlyInAnyOrder("before", "hopeless", "after");
    assertThat(summaries.stream().mapToInt(s -> s.count(Outcome.COMPLETED)).sum()).isEqualTo(60);
  }

  /** Whether another plan begins while this one is under way, which is for a while at least. */
  private boolean overlaps(SeedPlan seedsOfTheOther) throws IOException {
    CountDownLatch other = new CountDownLatch(1);
    boolean[] seen = new boolean[1];
    TrialExecutor first =
        (plan, into, listener, cancelled) -> {
          listener.accept(new RunProgress(0, 1, 0, 1, 0, 1, 1, 0, 0, Double.NaN));
          try {
            seen[0] =
                other.await(seedsOfTheOther.isAdaptive() ? 300 : 30_000, TimeUnit.MILLISECONDS);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return new RunSummary(Ending.FINISHED, Map.of(), List.of(), 0, 0);
        };
    TrialExecutor second =
        (plan, into, listener, cancelled) -> {
          other.countDown();
          return new RunSummary(Ending.FINISHED, Map.of(), List.of(), 0, 0);
        };
    Plan adaptive = plan("adaptive", seedsOfTheOther, Plans.of(Plans.trials(8, "well", 0, 8)));
    run(List.of(new Relay.Part(plan("a", 1), first), new Relay.Part(adaptive, second)));
    return seen[0];
  }

  /** It decides by what is stored, of which some may be the others' trials. */
  @Test
  void anAdaptivePlanBeginsWhenAllBeforeItAreStored() throws Exception {
    assertThat(overlaps(new SeedPlan(42, 8, List.of(4, 8), Until.narrow("drawn", 0.5)))).isFalse();
    assertThat(overlaps(new SeedPlan(42, 8, List.of(8)))).isTrue();
  }
}
