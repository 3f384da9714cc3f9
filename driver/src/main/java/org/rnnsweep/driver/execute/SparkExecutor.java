package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.JavaSparkStatusTracker;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.rnnsweep.driver.execute.RunSummary.Ending;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.plan.BundleCodec;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.StoreException;
import org.rnnsweep.driver.store.StoreSchema;
import org.rnnsweep.driver.store.TrialStore;
import org.rnnsweep.kernels.NumericsProfile;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Runs a plan as one Spark job: a partition a bundle, in the plan's order, so Spark starts the
 * longest first; what was lost or ran out of memory follows in jobs of its own. Executors write to
 * the store themselves; only small reports come back, each as its task ends.
 */
public final class SparkExecutor implements TrialExecutor {
  private static final long TELL_MILLIS = 500;
  private static final long POLL_MILLIS = 50;
  private static final ThreadFactory SUBMITTERS = task -> daemon(task, "rnnsweep-submit");

  private final JavaSparkContext spark;
  private final RunOptions options;

  /** By store and profile: plans that run beside each other are held to one kernel together. */
  private final Map<String, OneKernel> kernels;

  private SparkExecutor(
      JavaSparkContext spark, RunOptions options, Map<String, OneKernel> kernels) {
    this.spark = spark;
    this.options = options;
    this.kernels = kernels;
  }

  /** On a context with the settings of {@link SparkSettings}; the caller closes it. */
  public static SparkExecutor of(JavaSparkContext spark) {
    return new SparkExecutor(spark, null, new ConcurrentHashMap<>());
  }

  /** The same with these options in place of the standard ones; may run beside this one. */
  public SparkExecutor withOptions(RunOptions given) {
    return new SparkExecutor(spark, given, kernels);
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
    RunOptions run = options == null ? RunOptions.standard() : options;
    RunMeter meter = new RunMeter(plan, run);
    OneKernel kernel = kernel(plan.experiment().numerics(), store);
    String runId = run.runId(plan.experiment());
    ScheduledExecutorService teller =
        Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "rnnsweep-progress"));
    meter.listen(runId);
    openMarks(store, runId);
    try {
      cancellation.onCancel(() -> daemon(() -> cancelJobs(runId), "rnnsweep-cancel").start());
      teller.scheduleWithFixedDelay(
          () -> listener.accept(meter.progress(running(runId, meter))),
          TELL_MILLIS,
          TELL_MILLIS,
          TimeUnit.MILLISECONDS);
      try {
        Optional<RunMeter.Round> round = meter.nextRound();
        while (round.isPresent() && !cancellation.isCancelled()) {
          runRound(plan, round.get(), store, runId, run, meter, kernel);
          round = meter.nextRound();
        }
      } catch (Exception e) { // Scala's methods throw what they like
        if (!cancellation.isCancelled()) {
          spark.sc().cancelJobGroup(runId); // where our own answer ended it, tasks would go on
          if (!meter.isStopped()) {
            throw failure(e);
          }
        }
      }
      if (cancellation.isCancelled() || meter.isStopped()) {
        awaitTasks(runId, meter, cancellation);
      }
    } finally {
      stop(teller);
      Chaos.end(runId);
      RunMeter.forget(runId);
      forgetMarks(store, runId);
    }
    listener.accept(meter.progress(0));
    return meter.summary(cancellation.isCancelled() ? Ending.CANCELLED : Ending.FINISHED);
  }

  /** On a thread that may come late: once the context is closed there is nothing to cancel. */
  private void cancelJobs(String runId) {
    try {
      spark.sc().cancelJobGroupAndFutureJobs(runId);
    } catch (IllegalStateException e) {
      if (!spark.sc().isStopped()) {
        throw e;
      }
    }
  }

  private OneKernel kernel(NumericsProfile numerics, TrialStore store) throws IOException {
    OneKernel made = OneKernel.of(numerics, store);
    OneKernel met = kernels.putIfAbsent(store.location() + " " + numerics.canonical(), made);
    if (met == null) {
      return made;
    }
    met.accept(made);
    return met;
  }

  private static void openMarks(TrialStore store, String runId) {
    if (store instanceof FolderTrialStore folder) {
      try {
        StartedMarks.of(folder, runId).open();
      } catch (IOException e) {
        // The first bundle says what is wrong.
      }
    }
  }

  /** Whoever comes here lives, and needs no marks: those of a dead process are what is read. */
  private static void forgetMarks(TrialStore store, String runId) {
    if (store instanceof FolderTrialStore folder) {
      try {
        StartedMarks.of(folder, runId).close();
      } catch (IOException e) {
        // A store that broke says so by other means, and marks that are left do no harm.
      }
    }
  }

  /**
   * One Spark job for all bundles that take as many slots each; the jobs run beside each other, and
   * Spark serves those first that were submitted first: the largest.
   */
  private void runRound(
      Plan plan,
      RunMeter.Round round,
      TrialStore store,
      String runId,
      RunOptions run,
      RunMeter meter,
      OneKernel kernel)
      throws Exception {
    SortedMap<Integer, List<Integer>> byCpus = new TreeMap<>(Comparator.reverseOrder());
    for (int i = 0; i < round.bundles().size(); i++) {
      int cpus = SparkSettings.cpus(spark.getConf(), round.bundles().get(i).memoryBytes());
      byCpus.computeIfAbsent(cpus, key -> new ArrayList<>()).add(i);
    }
    BundleTask task =
        new BundleTask(
            runId,
            plan.experiment().job().id(),
            store.location(),
            new RunIdentity(
                    plan.experiment().name(), plan.experiment().specHash(), SparkVersion.spark())
                .withExpectedFingerprint(kernel.expected()),
            run);
    ExecutorService submitting = Executors.newFixedThreadPool(byCpus.size(), SUBMITTERS);
    CompletionService<Void> jobs = new ExecutorCompletionService<>(submitting);
    try {
      byCpus.forEach(
          (cpus, members) ->
              jobs.submit(
                  () -> {
                    submit(plan, round, members, cpus, task, runId, meter, kernel);
                    return null;
                  }));
      for (int left = byCpus.size(); left > 0; left--) {
        jobs.take().get(); // the first that fails ends them all: the caller cancels the group
      }
    } finally {
      submitting.shutdown();
    }
  }

  private void submit(
      Plan plan,
      RunMeter.Round round,
      List<Integer> members,
      int cpus,
      BundleTask task,
      String runId,
      RunMeter meter,
      OneKernel kernel) {
    List<Bundle> bundles = members.stream().map(round.bundles()::get).toList();
    int[] indices = members.stream().mapToInt(member -> round.first() + member).toArray();
    JavaRDD<byte[]> rdd =
        spark.parallelize(bundles.stream().map(BundleCodec::encode).toList(), bundles.size());
    if (cpus > 1) {
      rdd =
          rdd.withResources(
              new ResourceProfileBuilder().require(new TaskResourceRequests().cpus(cpus)).build());
    }
    rdd.setName("bundles of " + plan.experiment().name());
    int repeat = bundles.get(0).repeat();
    String description =
        String.format(
            Locale.ROOT,
            "%s: %d trials of %s in %d bundles%s%s",
            plan.experiment().name(),
            bundles.stream().mapToInt(Bundle::trials).sum(),
            plan.experiment().job().id(),
            bundles.size(),
            cpus == 1 ? "" : ", " + cpus + " slots each",
            repeat == 0 ? "" : ", alone, run " + (repeat + 1));
    spark.setJobGroup(runId, description, true);
    try {
      spark
          .sc()
          .<byte[], BundleReport>runJob(
              rdd.rdd(),
              task.of(indices),
              new Collector(meter, indices, kernel),
              ClassTag$.MODULE$.<BundleReport>apply(BundleReport.class));
    } finally {
      spark.clearJobGroup();
    }
  }

  /** Called on the driver, once a partition whatever its task's attempts. */
  private static final class Collector extends AbstractFunction2<Object, BundleReport, BoxedUnit> {
    private final RunMeter meter;
    private final int[] indices;
    private final OneKernel kernel;

    Collector(RunMeter meter, int[] indices, OneKernel kernel) {
      this.meter = meter;
      this.indices = indices;
      this.kernel = kernel;
    }

    @Override
    public BoxedUnit apply(Object partition, BundleReport report) {
      try {
        kernel.accept(report);
        if (!meter.finished(indices[(Integer) partition], report)) {
          throw new CancellationException("one error in all trials"); // ends Spark's job
        }
      } catch (StoreException e) {
        throw new UncheckedIOException(e); // ends Spark's job
      }
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
