package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.execute.Aftermath;
import org.rnnsweep.driver.execute.Cancellation;
import org.rnnsweep.driver.execute.Chaos;
import org.rnnsweep.driver.execute.ProgressBar;
import org.rnnsweep.driver.execute.RunOptions;
import org.rnnsweep.driver.execute.RunSummary;
import org.rnnsweep.driver.execute.SparkConnection;
import org.rnnsweep.driver.plan.CostModel;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.StoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rnnsweep run}: what the store lacks is computed, then the report is written. */
@Command(
    name = "run",
    description = {
      "Runs what the store lacks of an experiment, then writes its report.",
      "The same command again resumes. Under spark-submit the master is spark-submit's."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  rnnsweep run conf/inversion-quick.conf",
      "  rnnsweep run conf/inversion-quick.conf width=250,500 --seeds 3 --store /tmp/try",
      "  rnnsweep run conf/inversion-quick.conf m=250,500   # the paper's symbols do, too"
    })
final class RunCommand implements Callable<Integer> {
  /** Above Spark's own hooks, so that a sweep is told to stop before its context is taken away. */
  private static final int BEFORE_SPARK = 1000;

  @Spec private CommandSpec spec;
  @Mixin private ExperimentInput input;

  @Option(
      names = "--store",
      paramLabel = "URI",
      description = "Folder that holds the results; default ./stores/<experiment>.")
  private String storeOption;

  @Option(
      names = "--cores",
      paramLabel = "N",
      description = "Bundles run at once in this process; default: all cores. Not on a cluster.")
  private Integer cores;

  @Option(
      names = "--stop-after-same-error",
      paramLabel = "K",
      description =
          "Stops when the first K trials have all failed with the same error; default "
              + RunOptions.SAME_ERROR
              + ", 0 never.")
  private int sameError = RunOptions.SAME_ERROR;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description =
          "How long a trial may run, for example 10min; its process is ended if need be. A group"
              + " of n trials that share a pass may take n times that. Default: no limit.")
  private String timeout;

  @Option(
      names = "--chaos",
      paramLabel = "kill=P/PERIOD",
      description = "Every process that runs trials ends itself with probability P a period.")
  private String chaos;

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    RunOptions options = options();
    OptionalInt supervised = Supervisor.run(spec, timeout != null);
    if (supervised.isPresent()) {
      return supervised.getAsInt();
    }
    Optional<Supervised> parent = Supervised.find();
    parent.ifPresent(Supervised::followParent);
    if (parent.isPresent()) {
      options = options.withRunId(parent.get().runId());
    } else if ((timeout != null || chaos != null) && !SparkConnection.hasExecutors()) {
      throw new WrongInputException(
          (timeout != null ? "--timeout" : "--chaos")
              + " ends processes: start by bin/rnnsweep, or by spark-submit on a cluster");
    }
    Experiment experiment = input.read();
    OptionalInt elsewhere = Relaunch.run(experiment.numerics(), spec);
    if (elsewhere.isPresent()) {
      return elsewhere.getAsInt();
    }
    StoreInput location = StoreInput.of(storeOption, experiment);
    List<String> problems = SparkConnection.problems(experiment.numerics(), cores);
    if (!problems.isEmpty()) {
      throw new WrongInputException(problems);
    }
    boolean goesOn = parent.isPresent() && !parent.get().lastEnd().isEmpty();
    Plan plan;
    if (goesOn) {
      Aftermath aftermath =
          Aftermath.of(
              experiment,
              location.create(),
              options,
              parent.get().runStartedMillis(),
              parent.get().lastEnd());
      options = options.withAftermath(aftermath);
      plan = aftermath.plan();
    } else {
      plan = Planner.plan(experiment, location.settledIds());
    }
    List<String> tooLarge = SparkConnection.memoryProblems(plan, cores);
    if (!tooLarge.isEmpty()) {
      throw new WrongInputException(tooLarge);
    }
    err.printf(
        Locale.ROOT,
        "%s: %,d trials, %,d of them stored already; store %s%n",
        experiment.name(),
        plan.totalTrials(),
        plan.storedTrials(),
        location.uri());
    err.flush();

    int code = ExitCode.FINISHED;
    if (plan.trials() > 0 || goesOn) {
      if (parent.isPresent()) {
        parent.get().sweeping(!goesOn || options.aftermath().explained());
      }
      code = execute(plan, options, location, err);
    } else {
      StoredExperiments.keep(location.create(), experiment);
    }
    if (code != ExitCode.INTERRUPTED) {
      new ReportRun(spec.commandLine()).write(location.open(), experiment);
    }
    return code;
  }

  private RunOptions options() {
    try {
      RunOptions options = RunOptions.standard().withStopAfterSameError(sameError);
      if (timeout != null) {
        options = options.withTimeout(RunOptions.duration(timeout));
      }
      return chaos == null ? options : options.withChaos(Chaos.parse(chaos));
    } catch (IllegalArgumentException e) {
      throw new WrongInputException(e.getMessage());
    }
  }

  private int execute(Plan plan, RunOptions options, StoreInput location, PrintWriter err)
      throws IOException {
    Cancellation cancellation = new Cancellation();
    CountDownLatch ended = new CountDownLatch(1);
    Runnable onSignal = () -> stop(cancellation, ended, err);
    ShutdownHookManager hooks = ShutdownHookManager.get();
    hooks.addShutdownHook(
        onSignal, BEFORE_SPARK, Cancellation.PATIENCE.toSeconds() + 2, TimeUnit.SECONDS);
    ProgressBar bar =
        ProgressBar.of(
            err, System.console() != null ? ProgressBar.Style.TERMINAL : ProgressBar.Style.LINES);
    try (SparkConnection spark =
        SparkConnection.open(plan.experiment().name(), cores, List.of(plan))) {
      if (!spark.uiAddress().isEmpty()) {
        err.println("Spark's own page: " + spark.uiAddress());
        err.flush();
      }
      probe(spark, location);
      FolderTrialStore store = location.create();
      StoredExperiments.keep(store, plan.experiment());
      RunSummary summary = spark.executor(options).run(plan, store, bar, cancellation);
      bar.end();
      return summary.ending() == RunSummary.Ending.CANCELLED
          ? interrupted(plan, location, err)
          : finished(summary, plan, location, err);
    } catch (IOException | RuntimeException e) {
      if (!cancellation.isCancelled()) {
        throw e;
      }
      return interrupted(plan, location, err); // a JVM that is ending starts neither Spark nor jobs
    } finally {
      Supervised.find().ifPresent(Supervised::ended);
      ended.countDown();
      if (!hooks.isShutdownInProgress()) {
        hooks.removeShutdownHook(onSignal);
      }
    }
  }

  private static void probe(SparkConnection spark, StoreInput location) throws IOException {
    try {
      spark.probe(location.uri());
    } catch (StoreException e) {
      throw new WrongInputException(e.getMessage());
    }
  }

  /** In the JVM's shutdown, which waits for this to return. */
  private static void stop(Cancellation cancellation, CountDownLatch ended, PrintWriter err) {
    err.printf(
        Locale.ROOT,
        "%nstopping: what is in flight is finished or abandoned within %d s%n",
        Cancellation.PATIENCE.toSeconds());
    err.flush();
    Supervised.find().ifPresent(Supervised::ended);
    cancellation.cancel();
    try {
      ended.await(Cancellation.PATIENCE.toSeconds() + 1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Counted in the store, which knows of bundles that ended after the run stopped listening. */
  private static int interrupted(Plan plan, StoreInput location, PrintWriter err)
      throws IOException {
    Plan left = Planner.plan(plan.experiment(), location.settledIds());
    err.printf(
        Locale.ROOT,
        "stopped: %,d of %,d trials are stored in %s; the same command goes on from there%n",
        left.storedTrials(),
        left.totalTrials(),
        location.uri());
    err.flush();
    return ExitCode.INTERRUPTED;
  }

  private int finished(RunSummary summary, Plan plan, StoreInput location, PrintWriter err) {
    err.printf(
        Locale.ROOT,
        "%,d trials computed in %s%n",
        summary.trials(),
        CostModel.formatted(summary.seconds()));
    for (RunSummary.TrialError error : summary.errors()) {
      err.printf(
          Locale.ROOT,
          "%s, %,d times, for example trial %s: %s%n  rnnsweep replay %s %s%n",
          error.outcome(),
          error.trials(),
          error.trialId(),
          error.message(),
          location.quoted(),
          error.trialId());
    }
    boolean stopped = summary.ending() == RunSummary.Ending.STOPPED;
    if (stopped) {
      err.printf(
          Locale.ROOT,
          "stopped: the first %,d trials all failed with this error, so the other %,d were not run;"
              + " mend the job or the file, or give --stop-after-same-error 0%n",
          summary.trials(),
          plan.trials() - summary.trials());
    }
    err.flush();
    return stopped || summary.unsettled() > 0 ? ExitCode.TRIALS_FAILED : ExitCode.FINISHED;
  }
}
