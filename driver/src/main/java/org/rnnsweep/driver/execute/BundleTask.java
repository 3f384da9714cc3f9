package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.rnnsweep.driver.plan.BundleCodec;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.StoreException;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobCatalog;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** What a Spark task does: runs the one bundle of its partition where it happens to be. */
final class BundleTask extends AbstractFunction1<Iterator<byte[]>, BundleReport>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String runId;
  private final int[] indices;
  private final String job;
  private final String store;
  private final RunIdentity run;
  private final Duration timeout;
  private final Chaos chaos;

  /**
   * @param runId names the marks, and finds the run's meter where driver and executor are one
   *     process
   */
  BundleTask(String runId, String job, String store, RunIdentity run, RunOptions options) {
    this(runId, job, store, run, options.timeout(), options.chaos(), new int[0]);
  }

  private BundleTask(
      String runId,
      String job,
      String store,
      RunIdentity run,
      Duration timeout,
      Chaos chaos,
      int[] indices) {
    this.runId = runId;
    this.job = job;
    this.store = store;
    this.run = run;
    this.timeout = timeout;
    this.chaos = chaos;
    this.indices = indices;
  }

  /** The same where the partitions are the run's bundles of these indices. */
  BundleTask of(int[] bundles) {
    return new BundleTask(runId, job, store, run, timeout, chaos, bundles);
  }

  /** What all tasks of an executor share: made once, since each part takes milliseconds. */
  private record Shared(
      SparkEnv spark, JobCatalog jobs, Configuration hadoop, MemoryTicket memory) {
    private static Shared latest;

    /** Of the Spark that runs in this process now; a test may run several one after the other. */
    static synchronized Shared here() {
      SparkEnv spark = SparkEnv.get();
      if (latest == null || latest.spark != spark) {
        latest =
            new Shared(
                spark,
                JobCatalog.load(),
                SparkHadoopUtil.get().newConfiguration(spark.conf()),
                MemoryTicket.ofBytes(SparkSettings.capacityBytes(spark.conf())));
      }
      return latest;
    }
  }

  @Override
  public BundleReport apply(Iterator<byte[]> partition) {
    TaskContext context = TaskContext.get();
    int index = indices[context.partitionId()];
    RunMeter meter = RunMeter.find(runId);
    if (meter != null) {
      meter.began();
      meter.advanced(index, 0);
    }
    if (chaos != null) {
      chaos.begin(runId);
    }
    try {
      FolderTrialStore opened = openStore();
      StartedMarks started = StartedMarks.of(opened, runId);
      BundleRunner runner =
          new BundleRunner(
              findJob(),
              opened,
              Shared.here().memory(),
              run.withExecutor(SparkEnv.get().executorId()),
              context::isInterrupted,
              timeout);
      return runner.run(
          BundleCodec.decode(partition.next()),
          started.writer(index, context.attemptNumber()),
          context.attemptNumber() == 0 ? StartedMarks.Mark.NONE : started.left(index),
          flops -> {
            if (meter != null) {
              meter.advanced(index, flops);
            }
          });
    } catch (InterruptedException e) {
      throw new TaskKilledException(e.getMessage());
    } catch (IOException | RuntimeException e) {
      if (context.isInterrupted()) {
        throw new TaskKilledException(e.toString());
      }
      return BundleReport.broken(
          e instanceof StoreException
              ? e.getMessage()
              : "host " + Host.ofThisProcess().name() + ": " + e);
    } finally {
      if (meter != null) {
        meter.ended();
      }
    }
  }

  private Job findJob() {
    Job found = Shared.here().jobs().find(job);
    if (found == null) {
      throw new IllegalStateException(
          "host "
              + Host.ofThisProcess().name()
              + " has no job "
              + job
              + " on its class path; give its jar to spark-submit --jars");
    }
    return found;
  }

  private FolderTrialStore openStore() throws IOException {
    try {
      return FolderTrialStore.open(store, Shared.here().hadoop());
    } catch (StoreException e) {
      throw new StoreException("host " + Host.ofThisProcess().name() + ": " + e.getMessage(), e);
    }
  }
}
