package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.JavaSparkStatusTracker;
import org.rnnsweep.driver.execute.RunSummary.Ending;
import org.rnnsweep.driver.plan.BundleCodec;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.store.StoreException;
import org.rnnsweep.driver.store.StoreSchema;
import org.rnnsweep.driver.store.TrialStore;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Runs a plan as one Spark job: a partition a bundle, in the plan's order, so Spark starts the
 * longest first. Executors write to the store themselves; only small reports come back, each as its
 * task ends.
 */
public final class SparkExecutor implements TrialExecutor {
  private static final long TELL_MILLIS = 500;
  private static final long POLL_MILLIS = 50;

  private final JavaSparkContext spark;

  private SparkExecutor(JavaSparkContext spark) {
    this.spark = spark;
  }

  /** On a context with the settings of {@link SparkSettings}; the caller closes it. */
  public static SparkExecutor of(JavaSparkContext spark) {
    return new SparkExecutor(spark);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The store must be a folder that every executor can reach; {@link SparkConnection#probe}
   * tries that.
   */
  @Override
  public RunSummary run(
      Plan plan, TrialStore store, Consumer<RunProgress> listener, Cancellation cancellation)
      throws IOException {
    List<String> problems = StoreSchema.problems(plan.experiment().job());
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    RunMeter meter = new RunMeter(plan);
    if (plan.bundles().isEmpty()) {
      return meter.summary(Ending.FINISHED);
    }
    OneKernel kernel = OneKernel.of(plan.experiment().numerics(), store);
    String runId = "rnnsweep-" + plan.experiment().name() + "-" + UUID.randomUUID();
    ScheduledExecutorService teller =
        Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "rnnsweep-progress"));
    meter.listen(runId);
    try {
      cancellation.onCancel(
          () ->
              daemon(() -> spark.sc().cancelJobGroupAndFutureJobs(runId), "rnnsweep-cancel")
                  .start());
      teller.scheduleWithFixedDelay(
          () -> listener.accept(meter.progress(running(runId, meter))),
          TELL_MILLIS,
          TELL_MILLIS,
          TimeUnit.MILLISECONDS);
      try {
        submit(plan, store, runId, meter, kernel);
      } catch (Exception e) { // Scala's methods throw what they like
        if (!cancellation.isCancelled()) {
          spark.sc().cancelJobGroup(runId); // where our own answer ended it, tasks would go on
          throw failure(e);
        }
      }
      if (cancellation.isCancelled()) {
        awaitTasks(runId, meter, cancellation);
      }
    } finally {
      stop(teller);
      RunMeter.forget(runId);
    }
    listener.accept(meter.progress(0));
    return meter.summary(cancellation.isCancelled() ? Ending.CANCELLED : Ending.FINISHED);
  }

  private void submit(Plan plan, TrialStore store, String runId, RunMeter meter, OneKernel kernel) {
    List<byte[]> bundles = plan.bundles().stream().map(BundleCodec::encode).toList();
    JavaRDD<byte[]> rdd = spark.parallelize(bundles, bundles.size());
    rdd.setName("bundles of " + plan.experiment().name());
    String description =
        String.format(
            Locale.ROOT,
            "%s: %d trials of %s in %d bundles",
            plan.experiment().name(),
            plan.trials(),
            plan.experiment().job().id(),
            bundles.size());
    spark.setJobGroup(runId, description, true);
    try {
      spark
          .sc()
          .<byte[], BundleReport>runJob(
              rdd.rdd(),
              new BundleTask(
                  runId,
                  plan.experiment().job().id(),
                  store.location(),
                  new RunIdentity(
                          plan.experiment().name(),
                          plan.experiment().specHash(),
                          SparkVersion.spark())
                      .withExpectedFingerprint(kernel.expected())),
              new Collector(meter, kernel),
              ClassTag$.MODULE$.<BundleReport>apply(BundleReport.class));
    } finally {
      spark.clearJobGroup();
    }
  }

  /** Called on the driver, once a partition whatever its task's attempts. */
  private static final class Collector extends AbstractFunction2<Object, BundleReport, BoxedUnit> {
    private final RunMeter meter;
    private final OneKernel kernel;

    Collector(RunMeter meter, OneKernel kernel) {
      this.meter = meter;
      this.kernel = kernel;
    }

    @Override
    public BoxedUnit apply(Object partition, BundleReport report) {
      try {
        kernel.accept(report);
      } catch (StoreException e) {
        throw new UncheckedIOException(e); // ends Spark's job
      }
      meter.finished((Integer) partition, report);
      return BoxedUnit.UNIT;
    }
  }

  private int running(String group, RunMeter meter) {
    if (spark.isLocal()) {
      return meter.runningHere(); // Spark's own count lags behind
    }
    JavaSparkStatusTracker tracker = spark.statusTracker();
    int running = 0;
    for (int job : tracker.getJobIdsForGroup(group)) {
      var info = tracker.getJobInfo(job);
      for (int stage : info == null ? new int[0] : info.stageIds()) {
        SparkStageInfo tasks = tracker.getStageInfo(stage);
        running += tasks == null ? 0 : tasks.numActiveTasks();
      }
    }
    return running;
  }

  /** Spark forgets a cancelled job at once, but its tasks still store what they have complete. */
  private void awaitTasks(String group, RunMeter meter, Cancellation cancellation) {
    Duration left = cancellation.patienceLeft().minusMillis(TELL_MILLIS);
    long end = System.nanoTime() + left.toNanos();
    try {
      while (running(group, meter) > 0 && System.nanoTime() < end) {
        Thread.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void stop(ScheduledExecutorService teller) {
    teller.shutdown();
    try {
      teller.awaitTermination(TELL_MILLIS, TimeUnit.MILLISECONDS); // one teller at a time
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** What ended a run, as the interface throws it. */
  static IOException failure(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof IOException io) {
        return io;
      }
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return new IOException("the run was abandoned: " + thrown.getMessage(), thrown);
  }
}
