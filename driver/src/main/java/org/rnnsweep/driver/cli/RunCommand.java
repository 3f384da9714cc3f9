package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;
import org.rnnsweep.driver.execute.Aftermath;
import org.rnnsweep.driver.execute.Cancellation;
import org.rnnsweep.driver.execute.Chaos;
import org.rnnsweep.driver.execute.Halving;
import org.rnnsweep.driver.execute.LookByLook;
import org.rnnsweep.driver.execute.ProgressBar;
import org.rnnsweep.driver.execute.Relay;
import org.rnnsweep.driver.execute.RunOptions;
import org.rnnsweep.driver.execute.RunSummary;
import org.rnnsweep.driver.execute.SparkConnection;
import org.rnnsweep.driver.execute.TrialExecutor;
import org.rnnsweep.driver.plan.CostModel;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.StoreException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rnnsweep run}: what the store lacks is computed, then the report is written. */
@Command(
    name = "run",
    description = {
      "Runs what the store lacks of an experiment, or of a folder of them, then writes the report.",
      "The same command again resumes. Under spark-submit the master is spark-submit's."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  rnnsweep run conf/inversion-quick.conf",
      "  rnnsweep run conf/inversion-quick.conf width=250,500 --seeds 3 --store /tmp/try",
      "  rnnsweep run conf/inversion-quick.conf m=250,500   # the paper's symbols do, too",
      "  rnnsweep run conf/papers/quick                     # a suite, to a scoreboard",
      "  rnnsweep run conf/papers/quick --only 'wang-*'     # a part of it"
    })
final class RunCommand implements Callable<Integer> {
  /** Above Spark's own hooks, so that a sweep is told to stop before its context is taken away. */
  private static final int BEFORE_SPARK = 1000;

  @Spec private CommandSpec spec;
  @Mixin private ExperimentInput input;

  @Option(
      names = "--store",
      paramLabel = "URI",
      description = "Folder that holds the results; default ./stores/<experiment or suite>.")
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

  /** All three or none. */
  static final class HalvingOptions {
    @Option(
        names = "--best",
        paramLabel = "METRIC",
        required = true,
        description = {
          "Only looks for the largest METRIC, by successive halving: a third of the settings goes on"
              + " from each value of --effort to the next. This biases statistics; claims on what"
              + " was not run stay undecided. Not for a suite."
        })
    private String metric;

    @Option(
        names = "--effort",
        paramLabel = "AXIS",
        required = true,
        description = "The swept parameter that costs, for example epochs.")
    private String effort;

    @Option(
        names = "--over",
        paramLabel = "AXES",
        split = ",",
        required = true,
        description = "The swept parameters whose best values are looked for.")
    private List<String> searched;
  }

  @ArgGroup(exclusive = false)
  private HalvingOptions halving;

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    RunOptions options = options();
    OptionalInt supervised = Supervisor.run(spec, timeout != null);
    if (supervised.isPresent()) {
      return supervised.getAsInt();
    }
    Optional<Supervised> parent = Supervised.find();
    if (parent.isPresent()) {
      parent.get().followParent();
      options = options.withRunId(parent.get().runId());
    } else if ((timeout != null || chaos != null) && !SparkConnection.hasExecutors()) {
      throw new WrongInputException(
          (timeout != null ? "--timeout" : "--chaos")
              + " ends processes: start by bin/rnnsweep, or by spark-submit on a cluster");
    }
    Sweep sweep = input.read();
    Optional<Halving.Race> race = race(sweep);
    OptionalInt elsewhere = Relaunch.run(sweep.numerics(), spec);
    if (elsewhere.isPresent()) {
      return elsewhere.getAsInt();
    }
    StoreInput location = StoreInput.of(storeOption, sweep);
    List<String> problems =
        sweep.numerics().stream()
            .flatMap(numerics -> SparkConnection.problems(numerics, cores).stream())
            .distinct()
            .toList();
    if (!problems.isEmpty()) {
      throw new WrongInputException(problems);
    }
    boolean goesOn = parent.isPresent() && !parent.get().lastEnd().isEmpty();
    List<Leg> legs =
        goesOn ? left(sweep, options, location, parent.get()) : planned(sweep, options, location);
    List<Plan> plans = legs.stream().map(Leg::plan).toList();
    List<String> tooLarge =
        plans.stream()
            .flatMap(each -> SparkConnection.memoryProblems(each, cores).stream())
            .toList();
    if (!tooLarge.isEmpty()) {
      throw new WrongInputException(tooLarge);
    }
    err.printf(
        Locale.ROOT,
        "%s: %,d trials, %,d of them stored already; store %s%n",
        sweep.name(),
        total(plans),
        stored(plans),
        location.uri());
    err.flush();

    int code = ExitCode.FINISHED;
    boolean explained = !goesOn || legs.stream().anyMatch(Leg::explained);
    legs = needed(legs, location);
    if (goesOn || !legs.isEmpty()) {
      if (parent.isPresent()) {
        parent.get().sweeping(explained);
      }
      code = execute(sweep, legs, race, location, err);
    } else {
      StoredExperiments.keep(location.create(), sweep);
    }
    if (race.isPresent() && code != ExitCode.INTERRUPTED) {
      winners(sweep, race.get(), location, err);
    }
    if (code != ExitCode.INTERRUPTED) {
      new ReportRun(spec.commandLine()).write(location.open(), sweep);
    }
    return code;
  }

  private static TrialExecutor executor(TrialExecutor executor, Optional<Halving.Race> race) {
    return race.isPresent() ? Halving.of(executor, race.get()) : LookByLook.of(executor);
  }

  /** What is raced for; empty without --best. */
  private Optional<Halving.Race> race(Sweep sweep) {
    if (halving == null) {
      return Optional.empty();
    }
    if (sweep.suite().isPresent()) {
      throw new WrongInputException("--best is for one experiment, not for a suite");
    }
    try {
      return Optional.of(
          Halving.Race.of(
              sweep.experiments().get(0), halving.metric, halving.effort, halving.searched));
    } catch (IllegalArgumentException e) {
      throw new WrongInputException(e.getMessage());
    }
  }

  private static void winners(Sweep sweep, Halving.Race race, StoreInput location, PrintWriter err)
      throws IOException {
    Halving.winners(sweep.experiments().get(0), race, location.open()).forEach(err::println);
    err.println(
        "These were selected for being large, so their means are too: for a number to publish run"
            + " the winners again under another root seed.");
    err.flush();
  }

  /** An experiment's part of a run. */
  private record Leg(Plan plan, RunOptions options) {
    /** Whether trials of it ended for good in a dead process: the summary counts them. */
    boolean ended() {
      return options.aftermath() != null && options.aftermath().hasEnded();
    }

    boolean explained() {
      return options.aftermath() != null && options.aftermath().explained();
    }
  }

  private static List<Leg> planned(Sweep sweep, RunOptions options, StoreInput location)
      throws IOException {
    return Planner.plan(sweep.experiments(), location.settledIds()).stream()
        .map(plan -> new Leg(plan, options))
        .toList();
  }

  /** What a dead process of this run left. */
  private static List<Leg> left(
      Sweep sweep, RunOptions options, StoreInput location, Supervised process) throws IOException {
    return Aftermath.of(
            sweep.experiments(),
            location.create(),
            options,
            process.runStartedMillis(),
            process.lastEnd())
        .stream()
        .map(aftermath -> new Leg(aftermath.plan(), options.withAftermath(aftermath)))
        .toList();
  }

  /**
   * Without those that compute nothing, adaptive ones that ended at a look among them: no Spark is
   * started for them.
   */
  private static List<Leg> needed(List<Leg> legs, StoreInput location) throws IOException {
    Optional<FolderTrialStore> store = location.find();
    List<Leg> needed = new ArrayList<>();
    for (Leg leg : legs) {
      if (leg.ended()
          || (store.isEmpty()
              ? leg.plan().trials() > 0
              : LookByLook.isNeeded(leg.plan(), store.get()))) {
        needed.add(leg);
      }
    }
    return needed;
  }

  private static int total(List<Plan> plans) {
    return plans.stream().mapToInt(Plan::totalTrials).sum();
  }

  private static int stored(List<Plan> plans) {
    return plans.stream().mapToInt(Plan::storedTrials).sum();
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

  private int execute(
      Sweep sweep,
      List<Leg> legs,
      Optional<Halving.Race> race,
      StoreInput location,
      PrintWriter err)
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
    List<Plan> plans = legs.stream().map(Leg::plan).toList();
    try (SparkConnection spark = SparkConnection.open(sweep.name(), cores, plans)) {
      if (!spark.uiAddress().isEmpty()) {
        err.println("Spark's own page: " + spark.uiAddress());
        err.flush();
      }
      probe(spark, location, sweep);
      FolderTrialStore store = location.create();
      StoredExperiments.keep(store, sweep);
      List<Relay.Part> parts =
          legs.stream()
              .map(leg -> new Relay.Part(leg.plan(), executor(spark.executor(leg.options()), race)))
              .toList();
      long beganNanos = System.nanoTime();
      boolean several = legs.size() > 1;
      List<RunSummary> summaries =
          Relay.run(
              parts,
              store,
              bar,
              (plan, summary) ->
                  bar.interrupt(() -> finished(sweep, plan, summary, several, location, err)),
              cancellation);
      bar.end();
      if (summaries.stream().anyMatch(each -> each.ending() == RunSummary.Ending.CANCELLED)) {
        return interrupted(sweep, location, err);
      }
      if (several) {
        err.printf(
            Locale.ROOT,
            "%s: %,d trials computed in %s%n",
            sweep.name(),
            summaries.stream().mapToInt(RunSummary::trials).sum(),
            CostModel.formatted((System.nanoTime() - beganNanos) * 1e-9));
        err.flush();
      }
      CompactCommand.whereDue(store, err);
      return summaries.stream().mapToInt(RunCommand::code).max().orElse(ExitCode.FINISHED);
    } catch (IOException | RuntimeException e) {
      if (!cancellation.isCancelled()) {
        throw e;
      }
      return interrupted(sweep, location, err); // an ending JVM starts neither Spark nor jobs
    } finally {
      Supervised.find().ifPresent(Supervised::ended);
      ended.countDown();
      if (!hooks.isShutdownInProgress()) {
        hooks.removeShutdownHook(onSignal);
      }
    }
  }

  private static void probe(SparkConnection spark, StoreInput location, Sweep sweep)
      throws IOException {
    try {
      spark.probe(location.uri(), sweep.numerics());
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
  private static int interrupted(Sweep sweep, StoreInput location, PrintWriter err)
      throws IOException {
    Set<String> settled = location.settledIds();
    List<Plan> left =
        sweep.experiments().stream().map(each -> Planner.plan(each, settled)).toList();
    err.printf(
        Locale.ROOT,
        "stopped: %,d of %,d trials are stored in %s; the same command goes on from there%n",
        stored(left),
        total(left),
        location.uri());
    err.flush();
    return ExitCode.INTERRUPTED;
  }

  /**
   * @param several whether other experiments ran beside it: its own is then only the time that its
   *     trials took
   */
  private static void finished(
      Sweep sweep,
      Plan plan,
      RunSummary summary,
      boolean several,
      StoreInput location,
      PrintWriter err) {
    err.printf(
        Locale.ROOT,
        "%s%,d trials computed in %s%n",
        sweep.suite().isPresent() ? plan.experiment().name() + ": " : "",
        summary.trials(),
        several
            ? CostModel.formatted(summary.trialSeconds()) + " of core time"
            : CostModel.formatted(summary.seconds()));
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
    if (summary.ending() == RunSummary.Ending.STOPPED) {
      err.printf(
          Locale.ROOT,
          "stopped: the first %,d trials all failed with this error, so the other %,d were not run;"
              + " mend the job or the file, or give --stop-after-same-error 0%n",
          summary.trials(),
          plan.trials() - summary.trials());
    }
    err.flush();
  }

  private static int code(RunSummary summary) {
    return summary.ending() == RunSummary.Ending.STOPPED || summary.unsettled() > 0
        ? ExitCode.TRIALS_FAILED
        : ExitCode.FINISHED;
  }
}
