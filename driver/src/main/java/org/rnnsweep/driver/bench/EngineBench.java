package org.rnnsweep.driver.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.rnnsweep.driver.analyse.Summary;
import org.rnnsweep.driver.analyse.SummaryCell;
import org.rnnsweep.driver.analyse.SummaryStatistics;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentReader;
import org.rnnsweep.driver.config.ExperimentSource;
import org.rnnsweep.driver.execute.Cancellation;
import org.rnnsweep.driver.execute.RunSummary;
import org.rnnsweep.driver.execute.SparkConnection;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.store.Compaction;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.Provenance;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;

/**
 * What the engine costs: sweeps whose trials do nothing or sleep, so that the ideal is known.
 * Stores are made below a folder and left to the caller to delete.
 *
 * @param folder where stores are made
 * @param cores tasks at once
 * @param log told what begins
 */
public record EngineBench(Path folder, int cores, Consumer<String> log) {
  private static final EngineJob JOB = new EngineJob();

  /** Rows of a part as a run of tiny trials leaves them. */
  private static final int PART_ROWS = 250;

  private static final int SEEDS = 10;

  /**
   * A plan made.
   *
   * @param configurations how many points
   * @param readSeconds from the file's text to checked configurations
   * @param planSeconds from there to bundles
   * @param bundles how many
   * @param heapLimitBytes the most that this process may use
   * @param heapBytes what the plan and the rest of the process hold when all else is collected
   */
  public record Planned(
      int configurations,
      double readSeconds,
      double planSeconds,
      int bundles,
      long heapLimitBytes,
      long heapBytes) {}

  /**
   * A sweep run, stored and aggregated.
   *
   * @param trials how many
   * @param milliseconds how long each sleeps
   * @param cores tasks at once
   * @param runSeconds wall time from the plan to the last stored part, Spark being there
   * @param cpuSeconds of the whole process meanwhile
   * @param parts files that it left
   * @param aggregateSeconds wall time from the store to a mean and an interval a configuration
   */
  public record Swept(
      int trials,
      int milliseconds,
      int cores,
      double runSeconds,
      double cpuSeconds,
      int parts,
      double aggregateSeconds) {

    /** Wall time of the trials themselves if no core ever waited. */
    public double idealSeconds() {
      return Math.ceil((double) trials / cores) * milliseconds / 1000.0;
    }

    /** What a trial costs beyond itself: time of a core, waiting and aggregation included. */
    public double overheadMilliseconds() {
      return 1000 * cores * (runSeconds + aggregateSeconds - idealSeconds()) / trials;
    }
  }

  /**
   * A large store opened, before and after a compaction.
   *
   * @param trials how many it holds
   * @param parts files before
   * @param openSeconds until the settled ids are known and a plan finds nothing left, before
   * @param compactSeconds the compaction
   * @param compacted files after
   * @param compactedOpenSeconds as {@code openSeconds}, after
   */
  public record Opened(
      int trials,
      int parts,
      double openSeconds,
      double compactSeconds,
      int compacted,
      double compactedOpenSeconds) {}

  /** Reads and plans an experiment of this many configurations. */
  public Planned plan(int configurations) {
    say("planning %,d configurations", configurations);
    long begin = System.nanoTime();
    Experiment experiment = experiment(configurations, 1, 0);
    double read = since(begin);
    long planning = System.nanoTime();
    Plan plan = Planner.plan(experiment, Set.of());
    double planned = since(planning);
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return new Planned(
        experiment.configurations().size(),
        read,
        planned,
        plan.bundles().size(), // and keeps the plan until here
        runtime.maxMemory(),
        runtime.totalMemory() - runtime.freeMemory());
  }

  /**
   * Runs, stores and aggregates trials that sleep.
   *
   * @throws IllegalStateException if the store does not hold every one with its known result
   */
  public Swept sweep(SparkConnection spark, int trials, int milliseconds) throws IOException {
    say("%,d trials of %d ms", trials, milliseconds);
    Experiment experiment =
        experiment(Math.max(1, trials / SEEDS), Math.min(trials, SEEDS), milliseconds);
    FolderTrialStore store = store("sweep-" + milliseconds);
    long cpu = cpuNanos();
    long begin = System.nanoTime();
    Plan plan = Planner.plan(experiment, store.settledIds());
    RunSummary summary = spark.executor().run(plan, store, progress -> {}, new Cancellation());
    double ran = since(begin);
    double worked = (cpuNanos() - cpu) * 1e-9;
    long aggregating = System.nanoTime();
    Summary.Builder builder = Summary.of(experiment);
    List<String> problems = store.scan(builder);
    int summarised = 0;
    for (SummaryCell cell : builder.build().cells()) {
      Optional<SummaryStatistics> statistics = cell.statistics("sum");
      double expected = EngineJob.sum(cell.trials().get(0).trial()) + (SEEDS - 1) / 2.0;
      if (statistics.isPresent() && statistics.get().mean() == expected || trials < SEEDS) {
        summarised += cell.trials().size();
      }
    }
    double aggregated = since(aggregating);
    if (summarised != plan.totalTrials() || !problems.isEmpty() || summary.unsettled() > 0) {
      throw new IllegalStateException(
          "of " + plan.totalTrials() + " trials " + summarised + " came back right " + problems);
    }
    return new Swept(
        plan.totalTrials(), milliseconds, cores, ran, worked, store.partCount(), aggregated);
  }

  /** Makes a store of this many trials as runs leave it, opens it, compacts it, opens it again. */
  public Opened open(int trials) throws IOException, InterruptedException, ExecutionException {
    say("a store of %,d trials", trials);
    Experiment experiment = experiment(Math.max(1, trials / SEEDS), Math.min(trials, SEEDS), 0);
    Plan plan = Planner.plan(experiment, Set.of(), PART_ROWS);
    FolderTrialStore store = store("open");
    ExecutorService threads = Executors.newFixedThreadPool(cores);
    try {
      List<Future<?>> written = new ArrayList<>();
      plan.bundles()
          .forEach(
              bundle ->
                  written.add(
                      threads.submit(
                          () -> {
                            store.append(JOB, records(bundle.groups()));
                            return null;
                          })));
      for (Future<?> part : written) {
        part.get();
      }
    } finally {
      threads.shutdownNow();
    }
    int parts = store.partCount();
    double before = opened(store, experiment);
    long begin = System.nanoTime();
    Compaction.of(store);
    double compacted = since(begin);
    return new Opened(
        plan.totalTrials(), parts, before, compacted, store.partCount(), opened(store, experiment));
  }

  private static double opened(FolderTrialStore store, Experiment experiment) throws IOException {
    long begin = System.nanoTime();
    FolderTrialStore again = FolderTrialStore.open(store.location(), new Configuration());
    Plan rest = Planner.plan(experiment, again.settledIds());
    double took = since(begin);
    if (rest.trials() > 0) {
      throw new IllegalStateException(rest.trials() + " trials were lost");
    }
    return took;
  }

  private static List<TrialRecord> records(List<TrialGroup> groups) throws InterruptedException {
    List<TrialRecord> records = new ArrayList<>();
    String attempt = UUID.randomUUID().toString();
    for (TrialGroup group : groups) {
      List<TrialResult> results = JOB.run(group, null);
      for (int i = 0; i < results.size(); i++) {
        Trial trial = group.trials().get(i);
        records.add(
            new TrialRecord(
                trial.id(),
                trial,
                Outcome.COMPLETED,
                "",
                results.get(i).metrics(),
                Map.of(),
                new Provenance(
                    "engine-bench",
                    "0".repeat(64),
                    "0".repeat(40),
                    "host",
                    "a CPU of this bench",
                    "java",
                    "java",
                    "a JVM",
                    "none",
                    "driver",
                    attempt,
                    System.currentTimeMillis(),
                    1e-6,
                    0)));
      }
    }
    return records;
  }

  /** A grid of this many points, or a few more to make it one. */
  private static Experiment experiment(int configurations, int seeds, int milliseconds) {
    int columns = (int) Math.ceil(Math.sqrt(configurations));
    int rows = (int) Math.ceil((double) configurations / columns);
    String text =
        String.format(
            Locale.ROOT,
            """
            experiment = engine-bench
            job = engine-bench
            numerics { library = java }
            seeds { root = 1, count = %d }
            parameters { sleep = %d }
            axes {
              row = { linear { from = 1, to = %d, step = 1 } }
              column = { linear { from = 1, to = %d, step = 1 } }
            }
            """,
            seeds,
            milliseconds,
            rows,
            columns);
    return ExperimentReader.read(
        new ExperimentSource(text, List.of()), "the bench", JobCatalog.of(List.of(JOB)));
  }

  private FolderTrialStore store(String name) throws IOException {
    return FolderTrialStore.create(
        "file://" + folder.resolve(name).toAbsolutePath(), new Configuration());
  }

  private void say(String text, Object... values) {
    log.accept(String.format(Locale.ROOT, text, values));
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) * 1e-9;
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
